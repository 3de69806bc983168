"""Composite scores and the audit without which there is no rank."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corridors.cooperation.composite import FACTORS, audit_score, rank_units, score_items
from corridors.cooperation.composite.items import arrange
from corridors.cooperation.composite.score import Choices, levels, ranks
from corridors.errors import DataError, NotFound


def answers(seed: int = 0, units: int = 8, missing: float = 0.1) -> pl.DataFrame:
    rng = np.random.default_rng([seed, 4])
    rows = [
        (f"U{u}", f"A{a}", f"A{a}D{d}", f"A{a}D{d}I{i}", float(rng.choice([0, 50, 100])))
        for u in range(units) for a in range(3) for d in range(2) for i in range(3)
    ]  # fmt: skip
    table = pl.DataFrame(rows, schema=["unit", "area", "dimension", "item", "answer"], orient="row")
    gone = pl.Series(rng.random(table.height) < missing)
    return table.with_columns(answer=pl.when(gone).then(None).otherwise("answer"))


def test_means_of_means_by_hand() -> None:
    table = pl.DataFrame(
        {
            "unit": ["A"] * 5, "area": ["x", "x", "x", "y", "y"], "dimension": ["d", "d", "e", "f", "f"],
            "item": list("ijklm"), "answer": [0, 100, 100, 50, None],
        }
    )  # fmt: skip
    found = dict(score_items(table, "mipex").select("label", "score").iter_rows())
    # Not the mean of the items (62.5): x = mean(50, 100), overall = mean(75, 50).
    assert found == {"d": 50, "e": 100, "f": 50, "x": 75, "y": 50, "overall": 62.5}
    items = arrange(table, "mipex")
    assert levels(items, Choices(imputation="least"))[2].item() == pytest.approx((75 + 25) / 2)
    assert levels(items, Choices(imputation="greatest"))[2].item() == pytest.approx((75 + 75) / 2)
    assert levels(items, Choices(weights=np.array([0.8, 0.2])))[2].item() == pytest.approx(70)
    assert levels(items, Choices(without=2))[2].item() == pytest.approx((50 + 50) / 2)
    geometric = levels(items, Choices(aggregation="geometric"))[2].item()
    assert geometric == pytest.approx(np.sqrt(np.sqrt(50 * 100) * 50))


def test_domain_mean_is_of_the_area() -> None:
    table = pl.DataFrame(
        {
            "unit": ["A"] * 3,
            "area": ["x"] * 3,
            "dimension": ["d", "d", "e"],
            "item": list("ijk"),
            "answer": [0, None, 10],
        }
    )
    items = arrange(table, "picmd")
    assert levels(items, Choices())[2].item() == 5
    assert levels(items, Choices(imputation="domain mean"))[2].item() == pytest.approx((2.5 + 10) / 2)


def test_no_rank_without_its_own_audit() -> None:
    table = answers()
    with pytest.raises(DataError, match="no rank without"):
        rank_units(table, "mipex")
    audit = audit_score(table, "mipex", draws=16)
    assert rank_units(table, "mipex", audit=audit).equals(audit.table)
    with pytest.raises(DataError, match="other answers"):
        rank_units(answers(1), "mipex", audit=audit)
    assert "rank" not in score_items(table, "mipex").columns


def test_audit_says_what_moves_ranks() -> None:
    # Two units that swap with the weights of areas, all else without effect.
    table = pl.DataFrame(
        {"unit": ["A", "A", "B", "B"], "area": ["x", "y"] * 2, "dimension": ["d", "e"] * 2,
         "item": ["i", "j"] * 2, "answer": [100, 0, 0, 100]}
    )  # fmt: skip
    big = pl.concat(
        [table, table.with_columns(pl.col("item") + "2"), table.with_columns(pl.col("item") + "3")]
    )
    audit = audit_score(big, "mipex", draws=512)
    shares = dict(audit.shares.select("factor", "total").iter_rows())
    assert list(shares) == list(FACTORS)
    assert shares["weights"] == pytest.approx(1, abs=0.15)
    assert max(v for k, v in shares.items() if k != "weights") < 0.05
    assert audit.shares["first_order"][0] == pytest.approx(1, abs=0.2)
    assert audit.table["rank"].to_list() == [1.5, 1.5]
    assert audit.table["rank_lower"].to_list() == [1, 1]
    assert audit.table["rank_upper"].to_list() == [2, 2]
    assert audit.reversals == 0  # a tie has no order to reverse
    assert "weights" in audit.summary()


def test_dominance_is_never_reversed() -> None:
    table = answers(missing=0.0)
    best = table.filter(unit="U0").with_columns(unit=pl.lit("best"), answer=pl.lit(100.0))
    audit = audit_score(pl.concat([table, best]), "mipex", draws=64)
    row = audit.table.filter(unit="best").row(0, named=True)
    assert row["rank"] == row["rank_upper"] == row["rank_lower"] == 1
    assert audit.pairs.filter(unit="best")["reversed"].max() == 0
    assert audit.reversals > 0
    assert audit.reversals == pytest.approx(audit.pairs["reversed"].mean())


def test_draws_have_their_own_streams() -> None:
    table = answers()
    one, same, other = (audit_score(table, "mipex", draws=32, seed=s) for s in (5, 5, 6))
    assert one.table.equals(same.table)
    assert one.shares.equals(same.shares)
    assert not one.shares.equals(other.shares)
    assert one.left_out["item"].len() == 18
    assert one.left_out["shift"].is_sorted(descending=True)


def test_missing_answers_count_only_where_there_are_some() -> None:
    full = audit_score(answers(missing=0.0), "mipex", draws=128)
    holes = audit_score(answers(missing=0.4), "mipex", draws=128)
    share = {
        name: a.shares.filter(factor="imputation")["total"].item()
        for name, a in (("full", full), ("holes", holes))
    }
    assert share["full"] == 0
    assert share["holes"] > 0.05


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 200), st.integers(2, 7), st.floats(0, 0.5))
def test_scores_keep_to_the_scale(seed: int, units: int, missing: float) -> None:
    table = answers(seed, units, missing)
    scores = score_items(table, "mipex")["score"].drop_nulls()
    assert scores.is_between(0, 100).all()
    # The same answers on another scale: the same score, ten times less.
    tenth = score_items(table.with_columns(pl.col("answer") / 10), "picmd")["score"].drop_nulls()
    np.testing.assert_allclose(tenth * 10, scores)
    shuffled = score_items(table.sample(fraction=1, shuffle=True, seed=seed), "mipex")["score"].drop_nulls()
    np.testing.assert_allclose(shuffled, scores)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 200))
def test_raising_an_answer_never_lowers_the_score(seed: int) -> None:
    table = answers(seed, missing=0.0).with_row_index("k")
    higher = table.with_columns(
        answer=pl.when(pl.col("k") == seed % table.height).then(100.0).otherwise("answer")
    )
    before, after = (levels(arrange(t.drop("k"), "mipex"), Choices())[2] for t in (table, higher))
    assert (after >= before - 1e-9).all()


def test_ranks_put_the_unknown_last() -> None:
    assert ranks(np.array([np.nan, 5.0, 7.0])).tolist() == [3, 2, 1]


BLANK = pl.lit(None, pl.Float64)
ROW = pl.DataFrame({"unit": ["A"], "area": ["x"], "dimension": ["d"], "item": ["i"], "answer": [50.0]})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: score_items(ROW.with_columns(answer=3.0), "mipex"), "the scale mipex has 0, 50, 100"),
        (lambda: score_items(ROW, (0, 10)), "answers lie within 0 and 10"),
        (lambda: score_items(ROW, (1, 1)), "can not go from 1 to 1"),
        (lambda: score_items(pl.concat([ROW, ROW]), "mipex"), "table 'answers': unit, item stand twice"),
        (lambda: score_items(ROW.with_columns(answer=BLANK), "mipex"), "nothing is answered"),
        (lambda: score_items(ROW.with_columns(area=pl.lit(None, pl.String)), "mipex"), "'area' is missing"),
        (
            lambda: score_items(
                pl.concat([ROW, ROW.with_columns(unit=pl.lit("B"), dimension=pl.lit("e"))]), "mipex"
            ),
            "items of two dimensions",
        ),
        (lambda: score_items(ROW.drop("item"), "mipex"), "table 'answers' has no column 'item'"),
        (lambda: audit_score(ROW, "mipex"), "one unit can not be ranked"),
        (lambda: audit_score(answers(), "mipex", draws=1), "give 8 draws or more"),
    ],
)  # fmt: skip
def test_refusals(call: Any, words: str) -> None:
    with pytest.raises(DataError) as caught:
        call()
    assert words in str(caught.value)


def test_unknown_scale() -> None:
    with pytest.raises(NotFound, match="known: mipex, picmd"):
        score_items(ROW, "stars")
