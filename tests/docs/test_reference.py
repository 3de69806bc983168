"""The reference is whole and current: every table, parameter, command and public name is in it."""

from __future__ import annotations

import re
import runpy
from typing import Any

import pytest

from conftest import ROOT

FOLDER = ROOT / "docs" / "reference"


@pytest.fixture(scope="module")
def written() -> dict[str, Any]:
    """What scripts/reference.py knows: its functions by name."""
    return runpy.run_path(str(ROOT / "scripts" / "reference.py"))


@pytest.mark.parametrize("page", ["dictionary.md", "parameters.md", "cli.md", "api.md"])
def test_page_is_current(written: dict[str, Any], page: str) -> None:
    same = written["pages"]()[page] == (FOLDER / page).read_text("utf-8")
    assert same, f"docs/reference/{page} is not what the code says now: run  python scripts/reference.py"


def test_no_page_is_left_over(written: dict[str, Any]) -> None:
    assert {page.name for page in FOLDER.glob("*.md")} == set(written["pages"]())


def test_every_command_is_in_the_reference_and_in_a_guide(written: dict[str, Any]) -> None:
    reference = (FOLDER / "cli.md").read_text("utf-8")
    guides = [ROOT / "README.md", ROOT / "docs" / "tutorial.md", *(ROOT / "docs" / "how-to").glob("*.md")]
    text = "\n".join(page.read_text("utf-8") for page in guides)
    commands = written["commands"]()
    assert len(commands) >= 35
    for words, command in commands:
        assert f"\n## {words}\n" in reference, words
        assert re.search(rf"{re.escape(words)}\b", text), f"no guide shows how to use '{words}'"
        for option in command.params:
            for opt in option.opts:
                listed = f"`{opt}`" if opt.startswith("-") else f"`{opt.upper()}`"
                assert listed in reference.split(f"\n## {words}\n")[1].split("\n## ")[0], (words, opt)


def test_every_public_name_is_in_the_reference(written: dict[str, Any]) -> None:
    reference = (FOLDER / "api.md").read_text("utf-8")
    for module in written["packages"]():
        section = reference.split(f"\n## {module.__name__}\n")[1].split("\n## ")[0]
        missing = [name for name in written["public_names"](module) if f"| `{name}` |" not in section]
        assert missing == [], module.__name__


def test_every_name_and_command_says_what_it_is(written: dict[str, Any]) -> None:
    for page in ("api.md", "cli.md", "parameters.md", "dictionary.md"):
        rows = re.findall(r"^\| .+ \|$", (FOLDER / page).read_text("utf-8"), re.MULTILINE)
        at = {"api.md": 1, "cli.md": 3, "parameters.md": 4, "dictionary.md": 5}[page]
        silent = [row for row in rows if not re.split(r"(?<!\\)\|", row)[1:-1][at].strip()]
        assert silent == [], page
    assert all(command.help for _, command in written["commands"]())


def test_examples_of_commands_parse(written: dict[str, Any]) -> None:
    """An example in a help that names an option the command does not have would mislead."""
    for words, command in written["commands"]():
        options = {opt for option in command.params for opt in (*option.opts, *option.secondary_opts)}
        for example in written["example_lines"](command.epilog):
            assert example.startswith(words), example
            used = set(re.findall(r"(?<=\s)--?[a-z][\w-]*", re.sub(r"\"[^\"]*\"", "", example)))
            assert used <= options, example
