"""Commitments against the record: worked cases of each verdict, and what may never happen."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from corridors.cooperation.monitor import STATUSES, Judgements, Thresholds, judge, project, status_rules
from corridors.errors import DataError

TODAY = date(2026, 6, 30)
ORDER = {"overdue": 0, "regressing": 0, "off-course": 1, "on-course": 2, "met": 3}


def promise(**given: Any) -> dict[str, Any]:
    return {
        "commitment": "c",
        "indicator": "i",
        "place": "KEN",
        "direction": "increase",
        "baseline_year": 2020,
        "baseline_value": 10.0,
        "target_value": 20.0,
        "target_date": date(2030, 12, 31),
    } | given


def seen(values: dict[int, Any], place: str | None = "KEN") -> pl.DataFrame:
    rows = [(y, *(v if isinstance(v, tuple) else (v, None, None))) for y, v in values.items()]
    table = pl.DataFrame(
        rows,
        schema={"year": pl.Int64, "value": pl.Float64, "lower": pl.Float64, "upper": pl.Float64},
        orient="row",
    )
    return table.with_columns(indicator=pl.lit("i"), place=pl.lit(place, pl.String))


def judged(values: dict[int, Any], *, as_of: date = TODAY, **given: Any) -> dict[str, Any]:
    settings = {k: given.pop(k) for k in ("scale", "thresholds") if k in given}
    table = pl.DataFrame([promise(**given)], infer_schema_length=None)
    return judge(table, seen(values), as_of=as_of, **settings).table.row(0, named=True)


NOTHING = {"baseline_year": None, "baseline_value": None}
PAST = {"target_date": date(2024, 12, 31)}


@pytest.mark.parametrize(
    ("values", "given", "status", "words"),
    [
        # Reached before its date.
        ({2022: 15, 2025: 21}, {}, "met", "21 in 2025 reaches the target of 20"),
        ({2025: (21, 19, 23)}, {}, "met", "met, uncertain"),
        ({2025: (21, 20, 23)}, {}, "met", "21 in 2025 reaches the target of 20."),
        ({2025: 20}, {}, "met", "reaches"),
        # The required path passes 14 in 2024.
        ({2024: 15}, {}, "on-course", "15 in 2024 against 14 required"),
        ({2024: 13}, {}, "off-course", "reaches 17.5 by 2030, target 20"),
        ({2024: 9}, {}, "regressing", "Away from the target"),
        ({2024: 10}, {}, "off-course", "10 in 2024"),
        ({2021: 11.2, 2022: 12.1, 2023: 13.6, 2024: 14.9}, {}, "on-course", "likely to be reached"),
        ({2021: 10.2, 2022: 10.5, 2023: 10.4, 2024: 10.9}, {}, "off-course", "exceptionally unlikely"),
        ({2021: 10.2, 2022: 9.5, 2023: 9.4, 2024: 9.1}, {}, "regressing", "9.1 in 2024 against 10 in 2020"),
        # A date that has passed.
        ({2024: 21, 2025: 22}, PAST, "met", "21 in 2024 reaches"),
        ({2023: 21}, PAST, "met", "21 in 2023 reaches"),
        ({2024: 21, 2025: 18}, PAST, "met", "was reached by 2024 and lost since: 18 in 2025"),
        ({2024: 18, 2025: 21, 2026: 22}, PAST, "met", "was met late, in 2025"),
        ({2024: 18}, PAST, "overdue", "The date 2024-12-31 has passed and 18 in 2024"),
        ({2023: 21, 2024: 19, 2025: 19}, PAST, "overdue", "19 in 2025 does not reach"),
        # Thresholds to hold.
        ({2025: 21}, {"direction": "at-least", **NOTHING}, "met", "a threshold to hold"),
        ({2025: 19}, {"direction": "at-least", **NOTHING}, "off-course", "threshold of 20 wanted by 2030"),
        ({2025: 6}, {"direction": "at-most", "target_value": 5.0, **NOTHING}, "off-course", "does not hold"),
        (
            {2024: 6, 2025: 7},
            {"direction": "at-most", "target_value": 5.0, "target_date": None, **NOTHING},
            "regressing",
            "7 in 2025 against 6 in 2024",
        ),
        (
            {2024: 7, 2025: 6},
            {"direction": "at-most", "target_value": 5.0, "target_date": None, **NOTHING},
            "off-course",
            "6 in 2025 does not hold the threshold of 5.",
        ),
        # Nothing to judge by.
        ({}, {}, "no-data", "No observation of i for KEN since 2020"),
        ({2019: 30}, {}, "no-data", "No observation of i for KEN since 2020"),
        ({2025: 12}, NOTHING, "no-data", "Only the baseline is known, 12 in 2025"),
        ({2025: 12}, {"indicator": None}, "no-data", "No indicator is named."),
        ({2025: 12}, {"indicator": None, "no_indicator_reason": "a request"}, "no-data", "named: a request."),
        ({2025: 12}, {"target_value": None, "direction": None}, "no-data", "i has no target value"),
        ({2025: 12}, {"target_value": None, "direction": "at-most", **NOTHING}, "no-data", "no target value"),
        ({2025: 25}, {"target_value": None, "direction": "increase"}, "on-course", "as was asked (increase)"),
        ({2025: 8}, {"target_value": None, "direction": "increase"}, "regressing", "away from what was"),
        ({2025: 10}, {"target_value": None, "direction": "increase"}, "off-course", "nothing moved"),
        ({2025: 12}, {"target_value": None, **NOTHING}, "no-data", "only observation"),
        ({2025: 12}, {"target_date": None}, "no-data", "has no date to be judged by"),
        # Closed.
        ({2025: 12}, {"state": "lapsed", "state_since": date(2021, 1, 1)}, "off-course", "; lapsed since"),
        ({2025: 25}, {"state": "superseded"}, "met", "; superseded."),
    ],
)  # fmt: skip
def test_worked_cases(values: dict[int, Any], given: dict[str, Any], status: str, words: str) -> None:
    found = judged(values, **given)
    assert found["status"] == status
    assert words in found["explanation"]
    assert "{" not in found["explanation"]
    assert "None" not in found["explanation"]
    if given.get("state") in ("lapsed", "superseded"):
        assert found["alert"] is None


def test_every_rule_has_a_status_and_words() -> None:
    rules = status_rules()
    assert set(rules["status"].drop_nulls()) == set(STATUSES)
    assert rules["case"].is_unique().all()
    assert rules["rule"].null_count() == rules["words"].null_count() == 0


def test_closed_form_against_regression() -> None:
    # A walk with drift is a regression of scaled steps on the root of their years.
    years, values = np.array([2010, 2012, 2013, 2017, 2020.0]), np.array([5, 4, 4.5, 3, 1.0])
    steps = np.diff(years)
    x, y = np.sqrt(steps), np.diff(values) / np.sqrt(steps)
    drift = (x @ y) / (x @ x)
    variance = ((y - drift * x) ** 2).sum() / (len(x) - 1)
    horizon = 5.0
    sd = np.sqrt(variance * horizon + horizon**2 * variance / (x @ x))
    found = project(years, values, 2025)
    assert found.mean[0] == pytest.approx(values[-1] + drift * horizon)
    assert found.sd[0] == pytest.approx(sd)
    expected = stats.t(3, found.mean[0], sd)
    assert found.above(0.0)[0] == pytest.approx(expected.sf(0.0))
    np.testing.assert_allclose(np.ravel(found.interval(0.8)), expected.interval(0.8))


def test_intervals_cover_what_they_say() -> None:
    rng = np.random.default_rng([3, 1])
    held = []
    for _ in range(2000):
        path = np.cumsum(rng.normal(0.3, 1.0, 12))
        low, high = project(np.arange(8), path[:8], 11).interval(0.8)
        held.append(low[0] <= path[11] <= high[0])
    # Four binomial standard errors of 2000 trials.
    assert np.mean(held) == pytest.approx(0.8, abs=4 * np.sqrt(0.16 / 2000))


def test_errors_of_observation_widen() -> None:
    years, values = [2018, 2019, 2020], [1.0, 2.0, 3.0]
    exact, rough = project(years, values, 2022), project(years, values, 2022, errors=[0.5, 0.5, 0.5])
    assert exact.sd[0] == 0
    # e**2 * ((1 + 2/2)**2 + (2/2)**2), no spread to take anything off.
    assert rough.sd[0] == pytest.approx(np.sqrt(0.25 * (4 + 1)))
    noisy = project([2018, 2019, 2020, 2021], [1.0, 4.0, 2.0, 5.0], 2021, errors=0.1)
    assert noisy.sd[0] == pytest.approx(0.1)
    certain, doubtful = (
        judged({2021: 11, 2022: 12, 2025: 15}),
        judged({2021: 11, 2022: 12, 2025: (15, 13, 17)}),
    )
    assert certain["probability"] == 1
    assert doubtful["projected"] == pytest.approx(20)
    assert doubtful["probability"] == pytest.approx(0.5)
    assert doubtful["projected_lower"] < 20 < doubtful["projected_upper"]


def test_required_path_and_rate() -> None:
    found = judged({2024: 13})
    assert found["required"] == pytest.approx(14)
    assert found["required_change"] == pytest.approx(7 / 6)
    assert found["required_rate"] == pytest.approx((20 / 13) ** (1 / 6) - 1)
    assert found["probability"] is None
    assert "two points" in found["probability_note"]
    rate = judged({2025: 14.2}, scale="log")
    assert rate["required"] == pytest.approx(10 * 2**0.5)
    assert rate["projected"] == pytest.approx(14.2**2 / 10)
    assert rate["status"] == "on-course"
    assert judged({2025: 14.2})["status"] == "off-course"
    assert judged({2025: 21})["required_change"] is None


def test_baseline_is_said() -> None:
    years = {2009: 1.0, 2012: 2.0, 2015: 3.0}
    near = judged(years, **NOTHING | {"statement_year": 2011})
    assert (near["used_baseline_year"], near["baseline_note"]) == (
        2012,
        "observation nearest to the statement year 2011",
    )
    state = judged(years, **NOTHING | {"state_since": date(2009, 5, 1)})
    assert (state["used_baseline_year"], state["used_baseline"]) == (2009, 1)
    assert "year of the state 2009" in state["baseline_note"]
    assert judged(years, **NOTHING)["baseline_note"].startswith("first observation")
    asked = judged(years, baseline_value=None, baseline_year=2010)
    assert asked["used_baseline_year"] == 2009
    assert judged({2024: 15})["baseline_note"] == "given with the commitment"


def test_the_future_is_not_used() -> None:
    values = {2021: 11, 2022: 12, 2025: 25}
    assert judged(values, as_of=date(2022, 12, 31))["observed_year"] == 2022
    assert judged(values, as_of=date(2025, 1, 1))["status"] == "met"


@pytest.mark.parametrize(
    ("given", "alert"),
    [
        ({"review_due": date(2026, 7, 10)}, "review due in 10 days, on 2026-07-10"),
        ({"review_due": date(2026, 6, 1)}, "review overdue since 2026-06-01"),
        ({"review_due": date(2027, 6, 1)}, None),
        ({"last_evidence": date(2023, 1, 31)}, "no evidence since 2023-01-31"),
        ({"last_evidence": date(2025, 1, 31)}, None),
        ({"state": "completed"}, "said to be completed, but not met"),
        ({"state": "completed", "indicator": None}, "said to be completed, but no figures show it"),
        ({"state": "completed", "target_value": 13.0}, None),
        ({"target_date": date(2025, 6, 30)}, "data of 2024 are older than the target's year 2025"),
    ],
)
def test_alerts(given: dict[str, Any], alert: str | None) -> None:
    assert judged({2024: 13}, **given)["alert"] == alert


@pytest.mark.parametrize(
    ("values", "given", "note"),
    [
        ({2020: 10, 2024: 13}, {}, None),
        ({2020: 10, 2023: 13}, {}, "last observation 2023, three years before this judgement"),
        ({2014: 13}, NOTHING, "last observation 2014, twelve years before this judgement"),
        # A verdict rests on its observations; without any, on what was last heard.
        ({2023: 13}, {"last_evidence": date(2026, 1, 1)}, "last observation 2023, three years"),
        ({}, {"last_evidence": date(2018, 12, 10)}, "last evidence 2018, eight years"),
        ({}, {"last_evidence": date(2025, 12, 10)}, None),
        ({}, {}, None),
        # Met by its date: what was reached then is not the worse for its age.
        ({2022: 21}, {"target_date": date(2022, 12, 31)}, None),
        ({2022: 19}, {"target_date": date(2022, 12, 31)}, "last observation 2022, four years"),
    ],
)
def test_a_verdict_says_how_old_its_data_are(
    values: dict[int, Any], given: dict[str, Any], note: str | None
) -> None:
    found = judged(values, **given)["data_note"]
    assert found is None if note is None else found.startswith(note)


def test_age_is_said_once() -> None:
    """Evidence and observations are old: one note, no alert beside it, and one count for all."""
    old = {"last_evidence": date(2023, 1, 31), "target_date": date(2024, 12, 31)}
    found = judged({2023: 13}, **old)
    assert found["data_note"] == "last observation 2023, three years before this judgement"
    assert found["alert"] is None
    assert judged({2023: 13}, thresholds=Thresholds(observation_years=3), **old)["alert"] == (
        "no evidence since 2023-01-31; data of 2023 are older than the target's year 2024"
    )
    rows = pl.DataFrame([promise(commitment="a"), promise(commitment="b", place="UGA")])
    both = judge(rows, pl.concat([seen({2022: 13}), seen({2025: 13}, "UGA")]), as_of=TODAY)
    first, a, b = both.summary().splitlines()
    assert first.endswith("on-course 1, off-course 1; 1 with a note on the age of its data")
    assert a.endswith("Last observation 2022, four years before this judgement.")
    assert "judgement" not in b


def test_no_year_is_made_up_where_none_was_named() -> None:
    assert judged({}, **NOTHING)["explanation"] == "No observation of i for KEN."


def test_alerts_join_and_thresholds_move_them() -> None:
    given = {"review_due": date(2026, 6, 1), "last_evidence": date(2026, 1, 1)}
    tight = Thresholds(evidence_days=100)
    assert judged({2024: 13}, thresholds=tight, **given)["alert"] == (
        "review overdue since 2026-06-01; no evidence since 2026-01-01"
    )
    strict = Thresholds(on_course=0.9)
    values = {2021: 11.9, 2022: 11.9, 2024: 14.2}
    assert judged(values)["status"] == "on-course"
    assert judged(values, thresholds=strict)["status"] == "off-course"
    dip = {2021: 12.0, 2022: 8.0, 2023: 9.9}
    assert judged(dip)["status"] == "regressing"
    assert judged(dip, thresholds=Thresholds(regressing=0.9))["status"] == "off-course"


def many() -> Judgements:
    rows = [
        promise(commitment="a"),
        promise(commitment="b", place="UGA"),
        promise(commitment="c", state="lapsed"),
        promise(commitment="d", place=None, review_due=date(2026, 7, 1)),
    ]
    every = pl.concat([seen({2024: 15}), seen({2024: 9}, "UGA"), seen({2024: 11}, None)])
    return judge(pl.DataFrame(rows, infer_schema_length=None), every, as_of=TODAY)


def test_many_at_once() -> None:
    found = many()
    assert found.to_polars()["status"].to_list() == ["on-course", "regressing", "on-course", "off-course"]
    assert found.counts() == {
        "met": 0, "on-course": 2, "off-course": 1, "regressing": 1, "overdue": 0, "no-data": 0,
    }  # fmt: skip
    assert found.alerts()["commitment"].to_list() == ["d"]
    text = found.summary()
    assert text.startswith("4 commitments as of 2026-06-30: on-course 2, off-course 1, regressing 1")
    assert "Alert: review due in 1 days" in text


def test_pandas_and_texts_do() -> None:
    table = pl.DataFrame([promise()])
    known = judge(table, seen({2024: 15}), as_of=TODAY).table
    pandas = judge(table.to_pandas(), seen({2024: 15}).to_pandas(), as_of=TODAY).table
    texts = judge(table.cast(pl.String), seen({2024: 15}).cast(pl.String), as_of=TODAY).table
    assert known.equals(pandas)
    assert known.equals(texts)
    assert judge(table, None, as_of=TODAY).table["status"].item() == "no-data"


paths = st.lists(st.integers(-40, 40), min_size=1, max_size=6)


def path_of(values: list[int], shift: float = 0.0, last: float = 0.0) -> dict[int, float]:
    found = {2021 + k: 10.0 + v / 4 + shift for k, v in enumerate(values)}
    final = max(found)
    return found | {final: found[final] + last}


@settings(max_examples=60, deadline=None)
@given(paths, st.integers(1, 40), st.sampled_from(["increase", "at-least"]))
def test_nearer_is_never_worse(values: list[int], quarter: int, direction: str) -> None:
    """A nearer last value never worsens the status; a nearer path not the probability either."""
    given_ = {"direction": direction, "target_value": 20.0}
    before = judged(path_of(values), **given_)
    after = judged(path_of(values, last=quarter / 4), **given_)
    assert ORDER[after["status"]] >= ORDER[before["status"]]
    own = {**given_, **NOTHING}
    low, high = judged(path_of(values), **own), judged(path_of(values, shift=quarter / 4), **own)
    if low["probability"] is not None:
        assert high["probability"] >= low["probability"] - 1e-12
    if low["status"] in ORDER and high["status"] in ORDER:
        assert ORDER[high["status"]] >= ORDER[low["status"]]


@settings(max_examples=60, deadline=None)
@given(paths, st.sampled_from([1e-6, 0.3, 7.0, 1e9]), st.sampled_from(["level", "log"]))
def test_units_do_not_matter(values: list[int], factor: float, scale: str) -> None:
    found = path_of(values, shift=1.0)
    one = judged(found, scale=scale)
    more = judged(
        {y: v * factor for y, v in found.items()},
        scale=scale, baseline_value=10.0 * factor, target_value=20.0 * factor,
    )  # fmt: skip
    assert more["status"] == one["status"]
    assert more["alert"] == one["alert"]
    if one["probability"] is not None:
        assert more["probability"] == pytest.approx(one["probability"], abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(paths, st.sampled_from([("increase", "decrease"), ("at-least", "at-most")]), st.booleans())
def test_mirrored_is_the_same(values: list[int], pair: tuple[str, str], past: bool) -> None:
    found = path_of(values)
    when = PAST if past else {}
    up = judged(found, direction=pair[0], **when)
    mirrored = {"baseline_value": -10.0, "target_value": -20.0, "direction": pair[1], **when}
    down = judged({y: -v for y, v in found.items()}, **mirrored)
    assert down["status"] == up["status"]
    assert (down["probability"] is None) == (up["probability"] is None)
    if up["probability"] is not None:
        assert down["probability"] == pytest.approx(up["probability"], abs=1e-9)


@given(st.lists(st.floats(-100, 100), min_size=3, max_size=8), st.integers(0, 20))
def test_time_may_be_counted_from_anywhere(values: list[float], ahead: int) -> None:
    assume(np.ptp(values) > 1e-3)
    years = np.arange(len(values))
    here, there = (
        project(years, values, years[-1] + ahead),
        project(years + 2000, values, years[-1] + 2000 + ahead),
    )
    np.testing.assert_allclose([here.mean, here.sd], [there.mean, there.sd])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"direction": "up"}, "row 1: commitment=c, direction=up"),
        ({"direction": None}, "a direction is unknown"),
        ({"target_value": 5.0}, "wrong side of its baseline"),
        ({"baseline_year": None}, "a baseline has no year"),
        ({"target_date": "2030"}, "holds no date"),
        ({"target_value": "much"}, "table 'commitments': column 'target_value' holds no number"),
        ({"commitment": None}, "column 'commitment' is missing"),
        ({"baseline_year": 2020.5}, "no whole number"),
    ],
)
def test_bad_commitments(given: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError) as caught:
        judged({2024: 1}, **given)
    assert words in str(caught.value)
    assert "Remedy" in str(caught.value)


def test_other_refusals() -> None:
    table = pl.DataFrame([promise()])
    bad = {
        "table 'commitments': commitment stands twice": (pl.concat([table, table]), seen({2024: 1})),
        "table 'observations': indicator, place, year stand twice": (table, pl.concat([seen({2024: 1})] * 2)),
        "does not hold its value": (table, seen({2024: (5, 6, 7)})),
        "table 'commitments' has no column 'commitment'": (table.drop("commitment"), None),
        "table 'observations' has no column 'year', 'value'": (table, pl.DataFrame({"indicator": ["i"]})),
        "table 'commitments' is no table but a list": ([1], None),
        "table 'commitments' has no rows": (table.clear(), None),
    }
    for words, (commitments, observations) in bad.items():
        with pytest.raises(DataError) as caught:
            judge(commitments, observations, as_of=TODAY)
        assert words in str(caught.value)
    with pytest.raises(DataError, match="no logarithm"):
        judged({2024: -1}, scale="log")
    with pytest.raises(DataError, match="no logarithm: target"):
        judged({2024: 1}, scale="log", baseline_value=0.0)
    with pytest.raises(DataError, match="scale can not be 'root'"):
        judged({2024: 1}, scale="root")
    with pytest.raises(DataError, match="review_days can not be -1"):
        Thresholds(review_days=-1)
    for years, words in (
        ([2020, 2020], "do not increase"),
        ([2020], "do not fit"),
        ([2020, np.nan], "not finite"),
    ):
        with pytest.raises(DataError, match=words):
            project(years, [1.0, 2.0], 2030)
    with pytest.raises(DataError, match="before the last"):
        project([2020, 2021], [1.0, 2.0], 2019)
