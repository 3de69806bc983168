"""Executors give the same results in the same order."""

from __future__ import annotations

import math

import pytest

from corridors.errors import DataError
from corridors.executors import Processes, Serial, executor


def test_order_and_results() -> None:
    keys = [4.0, 9.0, 16.0]
    assert list(Serial().map(math.sqrt, keys)) == [2.0, 3.0, 4.0]
    assert list(Processes(2).map(math.sqrt, keys)) == [2.0, 3.0, 4.0]
    assert list(Processes(2).map(math.sqrt, [])) == []


def test_errors_come_through() -> None:
    with pytest.raises(ValueError, match=r"nonnegative|math domain"):
        list(Processes(1).map(math.sqrt, [-1.0]))


def test_names() -> None:
    assert isinstance(executor("serial"), Serial)
    assert executor("processes:3").workers == 3
    assert executor("processes").workers >= 1
    for name in ("serial:2", "processes:0", "processes:x", "threads", ""):
        with pytest.raises(DataError, match="no executor"):
            executor(name)
