"""What was said in 2011, checked: rules, statements, and verdicts recomputed from the figures."""

from __future__ import annotations

import json
import math
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
from corridors.atlas.indicators import indicators
from corridors.atlas.verdicts import verdicts
from corridors.building.steps.cooperation import claim_table
from corridors.cli.claims import app
from corridors.cooperation.claims.figures import ClaimFigure, Verdict, difference
from corridors.cooperation.claims.otherwise import answers, can_come_out_otherwise
from corridors.cooperation.claims.rules import (
    RULES,
    above,
    at_least,
    below,
    each_part,
    fell,
    fell_by,
    in_every,
    most_rose,
    rose,
)
from corridors.cooperation.claims.statements import (
    STRENGTHS,
    Claim,
    ClaimFigures,
    at_year,
    claims,
    data_note,
    judge,
    read_claims,
)
from corridors.errors import CorridorsError, DataError
from corridors.figure_kinds import kind_of
from corridors.parameters import value as parameter
from corridors.wording import with_unit

DAY = date(2026, 6, 30)

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
    every = in_every(groups, threshold=cut).verdict
    assert (every == "supported") == (reached == len(values))
    assert (every == "not-supported") == (reached == 0)
    parts = each_part(groups, threshold=cut).verdict
    assert parts == {"mixed": "half-supported"}.get(every, every)


@given(st.lists(figures(2020), min_size=1, max_size=5), numbers)
def test_groups_with_intervals_are_uncertain_or_as_without(drawn: list[ClaimFigure], cut: float) -> None:
    groups = {str(n): figure for n, figure in enumerate(drawn)}
    plain = {name: bare(figure) for name, figure in groups.items()}
    for rule in (in_every, each_part):
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


def pair(then: float, now: float, margin: float = 0.0) -> tuple[ClaimFigure, ClaimFigure]:
    return ClaimFigure(2006, then, margin=margin), ClaimFigure(2011, now, margin=margin)


def test_most_places_rose_only_if_the_doubtful_could_not_change_it() -> None:
    up, down, doubtful = pair(2, 3, 0.1), pair(3, 2, 0.1), pair(2, 2.1, 0.1)
    judged = {
        "supported": [up, up, up, down, doubtful],
        "not-supported": [up, down, down, down, doubtful],
        "uncertain": [up, up, down, down, doubtful],
    }
    for verdict, pairs in judged.items():
        assert most_rose({str(n): one for n, one in enumerate(pairs)}).verdict == verdict
    half = {"a": pair(1, 2), "b": pair(2, 1)}
    assert most_rose(half).verdict == "not-supported", "half is not most"
    with pytest.raises(DataError, match="no place"):
        most_rose({})


@given(st.floats(0.01, 1e6), st.floats(0.01, 1e6), st.floats(0.001, 0.5))
def test_a_margin_is_of_the_change(then: float, now: float, margin: float) -> None:
    """What moves both years alike is no doubt about the change; what lies within it is not told apart."""
    judged = rose(*pair(then, now, margin)).verdict
    apart = not 1 / (1 + margin) <= now / then <= 1 + margin
    if abs(now / then * (1 + margin) - 1) > 1e-9 and abs(now / then / (1 + margin) - 1) > 1e-9:
        assert (judged != "uncertain") == apart
    if apart:
        assert judged == ("supported" if now > then else "not-supported")


def test_at_least_counts_the_threshold_itself() -> None:
    assert [at_least(ClaimFigure(2011, n), threshold=3).verdict for n in (2, 3)] == [
        "not-supported",
        "supported",
    ]


@pytest.mark.parametrize(
    ("rule", "given_", "kind"),
    [
        ("rose", {}, "running count"),  # a count of what was signed can not fall
        ("above", {"threshold": 0}, "share"),  # some share is always above none
        ("above", {"threshold": 0}, "count"),
        ("below", {"threshold": 1}, "share"),
        ("below", {"threshold": 0}, "amount"),
        ("in_every", {"threshold": 0}, "amount"),
        ("most_rose", {}, "running count"),
        ("fell", {}, "running count"),
    ],
)
def test_rules_that_no_figure_could_fail_are_refused(rule: str, given_: dict[str, float], kind: str) -> None:
    assert len(answers(rule, given_, kind)) == 1
    assert not can_come_out_otherwise(rule, given_, kind)
    places = {"figures": "pairs", "unit": "x"} if rule == "most_rose" else {"indicator": "refugees"}
    if rule == "in_every":
        places = {"figures": "groups", "unit": "x"}
    claim = Claim("x", 1, "s", "trend", measure="m", rule=rule, given=given_, **places)  # type: ignore[arg-type]
    then, now = ClaimFigure(2011, 0.2), ClaimFigure(2020, 0.4)
    held = ClaimFigures(then, now, {"a": now}, {"a": (then, now)}, unit="x", kind=kind)
    found = judge(claim, held)
    assert found.verdict == "not-checkable"
    assert "whatever the figures" in found.explanation


