"""Reading the atlas loads no method and nothing slow that it does not need."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOMS = {"migration", "remittances", "cooperation", "building"}
SLOW = {"altair", "fastapi", "fastexcel", "httpx2", "lxml", "pandas", "pypdf", "scipy", "typst", "xarray"}
COMMANDS = [
    "corridor MEX USA",
    "country PHL",
    "table",
    "table migrant_stock --where year=2020 -f csv",
    "why migrant_flow MEX USA 2010",
    "claims",
    "monitor",
    "facts PHL",
    "prices savings PHL",
]
COMMAND = """
import sys
from corridors.cli import app
app(sys.argv[1:], standalone_mode=False)
"""
SERVER = """
import threading
from fastapi.testclient import TestClient
from corridors.publish.api import create_app
with TestClient(create_app()) as reader:
    for path in ("/corridor/MEX-USA.json", "/country/PHL.csv", "/tables.json", "/search.json?q=phil"):
        assert reader.get(path).status_code == 200, path
# The client's workers are daemons: nobody else waits until they have let go of the atlas.
for thread in threading.enumerate():
    if thread is not threading.current_thread():
        thread.join()
"""
PUBLISH = """
from corridors.publish import api, brief, cards, charts, export, packages, site
for room in (api, brief, cards, charts, packages, site):
    for name in room.__all__:
        getattr(room, name)
"""
LOADED = "\nimport sys\nprint('loaded:', *sys.modules, file=sys.stderr)"


def loaded(code: str, atlas: Path, *arguments: str) -> set[str]:
    """Names of all modules that are loaded after some code ran in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code + LOADED, *arguments],
        env=os.environ | {"CORRIDORS_ATLAS": str(atlas)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    line = next(line for line in done.stderr.splitlines() if line.startswith("loaded: "))
    modules = set(line.split()[1:])
    assert "corridors.atlas" in modules
    return modules


def rooms(modules: set[str]) -> set[str]:
    return {name.split(".")[1] for name in modules if name.startswith("corridors.")} & ROOMS


@pytest.mark.parametrize("words", COMMANDS)
def test_a_command_that_reads_loads_no_method(words: str, atlas_folder: Path) -> None:
    modules = loaded(COMMAND, atlas_folder, *words.split())
    assert rooms(modules) == set()
    assert modules & SLOW == set()
    # Of the evidence only the schemas of tables.
    evidence = {name for name in modules if name.startswith("corridors.evidence.")}
    assert evidence <= {"corridors.evidence.table_schemas"}


def test_the_server_loads_no_method(atlas_folder: Path) -> None:
    modules = loaded(SERVER, atlas_folder)
    assert rooms(modules) == set()
    assert modules & {"altair", "pandas", "scipy", "typst", "xarray"} == set()


def test_nothing_that_is_published_loads_a_method(atlas_folder: Path) -> None:
    modules = loaded(PUBLISH, atlas_folder)
    assert rooms(modules) == set()
    assert modules & {"pandas", "scipy", "xarray"} == set()
