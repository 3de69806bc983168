"""Steps that take long, side by side, each with the same result wherever it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from corridors.building.steps.products import Product
from corridors.executors import Executor
from corridors.numerics.blas import one_blas_thread

Task = Callable[[], Product]


def run(tasks: Sequence[Task], on: Executor) -> Iterator[Product]:
    """Products of tasks, in their order on any executor.

    Parameters
    ----------
    tasks
        What to do: functions of a module with their arguments (:class:`functools.partial`), so that other
        processes can take them.
    on
        Where.

    Examples
    --------
    >>> from functools import partial
    >>> import polars as pl
    >>> from corridors.building.parallel import run
    >>> from corridors.building.steps.products import Product
    >>> from corridors.executors import Serial
    >>> tasks = [partial(Product, name, {}, pl.DataFrame()) for name in ("first", "second")]
    >>> [product.step for product in run(tasks, Serial())]
    ['first', 'second']
    """
    return on.map(_done, tasks)


def _done(task: Task) -> Product:
    # With several threads the order of summation, and so the last digit, would depend on the machine.
    with one_blas_thread():
        return task()
