"""The Rogers–Castro curve and its derivatives, as functions of a vector of parameters."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from corridors.numerics.typing import Array

_CHILD, _LABOUR = ("a1", "alpha1"), ("a2", "alpha2", "mu2", "lambda2")
_RETIREMENT, _OLDEST = ("a3", "alpha3", "mu3", "lambda3"), ("a4", "lambda4")

MODELS: Mapping[int, tuple[str, ...]] = {
    7: (*_CHILD, *_LABOUR, "c"),
    9: (*_CHILD, *_LABOUR, *_OLDEST, "c"),
    11: (*_CHILD, *_LABOUR, *_RETIREMENT, "c"),
    13: (*_CHILD, *_LABOUR, *_RETIREMENT, *_OLDEST, "c"),
}

# Exponents beyond which a term is zero (or absurd) anyway; keeps every number finite.
_STEEPEST = 500.0
_POINTS, _WEIGHTS = np.polynomial.legendre.leggauss(5)


def curve(ages: Array, names: tuple[str, ...], theta: Array, width: float = 0.0) -> Array:
    """Rates of a schedule given as a vector of parameters, shape of ``ages``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.curve import MODELS, curve
    >>> float(curve(np.array([0.0]), MODELS[7], np.array([1, 0.1, 0, 0.1, 20, 0.4, 0.5]))[0])
    1.5
    """
    shapes, _ = shapes_and_slopes(ages, names, theta, width)
    return sum((shapes[k] * theta[names.index(k)] for k in shapes), np.zeros_like(ages))


def curve_jacobian(ages: Array, names: tuple[str, ...], theta: Array, width: float = 0.0) -> Array:
    """Derivative of :func:`curve` by each parameter, shape ``(*ages.shape, len(names))``.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.curve import MODELS, curve_jacobian
    >>> curve_jacobian(np.array([0.0]), MODELS[7], np.array([1, 0.1, 0, 0.1, 20, 0.4, 0.5])).shape
    (1, 7)
    """
    shapes, slopes = shapes_and_slopes(ages, names, theta, width)
    owner = {"1": "a1", "2": "a2", "3": "a3", "4": "a4"}
    columns = [
        shapes[k] if k in shapes else slopes[k] * theta[names.index(owner[k[-1]])] for k in names
    ]  # fmt: skip
    return np.stack(columns, axis=-1)


def shapes_and_slopes(
    ages: Array, names: tuple[str, ...], theta: Array, width: float = 0.0
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Each term at level one, by its level parameter, and its derivatives by the others.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.migration.age.curve import MODELS, shapes_and_slopes
    >>> shapes, _ = shapes_and_slopes(np.array([0.0]), MODELS[7], np.array([1, 0.1, 1, 0.1, 20, 0.4, 0]))
    >>> list(shapes)
    ['a1', 'a2', 'c']
    """
    p = dict(zip(names, theta, strict=True))
    x = ages if width == 0 else ages[..., None] + width * (_POINTS + 1) / 2
    shapes, slopes = {}, {}
    shapes["a1"] = np.exp(np.minimum(-p["alpha1"] * x, _STEEPEST))
    slopes["alpha1"] = -x * shapes["a1"]
    for k in ("2", "3"):
        if f"a{k}" in p:
            distance = x - p[f"mu{k}"]
            rise = np.exp(np.minimum(-p[f"lambda{k}"] * distance, _STEEPEST))
            shape = np.exp(np.minimum(-p[f"alpha{k}"] * distance - rise, _STEEPEST))
            shapes[f"a{k}"] = shape
            slopes[f"alpha{k}"] = -distance * shape
            slopes[f"mu{k}"] = (p[f"alpha{k}"] - p[f"lambda{k}"] * rise) * shape
            slopes[f"lambda{k}"] = distance * rise * shape
    if "a4" in p:
        shapes["a4"] = np.exp(np.minimum(p["lambda4"] * x, _STEEPEST))
        slopes["lambda4"] = x * shapes["a4"]
    shapes["c"] = np.ones_like(x)
    if width:
        half = _WEIGHTS / 2
        shapes = {k: v @ half for k, v in shapes.items()}
        slopes = {k: v @ half for k, v in slopes.items()}
    return shapes, slopes
