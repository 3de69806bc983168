"""The site's files: every figure is a row of the atlas."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import polars as pl
import pytest

import corridors as co
from corridors.publish.site import measures_of, site_files
from corridors.publish.site.measures import settings


def rows_of(atlas: co.Atlas, path: str) -> pl.DataFrame:
    return pl.read_parquet(io.BytesIO(site_files(atlas)[path](atlas)))


def about(atlas: co.Atlas) -> dict[str, Any]:
    return json.loads(site_files(atlas)["data/atlas.json"](atlas))


def sample(frame: pl.DataFrame, count: int, seed: int) -> list[dict[str, Any]]:
    picked = random.Random(seed).sample(range(frame.height), min(count, frame.height))
    return [frame.row(index, named=True) for index in picked]


def close(shown: float | None, stored: float | None, decimals: int) -> bool:
    """Equal but for rounding to the digits shown."""
    if shown is None or stored is None:
        return shown is stored
    return abs(shown - stored) <= 0.5 * 10**-decimals * (1 + 1e-9) + 1e-9


# Questions written anew, so that a fault of the site's own queries would show.
CELLS = [
    (
        "data/pair/migrant_stock/female/2015.parquet",
        "SELECT value, NULL AS lower FROM migrant_stock WHERE origin = $o AND destination = $d "
        "AND sex = 'female' AND year = 2015",
        0,
    ),
    (
        "data/pair/migrant_flow/pseudo-bayes/total/2010.parquet",
        "SELECT value, lower FROM migrant_flow WHERE origin = $o AND destination = $d AND sex = 'total' "
        "AND period_start = 2010 AND kind = 'total' AND method = 'pseudo-bayes'",
        0,
    ),
    (
        "data/pair/migrant_flow/minimum-closed/total/1995.parquet",
        "SELECT value, lower FROM migrant_flow WHERE origin = $o AND destination = $d AND sex = 'total' "
        "AND period_start = 1995 AND kind = 'total' AND method = 'minimum-closed'",
        0,
    ),
    (
        "data/pair/annual_flow/2012.parquet",
        "SELECT value, NULL AS lower FROM annual_flow WHERE origin = $o AND destination = $d AND year = 2012",
        0,
    ),
    (
        "data/pair/remittance_flow/reconciled/2020.parquet",
        "SELECT value, lower FROM remittance_flow WHERE receiving = $o AND sending = $d "
        "AND rule = 'reconciled' AND year = 2020",
        1,
    ),
]


@pytest.mark.parametrize(("path", "query", "decimals"), CELLS)
def test_random_cells_of_pairs_are_rows_of_the_atlas(
    atlas: co.Atlas, path: str, query: str, decimals: int
) -> None:
    shown = rows_of(atlas, path)
    assert shown["value"].is_sorted(descending=True)
    for row in sample(shown, 10, seed=len(path)):
        stored = atlas.sql(query, {"o": row["origin"], "d": row["destination"]})
        assert stored.height == 1, row
        assert close(row["value"], stored["value"].item(), decimals), row
        assert close(row.get("lower"), stored["lower"].item(), decimals), row


def test_random_cells_of_prices_and_refugees_are_rows_of_the_atlas(atlas: co.Atlas) -> None:
    for row in sample(rows_of(atlas, "data/pair/remittance_price.parquet"), 10, 1):
        quarter = f"{row['t'] // 10}Q{row['t'] % 10}"
        stored = atlas.sql(
            "SELECT cost_usd200_pct FROM remittance_price WHERE sending = $s AND receiving = $r "
            "AND quarter = $q",
            {"s": row["destination"], "r": row["origin"], "q": quarter},
        )
        assert close(row["value"], stored.item(), 2), row
    for row in sample(rows_of(atlas, "data/pair/refugees/asylum_seekers.parquet"), 10, 2):
        stored = atlas.sql(
            "SELECT asylum_seekers FROM displacement WHERE origin = $o AND asylum = $a AND year = $y",
            {"o": row["origin"], "a": row["destination"], "y": row["t"]},
        )
        assert row["value"] == stored.item(), row


def test_random_cells_of_countries_are_facts(atlas: co.Atlas) -> None:
    kinds = [m for m in measures_of(atlas) if m.kind == "country"]
    assert len(kinds) >= 15
    for seed, (name, measure, detail, decimals) in enumerate(
        [
            ("immigrants", "migrant_stock", "immigrants living here", 0),
            ("net_migration", "net_migration", "population change less births plus deaths", 0),
            ("remittances_received", "remittance_total", "received", 1),
        ]
    ):
        for row in sample(rows_of(atlas, f"data/country/{name}.parquet"), 10, seed):
            facts = atlas.country(row["country"]).facts.filter(
                pl.col("country") == row["country"],
                measure=measure,
                detail=detail,
                year=row["t"],
                sex=row["series"] or "total",
            )
            assert close(row["value"], facts["value"].item(), decimals), row


def test_the_page_of_a_corridor_agrees_with_the_library(atlas: co.Atlas) -> None:
    page = rows_of(atlas, "data/corridor/MEX.parquet").filter(destination="USA")
    facts = atlas.corridor("MEX", "USA").facts
    assert {"migrant_stock", "migrant_flow", "remittance_flow"} <= set(page["measure"])
    for row in sample(page.filter(pl.col("measure") != "remittance_price"), 25, 3):
        same = facts.filter(measure=row["measure"], detail=row["detail"], sex="total", year=row["t"])
        assert close(row["value"], same["value"].item(), 1 if row["unit"] == "USD million" else 0), row


def test_the_page_of_a_country_agrees_with_the_library(atlas: co.Atlas) -> None:
    page = json.loads(site_files(atlas)["data/profile/PHL.json"](atlas))
    facts = atlas.country("PHL").facts
    stocks = next(s for s in page["sections"] if s["measure"] == "migrant_stock")
    series = next(
        s for s in stocks["series"] if s["detail"] == "emigrants living abroad" and s["sex"] == "total"
    )
    assert [p[1] for p in series["points"]] == facts.filter(
        measure="migrant_stock", detail="emigrants living abroad", sex="total"
    )["value"].to_list()
    treaties = next(s for s in page["sections"] if s["measure"] == "treaty")
    assert treaties["periods"] == {"null": "party since"}


def test_least_is_kept_and_stated(atlas: co.Atlas) -> None:
    flow = next(m for m in about(atlas)["measures"] if m["id"] == "migrant_flow")
    shown = rows_of(atlas, "data/pair/migrant_flow/independence/total/2000.parquet")
    assert flow["least"] == 200
    assert 200 <= float(str(shown["value"].min())) < 210
    assert {"method": "independence", "sex": "female"} in flow["absent"]
    assert {"method": "pseudo-bayes", "sex": "female"} not in flow["absent"]


def test_every_path_that_is_promised_has_a_file(atlas: co.Atlas) -> None:
    files, words = site_files(atlas), about(atlas)
    promised = set()
    for measure in words["measures"]:
        options = [o for o in measure["options"] if f"{{{o['id']}}}" in measure["path"]]
        choices: list[dict[str, Any]] = [{}]
        for option in options:
            choices = [{**c, option["id"]: value} for c in choices for value, _ in option["values"]]
        choices = [c for c in choices if c not in measure["absent"]]
        if "{t}" in measure["path"]:
            choices = [{**c, "t": t} for c in choices for t, _ in measure["times"]]
        promised |= {measure["path"].format(**c) for c in choices}
    assert promised == {p for p in files if p.startswith(("data/pair/", "data/country/"))}
    assert all(o["default"] in dict(o["values"]) for m in words["measures"] for o in m["options"])


def test_words_of_measures_come_from_the_dictionary(atlas: co.Atlas) -> None:
    words = {m["id"]: m for m in about(atlas)["measures"]}
    described = atlas.sql(
        "SELECT description FROM dictionary WHERE table_name = 'remittance_price' "
        "AND column_name = 'cost_usd200_pct'"
    ).item()
    assert words["remittance_price"]["definition"] == described
    assert all(m["unit"] and m["definition"] and m["interval_words"] for m in words.values()), [
        m["id"] for m in words.values() if not (m["unit"] and m["definition"] and m["interval_words"])
    ]


def test_targets_and_savings_stand_beside_prices(atlas: co.Atlas) -> None:
    beside = {m["id"]: m["beside"] for m in about(atlas)["measures"]}
    assert [name for name, words in beside.items() if words] == ["remittance_price"]
    target, three, five, poorer = beside["remittance_price"]
    assert "2025 Q3: the mean over services is 6.36 %, not below 3 %; 186 of 348 corridors" in target
    for words, percent in ((three, 3), (five, 5)):
        row = atlas.table("price_saving", where=f"scope = 'world' AND target_pct = {percent}").row(
            0, named=True
        )
        assert f"more than {percent} %, some USD {row['saved'] / 1000:.1f} billion" in words
        assert f"({row['lower'] / 1000:.1f} to {row['upper'] / 1000:.1f})" in words
        assert f"{100 * row['priced_share']:.0f} % of all money" in words
    row = atlas.table("price_saving", where="scope = 'income' AND target_pct = 3").row(0, named=True)
    assert (
        f"Of what 3 % would save, some {row['saved'] / 1000:.1f} billion is of money sent to low-" in poorer
    )
    assert f"now gives {row['as_published'] / 1000:.1f}." in poorer


def test_places_hold_map_codes_and_special_origins(atlas: co.Atlas) -> None:
    places = {p[0]: p for p in about(atlas)["places"]}
    assert places["AFG"][8] == "004"
    assert places["UNK"][5] is None
    assert places["UNK"][7] == "special"


def test_sizes(atlas: co.Atlas) -> None:
    import gzip

    files = site_files(atlas)
    assert len(gzip.compress(files["data/atlas.json"](atlas), mtime=0)) <= 30_000
    assert len(files["data/pair/migrant_stock/total/2020.parquet"](atlas)) < 40_000
    pairs = sum(
        len(make(atlas)) for path, make in files.items() if path.startswith(("data/pair", "data/country"))
    )
    # Money of every year from 2000, by four rules.
    assert pairs < 5_000_000


def test_the_same_bytes_twice(atlas: co.Atlas) -> None:
    for path in ("data/atlas.json", "data/pair/refugees/refugees.parquet", "data/corridor/PHL.parquet"):
        assert site_files(atlas)[path](atlas) == site_files(atlas)[path](atlas)


def test_tables_that_the_atlas_lacks_have_no_file(atlas: co.Atlas) -> None:
    files, tables = site_files(atlas), set(atlas.tables())
    for table, path in (("claim", "data/claims.json"), ("practice", "data/practices.json")):
        assert (path in files) == (table in tables)
    assert set(about(atlas)["files"]) <= set(files)


def test_the_file_of_measures_names_columns_that_exist(atlas: co.Atlas) -> None:
    known = set(atlas.sql("SELECT table_name, column_name FROM dictionary").iter_rows())
    assert {(m["table"], m["column"]) for m in settings()["measure"]} <= known


def test_an_unsafe_origin_is_refused(atlas: co.Atlas) -> None:
    from corridors.publish.site.pages import corridor_rows

    with pytest.raises(co.NotFound, match="no place has the code"):
        corridor_rows(atlas, "x' OR true --")
