"""SDG 10.c.1 from one cost a corridor."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from corridors.errors import DataError
from corridors.remittances.prices import remittance_cost, sdg_10c

CORRIDOR = pl.DataFrame({"sending": ["A"], "receiving": ["B"], "fee": [1.0], "fx_margin_pct": [1.0]})


def test_remittance_cost_by_hand() -> None:
    table = pl.DataFrame(
        {"sending": ["A", "A", "B", "B"], "receiving": ["C", "D", "C", "D"], "fee": [4.0, 10, 2, None],
         "fx_margin_pct": [1.0, 2, 1, None], "cost_pct": [None, None, None, 6.0], "weight": [1.0, 1, 7, 1]}
    )  # fmt: skip
    found = remittance_cost(table, level=0.8).table
    costs = np.array([3.0, 7, 2, 6])
    simple, weighted = (found.filter(average=a).row(0, named=True) for a in ("simple", "weighted"))
    assert simple["value"] == pytest.approx(4.5)
    assert (simple["above"], simple["above_share"], simple["mean_met"]) == (2, 0.5, False)
    np.testing.assert_allclose(
        (simple["lower"], simple["upper"]), stats.t(3, 4.5, costs.std(ddof=1) / 2).interval(0.8)
    )
    assert weighted["value"] == pytest.approx(3.0)
    assert weighted["above_share"] == pytest.approx(0.2)
    one = remittance_cost(pl.DataFrame({"sending": ["A"], "receiving": ["B"], "cost_pct": [5.0]})).table
    assert one.select("lower", "above", "corridors_met").row(0) == (None, 0, True)
    assert remittance_cost(table.drop("cost_pct", "weight").head(3), amount=400).table["value"][0] == (
        pytest.approx((2 + 4.5 + 1.5) / 3)
    )


@given(st.lists(st.floats(0.5, 20), min_size=1, max_size=12))
def test_both_ways_to_the_indicator_judge_alike(costs: list[float]) -> None:
    """One cost a corridor is the same as averages of corridors of one quarter."""
    averages = pl.DataFrame(
        {"sending": [f"S{k}" for k in range(len(costs))], "receiving": ["R"] * len(costs),
         "quarter": ["2020Q1"] * len(costs), "cost_pct": costs}
    )  # fmt: skip
    one = remittance_cost(averages.drop("quarter")).table.row(0, named=True)
    other = sdg_10c(averages).table.row(0, named=True)
    assert one["value"] == pytest.approx(other["average_pct"])
    assert (one["above"], one["corridors_met"]) == (other["above_5"], other["every_corridor"])
    assert one["mean_met"] == other["below_3"] or one["value"] == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: remittance_cost(CORRIDOR.drop("fx_margin_pct")), "undisclosed margin is not zero"),
        (lambda: remittance_cost(CORRIDOR.with_columns(fee=-1.0)), "a cost is not possible"),
        (lambda: remittance_cost(CORRIDOR.with_columns(weight=0.0)), "all weights of a year are zero"),
        (lambda: remittance_cost(CORRIDOR.with_columns(weight=-1.0)), "missing or negative"),
        (lambda: remittance_cost(CORRIDOR, amount=0), "can not be sent"),
    ],
)  # fmt: skip
def test_refusals(call: Any, words: str) -> None:
    with pytest.raises(DataError) as caught:
        call()
    assert words in str(caught.value)
