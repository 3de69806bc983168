"""What a fit can and can not tell about each parameter of a schedule."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corridors.migration.age.curve import shapes_and_slopes
from corridors.migration.age.search import LEVELS, Found, Target
from corridors.numerics.typing import Array

# Directions in which the fit is this much flatter than in the steepest tell nothing in float64.
_FLAT = 1e-8
_NOTHING = 1e-7


@dataclass(frozen=True, slots=True)
class Information:
    """Inverse information of a fit, in the units of its target.

    Attributes
    ----------
    inverse
        Shape ``(p, p)``; NaN for parameters on a bound and for those not identified.
    at_bound, flat
        Which parameters lie on a bound, and which the data do not tell; shape ``(p,)``.
    """

    inverse: Array
    at_bound: NDArray[np.bool_]
    flat: NDArray[np.bool_]


def information(target: Target, theta: Array) -> Information:
    """Invert the information matrix of a fit where it can be inverted.

    Parameters
    ----------
    target
        What was fitted.
    theta
        Where the search ended, shape ``(p,)``.

    Returns
    -------
    Information

    Notes
    -----
    Parameters on a bound are taken as known. Columns are scaled to one length first, so that
    units do not pass for lack of identification.
    """
    at_bound = _at_bound(target, theta)
    root = target.information_root(theta)
    size = np.linalg.norm(root, axis=0)
    orphans = np.array([_level_of(name) in _zero_levels(target, at_bound) for name in target.names])
    flat = (size <= 0) | (orphans & ~at_bound)
    use = np.flatnonzero(~at_bound & ~flat)
    inverse = np.full((theta.size, theta.size), np.nan)
    if use.size:
        _, s, vt = np.linalg.svd(root[:, use] / size[use], full_matrices=False)
        lost = s <= _FLAT * s[0]
        unclear = np.any(np.abs(vt[lost]) > 1e-3, axis=0)
        kept = vt[~lost] / s[~lost, None]
        part = (kept.T @ kept) / np.outer(size[use], size[use])
        part[unclear, :] = part[:, unclear] = np.nan
        inverse[np.ix_(use, use)] = part
        flat[use[unclear]] = True
    return Information(inverse, at_bound, flat)


def issues_of(target: Target, ends: list[Found], known: Information, error: Array) -> tuple[str, ...]:
    """Sentences on everything that makes a fit less than it seems.

    Parameters
    ----------
    target, known
        What was fitted, and what it told.
    ends
        All searches, best first.
    error
        Standard errors in the units of the target, shape ``(p,)``.
    """
    best, names = ends[0], np.array(target.names)
    said: list[str] = []
    if not best.converged:
        said.append(f"the search did not converge: {best.message}")
    said += [f"{name} lies on its bound; no standard error" for name in names[known.at_bound]]
    if np.any(known.flat):
        said.append(f"not identified by these data: {', '.join(names[known.flat])}")
    with np.errstate(invalid="ignore"):
        weak = error > np.abs(best.theta)
    if np.any(weak):
        said.append(f"standard error above the estimate: {', '.join(names[weak])}")
    shift = _other_optimum(target, ends, known)
    if shift:
        said.append(f"another start fits as well with other values of: {', '.join(shift)}")
    return tuple(said)


def _other_optimum(target: Target, ends: list[Found], known: Information) -> list[str]:
    best = ends[0]
    told = ~(known.flat | known.at_bound)
    floor = 1e-12 * float((target.root * target.rates) @ (target.root * target.rates))
    for end in ends[1:]:
        apart = told & (np.abs(end.theta - best.theta) > 0.02 * np.maximum(np.abs(best.theta), 1e-3))
        if end.cost <= best.cost * (1 + 1e-6) + floor and np.any(apart):
            return [target.names[k] for k in np.flatnonzero(apart)]
    return []


def _at_bound(target: Target, theta: Array) -> NDArray[np.bool_]:
    shapes, _ = shapes_and_slopes(target.ages, target.names, theta, target.width)
    reach = np.array([float(shapes[n].max()) if n in LEVELS else 1.0 for n in target.names])
    near = _NOTHING * np.where([n in LEVELS for n in target.names], 1.0, np.maximum(np.abs(theta), 1e-2))
    return ((theta - target.lower) * reach <= near) | ((target.upper - theta) * reach <= near)


def _zero_levels(target: Target, at_bound: NDArray[np.bool_]) -> set[str]:
    return {n for n, low, b in zip(target.names, target.lower, at_bound, strict=True)
            if b and low == 0 and n in LEVELS}  # fmt: skip


def _level_of(name: str) -> str:
    return f"a{name[-1]}" if name[-1].isdigit() else name
