"""A name means one thing in the whole house."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections import defaultdict
from pathlib import Path

import corridors

# Names that say what a thing is made of, not which question it answers.
SAY_NOTHING = {
    "checks", "common", "core", "helpers", "kinds", "main", "make", "misc", "raw", "result", "rows",
    "tables", "units", "util", "utils",
}  # fmt: skip


def test_a_class_name_means_one_thing() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for found in pkgutil.walk_packages(corridors.__path__, "corridors."):
        module = importlib.import_module(found.name)
        for name, member in vars(module).items():
            if inspect.isclass(member) and member.__module__ == found.name and not name.startswith("_"):
                places[member.__name__].add(found.name)
    assert len(places) > 150
    assert {name: sorted(of) for name, of in places.items() if len(of) > 1} == {}


def test_a_module_is_named_by_its_question() -> None:
    folder = Path(corridors.__file__).parent
    names = {path.relative_to(folder).as_posix(): path.stem for path in folder.rglob("*.py")}
    assert [path for path, name in names.items() if name in SAY_NOTHING] == []


def test_modules_do_not_differ_by_an_underscore() -> None:
    plain: dict[str, set[str]] = defaultdict(set)
    for path in Path(corridors.__file__).parent.rglob("*.py"):
        plain[path.stem.strip("_").replace("_", "")].add(path.stem)
    assert {key: stems for key, stems in plain.items() if len(stems) > 1} == {}
