"""All indices of a flow table at once, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from corridors.errors import DataError
from corridors.migration.indices import distance as far
from corridors.migration.indices import gini
from corridors.migration.indices import inequality as spread
from corridors.migration.indices import intensity as much
from corridors.migration.indices.index_inputs import Compat, distances, flow_table, known_compat, people
from corridors.migration.indices.index_values import Indices
from corridors.migration.indices.resampling import bootstrap_interval
from corridors.numerics.typing import Array


@dataclass(frozen=True, slots=True)
class _Given:
    flows: Array
    population: Array
    distance: Array
    compat: Compat | None

    def migrants(self) -> tuple[Array, Array]:
        return self.flows.sum((-2, -1)), self.population.sum(-1)


@dataclass(frozen=True, slots=True)
class _Index:
    name: str
    compute: Callable[[_Given], Array]
    needs: str
    unit: str
    limits: tuple[float, float]
    description: str


_UNIT, _PERCENT, _POSITIVE, _ANY = (0.0, 1.0), (0.0, 100.0), (0.0, np.inf), (-np.inf, np.inf)

_CATALOGUE = (
    _Index("crude_migration_probability", lambda g: much.crude_migration_probability(*g.migrants()),
           "population", "%", _POSITIVE, "moves over population"),
    _Index("courgeau_k", lambda g: much.courgeau_k(*g.migrants(), g.flows.shape[-1]),
           "population", "%", _POSITIVE, "moves over population, per unit of ln(n²)"),
    _Index("connectivity", lambda g: spread.connectivity(g.flows),
           "", "share", _UNIT, "share of corridors in use"),
    _Index("inequality_equal", lambda g: spread.inequality_equal(g.flows),
           "", "share", _UNIT, "share of moves apart from equal corridors"),
    _Index("inequality_similarity", lambda g: spread.inequality_similarity(g.flows),
           "", "share", _UNIT, "share of moves apart from independence of origin and destination"),
    _Index("gini_total", lambda g: gini.gini_total(g.flows),
           "", "index", _UNIT, "Gini index of all corridors"),
    _Index("gini_origins_standardised", lambda g: gini.gini_standardised(g.flows, "origins"),
           "", "share", _UNIT, "part of the total Gini within origins"),
    _Index("gini_destinations_standardised", lambda g: gini.gini_standardised(g.flows, "destinations"),
           "", "share", _UNIT, "part of the total Gini within destinations"),
    _Index("mean_weighted_gini_origins",
           lambda g: gini.mean_weighted_gini(g.flows, "origins", compat=g.compat),
           "", "index", _UNIT, "mean Gini index of the destinations of an origin"),
    _Index("mean_weighted_gini_destinations",
           lambda g: gini.mean_weighted_gini(g.flows, "destinations", compat=g.compat),
           "", "index", _UNIT, "mean Gini index of the origins of a destination"),
    _Index("mean_weighted_gini", lambda g: gini.mean_weighted_gini(g.flows, compat=g.compat),
           "", "index", _UNIT, "mean of both mean weighted Gini indices"),
    _Index("coefficient_of_variation",
           lambda g: spread.coefficient_of_variation(g.flows, compat=g.compat),
           "", "ratio", _POSITIVE, "standard deviation of corridors over their mean"),
    _Index("aggregated_cv", lambda g: spread.aggregated_cv(g.flows),
           "", "ratio", _POSITIVE, "weighted coefficients of variation of rows and columns"),
    _Index("mean_distance", lambda g: far.mean_distance(g.flows, g.distance),
           "distance", "distance", _POSITIVE, "mean distance of a move"),
    _Index("median_distance", lambda g: far.median_distance(g.flows, g.distance, compat=g.compat),
           "distance", "distance", _POSITIVE, "distance that half of the moves do not exceed"),
    _Index("distance_decay", lambda g: far.distance_decay(g.flows, g.distance),
           "distance", "elasticity", _ANY, "change of moves with distance, net of place effects"),
    _Index("effectiveness", lambda g: much.migration_effectiveness(g.flows),
           "", "%", _PERCENT, "net moves per hundred gross moves"),
    _Index("aggregate_net_migration_rate",
           lambda g: much.aggregate_net_migration_rate(g.flows, g.population),
           "population", "%", _POSITIVE, "half the sum of absolute net moves over population"),
    _Index("preference", lambda g: much.preference(g.flows, g.population),
           "population", "sum of ratios", _POSITIVE, "moves relative to the sizes of both places"),
    _Index("velocity", lambda g: much.velocity(g.flows, g.population),
           "population", "per unit of population", _POSITIVE, "moves per possible encounter"),
)  # fmt: skip


def migration_indices(
    flows: ArrayLike,
    population: ArrayLike | None = None,
    distance: ArrayLike | None = None,
    *,
    compat: Compat | None = None,
    labels: Sequence[object] | None = None,
    draws: int = 0,
    resample: Literal["poisson", "multinomial"] = "poisson",
    level: float | None = None,
    seed: int = 0,
) -> Indices:
    """Summarise a flow table, or each of a stack, by the indices of internal migration.

    Parameters
    ----------
    flows
        Shape ``(n, n)``, or ``(t, n, n)`` for a stack such as years, origin by destination,
        persons. The diagonal is ignored.
    population
        Shape ``(n,)`` or ``(t, n)``, persons. Without it the indices that need it are left
        out.
    distance
        Shape ``(n, n)``, positive off the diagonal. Without it likewise.
    compat
        ``"migest"`` for the numbers of migest 2.0.5, which differ in the mean weighted Gini
        indices, the coefficient of variation and the median distance; see there.
    labels
        Names of the tables of a stack; their positions where not given.
    draws
        Resampled tables behind the intervals; 0 for none.
    resample
        ``poisson``: each flow is a Poisson count. ``multinomial``: the total is known and
        only its distribution over corridors is random.
    level
        Coverage of the interval; default from the parameter table.
    seed
        The same seed gives the same interval, whatever else is in the stack.

    Returns
    -------
    Indices

    Raises
    ------
    DataError
        Tables that do not fit together or hold impossible figures; names the cells.

    Notes
    -----
    Bell et al. (2002). Intervals tell the noise of counts alone, not errors of
    registration; see :func:`bootstrap_interval`.

    Examples
    --------
    >>> from corridors.migration.indices import migration_indices
    >>> found = migration_indices([[0, 30, 10], [20, 0, 5], [10, 5, 0]], population=[900, 500, 300])
    >>> round(float(found["effectiveness"]), 2)
    12.5
    """
    given, wanted, stacked = _given(flows, population, distance, compat)
    value = _evaluate(given, wanted)
    lower = upper = None
    if draws:
        limits = np.array([index.limits for index in wanted])
        lower, upper = bootstrap_interval(
            lambda drawn: _evaluate(_Given(drawn, given.population, given.distance, compat), wanted),
            given.flows, value, limits, draws=draws, resample=resample, level=level, seed=seed,
        )  # fmt: skip
    names = _labels(labels, len(given.flows)) if stacked else ()
    figures = [x if stacked or x is None else x[:, 0] for x in (value, lower, upper)]
    assert figures[0] is not None
    return Indices(
        tuple(index.name for index in wanted),
        figures[0],
        figures[1],
        figures[2],
        tuple(index.unit for index in wanted),
        tuple(index.description for index in wanted),
        names,
        compat,
    )


def _given(
    flows: ArrayLike, population: ArrayLike | None, distance: ArrayLike | None, compat: Compat | None
) -> tuple[_Given, tuple[_Index, ...], bool]:
    known_compat(compat)
    table = flow_table(flows)
    if table.ndim > 3:
        raise DataError(
            f"flows of shape {table.shape} are more than one stack of tables",
            remedy="reshape to (tables, n, n)",
        )
    n = table.shape[-1]
    persons = np.ones(n) if population is None else people(population, n)
    length = np.ones((n, n)) if distance is None else distances(distance, n)
    if persons.ndim > 2 or (persons.ndim == 2 and (table.ndim != 3 or len(persons) != len(table))):
        raise DataError(
            f"population of shape {persons.shape} does not fit flows of shape {table.shape}",
            remedy="give one row of population a table, or one for all",
        )
    given = {"": True, "population": population is not None, "distance": distance is not None}
    wanted = tuple(index for index in _CATALOGUE if given[index.needs])
    return _Given(table.reshape(-1, n, n), persons, length, compat), wanted, table.ndim == 3


def _evaluate(given: _Given, wanted: tuple[_Index, ...]) -> Array:
    front = given.flows.shape[:-2]
    return np.stack([np.broadcast_to(index.compute(given), front) for index in wanted])


def _labels(labels: Sequence[object] | None, tables: int) -> tuple[str, ...]:
    if labels is None:
        return tuple(map(str, range(tables)))
    if len(labels) != tables:
        raise DataError(f"{len(labels)} labels do not fit {tables} tables")
    return tuple(map(str, labels))
