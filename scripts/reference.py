"""Write docs/dictionary.md, the data dictionary, from the schema tables.

python scripts/dictionary.py
"""

from __future__ import annotations

from pathlib import Path

from corridors.atlas.schema import atlas_schema
from corridors.evidence.schema import ColumnSchema, TableSchema, schema

TARGET = Path(__file__).parents[1] / "docs" / "dictionary.md"
INTRODUCTION = """# Data dictionary

Made from the schema tables by `scripts/dictionary.py`. The same descriptions stand as column comments
in the atlas file. Key columns are **bold**. Missing is blank, never zero.
"""


def dictionary() -> str:
    """The dictionary as Markdown."""
    parts = [INTRODUCTION, "## Tables of the atlas\n"]
    parts += [section(table) for _, table in sorted(atlas_schema().items())]
    parts.append("## Tables of figures\n\nWhat own files must look like, where it differs from the atlas.\n")
    parts += [section(schema()[name]) for name in ("migrant_stock", "place", "remittances")]
    return "\n".join(parts)


def section(table: TableSchema) -> str:
    """One table."""
    lines = [
        f"### {table.name}\n",
        "| column | type | unit | blank | bounds | what it holds |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join([*lines, *map(row, table.columns), ""])


def row(column: ColumnSchema) -> str:
    """One column."""
    name = f"**{column.name}**" if column.key else column.name
    bounds = " … ".join("" if b is None else f"{b:g}" for b in (column.minimum, column.maximum))
    blank = "yes" if column.nullable else "no"
    cells = (name, column.type, column.unit, blank, bounds.strip(" …") and bounds,
             column.description.replace("|", "/"))  # fmt: skip
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    TARGET.write_text(dictionary(), encoding="utf-8")