@pytest.mark.parametrize("claim", [claim for claim in claims() if claim.checkable], ids=lambda c: c.id)
def test_every_statement_could_come_out_otherwise(claim: Claim) -> None:
    """Figures within what they can be at all support each statement, and others do not."""
    definition = indicators()[claim.indicator] if claim.indicator else None
    kind = definition.kind if definition else claim.values or kind_of(claim.unit)
    assert {"supported", "not-supported"} <= answers(claim.rule, claim.given, kind, about=10)


def test_a_figure_without_an_interval_has_a_margin_or_is_of_record(atlas: co.Atlas) -> None:
    """Taken as they are: counts of acts, published estimates, and nothing else."""
    rows = atlas.table("claim").filter(pl.col("certainty").str.contains("taken as they are"))
    assert set(rows["claim"]) == {
        "p04-pensions", "p05-return-support", "p09-all-instruments", "p11-portability", "p11-recognition",
    }  # fmt: skip
    margins = atlas.table("claim").filter(pl.col("certainty").str.contains("later revisions"))
    assert margins.height >= 10


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


def test_a_proxy_supports_on_a_proxy_at_best_and_lacking_figures_are_said() -> None:
    proxy = {"proxy": "weak", "proxy_reason": "r"}
    claim = Claim("x", 1, "s", "trend", measure="m", indicator="refugees", rule="rose", **proxy)  # type: ignore[arg-type]

    def judged(*ends: tuple[int, float]) -> Verdict:
        return judge(claim, ClaimFigures(*(ClaimFigure(*end) for end in ends), unit="persons"))

    assert judged((2011, 1), (2020, 2)).verdict == "supported-on-proxy"
    assert judged((2011, 2), (2020, 1)).verdict == "not-supported-on-proxy"
    assert judged().verdict == "not-checkable"
    assert "2011 to 2011" in judged((2011, 1), (2011, 1)).explanation


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
        ({"figures": "years", "indicator": "", "unit": "%"}, "figures is series, groups or pairs"),
        ({"proxy": "some", "proxy_reason": "r"}, "proxy is one of direct, implied, weak"),
        ({"proxy": "weak"}, "a proxy needs a reason"),
        ({"values": "number"}, "values is one of share"),
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
        assert claim.proxy in ("", *STRENGTHS)


def test_statements_and_their_other_figures_belong_together() -> None:
    queries = packaged.toml("atlas/claim_figures.toml")
    asked = {claim.id: {claim.figures, "tables"} for claim in claims() if claim.figures}
    assert {name: set(entry) for name, entry in queries.items()} == asked
    for name, entry in queries.items():
        [query] = [text for key, text in entry.items() if key != "tables"]
        assert not re.search(r"\b(19|20)\d\d\b", query), f"{name} hides a year"


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
    assert set(rows["verdict"]) <= set(verdicts())
    on_proxy = rows["verdict"].str.ends_with("on-proxy")
    assert rows.filter(on_proxy)["proxy_reason"].is_not_null().all()
    assert rows.filter(verdict="supported")["proxy"].is_null().all()
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
    before, after, outside = atlas.sql(
        "SELECT count_if(state_party_since BETWEEN 2002 AND 2011), "
        "count_if(state_party_since BETWEEN 2012 AND 2021), "
        "(SELECT count(DISTINCT country) FROM treaty) - count_if(state_party_since <= 2001) "
        "FROM treaty WHERE treaty = 'icrmw'"
    ).row(0)
    assert (before, after) == (28, 11)
    row = atlas.sql("SELECT * FROM claim WHERE claim = 'p09-icrmw'").row(0, named=True)
    assert row["verdict"] == "not-supported-on-proxy"
    assert (row["then_year"], row["now_year"]) == (2011, 2021)
    assert row["then_value"] == pytest.approx(100 * before / 10 / outside)
    assert row["now_value"] == pytest.approx(100 * after / 10 / (outside - before))
    assert row["now_upper"] < row["then_lower"]
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


def test_signings_a_year_again(atlas: co.Atlas) -> None:
    """Cooperation is judged by what was signed in six years against the six before: not a running count."""
    signed = atlas.table("labour_agreement")["year"]
    row = atlas.sql("SELECT * FROM claim WHERE claim = 'p02-cooperation'").row(0, named=True)
    assert row["now_value"] == signed.is_between(2006, 2011).sum() / 6 == 210 / 6
    assert row["then_value"] == signed.is_between(2000, 2005).sum() / 6
    assert row["now_lower"] > row["then_upper"]
    assert row["verdict"] == "supported-on-proxy"


