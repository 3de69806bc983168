"""Bilateral tables that agree with net totals and stay nearest to a prior table.

Net migration is known for every place, flows between places are not: the answer is
the table, among all with these net totals, that departs least from what was known
before. Every answer carries the proof that none is nearer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from corridors.errors import DataError, InfeasibleError
from corridors.numerics.incidence import least_repair, net_incidence, net_of, usable_cells
from corridors.numerics.optimality import Distance, divergence, kkt_residual
from corridors.numerics.projections import project_kl, project_l1, project_l2
from corridors.numerics.typing import Array, Mask


@dataclass(frozen=True, slots=True)
class NetMatrix:
    """The table nearest to a prior one with given net totals.

    Attributes
    ----------
    table
        Shape ``(n, n)``, origin by destination, unit of the prior.
    distance
        ``"kl"``, ``"l1"`` or ``"l2"``.
    objective
        Distance of table and prior: ``sum(y log(y/m) - y + m)``, ``sum(w |y - m|)`` or
        ``sum(w (y - m)²)``.
    prices
        Multiplier of each net total, shape ``(n,)``. By ``"kl"`` each cell is the prior
        times ``exp(price[j] - price[i])``.
    kkt
        Largest violation of the conditions of optimality, relative to the figures concerned:
        near machine precision where the table is the nearest.
    steps
        Newton steps; 0 where a linear program answered.
    """

    table: Array
    distance: Distance
    objective: float
    prices: Array
    kkt: float
    steps: int

    @property
    def net(self) -> Array:
        """Arrivals less departures of each place, shape ``(n,)``."""
        return net_of(self.table)


def net_matrix(
    net: ArrayLike,
    prior: ArrayLike,
    *,
    distance: Distance = "kl",
    total: float | None = None,
    allowed: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    labels: Sequence[str] | None = None,
) -> NetMatrix:
    """Project a prior table on net totals.

    Parameters
    ----------
    net
        Arrivals less departures of each place, shape ``(n,)``; adds up to zero (see
        :func:`rescale_net`).
    prior
        Non-negative table, origin by destination, shape ``(n, n)``, same unit. Its diagonal
        does not count for net totals and is kept (by a known total, scaled).
    distance
        ``"kl"``: multiplicative, a zero of the prior stays zero. ``"l1"``: least sum of
        absolute changes; the distance is unique, the table may not be. ``"l2"``: least
        squares.
    total
        Sum of all cells, where known; only by ``"kl"``.
    allowed
        Cells that may be positive, shape ``(n, n)``; all where not given. The prior is
        taken as zero elsewhere.
    weights
        Positive weights of absolute or squared changes, shape ``(n, n)``; ones where not
        given. The inverse of the prior makes squares relative.
    labels
        Names of places for error messages.

    Returns
    -------
    NetMatrix

    Raises
    ------
    DataError
        Shapes differ, values negative or not finite, or an option the distance has not.
    InfeasibleError
        Net totals do not add up to zero, or the allowed cells can not carry them; names the
        places and the least change that would help.

    Notes
    -----
    By ``"kl"`` Willekens (1999) and Abel (2013), here by Newton's method on the convex dual;
    Csiszár (1975). Where totals force allowed cells to be zero these are found and emptied.

    Examples
    --------
    >>> from corridors.migration.net.nearest_prior import net_matrix
    >>> net_matrix([-15, 15], [[0, 10], [10, 0]]).table.round(6).tolist()
    [[0.0, 20.0], [5.0, 0.0]]
    """
    wanted, m, mask, weight = _checked(net, prior, allowed, weights, labels)
    names = list(labels) if labels else [f"place {i}" for i in range(wanted.size)]
    if distance not in ("kl", "l1", "l2"):
        raise DataError(f"no distance called {distance!r}", remedy="choose 'kl', 'l1' or 'l2'")
    if distance != "kl" and total is not None:
        raise DataError(f"a total can not be given by distance {distance!r}", remedy="use 'kl'")
    if distance == "kl" and weights is not None:
        raise DataError("distance 'kl' takes no weights", remedy="use 'l1' or 'l2'")
    wanted = _balanced(wanted, total)
    if distance == "kl":
        mask = mask & (m > 0)
        answer = project_kl(m, wanted, total=total)
        if answer is None:
            m = np.where(_feasible(wanted, mask, total, names), m, 0.0)
            answer = project_kl(m, wanted, total=total)
    else:
        project = project_l1 if distance == "l1" else project_l2
        answer = project(m, wanted, allowed=mask, weights=weight)
        if answer is None:
            _feasible(wanted, mask, None, names)
    if answer is None:
        raise InfeasibleError(
            "the totals can only be met by emptying cells that the prior fills",
            remedy="set to zero the cells that must be empty, or change the total",
        )
    apart = divergence(answer.table, m, weight, distance)
    kkt = kkt_residual(answer, wanted, m, mask, weight, distance, total=total)
    return NetMatrix(answer.table, distance, apart, answer.prices, kkt, answer.steps)


def _balanced(net: Array, total: float | None) -> Array:
    surplus, size = float(net.sum()), float(np.abs(net).sum())
    if abs(surplus) > 1e-9 * size:
        raise InfeasibleError(
            "net totals do not add up to zero",
            f"they add up to {surplus:+,.6g}",
            "balance them first: corridors.migration.net.rescale_net",
        )
    if total is not None and not (np.isfinite(total) and total > 0):
        raise DataError(f"the total must be a positive number, not {total}")
    return net - np.abs(net) * (surplus / size) if size else net


def _feasible(net: Array, mask: Mask, total: float | None, names: list[str]) -> Mask:
    """Cells that can be positive; raises where no table has these totals."""
    off = mask & ~np.eye(net.size, dtype=np.bool_)
    incidence, wanted, labels = net_incidence(off), net, names
    if total is not None:
        off = mask
        incidence = csr_array(vstack([net_incidence(off), csr_array(np.ones((1, int(off.sum()))))]))
        wanted, labels = np.append(net, total), [*names, "the total"]
    change, filling = least_repair(incidence, wanted)
    culprits = np.flatnonzero(change)
    if not culprits.size:
        return usable_cells(off, filling) | (mask & ~off)
    order = culprits[np.argsort(-np.abs(change[culprits]), kind="stable")].tolist()
    lines = [f"{labels[k]}: {wanted[k]:+,.6g}, least change {change[k]:+,.6g}" for k in order[:8]]
    raise InfeasibleError(
        "the allowed cells can not carry these net totals",
        "\n".join(lines + _separate(net, off, names)),
        "change these totals by the amounts shown, or allow more cells",
        culprits=[labels[k] for k in order],
        repair={labels[k]: float(change[k]) for k in order},
    )


def _separate(net: Array, off: Mask, names: list[str]) -> list[str]:
    count, part = connected_components(csr_array(off), directed=False)
    lines: list[str] = []
    for k in range(count):
        members = np.flatnonzero(part == k)
        surplus = float(net[members].sum())
        if abs(surplus) > 1e-9 * float(np.abs(net).sum()):
            shown = ", ".join(names[i] for i in members[:5].tolist())
            lines.append(f"no corridor joins {shown} to the others, yet their net is {surplus:+,.6g}")
    return lines[:4]


def _checked(
    net: ArrayLike,
    prior: ArrayLike,
    allowed: ArrayLike | None,
    weights: ArrayLike | None,
    labels: Sequence[str] | None,
) -> tuple[Array, Array, Mask, Array]:
    wanted, m = np.asarray(net, dtype=np.float64), np.asarray(prior, dtype=np.float64)
    if wanted.ndim != 1 or m.shape != (wanted.size, wanted.size):
        raise DataError(f"{wanted.shape} net totals do not fit a table of shape {m.shape}")
    if labels is not None and len(labels) != wanted.size:
        raise DataError(f"{len(labels)} labels for {wanted.size} places")
    mask = np.ones(m.shape, dtype=np.bool_) if allowed is None else np.asarray(allowed, dtype=np.bool_)
    weight = np.ones(m.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    if mask.shape != m.shape or weight.shape != m.shape:
        raise DataError(f"mask {mask.shape} and weights {weight.shape} must have the shape {m.shape}")
    for name, bad in (
        ("net totals must be finite", ~np.isfinite(wanted)),
        ("the prior must be finite and not negative", ~np.isfinite(m) | (m < 0)),
        ("weights must be finite and positive", ~np.isfinite(weight) | (weight <= 0)),
    ):
        if np.any(bad):
            where = [" to ".join(labels[int(i)] for i in at) if labels else str(at)
                     for at in np.argwhere(bad)[:5].tolist()]  # fmt: skip
            raise DataError(name, "at " + "; ".join(where), "correct these values")
    return wanted, np.where(mask, m, 0.0), mask, weight
