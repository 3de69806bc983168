"""Divide flows, or net migration, by age and sex so that every total is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.age.net import zero_sum_shares
from corridors.migration.age.shares import Schedule, shares_by_age
from corridors.numerics import fit_margins
from corridors.numerics.typing import Array
from corridors.results import Result, dataset

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True)
class AgeSplit(Result):
    """Flows or net migration by sex and age.

    Attributes
    ----------
    values
        Shape ``(s, m, n, n)`` for flows, ``(s, m, n)`` for net migration: sex, age, place(s);
        unit of what was divided.
    sexes
        ``("total",)``, or the names of the schedules.
    ages, width
        First ages of the groups, shape ``(m,)``, and years in a group.
    places
        Codes of the ``n`` places; their positions where none were given.
    """

    values: Array
    sexes: tuple[str, ...]
    ages: Array
    width: float
    places: tuple[str, ...]

    def total(self) -> Array:
        """Sum over sexes and ages: what was divided."""
        return self.values.sum((0, 1))

    def to_polars(self) -> pl.DataFrame:
        """One row a place (or corridor with moves), sex and age."""
        flows = self.values.ndim == 4
        cells = np.nonzero(self.values) if flows else np.nonzero(np.ones(self.values.shape, bool))
        codes = np.array(self.places)
        columns = {name: codes[cells[2 + k]] for k, name in enumerate(self._ends())}
        columns |= {"sex": np.array(self.sexes)[cells[0]], "age": self.ages[cells[1]]}
        return pl.DataFrame({**columns, self._name(): self.values[cells]})

    def summary(self) -> str:
        """Totals by sex and the age group with most moves."""
        size = np.abs(self.values).reshape(len(self.sexes), self.ages.size, -1).sum(2)
        lines = [f"{'flows' if self.values.ndim == 4 else 'net migration'} of {len(self.places)} places"]
        for sex, by_age in zip(self.sexes, size, strict=True):
            lines.append(f"  {sex:<8}{by_age.sum():>16,.0f}, most at age {self.ages[by_age.argmax()]:g}")
        return "\n".join(lines)

    def key_columns(self) -> tuple[str, ...]:
        """Columns that name a row."""
        return (*self._ends(), "sex", "age")

    def to_xarray(self) -> xr.Dataset:
        """The figures over sex, age and places, zeros too (extra ``xarray``)."""
        labels = {"sex": self.sexes, "age": self.ages.tolist(), **dict.fromkeys(self._ends(), self.places)}
        return dataset(labels, {self._name(): self.values})

    def _ends(self) -> tuple[str, ...]:
        return ("origin", "destination") if self.values.ndim == 4 else ("country",)

    def _name(self) -> str:
        return "flow" if self.values.ndim == 4 else "net_migration"


def split_by_age(
    moves: ArrayLike,
    schedule: Schedule | Mapping[str, Schedule],
    ages: ArrayLike,
    *,
    width: float = 1.0,
    exposure: ArrayLike | Mapping[str, ArrayLike] | None = None,
    sex_shares: Mapping[str, ArrayLike] | None = None,
    by_age: ArrayLike | None = None,
    balance: bool | None = None,
    places: Sequence[str] | None = None,
) -> AgeSplit:
    """Divide flows or net migration by age, and by sex.

    Parameters
    ----------
    moves
        Flows, shape ``(n, n)``, origin by destination, or net migration, shape ``(n,)``.
    schedule
        An :class:`AgeSchedule`, or rates at the ages, shape ``(m,)`` or ``(n, m)`` by place
        (the origin of a flow); or one of these by sex. Only relative rates matter.
    ages
        First ages of the groups, shape ``(m,)``, ascending.
    width
        Years in a group.
    exposure
        Population by age, shape ``(m,)`` or ``(n, m)`` by place, or these by sex: rates then
        apply to people. Without it rates are taken as numbers of movers.
    sex_shares
        Share of each sex in the moves of a place, a number or shape ``(n,)``, adding up to
        one. Without it the schedules (and exposures) of the sexes decide.
    by_age
        Known total moves of all places by age, shape ``(m,)``, or ``(s, m)`` by sex, adding
        up to all moves; for flows only.
    balance
        Whether net migration adds up to zero over places at each age and sex, as it must
        for the world. Default: if the totals do.
    places
        Codes of the places.

    Returns
    -------
    AgeSplit
        Its sums over age and sex equal ``moves`` to rounding.

    Raises
    ------
    DataError
        Shapes that do not fit, figures that are negative or not numbers, places with moves
        but nobody to move.
    InfeasibleError
        Totals by age that contradict the flows, or ages at which only places with gains
        (or with losses) have anybody.

    Notes
    -----
    Rogers and Castro (1981) for the schedules. ``by_age`` and ``balance`` take, of all
    tables that meet them, the one of least Kullback-Leibler divergence from the plain
    division; each place keeps the sign of its net migration at every age.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.schedule import model_schedule
    >>> from corridors.migration.age.split import split_by_age
    >>> split = split_by_age([[0, 90], [60, 0]], model_schedule("fundamental"), np.arange(0, 90, 5), width=5)
    >>> split.total().round(9).tolist()
    [[0.0, 90.0], [60.0, 0.0]]
    """
    amount = np.asarray(moves, dtype=np.float64)
    years = _checked_ages(ages, width)
    _check_moves(amount)
    share, sexes = shares_by_age(schedule, years, width, exposure, sex_shares, amount)
    flows = amount.ndim == 2
    if by_age is not None:
        if not flows:
            raise DataError("by_age holds for flows, not for net migration", remedy="leave by_age out")
        share = _with_age_totals(share, amount.sum(1), by_age, len(sexes), years.size)
    elif not flows and _is_balanced(amount, balance):
        share = zero_sum_shares(amount, share, [f"{s}, age {a:g}" for s in sexes for a in years])
    table = share.T[:, :, None] * amount if flows else share.T * amount
    codes = tuple(map(str, range(len(amount)))) if places is None else tuple(places)
    if len(codes) != len(amount):
        raise DataError(f"{len(codes)} codes do not fit {len(amount)} places")
    return AgeSplit(table.reshape(len(sexes), years.size, *amount.shape), sexes, years, width, codes)


def _with_age_totals(share: Array, leaving: Array, by_age: ArrayLike, sexes: int, ages: int) -> Array:
    totals = np.asarray(by_age, dtype=np.float64)
    if totals.shape not in ((ages,), (sexes, ages)):
        raise DataError(f"by_age of shape {totals.shape} does not fit {sexes} sex(es) and {ages} ages")
    cube = share.reshape(len(share), sexes, ages)
    if totals.ndim == 2:
        table = fit_margins(share * leaving[:, None], leaving, totals.ravel()).table
    else:
        table = fit_margins(cube.sum(1) * leaving[:, None], leaving, totals).table
        within = np.divide(
            cube, cube.sum(1)[:, None], out=np.zeros_like(cube), where=cube.sum(1)[:, None] > 0
        )
        table = (within * table[:, None]).reshape(share.shape)
    rows = table.sum(1)[:, None]
    return np.divide(table, rows, out=np.zeros_like(table), where=rows > 0)


def _is_balanced(net: Array, balance: bool | None) -> bool:
    gap, size = abs(float(net.sum())), float(np.abs(net).sum())
    if balance and gap > 1e-9 * size:
        raise DataError(
            "net migration does not add up to zero over places",
            f"it adds up to {net.sum():,.6g}",
            "add the rest of the world as a place, or leave balance out",
        )
    return gap <= 1e-9 * size and size > 0 if balance is None else balance


def _check_moves(amount: Array) -> None:
    square = amount.ndim == 2 and amount.shape[0] == amount.shape[1]
    if not (square or amount.ndim == 1) or not amount.size:
        raise DataError(f"moves of shape {amount.shape} are neither flows (n, n) nor net migration (n,)")
    if not np.all(np.isfinite(amount)) or (square and np.any(amount < 0)):
        bad = np.argwhere(~np.isfinite(amount) | (amount < 0))[:5].tolist()
        raise DataError("moves must be finite, and flows not negative", f"at positions {bad}")


def _checked_ages(ages: ArrayLike, width: float) -> Array:
    years = np.asarray(ages, dtype=np.float64)
    if years.ndim != 1 or years.size < 2 or not np.all(np.isfinite(years)):
        raise DataError(f"ages of shape {years.shape} can not be used", remedy="give at least two ages")
    if np.any(np.diff(years) <= 0) or not 0 <= width <= float(np.diff(years).min()) + 1e-9:
        raise DataError("ages must ascend without overlapping groups", remedy="sort the ages; check width")
    return years
