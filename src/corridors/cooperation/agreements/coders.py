"""Do coders agree? Kappa and alpha with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from corridors.cooperation.agreements.coded_agreements import PROVISIONS, as_agreements
from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.numerics.typing import Array
from corridors.parameters import value as parameter
from corridors.results import Result

Codes = Sequence[object]


@dataclass(frozen=True, slots=True)
class Reliability(Result, keys=("measure",)):
    """Agreement between coders beyond chance.

    Attributes
    ----------
    measure
        ``"Cohen's kappa"`` or ``"Krippendorff's alpha (nominal)"``.
    value
        1 for perfect agreement, 0 for chance, below 0 for less.
    lower, upper
        Percentile bootstrap interval over units; not a number without draws.
    level
        Probability the interval is meant to cover.
    observed, expected
        Share of agreement observed, and expected by chance.
    units
        Units that count: coded by both, or by two coders or more.
    undefined
        Resamples in which every code was the same, so that the measure has no value; left out.
    """

    measure: str
    value: float
    lower: float
    upper: float
    level: float
    observed: float
    expected: float
    units: int
    undefined: int

    def to_polars(self) -> pl.DataFrame:
        """One row with all attributes."""
        names = self.__dataclass_fields__
        return pl.DataFrame({name: [getattr(self, name)] for name in names}).with_columns(
            pl.col("lower", "upper").fill_nan(None)
        )

    def summary(self) -> str:
        """The value with its interval and base."""
        span = (
            "no interval"
            if np.isnan(self.lower)
            else f"{self.level:.0%} {self.lower:.2f} to {self.upper:.2f}"
        )
        return f"{self.measure} {self.value:.3f} ({span}; {self.units} units, {self.observed:.0%} agreement)"


def cohen_kappa(
    first: Codes, second: Codes, *, draws: int = 1000, seed: int = 0, level: float | None = None
) -> Reliability:
    """Cohen's kappa of two coders, unweighted.

    Parameters
    ----------
    first, second
        Codes of the same units in the same order; None where a coder gave none.
    draws, seed
        Bootstrap resamples of units and their seed; 0 draws for no interval.
    level
        Default the project's ``interval_level``.

    Raises
    ------
    DataError
        Lengths differ, no unit has both codes, or all codes are the same.

    Notes
    -----
    Cohen (1960), Educational and Psychological Measurement 20.

    Examples
    --------
    >>> from corridors.cooperation.agreements import cohen_kappa
    >>> first = [1] * 25 + [0] * 25
    >>> second = [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15
    >>> round(cohen_kappa(first, second, draws=0).value, 3)
    0.4
    """
    codes, names = _matrix([first, second])
    both = (codes >= 0).all(0)
    units = int(both.sum())
    if units == 0:
        raise DataError("no unit has a code of both coders")
    k = len(names)
    table = np.bincount(codes[0, both] * k + codes[1, both], minlength=k * k)
    point = _kappa(table[None].astype(np.float64), k)
    samples = np.random.default_rng(seed).multinomial(units, table / units, size=draws).astype(np.float64)
    return _reliability("Cohen's kappa", point, _kappa(samples, k), units, level)


def krippendorff_alpha(
    codes: Sequence[Codes], *, draws: int = 1000, seed: int = 0, level: float | None = None
) -> Reliability:
    """Krippendorff's alpha for nominal codes of any number of coders.

    Parameters
    ----------
    codes
        One sequence a coder, of the same units in the same order; None where a coder gave none. Units
        with fewer than two codes can not be compared and do not count.
    draws, seed, level
        As in :func:`cohen_kappa`; whole units are resampled.

    Raises
    ------
    DataError
        Lengths differ, fewer than two coders, no unit with two codes, or all codes are the same.

    Notes
    -----
    Krippendorff (2011), Computing Krippendorff's alpha-reliability; Hayes and Krippendorff (2007) resample
    pairs of codes instead of units.

    Examples
    --------
    >>> from corridors.cooperation.agreements import krippendorff_alpha
    >>> round(krippendorff_alpha([[1, 1, 0, 0], [1, 1, 0, None]], draws=0).value, 3)
    1.0
    """
    matrix, names = _matrix(codes)
    counts = (matrix[:, :, None] == np.arange(len(names))).sum(0).astype(np.float64)
    counts = counts[counts.sum(1) >= 2]
    units = counts.shape[0]
    if units == 0:
        raise DataError("no unit has codes of two coders")
    size = counts.sum(1)
    same = (counts * (counts - 1)).sum(1) / (size - 1)
    point = _alpha(np.ones((1, units)), same, counts)
    chance = np.full(units, 1 / units)
    samples = np.random.default_rng(seed).multinomial(units, chance, size=draws).astype(np.float64)
    return _reliability("Krippendorff's alpha (nominal)", point, _alpha(samples, same, counts), units, level)


def coder_agreement(
    first: IntoTable,
    second: IntoTable,
    *,
    draws: int = 1000,
    seed: int = 0,
    level: float | None = None,
) -> pl.DataFrame:
    """Agreement of two coders of the same agreements, provision by provision.

    Parameters
    ----------
    first, second
        Tables as for :func:`as_agreements`, matched by number.
    draws, seed, level
        As in :func:`cohen_kappa`.

    Returns
    -------
    polars.DataFrame
        ``provision``, ``units``, ``observed``, ``kappa``, ``alpha``, ``lower``, ``upper`` (of alpha);
        kappa and alpha are null where they have no value: nothing coded twice, or all codes alike.

    Raises
    ------
    DataError
        The tables have no agreement in common.

    Examples
    --------
    >>> from corridors.cooperation.agreements import coder_agreement
    >>> one = {"agreement": [1, 2], "party_a": ["PHL"] * 2, "party_b": ["JOR", "SAU"], "year": [2010, 2013],
    ...        "quota": [1, 0]}
    >>> coder_agreement(one, one, draws=0).filter(provision="quota")["kappa"].item()
    1.0
    """
    joined = as_agreements(first).join(as_agreements(second), on="agreement", suffix=":b")
    if joined.is_empty():
        raise DataError("the two tables have no agreement in common", remedy="give both coders' tables")
    rows = []
    for name in PROVISIONS:
        pair = joined.select(name, f"{name}:b").drop_nulls()
        a, b = pair[name].to_list(), pair[f"{name}:b"].to_list()
        alike = int((pair[name] == pair[f"{name}:b"]).sum())
        observed = alike / pair.height if pair.height else None
        if len({*a, *b}) < 2:
            rows.append((name, pair.height, observed, None, None, None, None))
            continue
        alpha = krippendorff_alpha([a, b], draws=draws, seed=seed, level=level)
        kappa = cohen_kappa(a, b, draws=0)
        rows.append((name, pair.height, observed, kappa.value, alpha.value, alpha.lower, alpha.upper))
    numbers = ("observed", "kappa", "alpha", "lower", "upper")
    schema = {"provision": pl.String, "units": pl.Int64} | dict.fromkeys(numbers, pl.Float64)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col(pl.Float64).fill_nan(None))


def _matrix(codes: Sequence[Codes]) -> tuple[NDArray[np.int64], list[object]]:
    """Positions of codes, -1 where there is none, shape ``(coders, units)``."""
    lists = [list(row) for row in codes]
    if len(lists) < 2:
        raise DataError("one coder can not agree with himself", remedy="give the codes of two or more")
    if len({len(row) for row in lists}) > 1:
        lengths = ", ".join(str(len(row)) for row in lists)
        raise DataError(f"coders have {lengths} units", remedy="give None where a coder gave no code")
    names = list(dict.fromkeys(code for row in lists for code in row if not _missing(code)))
    place = {code: i for i, code in enumerate(names)}
    rows = [[-1 if _missing(code) else place[code] for code in row] for row in lists]
    return np.array(rows, dtype=np.int64), names


def _missing(code: object) -> bool:
    return code is None or code != code  # noqa: PLR0124  not a number differs from itself


def _kappa(tables: Array, k: int) -> tuple[Array, Array, Array]:
    square = tables.reshape(-1, k, k) / tables.sum(1)[:, None, None]
    observed = np.trace(square, axis1=1, axis2=2)
    expected = (square.sum(1) * square.sum(2)).sum(1)
    return _beyond_chance(observed, expected), observed, expected


def _alpha(times: Array, same: Array, counts: Array) -> tuple[Array, Array, Array]:
    size = times @ counts.sum(1)
    per_code = times @ counts
    observed = times @ same / size
    expected = (per_code * (per_code - 1)).sum(1) / (size * (size - 1))
    return _beyond_chance(observed, expected), observed, expected


def _beyond_chance(observed: Array, expected: Array) -> Array:
    room = 1 - expected
    defined = room > 1e-12
    return np.divide(observed - expected, room, out=np.full_like(room, np.nan), where=defined)


def _reliability(
    measure: str, point: tuple[Array, Array, Array], draws: tuple[Array, ...], units: int, level: float | None
) -> Reliability:
    value, observed, expected = (float(part[0]) for part in point)
    if np.isnan(value):
        raise DataError(
            f"{measure} has no value: all codes are the same",
            remedy="report the share of agreement, which is 100 %",
        )
    level = parameter("interval_level") if level is None else level
    known = draws[0][~np.isnan(draws[0])]
    ends = np.quantile(known, [(1 - level) / 2, (1 + level) / 2]) if known.size else np.full(2, np.nan)
    undefined = int(draws[0].size - known.size)
    return Reliability(
        measure, value, float(ends[0]), float(ends[1]), level, observed, expected, units, undefined
    )
