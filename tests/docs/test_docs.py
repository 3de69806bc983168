"""The documentation is true: its examples run, its links lead somewhere, every page is in the index."""

from __future__ import annotations

import doctest
import importlib
import inspect
import pkgutil
import re
import shlex
import sys
from pathlib import Path

import pytest
import yaml

import corridors
from conftest import ROOT
from corridors import cli

GUIDES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    *(page for page in sorted((ROOT / "docs").rglob("*.md")) if page.parent.name != "reference"),
]
# Links of the reference are written from the code, and right if the pages are current.
PAGES = [
    *GUIDES,
    *(ROOT / name for name in ("CHANGELOG.md", "SECURITY.md", "bench/README.md")),
    ROOT / "src" / "corridors" / "data" / "README.md",
]
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", GUIDES, ids=named)
def test_examples_in_python_run(page: Path, atlas_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORRIDORS_ATLAS", str(atlas_folder))
    failed, tried = doctest.testfile(
        str(page), module_relative=False, optionflags=doctest.NORMALIZE_WHITESPACE
    )
    assert failed == 0
    assert tried > 0 or page.name != "tutorial.md"


@pytest.mark.parametrize("page", GUIDES, ids=named)
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


def anchors(page: Path) -> set[str]:
    """Headings as the addresses that readers' links have for them."""
    headings = re.findall(r"^#+ (.+)$", CODE.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", CODE.sub("", page.read_text("utf-8"))):
        if target.startswith("https://"):
            continue
        place, _, anchor = target.partition("#")
        reached = page.parent / place if place else page
        assert reached.exists(), target
        assert not anchor or anchor in anchors(reached), target


def test_every_page_is_in_the_index() -> None:
    index = ROOT / "docs" / "README.md"
    linked = {
        (index.parent / target).resolve()
        for target in re.findall(r"\]\(([^)#]+\.md)", index.read_text("utf-8"))
    }
    lost = [named(page) for page in (ROOT / "docs").rglob("*.md") if page.resolve() not in linked | {index}]
    assert lost == []


def test_pages_that_errors_send_to_exist() -> None:
    named_pages = {
        target
        for module in (ROOT / "src").rglob("*.py")
        for target in re.findall(r"\bdocs/[\w/-]+\.md", module.read_text("utf-8"))
    }
    assert named_pages
    assert [page for page in sorted(named_pages) if not (ROOT / page).is_file()] == []


def resolved(name: str) -> bool:
    """Whether a dotted name is a module of ours, or something in one."""
    module, names = corridors, name.split(".")[1:]
    for position, part in enumerate(names):
        try:
            module = importlib.import_module(f"{module.__name__}.{part}")
        except ModuleNotFoundError:
            found: object = module
            for attribute in names[position:]:
                found = getattr(found, attribute, None)
            return found is not None
    return True


@pytest.mark.parametrize("page", [*GUIDES, ROOT / "CHANGELOG.md"], ids=named)
def test_names_in_running_text_exist(page: Path) -> None:
    text = page.read_text("utf-8")
    text = re.sub(r"^ *\| .*? \| ", "", text, flags=re.MULTILINE) if page.name == "CHANGELOG.md" else text
    names = set(re.findall(r"`(corridors(?:\.\w+)+)", text)) - {"corridors.toml"}
    assert [name for name in sorted(names) if not resolved(name)] == []


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


@pytest.mark.parametrize("name", [".pre-commit-config.yaml", ".github/workflows/ci.yml"])
def test_settings_of_other_tools_can_be_read(name: str) -> None:
    settings = yaml.safe_load((ROOT / name).read_text("utf-8"))
    assert settings["repos" if "repos" in settings else "jobs"]
