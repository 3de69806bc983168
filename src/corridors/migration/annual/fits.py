"""Years nearest to their share of the period, and why there may be none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, eye_array, hstack, vstack

from corridors.errors import InfeasibleError
from corridors.migration.net.nearest_prior import net_matrix
from corridors.numerics.dual import MAX_LOG_FACTOR, State, along, minimise_dual
from corridors.numerics.incidence import EXACT, net_incidence
from corridors.numerics.typing import Array, Mask


def free_years(
    f: Array, net: Array, share: Array, places: Sequence[str], years: Sequence[int]
) -> tuple[Array, int]:
    """Each year by itself; the years, shape ``(Y, n, n)``, and Newton steps of the slowest.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.annual.fits import free_years
    >>> flow, net, half = np.array([[0.0, 8], [8, 0]]), np.array([[-6.0, 6], [6, -6]]), np.full(2, 0.5)
    >>> free_years(flow, net, half, ["A", "B"], [2015, 2016])[0].round(3).tolist()
    [[[0.0, 8.0], [2.0, 0.0]], [[0.0, 2.0], [8.0, 0.0]]]
    """
    made, steps = np.empty((len(years), *f.shape)), 0
    for y, year in enumerate(years):
        try:
            answer = net_matrix(net[y], share[y] * f, labels=places)
        except InfeasibleError as error:
            raise InfeasibleError(
                f"year {year}: {error.title}",
                error.detail,
                error.remedy,
                culprits=[f"{place} {year}" for place in error.culprits],
                repair={f"{place} {year}": by for place, by in error.repair.items()},
            ) from error
        made[y], steps = answer.table, max(steps, answer.steps)
    return made, steps


def kept_years(
    f: Array, net: Array, share: Array, places: Sequence[str], years: Sequence[int], *, repair: bool
) -> tuple[Array, int, Mask]:
    """Years that add up to the period, Newton steps, and places released from adding up.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.annual.fits import kept_years
    >>> flow, net, half = np.array([[0.0, 8], [8, 0]]), np.array([[-6.0, 6], [6, -6]]), np.full(2, 0.5)
    >>> kept_years(flow, net, half, ["A", "B"], [2015, 2016], repair=False)[0].round(3).tolist()
    [[[0.0, 7.0], [1.0, 0.0]], [[0.0, 1.0], [7.0, 0.0]]]
    """
    missing = _missing_arrivals(f, net)
    released = missing > 0
    if released.any() and not repair:
        raise _overdrawn(missing, f, net, places, years)
    more = 1
    while not released.all():
        dual = _Dual(f, net, share, released)
        fit = minimise_dual(
            dual.start, dual.state, along(dual.curvature), dual.measure, tolerance=1e-11, max_steps=60
        )
        if fit.met:
            return fit.cells, fit.steps, released
        if not repair:
            raise _contradiction(f, net, places, years)
        worst = np.argsort(np.where(released, 0.0, -1.0 - dual.errors), kind="stable")
        released[worst[:more]], more = True, 2 * more
    return *free_years(f, net, share, places, years), released


class _Dual:
    """Dual of years whose corridors add up to the period, but for those of released places.

    A corridor is its flow of the period times ``share[y] * exp(p[y, j] - p[y, i])``, divided by their sum
    over the years where it is kept. Where all are kept, the last year follows from the others and has
    prices of zero.
    """

    def __init__(self, f: Array, net: Array, share: Array, released: Mask) -> None:
        free = released[:, None] | released
        self.kept, self.free = np.where(free, 0.0, f), np.where(free, f, 0.0)
        self.net, self.log_share = net, np.log(share)[:, None, None]
        scale = f.sum(0) + f.sum(1) - 2 * f.diagonal() + np.abs(net)
        self.scale = np.where(scale > 0, scale, 1.0)
        self.rows, self.n = net.shape[0] - (not released.any()), net.shape[1]
        self.start = np.zeros(self.rows * self.n)
        self.errors = np.zeros(self.n)

    def state(self, prices: Array) -> State[Array]:
        p = np.zeros_like(self.net)
        p[: self.rows] = prices.reshape(self.rows, self.n)
        if np.ptp(p, axis=1).max() > MAX_LOG_FACTOR:
            return np.zeros((len(p), self.n, self.n)), np.inf, np.full_like(prices, np.inf)
        logit = self.log_share + (p[:, None, :] - p[:, :, None])
        top = logit.max(0)
        odds = np.exp(logit - top)
        size = odds.sum(0)
        grown = self.free * size * np.exp(top)
        cells = odds * ((self.kept + grown) / size)
        value = float((self.kept * (np.log(size) + top)).sum() + grown.sum() - (self.net * p).sum())
        return cells, value, (cells.sum(1) - cells.sum(2) - self.net)[: self.rows].ravel()

    def curvature(self, cells: Array, _: float) -> Array:
        self.errors = (np.abs(cells.sum(1) - cells.sum(2) - self.net) / self.scale).max(0)
        hessian = np.empty((self.rows, self.n, self.rows, self.n))
        portion = np.divide(cells, self.kept, out=np.zeros_like(cells), where=self.kept > 0)
        for y in range(self.rows):
            for z in range(y, self.rows):
                block = _laplacian(cells[y] * ((y == z) - portion[z]))
                hessian[y, :, z, :] = hessian[z, :, y, :] = block
        return hessian.reshape(self.start.size, self.start.size)

    def measure(self, gradient: Array, _: Array) -> float:
        error = np.abs(gradient.reshape(self.rows, self.n)) / self.scale[: self.rows]
        return float(np.max(error, initial=0.0))


def _laplacian(weight: Array) -> Array:
    both = -(weight + weight.T)
    both[np.diag_indices_from(both)] = 0.0
    both[np.diag_indices_from(both)] = -both.sum(1)
    return both


def _missing_arrivals(f: Array, net: Array) -> Array:
    """What a place gains in its years of gain beyond its arrivals of the period.

    Its losses exceed its departures by as much, since the years add up to its net of the period.
    """
    stay = f.diagonal()
    room, leaving = f.sum(0) - stay, f.sum(1) - stay
    missing = np.maximum(net, 0.0).sum(0) - room
    return np.where(missing > 1e-9 * (room + leaving + np.abs(net).sum(0)), missing, 0.0)


def _overdrawn(
    missing: Array, f: Array, net: Array, places: Sequence[str], years: Sequence[int]
) -> InfeasibleError:
    bad = np.argsort(-missing, kind="stable")[: int((missing > 0).sum())].tolist()
    room, lines = f.sum(0) - f.diagonal(), list[str]()
    least: dict[str | int, float] = {str(places[i]): -float(missing[i]) for i in bad}
    for i in bad[:8]:
        when = ", ".join(f"{years[y]} {net[y, i]:+,.6g}" for y in np.flatnonzero(net[:, i]).tolist())
        gains = f"{room[i] + missing[i]:,.6g} in its years of gain"
        lines.append(f"{places[i]}: {gains}, arrivals {room[i]:,.6g} ({when})")
    return InfeasibleError(
        f"{len(bad)} place(s) gain more in some years than arrive in the whole period",
        "\n".join(lines),
        "who comes and leaves again within the period is in no transition: release these places, "
        "repair=True, or let all years add up to more, total='free'",
        culprits=[f"{places[i]} {years[y]}" for i in bad for y in np.flatnonzero(net[:, i] > 0).tolist()],
        repair=least,
    )


def _contradiction(f: Array, net: Array, places: Sequence[str], years: Sequence[int]) -> InfeasibleError:
    change = _least_change(f, net)
    at = sorted(np.argwhere(change).tolist(), key=lambda cell: -abs(change[cell[0], cell[1]]))
    if not at:
        return InfeasibleError(
            "the net totals of the years can only be met by emptying corridors",
            remedy="change net totals a little, or release places: repair=True",
        )
    least: dict[str | int, float] = {f"{places[i]} {years[y]}": float(change[y, i]) for y, i in at}
    return InfeasibleError(
        "the corridors of the period can not carry the net totals of the years",
        "\n".join(f"{name}: least change {by:+,.6g}" for name, by in list(least.items())[:8]),
        "change these net totals by the amounts shown, or release places: repair=True",
        culprits=list(least),
        repair=least,
    )


def _least_change(f: Array, net: Array) -> Array:
    """Least change of net totals under which the years can add up to the period, by linear program."""
    off = (f > 0) & ~np.eye(f.shape[0], dtype=np.bool_)
    cells, count = f[off], net.shape[0]
    unit = max(float(cells.sum()), 1e-300) * 1e-6
    nets = block_diag([net_incidence(off)] * count)
    sums = hstack([eye_array(cells.size)] * count)
    slack = eye_array(net.size)
    no_slack = csr_array((cells.size, 2 * net.size))
    solution = linprog(
        np.concatenate([np.zeros(count * cells.size), np.ones(2 * net.size)]),
        A_eq=vstack([hstack([nets, -slack, slack]), hstack([sums, no_slack])]).tocsr(),
        b_eq=np.concatenate([net.ravel(), cells]) / unit,
        method="highs",
        options=EXACT,
    )
    if solution.status != 0:
        return np.zeros_like(net)
    up, down = np.split(np.asarray(solution.x[count * cells.size :]), 2)
    return np.where(np.abs(up - down) > 1e-6, up - down, 0.0).reshape(net.shape) * unit
