"""What was said in 2011, checked: rules, statements, and verdicts recomputed from the figures."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import corridors as co
from corridors import packaged
from corridors.building.steps.cooperation import claim_table
from corridors.cli.claims import VERDICTS, app
from corridors.cooperation.claims.figures import ClaimFigure, difference
from corridors.cooperation.claims.rules import (
    RULES,
    above,
    below,
    exceeds,
    fell,
    fell_by,
    highest,
    in_every,
    in_most,
    rose,
)
from corridors.cooperation.claims.statements import Claim, at_year, claims, data_note, judge, read_claims
from corridors.errors import CorridorsError, DataError
from corridors.wording import with_unit

numbers = st.integers(-1000, 1000).map(float)


@st.composite
def figures(draw: st.DrawFn, year: int = 2011, least: int = 0) -> ClaimFigure:
    value = draw(numbers)
    below_it, above_it = (draw(st.integers(least, 300)) for _ in range(2))
    return ClaimFigure(year, value, value - below_it, value + above_it)


def bare(figure: ClaimFigure) -> ClaimFigure:
    return ClaimFigure(figure.year, figure.value)


@given(figures(2011), figures(2020))
def test_difference_holds_the_difference_and_is_no_narrower_than_either(
    then: ClaimFigure, now: ClaimFigure
) -> None:
    gap = difference(then, now)
    assert gap.value == now.value - then.value
    widths = [b - a for a, b in (then.interval, now.interval)]
    low, high = gap.interval
    assert max(widths) - 1e-9 <= high - low <= sum(widths) + 1e-9


@given(figures(2011), figures(2020), numbers)
def test_an_interval_turns_a_verdict_into_uncertain_and_never_into_its_opposite(
    then: ClaimFigure, now: ClaimFigure, cut: float
) -> None:
    for rule in (rose, fell):
        assert rule(then, now).verdict in ("uncertain", rule(bare(then), bare(now)).verdict)
    for rule in (above, below):
        assert rule(now, threshold=cut).verdict in ("uncertain", rule(bare(now), threshold=cut).verdict)


@given(figures(2011), figures(2020), numbers)
def test_rules_do_not_depend_on_where_zero_is(then: ClaimFigure, now: ClaimFigure, shift: float) -> None:
    def moved(figure: ClaimFigure) -> ClaimFigure:
        low, high = figure.interval
        return ClaimFigure(figure.year, figure.value + shift, low + shift, high + shift)

    assert rose(moved(then), moved(now)).verdict == rose(then, now).verdict
    asked = {"points": 5, "years": 5}
    assert fell_by(moved(then), moved(now), **asked).verdict == fell_by(then, now, **asked).verdict


@given(figures(2011, least=1), figures(2020, least=1))
def test_what_rose_did_not_fall(then: ClaimFigure, now: ClaimFigure) -> None:
    both = {rose(then, now).verdict, fell(then, now).verdict}
    assert both in ({"supported", "not-supported"}, {"uncertain"})


@given(numbers, numbers)
def test_above_and_below_are_strict_and_exclude_each_other(value: float, cut: float) -> None:
    figure = ClaimFigure(2020, value)
    verdicts = [rule(figure, threshold=cut).verdict for rule in (above, below)]
    assert verdicts.count("supported") == (0 if value == cut else 1)


@given(st.dictionaries(st.text(min_size=1, max_size=3), numbers, min_size=1, max_size=6), numbers)
def test_groups_count_who_reaches_the_threshold(values: dict[str, float], cut: float) -> None:
    groups = {name: ClaimFigure(2020, value) for name, value in values.items()}
    reached = sum(value >= cut for value in values.values())
    every, most = in_every(groups, threshold=cut).verdict, in_most(groups, threshold=cut).verdict
    assert (every == "supported") == (reached == len(values))
    assert (every == "not-supported") == (most == "not-supported") == (reached == 0)
    assert (most == "supported") == (2 * reached > len(values))


@given(st.lists(figures(2020), min_size=1, max_size=5), numbers)
def test_groups_with_intervals_are_uncertain_or_as_without(drawn: list[ClaimFigure], cut: float) -> None:
    groups = {str(n): figure for n, figure in enumerate(drawn)}
    plain = {name: bare(figure) for name, figure in groups.items()}
    for rule in (in_every, in_most):
        assert rule(groups, threshold=cut).verdict in ("uncertain", rule(plain, threshold=cut).verdict)


@pytest.mark.parametrize(
    ("then", "now", "verdict"),
    [
        (ClaimFigure(2009, 10), ClaimFigure(2014, 5), "supported"),
        (ClaimFigure(2009, 10), ClaimFigure(2014, 5.01), "not-supported"),
        (ClaimFigure(2011, 10), ClaimFigure(2014, 7), "supported"),
        (ClaimFigure(2009, 10), ClaimFigure(2020, 5), "supported"),
        (ClaimFigure(2009, 10), ClaimFigure(2014, 11), "not-supported"),
        (ClaimFigure(2009, 10, 9, 11), ClaimFigure(2014, 5, 4, 6), "uncertain"),
        (ClaimFigure(2009, 10, 9.5, 10.5), ClaimFigure(2014, 4, 3.5, 4.5), "supported"),
    ],
)
def test_five_points_in_five_years(then: ClaimFigure, now: ClaimFigure, verdict: str) -> None:
    assert fell_by(then, now, points=5, years=5).verdict == verdict


def test_exceeds_and_highest() -> None:
    groups = {"a": ClaimFigure(2020, 9.0), "b": ClaimFigure(2020, 2.0), "c": ClaimFigure(2020, 4.0)}
    assert exceeds(groups, first="a", second="b", times=4.5).verdict == "supported"
    assert exceeds(groups, first="a", second="b", times=5).verdict == "partly-supported"
    assert exceeds(groups, first="b", second="a").verdict == "not-supported"
    assert [highest(groups, first=name).verdict for name in "abc"] == ["supported", "not-supported", "mixed"]
    with pytest.raises(DataError, match="no figure for 'd'"):
        highest(groups, first="d")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: ClaimFigure(2020, 5, 6, 7),
        lambda: ClaimFigure(2020, float("nan")),
        lambda: ClaimFigure(2020, 5, lower=4),
        lambda: rose(ClaimFigure(2011, 1), ClaimFigure(2011, 1)),
        lambda: fell_by(ClaimFigure(2011, 1), ClaimFigure(2014, 1), points=0, years=5),
    ],
)
def test_figures_and_rules_refuse_nonsense(wrong: object) -> None:
    with pytest.raises(DataError):
        wrong()  # type: ignore[operator]


def test_words_of_numbers() -> None:
    assert with_unit(0.5, "share") == "50 %"
    assert with_unit(382_000, "USD million") == "USD 382 billion"
    assert with_unit(3_000, "USD million") == "USD 3,000 million"


def test_years_are_the_last_up_to_the_one_asked_for() -> None:
    stocks = [ClaimFigure(year, 1) for year in (2020, 1990, 2010)]
    assert [at_year(stocks, year).year for year in (2011, 1980, None)] == [2010, 1990, 2020]  # type: ignore[union-attr]
    assert at_year([], 2011) is None


def test_a_part_supports_partly_at_best_and_lacking_figures_are_said() -> None:
    claim = Claim("x", 1, "s", "trend", measure="m", covers="part", indicator="refugees", rule="rose")
    verdict = judge(claim, ClaimFigure(2011, 1), ClaimFigure(2020, 2), {}, "persons")
    assert verdict.verdict == "partly-supported"
    assert judge(claim, ClaimFigure(2011, 2), ClaimFigure(2020, 1), {}, "persons").verdict == "not-supported"
    assert judge(claim, None, None, {}, "persons").verdict == "not-checkable"
    assert "2011 to 2011" in judge(claim, ClaimFigure(2011, 1), ClaimFigure(2011, 1), {}, "").explanation


GOOD = {
    "id": "x", "paragraph": 1, "statement": "s", "kind": "trend", "measure": "m", "rule": "rose",
    "indicator": "refugees",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rule": "grew"}, "rule is not one of"),
        ({"kind": "opinion"}, "kind is not one of"),
        ({"reason": "none"}, "a rule with a measure, or a reason"),
        ({"measure": ""}, "a rule with a measure, or a reason"),
        ({"indicator": ""}, "by an indicator or by other figures"),
        ({"figures": "series"}, "by an indicator or by other figures"),
        ({"figures": "series", "indicator": ""}, "other figures need a unit"),
        ({"figures": "years", "indicator": "", "unit": "%"}, "figures is series or groups"),
        ({"covers": "all"}, "covers is whole or part"),
        ({"verdict": "supported"}, "unexpected keyword argument 'verdict'"),
    ],
)
def test_statements_that_can_not_be_accepted(change: dict[str, object], words: str) -> None:
    text = "[[claim]]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in (GOOD | change).items())
    with pytest.raises(DataError, match=words):
        read_claims(text)


def test_a_statement_stands_there_once() -> None:
    text = "[[claim]]\n" + "\n".join(f"{k} = {json.dumps(v)}" for k, v in GOOD.items()) + "\n"
    assert len(read_claims(text)) == 1
    with pytest.raises(DataError, match=r"'x'(.|\n)*twice"):
        read_claims(text * 2)


def test_all_paragraphs_appear_and_what_can_not_be_checked_says_why() -> None:
    stated = claims()
    assert {claim.paragraph for claim in stated} == set(range(1, 19))
    assert all(a.paragraph <= b.paragraph for a, b in pairwise(stated))
    assert all(claim.id.startswith(f"p{claim.paragraph:02d}-") for claim in stated)
    assert sum(claim.checkable for claim in stated) >= 30
    for claim in stated:
        assert (claim.reason and claim.needs) or (claim.measure and claim.limits), claim.id


def test_statements_and_their_other_figures_belong_together() -> None:
    queries = packaged.toml("atlas/claim_figures.toml")
    asked = {claim.id: {claim.figures, "tables"} for claim in claims() if claim.figures}
    assert {name: set(entry) for name, entry in queries.items()} == asked


def test_verdicts_are_judged_and_not_written() -> None:
    text = (
        Path(__file__)
        .parents[2]
        .joinpath("src/corridors/data/cooperation/claims/claims.toml")
        .read_text("utf-8")
    )
    assert "verdict =" not in text
    assert {claim.rule for claim in claims() if claim.checkable} <= set(RULES)


def test_the_table_has_every_statement_and_follows_its_figures(atlas: co.Atlas) -> None:
    rows = atlas.table("claim")
    assert set(rows["claim"]) == {claim.id for claim in claims()}
    assert set(rows["verdict"]) <= set(VERDICTS)
    assert (rows["checkable"] == (rows["verdict"] != "not-checkable")).all()
    assert {c.id for c in claims() if c.checkable} == set(rows.filter(checkable=True)["claim"])
    known = {
        (i, p, y): v
        for i, p, y, v in atlas.sql("SELECT indicator, place, year, value FROM indicator").iter_rows()
    }
    for row in rows.filter(rows["indicator"].is_not_null()).to_dicts():
        for when in ("then", "now"):
            assert known[row["indicator"], row["place"], row[f"{when}_year"]] == row[f"{when}_value"]


def verdict(atlas: co.Atlas, claim: str) -> str:
    return atlas.sql("SELECT verdict FROM claim WHERE claim = $c", {"c": claim}).item()


def test_five_by_five_again(atlas: co.Atlas) -> None:
    """By the published average, over services; by the others no verdict of then would turn."""
    asked = "SELECT left(quarter, 4)::INT AS year, avg({0}) AS cost FROM {1} GROUP BY 1"
    quotes = "(SELECT quarter, mean_cost_pct AS a, median_cost_pct AS b FROM quote_average)"
    corridors = (
        "(SELECT quarter, avg(cost_usd200_pct) AS a, median(cost_usd200_pct) AS b "
        "FROM remittance_price GROUP BY quarter)"
    )
    for column, table in (("a", quotes), ("a", corridors), ("b", quotes), ("b", corridors)):
        cost = dict(atlas.sql(asked.format(column, table)).iter_rows())
        assert 0 < cost[2011] - cost[2014] < 3
        assert cost[2014] > 5
    assert verdict(atlas, "p03-five-by-five") == "not-supported"
    assert verdict(atlas, "p03-five-percent-2014") == "not-supported"
    now = dict(atlas.sql(asked.format("a", quotes)).iter_rows())[2025]
    row = atlas.sql("SELECT * FROM claim WHERE claim = 'p03-five-percent-now'").row(0, named=True)
    assert (row["now_year"], row["now_value"], row["verdict"]) == (2025, pytest.approx(now), "not-supported")
    assert "mean over services" in row["measure"]


def test_treaties_again(atlas: co.Atlas) -> None:
    before, after = atlas.sql(
        "SELECT count_if(state_party_since BETWEEN 2002 AND 2011), "
        "count_if(state_party_since BETWEEN 2012 AND 2021) FROM treaty WHERE treaty = 'icrmw'"
    ).row(0)
    assert (before, after) == (28, 11)
    assert verdict(atlas, "p09-icrmw") == "not-supported"
    slow = atlas.sql(
        "SELECT treaty FROM treaty GROUP BY treaty HAVING count_if(state_party_since > 2011) < "
        "0.1 * ((SELECT count(DISTINCT country) FROM treaty) - count_if(state_party_since <= 2011))"
    )
    assert slow["treaty"].to_list() == ["icrmw"]
    assert verdict(atlas, "p09-all-instruments") == "mixed"
    share = atlas.sql(
        "SELECT sum(value) FILTER (destination IN (SELECT country FROM treaty WHERE treaty = 'icrmw' "
        "AND state_party_since <= 2010)) / sum(value) FROM migrant_stock WHERE sex = 'total' AND year = 2010"
    ).item()
    assert share < 0.5
    assert verdict(atlas, "p09-icrmw-migrants") == "supported"


def test_skill_shortages_again(atlas: co.Atlas) -> None:
    short = atlas.sql(
        "SELECT region, min(physicians_per_10000 + nurses_midwives_per_10000) < 49 AS short "
        "FROM health_workforce JOIN place USING (country) GROUP BY region"
    )
    assert set(short["short"]) == {True, False}
    assert not dict(short.iter_rows())["Europe"]
    assert verdict(atlas, "p11-shortages-everywhere") == "mixed"


def test_monitoring_again(atlas: co.Atlas) -> None:
    k, n = atlas.sql(
        "SELECT count_if(joint_committee), count(*) FROM labour_agreement WHERE coded AND year <= 2011"
    ).row(0)
    low, high = atlas.sql("SELECT wilson_lower($k, $n), wilson_upper($k, $n)", {"k": k, "n": n}).row(0)
    assert 0 < low < k / n < high < 0.5
    assert verdict(atlas, "p11-monitoring") == verdict(atlas, "p11-monitoring-most") == "partly-supported"


def test_weight_of_remittances_again(atlas: co.Atlas) -> None:
    share = dict(
        atlas.sql(
            "SELECT year, sum(received) / sum(gdp_usd_million) FROM remittance_total "
            "JOIN economy USING (country, year) JOIN income_class USING (country, year) "
            "WHERE income_group <> 'H' AND received > 0 AND gdp_usd_million > 0 GROUP BY year"
        ).iter_rows()
    )
    assert share[2011] < share[2006]
    assert verdict(atlas, "p04-diaspora-weight") == "not-supported"


def test_remittances_beside_aid_and_investment_again(atlas: co.Atlas) -> None:
    rows = atlas.sql(
        "SELECT country, received, oda_usd_million AS aid, inflow_usd_million AS invested, income_group "
        "FROM remittance_total JOIN aid_received USING (country, year) "
        "JOIN income_class USING (country, year) LEFT JOIN foreign_investment USING (country, year) "
        "WHERE year = 2011 AND received > 0 AND aid IS NOT NULL"
    )
    poorer = rows.filter(pl.col("income_group") != "H").drop_nulls("invested")
    larger = (poorer["aid"] + poorer["invested"] > poorer["received"]).mean()
    assert larger == pytest.approx(0.73, abs=0.03)
    assert verdict(atlas, "p03-no-substitute") == "partly-supported"
    poorest = rows.filter(income_group="L")
    assert (poorest["aid"] > poorest["received"]).mean() == pytest.approx(0.77, abs=0.03)
    assert verdict(atlas, "p03-no-substitute-poorest") == "partly-supported"


@pytest.mark.parametrize(
    ("claim", "indicator", "times", "found", "else_found"),
    [
        (
            "p03-no-substitute-now",
            "remittances_beside_aid_and_investment",
            0.5,
            "not-supported",
            "partly-supported",
        ),
        ("p04-pensions", "migrants_in_usa_with_social_security", 4, "partly-supported", "not-supported"),
    ],
)
def test_figures_beside_could_come_out_otherwise(
    atlas: co.Atlas, claim: str, indicator: str, times: float, found: str, else_found: str
) -> None:
    """Remittances half as large, or agreements with the countries most come from: another verdict."""

    def ask(query: str) -> object:
        rows = atlas.sql(query)
        return rows.with_columns(pl.col("value") * times) if indicator in query else rows

    stated = [one for one in claims() if one.id == claim]
    assert verdict(atlas, claim) == found
    assert claim_table(ask, stated, as_of=date(2026, 6, 30))["verdict"].to_list() == [else_found]  # type: ignore[arg-type]


def test_verdicts_follow_other_figures(atlas: co.Atlas) -> None:
    """With prices that fell to the target, the same statement is supported."""

    def ask(query: str) -> object:
        found = atlas.sql(query)
        if "'remittance_cost_services'" not in query:
            return found
        return found.with_columns(found.select("value", "lower", "upper") * 0.4)

    stated = [claim for claim in claims() if claim.id == "p03-five-percent-2014"]
    assert claim_table(ask, stated, as_of=date(2026, 6, 30))["verdict"].to_list() == ["supported"]  # type: ignore[arg-type]


def test_why_traces_every_checked_statement_to_cards(atlas: co.Atlas) -> None:
    for claim in claims():
        why = atlas.why("claim", claim.id)
        if claim.checkable:
            assert why.sources, claim.id
            assert all(not frame.is_empty() for frame in why.inputs.values()), claim.id
            assert why.recipe["function"].endswith(claim.rule)
    why = atlas.why("claim", "p03-five-by-five")
    assert why.inputs["indicator"]["year"].to_list() == [2011, 2014]
    with pytest.raises(CorridorsError, match="did you mean 'p03-five-by-five'"):
        atlas.why("claim", "p03-five-by-fiv")


def test_claims_on_the_command_line(atlas_folder: Path, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--atlas", str(atlas_folder)], catch_exceptions=False)
        assert result.exit_code == 0
        return result.output

    text = run("--paragraph", "3")
    assert "NOT-SUPPORTED" in text
    assert "then → now" in text
    assert "Paragraph 4" not in text
    rows = json.loads(run("--verdict", "not-checkable", "-f", "json"))
    assert {row["verdict"] for row in rows} == {"not-checkable"}
    run("-o", str(tmp_path / "claims.csv"))
    assert len((tmp_path / "claims.csv").read_text("utf-8").splitlines()) == len(claims()) + 1
    for words, told in ((("--verdict", "true"), "verdicts: supported"), (("--paragraph", "19"), "1 to 18")):
        with pytest.raises(CorridorsError, match=told):
            run(*words)


DAY = date(2026, 6, 30)


def test_a_statement_about_the_present_says_how_old_its_figure_is() -> None:
    stated = {claim.id: claim for claim in claims()}
    now = stated["p03-five-percent-now"]
    said = "last figure 2020, six years before this judgement"
    assert data_note(now, ClaimFigure(2020, 7.0), {}, DAY) == said
    assert data_note(now, ClaimFigure(2024, 7.0), {}, DAY) is None
    assert data_note(now, None, {}, DAY) is None
    groups = {"a": ClaimFigure(2015, 1.0), "b": ClaimFigure(2020, 1.0)}
    assert data_note(stated["p06-shortages"], None, groups, DAY) == said


@pytest.mark.parametrize(
    ("id", "year"),
    [
        ("p02-crisis", 2009),  # the end of its period is given
        ("p03-five-by-five", 2014),
        ("p03-no-substitute", 2022),  # judged by the figure of the debate
        ("p09-icrmw-migrants", 2020),
        ("p01-debate", 2011),  # not checked at all
    ],
)
def test_a_statement_about_the_past_is_not_the_worse_for_it(id: str, year: int) -> None:
    [claim] = [claim for claim in claims() if claim.id == id]
    assert data_note(claim, ClaimFigure(year, 1.0), {}, DAY) is None


def test_groups_of_the_time_of_the_debate_are_the_past() -> None:
    [claim] = [claim for claim in claims() if claim.id == "p12-poverty-root"]
    assert (
        data_note(claim, None, {"low": ClaimFigure(2010, 3.0), "high": ClaimFigure(2010, 4.0)}, DAY) is None
    )


def test_the_atlas_says_it_once_a_statement(atlas: co.Atlas, atlas_folder: Path) -> None:
    day = date.fromisoformat(atlas.table("run")["as_of"].item())
    for row in atlas.table("claim").to_dicts():
        note = row["data_note"]
        if note is not None:
            assert row["checkable"]
            year = int(re.findall(r"\d{4}", note)[0])
            assert day.year - year > 2
            assert row["now_year"] in (None, year)
    told = CliRunner().invoke(app, ["--atlas", str(atlas_folder), "--format", "table"]).stdout
    notes = atlas.table("claim")["data_note"].drop_nulls()
    assert f"{len(notes)} with a note on the age of the figure" in " ".join(told.split())
    assert told.count("before this judgement") == len(notes)
