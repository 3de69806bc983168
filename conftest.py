"""Fixtures for the tests, the documentation and the examples in docstrings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import corridors as co


@pytest.fixture(scope="session")
def atlas_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the atlas of the embedded figures, built once (with few draws)."""
    folder = tmp_path_factory.mktemp("built")
    co.build(folder, draws=2)
    return folder


@pytest.fixture(scope="session")
def atlas(atlas_folder: Path) -> Iterator[co.Atlas]:
    """The built atlas, opened."""
    with co.open(atlas_folder) as opened:
        yield opened