def test_shortages_again(atlas: co.Atlas) -> None:
    short = atlas.sql(
        "SELECT count(*) FROM health_workforce AS h JOIN income_class AS c "
        "ON c.country = h.country AND c.year = physicians_per_10000_year "
        "WHERE physicians_per_10000 + nurses_midwives_per_10000 < 23 AND income_group <> 'H'"
    ).item()
    row = atlas.sql("SELECT * FROM claim WHERE claim = 'p06-list-density'").row(0, named=True)
    assert row["now_lower"] < row["now_value"] == short == 52
    assert row["verdict"] == "supported"


def test_pensions_again(atlas: co.Atlas) -> None:
    """Shares of 2013 as Holzmann and Wels (2018) publish them: 23.3, 53.2, 9.4 and 14.0 %."""
    row = atlas.sql("SELECT * FROM claim WHERE claim = 'p04-pensions'").row(0, named=True)
    assert row["verdict"] == "half-supported"
    assert "not added up: 76.7 %, yes" in row["explanation"]
    assert "not paid abroad: 23.5 %, no" in row["explanation"]
    used = {one["name"] for one in atlas.why("claim", "p04-pensions").parameters}
    assert used == {f"portability_regime_{n}_2013" for n in (1, 2, 3, 4)}


def test_monitoring_again(atlas: co.Atlas) -> None:
    k, n = atlas.sql(
        "SELECT count_if(joint_committee), count(*) FROM labour_agreement WHERE coded AND year <= 2011"
    ).row(0)
    low, high = atlas.sql("SELECT wilson_lower($k, $n), wilson_upper($k, $n)", {"k": k, "n": n}).row(0)
    assert 0 < low < k / n < high < 0.5
    assert verdict(atlas, "p11-monitoring") == verdict(atlas, "p11-monitoring-most")
    assert verdict(atlas, "p11-monitoring") == "supported-on-proxy"


@pytest.mark.parametrize(("claim", "then"), [("p04-diaspora-weight", 2006), ("p17-impact-money", 2011)])
def test_weight_of_remittances_again(atlas: co.Atlas, claim: str, then: int) -> None:
    """Countries count once, only with both figures; within the margin a change is not told apart."""
    row = atlas.sql("SELECT * FROM claim WHERE claim = $c", {"c": claim}).row(0, named=True)
    ratios = atlas.sql(
        "WITH s AS (SELECT country, year, received / gdp_usd_million AS share FROM remittance_recorded "
        "JOIN economy USING (country, year) WHERE received > 0 AND gdp_usd_million > 0) "
        "SELECT b.share / a.share AS ratio FROM s AS a JOIN s AS b USING (country) JOIN income_class AS c "
        "ON c.country = a.country AND c.year = a.year "
        "WHERE a.year = $then AND b.year = $now AND income_group <> 'H'",
        {"then": then, "now": row["now_year"]},
    )["ratio"]
    margin = 1 + math.hypot(parameter("remittance_country_revision_error"), parameter("gdp_revision_error"))
    up, down = (ratios > margin).sum(), (ratios < 1 / margin).sum()
    assert f"of {len(ratios)} places {up} rose, {down} fell" in row["explanation"]
    assert 2 * up <= len(ratios) < 2 * (len(ratios) - down)
    assert row["verdict"] == "uncertain"


def test_comparisons_of_years_read_only_places_of_both(atlas: co.Atlas) -> None:
    """A country that has a figure in one of the years only changes nothing."""
    stated = [
        one for one in claims() if one.id in ("p02-crisis", "p04-diaspora-money", "p04-diaspora-weight")
    ]

    def ask(query: str) -> pl.DataFrame:
        fewer = "(SELECT * FROM {0} WHERE NOT (country IN ('IND', 'USA', 'GEO') AND year IN (2006, 2008)))"
        for table in ("remittance_recorded", "economy"):
            query = re.sub(rf"\b{table}\b", fewer.format(table) + f" AS {table}", query)
        return atlas.sql(query)

    def without(query: str) -> pl.DataFrame:
        gone = "(SELECT * FROM {0} WHERE country NOT IN ('IND', 'USA', 'GEO'))"
        for table in ("remittance_recorded", "economy"):
            query = re.sub(rf"\b{table}\b", gone.format(table) + f" AS {table}", query)
        return atlas.sql(query)

    kept = ("claim", "then_value", "now_value", "verdict", "explanation")
    one, other = (claim_table(each, stated, as_of=DAY).select(kept) for each in (ask, without))
    assert one.equals(other)
    assert not one.equals(claim_table(atlas.sql, stated, as_of=DAY).select(kept))


