"""Write the pages of docs/reference from what the code says of itself.

python scripts/reference.py
"""

from __future__ import annotations

import enum
import importlib
import inspect
import pkgutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, get_args, get_origin

import typer

import corridors
from corridors.atlas.schema import atlas_schema
from corridors.cli import app
from corridors.evidence.table_schemas import ColumnSchema, TableSchema, schema
from corridors.parameters import parameters

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "reference"
WRITTEN = "Written by `scripts/reference.py` from"


def pages() -> dict[str, str]:
    """Text of every page, by its file name."""
    return {
        "dictionary.md": dictionary(),
        "parameters.md": parameter_page(),
        "cli.md": command_page(),
        "api.md": name_page(),
    }


def table(head: str, rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> list[str]:
    """A table; bars within cells would end them."""
    columns = head.split(", ")
    cells = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] for row in rows]
    return [f"| {' | '.join(row)} |" for row in (columns, ["---"] * len(columns), *cells)]


# Tables and columns


def dictionary() -> str:
    """The data dictionary."""
    parts = [
        "# Data dictionary\n",
        f"{WRITTEN} the schema tables. The same descriptions stand as column comments in the atlas file. "
        "Key columns are **bold**. Missing is blank, never zero.\n",
        "## Tables of the atlas\n",
        *(schema_section(described) for _, described in sorted(atlas_schema().items())),
        "## Tables of figures\n\nWhat own files must look like, where it differs from the atlas.\n",
        *(schema_section(schema()[name]) for name in ("migrant_stock", "place", "remittances")),
    ]
    return "\n".join(parts)


def schema_section(described: TableSchema) -> str:
    """One table with its columns."""
    head = "column, type, unit, blank, bounds, what it holds"
    return "\n".join(
        [f"### {described.name}\n", *table(head, [column_row(c) for c in described.columns]), ""]
    )


def column_row(column: ColumnSchema) -> tuple[str, ...]:
    """One column."""
    bounds = " … ".join("" if b is None else f"{b:g}" for b in (column.minimum, column.maximum))
    return (
        f"**{column.name}**" if column.key else column.name,
        column.type,
        column.unit,
        "yes" if column.nullable else "no",
        bounds.strip(" …") and bounds,
        column.description,
    )


# Parameters


def parameter_page() -> str:
    """Every parameter with its source."""
    head = "parameter, value, unit, bounds, what it does, source, status"
    rows = [
        (
            f"`{p.name}`",
            f"{p.value:.6g}",
            p.unit,
            f"{p.bounds[0]:g} … {p.bounds[1]:g}" + (f", {p.distribution}" if p.distribution else ""),
            p.description,
            p.source,
            p.source_status,
        )
        for p in parameters().values()
    ]
    parts = [
        "# Parameters\n",
        f"{WRITTEN} `ground/parameters.csv`, which the methods read, too. The atlas has the same rows in the "
        "table `parameter` (`corridors table parameter`); `corridors why` names those behind a figure.\n",
        "The status says how far the source was checked: **reproduced** (its published results come out), "
        "**seen** (read in the source), **convention** (a choice that is commonly made), **unverified** "
        "(an assumption of this project).\n",
        *table(head, rows),
    ]
    return "\n".join(parts) + "\n"


# Commands


def commands() -> list[tuple[str, Any]]:
    """Every command that can be run, by the words that call it."""
    return list(leaves("corridors", typer.main.get_command(app)))


