"""Division of the flows of a period into years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.annual.fits import free_years, kept_years
from corridors.numerics.incidence import net_of, off_diagonal
from corridors.numerics.typing import Array
from corridors.results import Result, dataset

if TYPE_CHECKING:
    import xarray as xr

Total = Literal["keep", "free"]


@dataclass(frozen=True, slots=True)
class AnnualFlows(Result, keys=("origin", "destination", "year")):
    """Flows of each year of a period.

    Attributes
    ----------
    places
        Codes of the ``n`` places.
    years
        The ``Y`` years; of mid-year periods, the year in which each begins.
    total
        ``"keep"``: the years add up to the period; ``"free"``: they need not.
    period
        Flows of the period, shape ``(n, n)``.
    flows
        Shape ``(Y, n, n)``, persons, year by origin by destination.
    given, net
        Arrivals less departures of each year as given and as met after closing, shape ``(Y, n)``.
    residual
        Largest error of a net total, as a share of arrivals and departures of the place.
    steps
        Newton steps (of the slowest year).
    released
        Places whose corridors were released from adding up to the period.
    """

    places: tuple[str, ...]
    years: tuple[int, ...]
    total: Total
    period: Array = field(repr=False)
    flows: Array = field(repr=False)
    given: Array = field(repr=False)
    net: Array = field(repr=False)
    residual: float
    steps: int
    released: tuple[str, ...] = ()

    @property
    def change(self) -> Array:
        """What closing added to the net totals given, shape ``(Y, n)``, persons."""
        return self.net - self.given

    def to_polars(self) -> pl.DataFrame:
        """Positive flows: origin, destination, year, value."""
        y, i, j = np.nonzero(self.flows)
        names, years = np.array(self.places, dtype=object), np.array(self.years, dtype=np.int64)
        columns = {
            "origin": names[i],
            "destination": names[j],
            "year": years[y],
            "value": self.flows[y, i, j],
        }
        return pl.DataFrame(columns, schema_overrides={"origin": pl.String, "destination": pl.String})

    def closing(self) -> pl.DataFrame:
        """Net migration given, met and changed, by place and year."""
        y, i = (axis.ravel() for axis in np.indices(self.net.shape))
        return pl.DataFrame(
            {
                "country": [self.places[k] for k in i.tolist()],
                "year": [self.years[k] for k in y.tolist()],
                "given": self.given.ravel(),
                "net_migration": self.net.ravel(),
                "change": self.change.ravel(),
            }
        )

    def released_totals(self) -> pl.DataFrame:
        """Arrivals and departures of released places in the period, and in all years less that.

        The change is the same for both, since net migration of the period is kept.
        """
        at = [self.places.index(place) for place in self.released]
        moves, of_years = off_diagonal(self.period), off_diagonal(self.flows.sum(0))
        return pl.DataFrame(
            {
                "country": list(self.released),
                "arrivals": moves.sum(0)[at],
                "departures": moves.sum(1)[at],
                "change": (of_years.sum(0) - moves.sum(0))[at],
            },
            schema_overrides={"country": pl.String},
        )

    def summary(self) -> str:
        """A few lines: total of each year and what closing changed."""
        lines = [f"Annual flows of {len(self.places)} places, total {self.total}"]
        for year, flow, change, given in zip(self.years, self.flows, self.change, self.given, strict=True):
            k = int(np.argmax(np.abs(change))) if change.size else 0
            most = f", most in {self.places[k]} ({change[k]:+,.0f})" if change.any() else ""
            lines.append(
                f"  {year}: {flow.sum():,.0f} moves; net totals added up to {given.sum():+,.0f}, "
                f"closing changed {np.abs(change).sum():,.0f}{most}"
            )
        for place, _, _, by in self.released_totals().iter_rows():
            lines.append(f"  released {place}: arrivals and departures of the period changed by {by:+,.0f}")
        return "\n".join(lines)

    def to_xarray(self) -> xr.Dataset:
        """The moves over year, origin and destination, zeros too (extra ``xarray``)."""
        labels = {"year": self.years, "origin": self.places, "destination": self.places}
        return dataset(labels, {"value": self.flows}, {"total": self.total, "units": "persons"})


def split_years(
    flow: ArrayLike,
    net: ArrayLike,
    *,
    total: Total = "keep",
    repair: bool = False,
    shares: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
    years: Sequence[int] | None = None,
) -> AnnualFlows:
    """Divide the flows of a period into years with given net totals.

    Parameters
    ----------
    flow
        Flows of the period, origin by destination, shape ``(n, n)``, persons.
    net
        Arrivals less departures of each place in each year, shape ``(Y, n)``, persons.
    total
        ``"keep"``: the years add up to the period; ``"free"``: they need not (see the package).
    repair
        Whether corridors from and to places that rule out ``"keep"`` are released: they take the values
        nearest to their shares, all others still add up to the period. Released are places that gain more
        in their years of gain than arrive in the period and, where that is not enough, those whose net
        totals are missed most, more and more until the net totals can be met.
    shares
        Share of each year in the flows before its net migration is known, shape ``(Y,)``, positive; they
        are scaled to 1. Equal where not given.
    labels, years
        Names of places and years, for the result and for errors.

    Returns
    -------
    AnnualFlows

    Raises
    ------
    DataError
        Shapes differ, values negative or not finite; names them. An option that does not apply.
    InfeasibleError
        The corridors of the period can not carry the net totals; names places and years and what would
        help (its ``repair``): arrivals that are missing or, where no single place is the reason, the least
        change of net totals by linear program.

    Notes
    -----
    Closing: what the net totals of a year add up to is taken from all places in proportion to their
    arrivals and departures in the period, so that the world balances. To keep the total, the years of each
    place must also add up to its net migration in the period; each year takes its share of what is missing.

    Both answers minimise the Kullback-Leibler divergence from ``shares[y] * flow``. With the total kept
    they are ``flow[i, j]`` times a logistic share of the year, proportional to
    ``shares[y] * exp(p[y, j] - p[y, i])``; released corridors are ``flow[i, j]`` times this itself. The dual
    is convex in the prices ``p`` and solved by Newton's
    method. Csiszár (1975) for the projection.

    Examples
    --------
    >>> from corridors.migration.annual import split_years
    >>> split_years([[0, 8], [4, 0]], [[-4, 4], [0, 0]]).flows.round(3).tolist()
    [[[0.0, 5.333], [1.333, 0.0]], [[0.0, 2.667], [2.667, 0.0]]]
    """
    f, given, share = _checked(flow, net, shares, labels, years)
    if total not in get_args(Total):
        raise DataError(f"total can not be {total!r}", remedy="choose 'keep' or 'free'")
    if repair and total == "free":
        raise DataError("nothing is kept with total='free', so nothing can be released", remedy="drop repair")
    places = tuple(labels) if labels else tuple(f"place {i}" for i in range(f.shape[0]))
    when = tuple(years) if years else tuple(range(given.shape[0]))
    turnover = f.sum(0) + f.sum(1) - 2 * f.diagonal()
    wanted = given - given.sum(1)[:, None] * (turnover / (turnover.sum() or 1.0))
    if total == "keep":
        wanted = wanted + share[:, None] * (net_of(f) - wanted.sum(0))
        made, steps, loose = kept_years(f, wanted, share, places, when, repair=repair)
        released = tuple(places[i] for i in np.flatnonzero(loose).tolist())
    else:
        made, steps = free_years(f, wanted, share, places, when)
        released = ()
    scale = turnover + np.abs(wanted)
    errors = np.abs(np.stack([net_of(table) for table in made]) - wanted)
    residual = float(np.max(errors / np.where(scale > 0, scale, 1.0), initial=0.0))
    return AnnualFlows(places, when, total, f, made, given, wanted, residual, steps, released)


def _checked(
    flow: ArrayLike,
    net: ArrayLike,
    shares: ArrayLike | None,
    labels: Sequence[str] | None,
    years: Sequence[int] | None,
) -> tuple[Array, Array, Array]:
    f, x = np.asarray(flow, dtype=np.float64), np.asarray(net, dtype=np.float64)
    if f.ndim != 2 or f.shape[0] != f.shape[1] or x.ndim != 2 or x.shape[1] != f.shape[0] or not x.size:
        raise DataError(f"net totals of shape {x.shape} do not fit flows of shape {f.shape}")
    if (labels and len(labels) != f.shape[0]) or (years and len(years) != x.shape[0]):
        raise DataError("labels and years do not fit the flows and net totals")
    share = np.ones(x.shape[0]) if shares is None else np.asarray(shares, dtype=np.float64)
    if share.shape != (x.shape[0],) or not np.all(np.isfinite(share)) or np.any(share <= 0):
        raise DataError(f"shares must be {x.shape[0]} positive numbers, one a year, not {share.tolist()}")
    name, when = labels or range(f.shape[0]), years or range(x.shape[0])
    bad = [
        f"{name[i]} to {name[j]}: {f[i, j]:g}" for i, j in np.argwhere(~np.isfinite(f) | (f < 0))[:5].tolist()
    ]
    bad += [
        f"net of {name[i]} in {when[y]}: {x[y, i]:g}" for y, i in np.argwhere(~np.isfinite(x))[:5].tolist()
    ]
    if bad:
        raise DataError("flows must be finite and not negative, net totals finite", "\n".join(bad))
    return f, x, share / share.sum()
