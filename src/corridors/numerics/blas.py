"""Linear algebra on one thread."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from threadpoolctl import ThreadpoolController


def one_blas_thread() -> AbstractContextManager[Any]:
    """Hold the linear algebra libraries to one thread.

    Matrices of a few hundred rows are solved ten times faster without threads, and the order of
    summation then does not depend on the machine.

    Examples
    --------
    >>> import numpy as np
    >>> from corridors.numerics.blas import one_blas_thread
    >>> with one_blas_thread():
    ...     float((np.eye(2) @ np.ones(2)).sum())
    2.0
    """
    return _libraries().limit(limits=1, user_api="blas")


@cache
def _libraries() -> ThreadpoolController:
    # The controller knows only libraries that are loaded by then; NumPy and SciPy each bring their own.
    import scipy.linalg  # noqa: F401  # pyright: ignore[reportUnusedImport]

    return ThreadpoolController()
