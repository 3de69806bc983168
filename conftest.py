"""Fixtures for the tests, the documentation and the examples in docstrings."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import corridors as co

# Calls of an example that need a built atlas, or a folder to write to.
_NEED_FOLDER = ("co.open(", "co.build(")


@pytest.fixture(scope="session")
def once(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Callable[[str, Callable[[Path], object]], Path]:
    """Makes a folder that all workers of a run share: the first who asks for it makes it, the others wait."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if hasattr(request.config, "workerinput") else base

    def made(name: str, make: Callable[[Path], object]) -> Path:
        folder, done, failed = (shared / f"{name}{ending}" for ending in ("", ".done", ".failed"))
        try:
            folder.mkdir()
        except FileExistsError:
            _wait_for(done, failed)
            return folder
        try:
            make(folder)
        except BaseException:
            failed.touch()
            raise
        done.touch()
        return folder

    return made


def _wait_for(done: Path, failed: Path, seconds: float = 600) -> None:
    end = time.monotonic() + seconds
    while not done.is_file():
        if failed.exists() or time.monotonic() > end:
            pytest.fail(f"the worker that makes {done.stem} for all could not; its tests say why")
        time.sleep(0.2)


@pytest.fixture(scope="session")
def atlas_folder(once: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A folder with the atlas of the embedded figures, built once (with few draws)."""
    return once("built", lambda folder: co.build(folder, draws=2, executor="processes:2"))


@pytest.fixture(scope="session")
def atlas(atlas_folder: Path) -> Iterator[co.Atlas]:
    """The built atlas, opened."""
    with co.open(atlas_folder) as opened:
        yield opened


@pytest.fixture(autouse=True)
def _examples_find_the_atlas(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Examples in docstrings that open the atlas find the built one; what they write stays out of the way."""
    item = request.node
    if not isinstance(item, pytest.DoctestItem) or item.dtest is None:
        return
    source = "".join(example.source for example in item.dtest.examples)
    if any(call in source for call in _NEED_FOLDER):
        monkeypatch.chdir(request.getfixturevalue("tmp_path"))
    if "co.open()" in source:
        monkeypatch.setenv("CORRIDORS_ATLAS", str(request.getfixturevalue("atlas_folder")))