def test_remittances_beside_aid_and_investment_again(atlas: co.Atlas) -> None:
    rows = atlas.sql(
        "SELECT country, received, oda_usd_million AS aid, inflow_usd_million AS invested, income_group "
        "FROM remittance_total JOIN aid_received USING (country, year) "
        "JOIN income_class USING (country, year) LEFT JOIN foreign_investment USING (country, year) "
        "WHERE year = 2011 AND received > 0 AND aid IS NOT NULL"
    )
    poorer = rows.filter(pl.col("income_group") != "H").drop_nulls("invested")
    assert (poorer["aid"] > poorer["received"]).mean() == pytest.approx(0.464, abs=0.01)
    assert (poorer["invested"] > poorer["received"]).mean() == pytest.approx(0.544, abs=0.01)
    assert verdict(atlas, "p03-no-substitute") == "half-supported"
    poorest = rows.filter(income_group="L")
    assert (poorest["aid"] > poorest["received"]).mean() == pytest.approx(0.77, abs=0.03)
    assert verdict(atlas, "p03-no-substitute-poorest") == "supported-on-proxy"


@pytest.mark.parametrize(
    ("claim", "indicator", "times", "found", "else_found"),
    [
        (
            "p03-no-substitute-now",
            "remittances_beside_aid_and_investment",
            0.5,
            "not-supported-on-proxy",
            "supported-on-proxy",
        ),
        ("p04-pensions-usa", "migrants_in_usa_with_social_security", 4, "supported", "not-supported"),
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
            assert why.sources or why.parameters, claim.id
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
    assert "THE FIGURES DO NOT SUPPORT IT" in text
    assert "HALF OF IT HOLDS (ON AN IMPLIED PROXY)" in text
    assert "then → now" in text
    assert "Paragraph 4" not in text
    rows = json.loads(run("--verdict", "not-checkable", "-f", "json"))
    assert {row["verdict"] for row in rows} == {"not-checkable"}
    run("-o", str(tmp_path / "claims.csv"))
    assert len((tmp_path / "claims.csv").read_text("utf-8").splitlines()) == len(claims()) + 1
    checked = json.loads(run("--checkable", "-f", "json"))
    assert {row["claim"] for row in checked} == {claim.id for claim in claims() if claim.checkable}
    written = run("--checkable", "-f", "md")
    assert written.count("\n**") == len(checked)
    assert "- **Holds on a proxy (implied)**" in written
    assert written.rstrip().splitlines()[-1].startswith("- The figures do not support it (`not-supported`)")
    for words, told in ((("--verdict", "true"), "verdicts: supported"), (("--paragraph", "19"), "1 to 18")):
        with pytest.raises(CorridorsError, match=told):
            run(*words)


def test_a_statement_about_the_present_says_how_old_its_figure_is() -> None:
    stated = {claim.id: claim for claim in claims()}
    now = stated["p03-five-percent-now"]
    said = "last figure 2020, six years before this judgement"
    assert data_note(now, ClaimFigures(now=ClaimFigure(2020, 7.0)), DAY) == said
    assert data_note(now, ClaimFigures(now=ClaimFigure(2024, 7.0)), DAY) is None
    assert data_note(now, ClaimFigures(), DAY) is None
    groups = {"a": ClaimFigure(2015, 1.0), "b": ClaimFigure(2020, 1.0)}
    assert data_note(stated["p09-all-instruments"], ClaimFigures(groups=groups), DAY) == said
    pairs = {"a": (ClaimFigure(2011, 1.0), ClaimFigure(2020, 1.0))}
    assert data_note(stated["p17-impact-money"], ClaimFigures(pairs=pairs), DAY) == said


@pytest.mark.parametrize(
    ("id", "year"),
    [
        ("p02-crisis", 2009),  # the end of its period is given
        ("p03-five-by-five", 2014),
        ("p03-no-substitute-poorest", 2022),  # judged by the figure of the debate
        ("p09-icrmw-migrants", 2020),
        ("p01-debate", 2011),  # not checked at all
    ],
)
def test_a_statement_about_the_past_is_not_the_worse_for_it(id: str, year: int) -> None:
    [claim] = [claim for claim in claims() if claim.id == id]
    assert data_note(claim, ClaimFigures(now=ClaimFigure(year, 1.0)), DAY) is None


def test_groups_of_the_time_of_the_debate_are_the_past() -> None:
    [claim] = [claim for claim in claims() if claim.id == "p03-no-substitute"]
    groups = {"aid": ClaimFigure(2011, 0.5), "investment": ClaimFigure(2011, 0.6)}
    assert data_note(claim, ClaimFigures(groups=groups), DAY) is None


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
