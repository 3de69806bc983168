"""Paths, published numbers and generated tables that several tests need."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from corridors.evidence import load
from corridors.numerics.typing import Array

ROOT = Path(__file__).resolve().parents[1]
GOLDEN = ROOT / "tests" / "migration" / "golden"
FULL_DATA = ROOT.parent / "shared" / "data"


def few_remittances() -> pl.DataFrame:
    """Recorded remittances of three years: an atlas with them is built in a third of the time."""
    known = load().table("remittances").drop("source")
    return known.filter(pl.col("year").is_between(2019, 2021))


# What the fixture ``once`` gives: the folder of a name, made by the function, for all workers together.
Once = Callable[[str, Callable[[Path], object]], Path]

settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=60
)
settings.load_profile("ci")


def read_golden(case: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Inputs and outputs of a case that migest 2.0.5 was run on.

    Arrays are stored in column order; the flow cube has the dimensions origin,
    destination, birthplace.
    """
    stored = json.loads((GOLDEN / f"{case}.json").read_text("utf-8"))

    def plain(item: Any) -> Any:
        if not isinstance(item, dict):
            return item
        values = np.asarray(item["data"], dtype=np.float64)
        return values.reshape(item["shape"], order="F") if item["type"] == "array" else np.atleast_1d(values)

    return tuple({k: plain(v) for k, v in stored[part].items()} for part in ("inputs", "outputs"))  # type: ignore[return-value]


def total_without_stayers(cube: Array) -> Array:
    """Origin-destination table of a cube (birthplace, origin, destination)."""
    table = cube.sum(0)
    np.fill_diagonal(table, 0.0)
    return table


@st.composite
def same_people(draw: st.DrawFn, least: int = 1, most: int = 6) -> tuple[Array, Array]:
    """Two tables of the same people: equal birthplace totals, mostly natives, many zeros.

    Birthplaces have 1 to 9e8 people (or nobody), so tiny and huge ones meet.
    """
    n = draw(st.integers(least, most))
    people = [draw(st.sampled_from([0, 1, 3, 9])) * 10.0 ** draw(st.integers(0, 8)) for _ in range(n)]
    weight = st.sampled_from([0.0, 0.0, 0.0, 1e-6, 1e-3, 0.01, 0.2])
    tables = np.array([[[draw(weight) for _ in range(n)] for _ in range(n)] for _ in range(2)])
    for table in tables:
        natives = [draw(st.sampled_from([1.0, 1.0, 1.0, 0.01, 0.0])) for _ in range(n)]
        np.fill_diagonal(table, natives)
        empty = np.flatnonzero(table.sum(1) == 0)
        table[empty, empty] = 1.0
    tables = tables / tables.sum(2, keepdims=True) * np.array(people)[:, None]
    return tables[0], tables[1]


@st.composite
def stock_pairs(draw: st.DrawFn, least: int = 2, most: int = 5) -> tuple[Array, Array, Array, Array]:
    """Two stock tables with the births and deaths between them, as publishers give them.

    The four do not quite agree with one another. Natives dominate or are outnumbered,
    countries have 100 to 9e8 people, corridors are empty at one or both ends.
    """
    n = draw(st.integers(least, most))
    people = np.array([draw(st.integers(1, 9)) * 10.0 ** draw(st.integers(2, 8)) for _ in range(n)])
    share = st.sampled_from([0.0, 1e-5, 1e-3, 0.02, 0.1, 0.5])
    foreign = np.array([[draw(share) for _ in range(n)] for _ in range(n)]) * np.minimum.outer(people, people)
    growth = np.array([draw(st.sampled_from([0.95, 1.0, 1.05, 1.2])) for _ in range(n)])
    factor = np.array(
        [[draw(st.sampled_from([0.0, 0.7, 1.0, 1.0, 1.1, 1.5])) for _ in range(n)] for _ in range(n)]
    )
    stocks = []
    np.fill_diagonal(foreign, 0.0)
    for table, size in ((foreign, people), (foreign * factor, people * growth)):
        stock = table * np.minimum(1.0, 0.85 * size / np.maximum(table.sum(0), 1.0))
        stocks.append(stock + np.diag(size - stock.sum(0)))
    births = np.diag(stocks[1]) * np.array([draw(st.sampled_from([0.0, 0.05, 0.1])) for _ in range(n)])
    deaths = people * np.array([draw(st.sampled_from([0.0, 0.03, 0.05])) for _ in range(n)])
    return stocks[0], stocks[1], births, deaths