def leaves(words: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Commands below a group, or the command itself."""
    below = getattr(command, "commands", None)
    if not below:
        yield words, command
        return
    for name, inner in below.items():
        yield from leaves(f"{words} {name}", inner)


def command_page() -> str:
    """Every command with its arguments and options."""
    parts = [
        "# Command line\n",
        f"{WRITTEN} the commands themselves; `corridors COMMAND --help` says the same. Exit codes: 0 well, "
        "1 a problem with data, 2 wrong usage, 3 a source that can not be reached.\n",
    ]
    for words, command in sorted(commands(), key=lambda found: found[0]):
        rows = [option_row(option) for option in command.params if not option_hidden(option)]
        parts += [f"## {words}\n", f"{paragraphs(command.help)}\n"]
        if rows:
            parts += [*table("argument or option, value, default, what it is", rows), ""]
        if examples := example_lines(command.epilog):
            parts += ["```", *examples, "```\n"]
    return "\n".join(parts)


def paragraphs(text: str) -> str:
    """Help as Markdown: lines of a paragraph joined."""
    return "\n\n".join(" ".join(part.split()) for part in inspect.cleandoc(text).split("\n\n"))


def example_lines(epilog: str | None) -> list[str]:
    """The commands of an epilog."""
    lines = (line.strip() for line in (epilog or "").splitlines())
    return [line for line in lines if line.startswith("corridors ")]


def option_hidden(option: Any) -> bool:
    """Whether an option is kept out of the help."""
    return bool(getattr(option, "hidden", False))


def option_row(option: Any) -> tuple[str, ...]:
    """One argument or option."""
    named = option.param_type_name == "option"
    name = ", ".join(f"`{o}`" for o in option.opts) if named else f"`{option.name.upper()}`"
    default = option.default
    if isinstance(default, enum.Enum):
        default = default.value
    shown = "required" if option.required else "" if default in (None, False, [], ()) else f"`{default}`"
    variable = f" (or `{option.envvar}`)" if isinstance(option.envvar, str) else ""
    return name, value_words(option.type_descriptor.annotation), shown, (option.help or "") + variable


def value_words(annotation: Any) -> str:
    """What an option takes."""
    if get_origin(annotation) in (list, tuple):
        return f"{value_words(get_args(annotation)[0])}, may be repeated"
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return " or ".join(f"`{member.value}`" for member in annotation)
    words = {"bool": "", "int": "whole number", "float": "number", "str": "text", "Path": "path"}
    name = getattr(annotation, "__name__", str(annotation))
    return words.get(name, name)


# Names


def packages() -> list[ModuleType]:
    """The packages, and the modules beside them on the ground floor, in order."""
    names = sorted(found.name for found in pkgutil.walk_packages(corridors.__path__, "corridors."))
    modules = [corridors, *map(importlib.import_module, names)]
    return [module for module in modules if public_names(module)]


def public_names(module: ModuleType) -> list[str]:
    """What a module gives: its ``__all__``; of a module of the ground floor, else what it defines."""
    if (listed := getattr(module, "__all__", None)) is not None:
        return sorted(listed, key=str.casefold)
    if module.__name__.count(".") != 1 or module.__name__ == "corridors.cli":
        return []
    defined = [
        name
        for name, thing in vars(module).items()
        if not name.startswith("_")
        and getattr(thing, "__module__", "") == module.__name__
        and callable(thing)
    ]
    return sorted(defined, key=str.casefold)


def name_page() -> str:
    """Every public name with its first sentence."""
    parts = [
        "# Names\n",
        f"{WRITTEN} the `__all__` of each package and the first lines of the docstrings; "
        "`help(name)` in Python has the rest, units, shapes and examples included.\n",
    ]
    for module in packages():
        rows = [name_row(module, name) for name in public_names(module)]
        parts += [f"## {module.__name__}\n", f"{first_sentence(module)}\n",
                  *table("name, what it is, where it stands", rows), ""]  # fmt: skip
    return "\n".join(parts)


def name_row(module: ModuleType, name: str) -> tuple[str, ...]:
    """One name, with a link to the file that defines it."""
    thing = getattr(module, name)
    if inspect.ismodule(thing):
        return f"`{name}`", first_sentence(thing), source_link(thing)
    home = importlib.import_module(getattr(thing, "__module__", None) or module.__name__)
    constant = not callable(thing) or not home.__name__.startswith("corridors")
    if constant:
        return f"`{name}`", constant_words(thing), source_link(module)
    return f"`{name}`", first_sentence(thing), source_link(home)


def first_sentence(thing: Any) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def constant_words(thing: Any) -> str:
    """What a constant holds, as far as it fits."""
    if isinstance(thing, (str, int, float)):
        return f"`{thing!r}`"
    if get_args(thing):
        return "one of " + ", ".join(f"`{choice}`" for choice in get_args(thing)) if all(
            isinstance(choice, str) for choice in get_args(thing)) else "a type"  # fmt: skip
    if not isinstance(thing, Iterable):
        return f"a {type(thing).__name__}: {first_sentence(type(thing))}"
    # In order also where they have none of their own.
    entries = sorted(thing) if isinstance(thing, (set, frozenset)) else list(thing)
    if not entries:
        return "none"
    shown = ", ".join(f"`{entry}`" for entry in entries[:8])
    return shown if len(entries) <= 8 else f"{shown}, … ({len(entries)})"


def source_link(module: ModuleType) -> str:
    """A link to the file of a module."""
    path = Path(str(module.__file__)).resolve().relative_to(Path(corridors.__file__).resolve().parents[1])
    shown = path.relative_to("corridors").as_posix()
    return f"[{shown}](../../src/{path.as_posix()})"


if __name__ == "__main__":
    for file_name, text in pages().items():
        (FOLDER / file_name).write_text(text, encoding="utf-8")
