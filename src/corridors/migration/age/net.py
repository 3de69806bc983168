"""Shares by age that make net migration add up to zero over places at every age."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from corridors.errors import InfeasibleError
from corridors.numerics.dual import RIDGE, Factor, State, minimise_dual
from corridors.numerics.typing import Array


def zero_sum_shares(net: Array, share: Array, labels: Sequence[str]) -> Array:
    """Shares closest to the given ones under which gains equal losses in every category.

    Parameters
    ----------
    net
        Net migration, shape ``(n,)``, adding up to zero.
    share
        Share of each of ``k`` categories (sex and age), shape ``(n, k)``, rows adding up to
        one.
    labels
        Names of the categories.

    Returns
    -------
    ndarray
        Shape ``(n, k)``: ``sum_i net_i share_ik`` is zero for every ``k``.

    Raises
    ------
    InfeasibleError
        Categories in which only places that gain, or only places that lose, have anybody.

    Notes
    -----
    Minimises ``sum_i |net_i| KL(new_i || old_i)``. The answer is
    ``old_ik exp(sign_i v_k)``, scaled to one by place; Newton's method on its convex dual
    in ``v``, the ridge settling the one free constant.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.net import zero_sum_shares
    >>> net, old = np.array([10.0, -10.0]), np.array([[0.5, 0.5], [0.2, 0.8]])
    >>> new = zero_sum_shares(net, old, ["young", "old"])
    >>> new.round(4).tolist()
    [[0.3333, 0.6667], [0.3333, 0.6667]]
    """
    sign, size = np.sign(net), np.abs(net) / np.abs(net).sum()
    moved = size[:, None] * share
    gain, loss = moved[sign > 0].sum(0), moved[sign < 0].sum(0)
    if bad := [labels[k] for k in np.flatnonzero((gain > 0) != (loss > 0)).tolist()]:
        raise InfeasibleError(
            "in some ages only places that gain, or only places that lose, have anybody",
            "\n".join(bad[:8]),
            "give every place a positive rate and exposure at these ages, or set balance=False",
            culprits=bad,
        )
    live = (gain > 0) & (loss > 0)
    fitted = share.copy()
    rows = size > 0
    fitted[np.ix_(rows, live)] = _fitted(sign[rows], size[rows], share[np.ix_(rows, live)])
    return fitted


def _fitted(sign: Array, size: Array, share: Array) -> Array:
    with np.errstate(divide="ignore"):
        log_share = np.log(share)

    def state(v: Array) -> State[Array]:
        value, part = _dual(v, sign, size, log_share)
        return part, value, sign @ (size[:, None] * part)

    def direction(part: Array, gradient: Array, _: float, __: Factor) -> Array:
        flow = size[:, None] * part
        natural = flow.sum(0)
        root = np.sqrt(natural)
        hessian = (np.diag(natural) - part.T @ flow) / np.outer(root, root)
        hessian[np.diag_indices_from(hessian)] += 10 * RIDGE
        return -np.linalg.solve(hessian, gradient / root) / root

    def measure(gradient: Array, part: Array) -> float:
        return float(np.max(np.abs(gradient) / (size[:, None] * part).sum(0)))

    fit = minimise_dual(
        np.zeros(share.shape[1]), state, direction, measure, tolerance=1e-13, max_steps=100, polish=False
    )
    # Rounding may end the descent before the tolerance does.
    if fit.error > 1e-9:
        raise InfeasibleError(
            "net migration can not add up to zero at every age with these schedules",
            f"largest relative gap at an age: {fit.error:.2g}",
            "give every place a positive rate and exposure at every age, or set balance=False",
        )
    return fit.cells


def _dual(v: Array, sign: Array, size: Array, log_share: Array) -> tuple[float, Array]:
    eta = log_share + sign[:, None] * v
    top = eta.max(1, keepdims=True)
    weight = np.exp(eta - top)
    total = weight.sum(1, keepdims=True)
    return float(size @ (np.log(total) + top)[:, 0]), weight / total
