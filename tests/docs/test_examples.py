"""Examples in docstrings show something: they run, and end in a result that could be wrong."""

from __future__ import annotations

import ast
import doctest
from collections.abc import Iterator
from pathlib import Path

import corridors

SOURCE = Path(corridors.__file__).parent
# Skipped for good: why.
SKIPPED = {
    "publish/export.py:export_site": "it writes some 700 files; tests/publish/test_export.py does",
}


def examples() -> Iterator[tuple[str, list[doctest.Example]]]:
    """Examples of every function and class, by module and name."""
    for module in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                continue
            found = doctest.DocTestParser().get_examples(ast.get_docstring(node) or "")
            if found:
                yield f"{module.relative_to(SOURCE).as_posix()}:{node.name}", found


EXAMPLES = list(examples())


def test_only_what_is_named_is_skipped() -> None:
    assert len(EXAMPLES) > 500
    skipped = {name for name, lines in EXAMPLES if any(doctest.SKIP in line.options for line in lines)}
    assert skipped == set(SKIPPED)


def test_every_example_shows_a_result() -> None:
    silent = [name for name, lines in EXAMPLES if not any(line.want or line.exc_msg for line in lines)]
    assert [name for name in silent if name not in SKIPPED] == []
