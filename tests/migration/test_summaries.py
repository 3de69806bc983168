"""Summaries of flows: published numbers, totals that are kept, and input that is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import GOLDEN
from corridors.errors import DataError
from corridors.migration.summaries import (
    aggregate_flows,
    expand_flows,
    lump_flows,
    one_table,
    pair_totals,
    place_totals,
    top_corridors,
)

NAMES = ["A", "B", "C", "D"]
REGION = {"A": "North", "B": "North", "C": "South", "D": "South"}


def golden(case: str) -> tuple[pl.DataFrame, pl.DataFrame, dict[str, Any]]:
    """Flows of a case, what the peer made of them, and its inputs."""
    stored = json.loads((GOLDEN / f"{case}.json").read_text("utf-8"))
    matrix = stored["inputs"]["m"]
    table = np.array(matrix["data"], dtype=float).reshape(matrix["shape"], order="F")
    return long(table), pl.DataFrame(stored["outputs"]["out"]["columns"]), stored["inputs"]


def long(table: np.ndarray) -> pl.DataFrame:
    i, j = np.nonzero(table)
    return pl.DataFrame(
        {"origin": [NAMES[k] for k in i], "destination": [NAMES[k] for k in j], "value": table[i, j]},
        schema={"origin": pl.String, "destination": pl.String, "value": pl.Float64},
    )


@st.composite
def tables(draw: st.DrawFn) -> pl.DataFrame:
    """Flows of whole persons between four places in two years, some within a place."""
    cells = draw(st.lists(st.integers(0, 1000), min_size=32, max_size=32))
    cubes = np.array(cells, dtype=float).reshape(2, 4, 4)
    return pl.concat(long(cube).with_columns(year=pl.lit(2000 + k)) for k, cube in enumerate(cubes))


def sums(table: pl.DataFrame, column: str = "value") -> list[tuple[int, float]]:
    """Total of each year that has flows."""
    return table.filter(pl.col(column) > 0).group_by("year").agg(pl.col(column).sum()).sort("year").rows()


# Published numbers


def test_place_totals_agree_with_the_peer() -> None:
    flows, theirs, _ = golden("sum_region_doc")
    ours = place_totals(flows).select(
        region="place", out_mig="departures", in_mig="arrivals", turn="turnover", net="net"
    )
    assert ours.rows() == theirs.sort("region").rows()


def test_pairs_agree_with_the_peer() -> None:
    flows, theirs, _ = golden("sum_bilat_doc")
    wanted = theirs.select("orig", "dest", "flow", "counter_flow", "net_flow", "interchange").sort(
        "orig", "dest"
    )
    assert pair_totals(flows).rows() == wanted.rows()


def test_lumping_agrees_with_the_peer() -> None:
    flows, theirs, inputs = golden("sum_lump_flow")
    ours = lump_flows(flows, inputs["threshold"]["data"])
    assert ours.rows() == theirs.sort("orig", "dest").rows()


def test_a_missing_counter_flow_is_zero_where_the_peer_repeats_the_flow() -> None:
    flows = pl.DataFrame(
        {"origin": ["A", "B", "A"], "destination": ["B", "A", "C"], "value": [10.0, 4.0, 7.0]}
    )
    assert pair_totals(flows).row(1) == ("A", "C", 7.0, 0.0, 7.0, 7.0)


def test_a_counter_flow_outside_the_known_square_stays_missing() -> None:
    flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["C", "A"], "value": [7.0, 4.0]})
    assert pair_totals(flows, square=["A", "B"]).rows() == [
        ("A", "C", 7.0, None, None, None),
        ("B", "A", 4.0, 0.0, 4.0, 4.0),
    ]


# Totals


@given(tables())
def test_every_summary_keeps_the_total_of_each_year(flows: pl.DataFrame) -> None:
    wanted = sums(flows)
    assert sums(aggregate_flows(flows, REGION)) == wanted
    assert sums(top_corridors(flows, 2, rest="other")) == wanted
    for on in ("flow", "arrivals", "departures", "turnover"):
        assert sums(lump_flows(flows, 500, on=on)) == wanted
    for _, level in expand_flows(flows, REGION).group_by("origin_level", "destination_level"):
        assert sums(level) == wanted


@given(tables())
def test_arrivals_and_departures_and_moves_within_make_up_all_flows(flows: pl.DataFrame) -> None:
    totals = place_totals(flows)
    for side in ("arrivals", "departures"):
        assert sums(totals.with_columns(both=pl.col(side) + pl.col("within")), "both") == sums(flows)
    assert totals["net"].sum() == 0


@given(tables())
def test_totals_of_groups_are_those_of_their_places(flows: pl.DataFrame) -> None:
    groups = place_totals(aggregate_flows(flows, REGION))
    places = place_totals(flows).with_columns(pl.col("place").replace(REGION))
    wanted = places.group_by("year", "place").agg(pl.col("net").sum()).sort("year", "place")
    assert groups.select("year", "place", "net").rows() == wanted.rows()


@given(tables())
def test_net_flows_of_a_pair_are_opposite(flows: pl.DataFrame) -> None:
    pairs = pair_totals(flows)
    both = pairs.join(
        pairs, left_on=["year", "origin", "destination"], right_on=["year", "destination", "origin"]
    )
    assert (both["net_flow"] == -both["net_flow_right"]).all()
    assert (both["interchange"] == both["interchange_right"]).all()


def test_the_order_of_rows_does_not_matter() -> None:
    flows, _, _ = golden("sum_lump_flow")
    mixed = flows.sample(fraction=1.0, shuffle=True, seed=3)
    assert top_corridors(flows, 3).equals(top_corridors(mixed, 3))
    assert lump_flows(flows, 100, on="turnover").equals(lump_flows(mixed, 100, on="turnover"))


def test_small_places_are_lumped_as_what_they_are_small_as() -> None:
    flows = pl.DataFrame(
        {"origin": ["A", "A", "C"], "destination": ["B", "C", "B"], "value": [9.0, 1.0, 8.0]}
    )
    assert lump_flows(flows, 5, on="arrivals").rows() == [("A", "B", 9), ("A", "other", 1), ("C", "B", 8)]
    assert lump_flows(flows, 9, on="departures").rows() == [("A", "B", 9), ("A", "C", 1), ("other", "B", 8)]
    assert lump_flows(flows, 10, on="turnover").rows() == [
        ("A", "B", 9),
        ("A", "other", 1),
        ("other", "B", 8),
    ]


def test_groups_may_be_a_pandas_table_and_bounds_are_dropped() -> None:
    flows = golden("sum_region_doc")[0].with_columns(lower=0.5, sex=pl.lit("female"))
    table = pl.DataFrame({"country": list(REGION), "region": list(REGION.values())})
    ours = aggregate_flows(flows.to_pandas(), table.to_pandas())
    assert ours.columns == ["sex", "origin", "destination", "value", "within"]
    assert ours.equals(aggregate_flows(flows, REGION))


# Refusals


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": [1.0, -2.0]}, "origin=B, destination=A, value=-2.0"),
        ({"value": [1.0, None]}, "origin=B"),
        ({"value": ["1", "x"]}, "origin=B, destination=A, value=x"),
        ({"origin": ["A", None]}, "'origin' is missing in 1 row"),
        ({"origin": ["A", "A"], "destination": ["B", "B"]}, "stand twice"),
    ],
)
def test_bad_rows_are_named(change: dict[str, Any], words: str) -> None:
    flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"], "value": [1.0, 2.0]} | change)
    with pytest.raises(DataError, match=words):
        place_totals(flows)


def test_bad_groups_are_named() -> None:
    flows = pl.DataFrame({"origin": ["A", "B"], "destination": ["B", "A"], "value": [1.0, 2.0]})
    with pytest.raises(DataError, match="B: arrivals and departures 3"):
        aggregate_flows(flows, {"A": "North"})
    assert aggregate_flows(flows, {"A": "North"}, other="Else")["origin"].to_list() == ["Else", "North"]
    with pytest.raises(DataError, match="row 1: place=A, group=North"):
        aggregate_flows(flows, pl.DataFrame({"place": ["A", "A", "B"], "group": ["North", "South", "South"]}))
    with pytest.raises(DataError, match="fewer than two columns"):
        aggregate_flows(flows, pl.DataFrame({"place": ["A"]}))
    with pytest.raises(DataError, match="A can not be the name"):
        expand_flows(flows, {"A": "A", "B": "South"})
    with pytest.raises(DataError, match="B can not be the name"):
        lump_flows(flows, 1.5, other="B")


def test_other_bad_questions_are_refused() -> None:
    flows = pl.DataFrame(
        {"kind": ["total", "return"], "origin": ["A", "A"], "destination": ["B", "B"], "value": [1.0, 2.0]}
    )
    with pytest.raises(DataError, match="kind: return, total"):
        one_table(flows)
    with pytest.raises(DataError, match="choose one of flow"):
        lump_flows(flows, 1, on="size")  # type: ignore[arg-type]
    with pytest.raises(DataError, match="at least 1"):
        top_corridors(flows, 0)
    with pytest.raises(DataError, match="table 'flows' has no column 'value'"):
        place_totals(flows.drop("value"))
