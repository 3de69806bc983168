"""Every room is reachable from ``import corridors``, and every name in it is what its list says."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

import corridors

ROOT = Path(corridors.__file__).parent
# The command line is no part of the library: it is assembled, not asked.
MODULES = sorted(
    m.name for m in pkgutil.walk_packages([str(ROOT)], "corridors.") if not m.name.startswith("corridors.cli")
)
ROOMS = sorted(
    ".".join(("corridors", *f.parent.relative_to(ROOT).parts))
    for f in ROOT.rglob("__init__.py")
    if "cli" not in f.parts
)


def listed(room: str) -> dict[str, str]:
    """Names of a room and the module that holds each, as its stub says; a module holds itself."""
    stub = ROOT.joinpath(*room.split(".")[1:], "__init__.pyi")
    found: dict[str, str] = {}
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        assert isinstance(node, ast.ImportFrom)
        for alias in node.names:
            assert alias.asname == alias.name, f"{room}: {alias.name} is not re-exported under its own name"
            assert alias.name not in found, f"{room} lists {alias.name} twice"
            found[alias.name] = f"{room}.{node.module}" if node.module else f"{room}.{alias.name}"
    return found


def in_a_fresh_process(code: str, *given: str) -> str:
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, *given], capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_offers_what_it_lists(room: str) -> None:
    held = importlib.import_module(room)
    assert sorted(held.__all__) == sorted(listed(room)) == sorted(dir(held))


@pytest.mark.parametrize("room", ROOMS)
def test_no_module_has_the_name_of_what_it_holds(room: str) -> None:
    # Importing a module sets it in its room, in the place of a function of that name.
    modules = {m.rsplit(".", 1)[1] for m in MODULES if m.rsplit(".", 1)[0] == room}
    held = {name for name, module in listed(room).items() if module != f"{room}.{name}"}
    assert not held & modules


def test_every_room_is_reachable_from_the_library() -> None:
    code = """
import sys, types, corridors
for room in sys.argv[1:]:
    held = corridors
    for part in room.split(".")[1:]:
        held = getattr(held, part)
    assert isinstance(held, types.ModuleType) and held.__name__ == room, room
"""
    in_a_fresh_process(code, *ROOMS)


@pytest.mark.parametrize("order", ["sorted", "reversed", "shuffled"])
def test_names_stay_what_they_are_when_all_modules_are_imported(order: str) -> None:
    code = """
import importlib, json, random, sys
order, modules, wanted = sys.argv[1], *json.load(sys.stdin)
if order == "shuffled":
    random.Random(7).shuffle(modules)
for module in reversed(modules) if order == "reversed" else modules:
    importlib.import_module(module)
for room, names in wanted.items():
    for name, module in names.items():
        holder = importlib.import_module(module)
        right = holder if module == f"{room}.{name}" else getattr(holder, name)
        assert getattr(importlib.import_module(room), name) is right, f"{room}.{name}"
"""
    given = json.dumps([MODULES, {room: listed(room) for room in ROOMS}])
    run = subprocess.run(
        [sys.executable, "-c", code, order], input=given, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr


def test_a_room_costs_nothing_before_it_is_asked() -> None:
    code = """
import sys, corridors.migration, corridors.remittances, corridors.cooperation
from corridors.publish import api, charts
print(*(m for m in sys.modules if m.startswith(("scipy", "polars", "numpy", "duckdb", "altair"))))
"""
    assert in_a_fresh_process(code).split() == []


def test_no_module_imports_itself_by_way_of_others() -> None:
    # Imports for type checkers and within functions count too.
    graph = grimp.build_graph("corridors", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imports).prepare()
