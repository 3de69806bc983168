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

from corridors.cooperation.monitor import (
    IndicatorMeasure,
    Judgements,
    Thresholds,
    judge,
    project,
    status_rules,
    statuses,
)
from corridors.cooperation.monitor.changes import differences
from corridors.cooperation.monitor.series import Walks, summarise
from corridors.errors import DataError

TODAY = date(2026, 6, 30)
ORDER = {"overdue": 0, "regressing": 0, "off-course": 1, "not-told-apart": 2, "on-course": 3, "met": 4}


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
    settings = {k: given.pop(k) for k in ("measures", "thresholds") if k in given}
    table = pl.DataFrame([promise(**given)], infer_schema_length=None)
    return judge(table, seen(values), as_of=as_of, **settings).table.row(0, named=True)


NOTHING = {"baseline_year": None, "baseline_value": None}
PAST = {"target_date": date(2024, 12, 31)}
ASKED = {"target_value": None, "target_date": None, "direction": "increase"}


@pytest.mark.parametrize(
    ("values", "given", "status", "words"),
    [
        # Reached before its date.
        ({2022: 15, 2025: 21}, {}, "met", "21 in 2025 reaches the target of 20"),
        ({2025: (21, 19, 23)}, {}, "not-told-apart", "the target of 20, but its interval 19 to 23"),
        ({2025: (21, 20, 23)}, {}, "met", "21 in 2025 reaches the target of 20."),
        ({2025: 20}, {}, "met", "reaches"),
        # The required path passes 14 in 2024.
        ({2024: 15}, {}, "on-course", "15 in 2024 against 14 required"),
        ({2024: 13}, {}, "off-course", "reaches 17.5 by 2030, target 20"),
        # A figure without an interval can not be told from the baseline, one with an interval can.
        ({2024: 9}, {}, "off-course", "9 in 2024 against 14 required"),
        ({2024: (9, 8.8, 9.2)}, {}, "regressing", "Away from the target"),
        ({2024: (9, 8.0, 10.5)}, {}, "off-course", "9 in 2024 against 14 required"),
        ({2024: (13.8, 13, 14.5)}, {}, "not-told-apart", "its interval holds what was required"),
        ({2024: 10}, {}, "off-course", "10 in 2024"),
        ({2021: 11.2, 2022: 12.1, 2023: 13.6, 2024: 14.9}, {}, "on-course", "likely to be reached"),
        ({2021: 10.2, 2022: 10.5, 2023: 10.4, 2024: 10.9}, {}, "off-course", "exceptionally unlikely"),
        ({2021: 9.8, 2022: 9.5, 2023: 9.4, 2024: 9.1}, {}, "regressing", "10 in 2020; a change of -0.9"),
        ({2021: 10.2, 2022: 9.5, 2023: 9.4, 2024: 9.1}, {}, "off-course", "exceptionally unlikely"),
        # A date that has passed.
        ({2024: 21, 2025: 22}, PAST, "met", "21 in 2024 reaches"),
        ({2023: 21}, PAST, "met", "21 in 2023 reaches"),
        ({2024: 21, 2025: 18}, PAST, "met", "was reached by 2024 and lost since: 18 in 2025"),
        ({2024: 18, 2025: 21, 2026: 22}, PAST, "met", "was met late, in 2025"),
        ({2024: 18}, PAST, "overdue", "The date 2024-12-31 has passed and 18 in 2024"),
        ({2023: 21, 2024: 19, 2025: 19.5}, PAST, "overdue", "19 in 2024 and 19.5 in 2025 do not reach"),
        ({2024: (19, 17, 21)}, PAST, "not-told-apart", "but its interval 17 to 21 also holds values that do"),
        # Thresholds to hold.
        ({2025: 21}, {"direction": "at-least", **NOTHING}, "met", "a threshold to hold"),
        ({2025: 19}, {"direction": "at-least", **NOTHING}, "off-course", "threshold of 20 wanted by 2030"),
        ({2025: 6}, {"direction": "at-most", "target_value": 5.0, **NOTHING}, "off-course", "does not hold"),
        (
            {2024: (6, 5.9, 6.1), 2025: (7, 6.9, 7.1)},
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
        ({2025: 25}, ASKED, "not-told-apart", "of two figures without intervals"),
        ({2025: (25, 22, 28)}, ASKED, "on-course", "a change of 15 (95 % interval"),
        ({2025: (8, 7.5, 8.5)}, ASKED, "regressing", "away from what was"),
        ({2025: (11, 9, 13)}, ASKED, "not-told-apart", "can not be told from none"),
        # Three figures tell what a single year moves.
        ({2021: 12, 2022: 13, 2023: 15}, ASKED, "on-course", "a change of 5 (95 % interval"),
        ({2021: 14, 2022: 9, 2023: 13}, ASKED, "not-told-apart", "13 in 2023 against 10 in 2020"),
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
    assert set(rules["status"].drop_nulls()) == set(statuses())
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
    rate = judged({2025: 14.2}, judged_as="log")
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
        ({"last_evidence": date(2023, 1, 31)}, None),
        ({"last_evidence": date(2025, 1, 31)}, None),
        ({"state": "completed"}, "said to be completed, but not met"),
        ({"state": "completed", "indicator": None}, None),
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
        ({2014: 13}, NOTHING, None),
        # A verdict rests on its observations; without any, on what was last heard.
        ({2023: 13}, {"last_evidence": date(2026, 1, 1)}, "last observation 2023, three years"),
        ({}, {"last_evidence": date(2018, 12, 10)}, None),
        ({}, {"last_evidence": date(2018, 12, 10), "state": "under-way"}, "last evidence 2018, eight years"),
        ({}, {"last_evidence": date(2025, 12, 10)}, None),
        ({}, {}, None),
        # Met by its date: what was reached then is not the worse for its age.
        ({2022: 21}, {"target_date": date(2022, 12, 31)}, None),
        ({2022: 19}, {"target_date": date(2022, 12, 31)}, None),
        # Nothing was observed up to the date: a later figure could turn it.
        ({2021: 19}, {"target_date": date(2022, 12, 31)}, "last observation 2021, five years"),
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
        "data of 2023 are older than the target's year 2024"
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
    given = {"review_due": date(2026, 6, 1), "target_date": date(2025, 12, 31)}
    assert judged({2024: 13}, **given)["alert"] == (
        "review overdue since 2026-06-01; data of 2024 are older than the target's year 2025"
    )
    assert (
        judged({2024: 13}, review_due=date(2026, 9, 1), thresholds=Thresholds(review_days=30))["alert"]
        is None
    )
    strict = Thresholds(on_course=0.9)
    values = {2021: 11.9, 2022: 11.9, 2024: 14.2}
    assert judged(values)["status"] == "on-course"
    assert judged(values, thresholds=strict)["status"] == "off-course"
    dip = {2021: 9.8, 2022: 9.5, 2023: 9.4, 2024: 9.1}
    assert judged(dip)["status"] == "regressing"
    assert judged(dip, thresholds=Thresholds(change=0.999))["status"] == "off-course"


RECORD = {"indicator": None, "state_since": date(2020, 5, 1), "last_evidence": date(2020, 5, 1),
          "last_source": "A/RES/1/1"}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({"state": "completed"}, "met (documented)", "completed on 2020-05-01 (A/RES/1/1)."),
        (
            {"state": "completed", "outcome": "positive", "outcome_note": "Held."},
            "met (documented)",
            "1/1). Held.",
        ),
        ({"state": "completed", "outcome": "mixed"}, "partly met (documented)", "By the record"),
        ({"state": "completed", "outcome": "negative"}, "not met (documented)", "By the record"),
        ({"state": "lapsed"}, "not met (documented)", "lapsed on 2020-05-01"),
        ({"state": "under-way"}, "under way (documented)", "what it brings is not measured"),
        ({"state": "stated", "outcome": "failed"}, "not met (documented)", "By the record"),
        # Nothing has happened, or not yet on the day of judgement.
        ({"state": "stated", "outcome": "positive"}, "no-data", "No indicator is named"),
        ({"state": "superseded"}, "no-data", "superseded since"),
        ({"state": "completed", "last_evidence": date(2027, 1, 1)}, "no-data", "No indicator is named"),
        # A figure goes before the record; without one the record decides.
        ({"state": "completed", "indicator": "i"}, "off-course", "against 14 required"),
        ({"state": "under-way", "indicator": "other"}, "under way (documented)", "under way since"),
    ],
)
def test_the_record_decides_where_no_figure_does(given: dict[str, Any], status: str, words: str) -> None:
    found = judged({2024: 13}, **RECORD | given)
    assert found["status"] == status
    assert words in found["explanation"]
    assert "None" not in found["explanation"]


# By the end of 2011, 2021 and 2022: states party to the convention on migrant workers.
PARTIES = {2001: 17.0, 2002: 19.0, 2011: 45.0, 2012: 46.0, 2021: 56.0, 2022: 57.0}


@pytest.mark.parametrize(
    ("values", "direction", "status", "words"),
    [
        (
            PARTIES,
            "increase",
            "off-course",
            "1.1 a year, against 28 in 2002–2011, 2.8 a year: slower",
        ),
        (
            PARTIES,
            "decrease",
            "on-course",
            "0.393 times the rate (95 % interval 0.176 to 0.814)",
        ),
        ({2001: 0, 2011: 5, 2021: 25}, "increase", "on-course", "20 in 2012–2021"),
        ({2001: 0, 2011: 5, 2021: 12}, "increase", "not-told-apart", "no change of pace that could be told"),
        ({2001: 0, 2011: 0, 2021: 9}, "increase", "on-course", "from none (95 % interval 1.97 or more)"),
        ({2011: 5, 2021: 12}, "increase", "no-data", "there is no time before 2011"),
        ({2001: 1, 2011: 5}, "increase", "no-data", "can only grow"),
    ],
)
def test_counts_that_can_only_grow_are_judged_by_their_rate(
    values: dict[int, float], direction: str, status: str, words: str
) -> None:
    asked = ASKED | {"direction": direction, "baseline_year": 2011, "baseline_value": None}
    found = judged(values, measures={"i": IndicatorMeasure("total", whole_until=2021)}, **asked)
    assert found["status"] == status
    assert words in found["explanation"]


@pytest.mark.parametrize(
    ("since", "of", "status", "chance"),
    [(25, 124, "regressing", 0.0042), (40, 124, "not-told-apart", None), (48, 124, "not-told-apart", None),
     (65, 124, "on-course", None)],
)  # fmt: skip
def test_shares_of_acts_are_judged_by_those_since(
    since: int, of: int, status: str, chance: float | None
) -> None:
    """149 of 446 agreements had it before: what the running share does says little of those since."""
    table = seen({2011: 149 / 446, 2020: (149 + since) / (446 + of)})
    table = table.with_columns(cases=pl.Series([446.0, 446.0 + of]))
    made = pl.DataFrame([promise(**ASKED | {"baseline_year": 2011, "baseline_value": None})])
    found = judge(made, table, as_of=TODAY, measures={"i": IndicatorMeasure("running-share")}).table.row(
        0, named=True
    )
    assert found["status"] == status
    assert f"{since} of {of} since 2011" in found["explanation"]
    exact = stats.fisher_exact([[since, of - since], [149, 297]]).pvalue
    assert (exact < 0.05) == (status != "not-told-apart")
    if chance is not None:
        assert exact == pytest.approx(chance, abs=5e-5)


def test_a_running_share_without_its_cases_is_no_verdict() -> None:
    asked = ASKED | {"baseline_year": 2011, "baseline_value": None}
    found = judged({2011: 0.4, 2020: 0.2}, measures={"i": IndicatorMeasure("running-share")}, **asked)
    assert found["status"] == "no-data"


def test_paired_differences_are_changes_of_their_own() -> None:
    """Corridors surveyed in both years: the interval of the difference decides, not that of two means."""
    asked = ASKED | NOTHING | {"direction": "decrease"}
    paired = {"i": IndicatorMeasure("change", "percentage points")}
    found = judged({2012: (-0.08, -0.21, 0.05), 2020: (-2.35, -2.58, -2.12)}, measures=paired, **asked)
    assert (found["status"], found["change_note"]) == ("on-course", "difference within the same units")
    # 80 % of the observation as 95 %: 1.96 / 1.2816 as wide.
    assert found["change_lower"] == pytest.approx(-2.35 - 0.23 * 1.95996 / 1.28155, abs=1e-4)
    assert judged({2012: (-0.08, -0.21, 0.05)}, measures=paired, **asked)["status"] == "not-told-apart"


@pytest.mark.parametrize("judged_as", ["level", "log"])
def test_revisions_can_make_up_a_change(judged_as: str) -> None:
    """Two figures without intervals, 5 % apart: told from none only if revisions move them by less."""
    asked = ASKED | {"baseline_value": None, "judged_as": judged_as}
    for revision, status in ((0.03, "on-course"), (0.06, "not-told-apart")):
        found = judged({2020: 10, 2025: 10.5}, measures={"i": IndicatorMeasure(revision=revision)}, **asked)
        assert found["status"] == status
    assert found["change_note"].endswith("since there is no interval")


def test_a_change_by_chance_is_rarely_called_one() -> None:
    """Figures that only scatter: at 95 % one change in twenty is called, be the error known or not."""
    rng = np.random.default_rng([3, 7])
    walks = [summarise(range(8), rng.normal(0, 1, 8), errors=e) for e in (0.0, 1.0) for _ in range(2000)]
    both = Walks(*(np.concatenate([getattr(w, n) for w in walks]) for n in Walks.__annotations__))
    known = np.repeat([False, True], 2000)
    found = differences(both, known, level=0.95)
    called = (found.lower > 0) | (found.upper < 0)
    for which in (known, ~known):
        assert called[which].mean() == pytest.approx(0.05, abs=0.03)


def test_prices_do_not_fall_below_nothing() -> None:
    """On the level a fast fall is projected below 0; prices change by rates."""
    values = {2021: 8.0, 2022: 4.0, 2023: 3.9, 2024: 2.4}
    asked = {"direction": "decrease", "target_value": 1.0}
    level, log = judged(values, **asked), judged(values, judged_as="log", **asked)
    assert level["projected_lower"] < 0 < log["projected_lower"] < log["projected"] < log["projected_upper"]
    share = {year: value / 10 for year, value in values.items()}
    kept = judged(share, judged_as="share", **asked | {"target_value": 0.1, "baseline_value": 1.0})
    assert 0 <= kept["projected_lower"] <= kept["projected_upper"] <= 1


def test_a_probability_has_two_digits() -> None:
    found = judged({2021: 11.2, 2022: 12.1, 2023: 13.6, 2024: 13.1})
    assert found["probability"] == float(f"{found['probability']:.2g}")
    far = judged({2021: 10.2, 2022: 10.5, 2023: 10.4, 2024: 10.9})
    assert "(probability below 0.01)" in far["explanation"]


def test_every_status_can_come_out() -> None:
    """Each of the rules is reached by a case of this file; here each status once, side by side."""
    rows = [promise(commitment=f"{n}", place=p, **given) for n, (p, given) in enumerate(ONE_OF_EACH)]
    observed = pl.concat([seen({2024: v}, p) for p, v in SEEN_ONCE.items()])
    table = judge(pl.DataFrame(rows, infer_schema_length=None), observed, as_of=TODAY).table
    assert set(table["status"]) == set(statuses())


ONE_OF_EACH: list[tuple[str, dict[str, Any]]] = [
    ("KEN", {"target_value": 12.0}),
    ("KEN", {"target_value": 16.0}),
    ("KEN", {}),
    ("UGA", {}),
    ("TZA", ASKED),
    ("KEN", PAST),
    ("ETH", {}),
    *(("KEN", RECORD | {"state": state, "outcome": outcome})
      for state, outcome in (("completed", None), ("completed", "mixed"), ("lapsed", None),
                             ("under-way", None))),
]  # fmt: skip
SEEN_ONCE = {"KEN": 13, "UGA": (9, 8.9, 9.1), "TZA": (11, 9, 13)}


def many() -> Judgements:
    rows = [
        promise(commitment="a"),
        promise(commitment="b", place="UGA"),
        promise(commitment="c", state="lapsed"),
        promise(commitment="d", place=None, review_due=date(2026, 7, 1)),
    ]
    every = pl.concat([seen({2024: 15}), seen({2024: (9, 8.9, 9.1)}, "UGA"), seen({2024: 11}, None)])
    return judge(pl.DataFrame(rows, infer_schema_length=None), every, as_of=TODAY)


def test_many_at_once() -> None:
    found = many()
    assert found.to_polars()["status"].to_list() == ["on-course", "regressing", "on-course", "off-course"]
    assert list(found.counts()) == list(statuses())
    assert {name: n for name, n in found.counts().items() if n} == {
        "on-course": 2, "off-course": 1, "regressing": 1,
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
    one = judged(found, judged_as=scale)
    more = judged(
        {y: v * factor for y, v in found.items()},
        judged_as=scale, baseline_value=10.0 * factor, target_value=20.0 * factor,
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
        judged({2024: -1}, judged_as="log")
    with pytest.raises(DataError, match="no logarithm: a value"):
        judged({2024: 1}, judged_as="log", baseline_value=0.0)
    with pytest.raises(DataError, match="no measure is judged like that"):
        judged({2024: 1}, judged_as="root")
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
