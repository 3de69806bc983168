"""How sure is the price of a corridor, and how sure the money that takes it?"""

from __future__ import annotations

import numpy as np
import polars as pl

from corridors.errors import DataError
from corridors.numerics.intervals import z_of_level
from corridors.numerics.typing import Array
from corridors.parameters import value
from corridors.remittances.prices.eligible import CORRIDOR
from corridors.remittances.prices.quarters import Quarter
from corridors.remittances.prices.resample import LEAST_DRAWS

A_YEAR = 4
"""Quarters: over a longer gap in the survey a step is change, not noise."""


def price_noise(means: pl.DataFrame, waves: int | None = None) -> pl.DataFrame:
    """Error of the mean cost of each corridor, told from its steps between quarters at most a year apart.

    Parameters
    ----------
    means
        ``sending``, ``receiving``, ``quarter``, ``cost``, sorted by quarter.
    waves
        How many of the last steps count; all if not given.

    Returns
    -------
    DataFrame
        ``sending``, ``receiving``, ``noise`` in percentage points. Corridors with a single quarter do not
        tell theirs: the median of the others stands in, 0 where there are none.

    Examples
    --------
    >>> import polars as pl
    >>> means = pl.DataFrame({"sending": ["A"] * 3, "receiving": ["B"] * 3, "cost": [5.0, 7.0, 5.0],
    ...                       "quarter": ["2020Q1", "2020Q2", "2020Q3"]})
    >>> price_noise(means)["noise"].round(3).to_list()
    [1.414]
    """
    index = {quarter: Quarter.parse(quarter).index for quarter in means["quarter"].unique()}
    when = pl.col("quarter").replace_strict(index, return_dtype=pl.Int64)
    near = pl.when(when.diff() <= A_YEAR).then(pl.col("cost").diff()).drop_nulls()
    step = near if waves is None else near.tail(waves)
    found = means.group_by(CORRIDOR).agg(noise=((step**2).sum() / (2 * step.count())).sqrt().fill_nan(None))
    usual = found["noise"].median() or 0.0
    return found.with_columns(pl.col("noise").fill_null(usual))


def cost_error(costs: pl.DataFrame) -> pl.Series:
    """Error of the mean cost of each corridor over some quarters.

    Parameters
    ----------
    costs
        ``cost``, ``noise`` (of one quarter), ``waves`` (quarters averaged), and ``services``: quotes behind
        the mean, null where they are not known.

    Returns
    -------
    Series
        Percentage points: the noise of the quarters, or what so few quotes leave open where that is more.

    Examples
    --------
    >>> import polars as pl
    >>> costs = pl.DataFrame({"cost": [45.0, 5.0], "noise": [0.5, 0.5], "waves": [1, 4],
    ...                       "services": [1, None]})
    >>> cost_error(costs).to_list()
    [22.5, 0.25]
    """
    steps = pl.col("noise") / pl.col("waves").sqrt()
    few = value("price_quote_cv") * pl.col("cost").abs() / pl.col("services").sqrt()
    return costs.select(error=pl.max_horizontal(steps, few)).to_series()


def flow_spread(flows: pl.DataFrame, flow_sd: float, level: float) -> Array:
    """Standard deviation of the logarithm of each flow.

    Parameters
    ----------
    flows
        ``value``, and where they are known ``lower`` and ``upper``, an interval of the coverage ``level``.
    flow_sd
        Relative standard deviation of flows without bounds.
    level
        Coverage.

    Examples
    --------
    >>> import polars as pl
    >>> flows = pl.DataFrame({"value": [1.0, 1.0], "lower": [0.5, None], "upper": [2.0, None]})
    >>> flow_spread(flows, 0.25, 0.8).round(3).tolist()
    [0.541, 0.246]
    """
    usual = np.full(flows.height, np.sqrt(np.log1p(flow_sd**2)))
    if not {"lower", "upper"} <= set(flows.columns):
        return usual
    wide = (pl.col("upper") / pl.col("lower")).log() / (2 * z_of_level(level))
    given = flows.select(pl.when((pl.col("lower") > 0) & (wide >= 0)).then(wide).cast(pl.Float64))
    return given.to_series().fill_null(pl.Series(usual)).to_numpy()


def checked_draws(draws: int, flow_sd: float) -> int:
    """The number of draws, if it is one that an interval can be made of.

    Raises
    ------
    DataError
        Too few draws, or a standard deviation below zero.
    """
    if draws < LEAST_DRAWS:
        raise DataError(f"{draws} draws are too few for an interval", remedy=f"ask for {LEAST_DRAWS} or more")
    if not flow_sd >= 0:
        raise DataError(f"a standard deviation can not be {flow_sd}")
    return draws
