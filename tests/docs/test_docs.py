"""The documentation is true: its examples run, its tables are current, its links lead somewhere."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
import runpy
import shlex
import sys
from pathlib import Path

import pytest

import corridors
from corridors import cli

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

pytestmark = pytest.mark.xdist_group("atlas")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_examples_in_python_run(page: Path, atlas_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIDORS_ATLAS", str(atlas_folder))
    failed, tried = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert failed == 0
    assert tried > 0 or page.name != "tutorial.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_examples_on_the_command_line_run(
    page: Path, atlas_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORRIDORS_ATLAS", str(atlas_folder))
    monkeypatch.chdir(tmp_path)
    for block in re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for line in re.findall(r"^\$ (corridors .*)$", block, re.MULTILINE):
            monkeypatch.setattr(sys, "argv", shlex.split(line, comments=True))
            with pytest.raises(SystemExit) as left:
                cli.main()
            assert left.value.code in (0, None), line


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text("utf-8")):
        assert target.startswith("https://") or (page.parent / target).exists(), target


def test_dictionary_is_current() -> None:
    made = runpy.run_path(str(ROOT / "scripts" / "dictionary.py"))["dictionary"]()
    assert (ROOT / "docs" / "dictionary.md").read_text("utf-8") == made, "run scripts/dictionary.py"


def public_things() -> list[tuple[str, object]]:
    found = []
    for module in pkgutil.walk_packages(corridors.__path__, "corridors."):
        if module.name.startswith("corridors.cli") or ".data" in module.name:
            continue
        loaded = importlib.import_module(module.name)
        found += [
            (f"{module.name}.{name}", thing)
            for name, thing in vars(loaded).items()
            if not name.startswith("_")
            and (inspect.isfunction(thing) or inspect.isclass(thing))
            and thing.__module__ == module.name
        ]
    return found


def test_every_public_name_says_what_it_is() -> None:
    silent = [name for name, thing in public_things() if not inspect.getdoc(thing)]
    assert silent == []


def test_every_command_is_in_the_documentation() -> None:
    text = "".join(page.read_text("utf-8") for page in PAGES)
    missing = [c.callback.__name__ for c in cli.app.registered_commands
               if f"corridors {c.callback.__name__}" not in text]  # fmt: skip
    assert missing == []
