"""Options that many commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from corridors.cli.output import Format

FormatOption = Annotated[
    Format | None,
    typer.Option(
        "--format",
        "-f",
        help="table (default), csv, spreadsheet (csv with a mark for Excel), json, parquet or md",
    ),
]
OutputOption = Annotated[Path | None, typer.Option("--output", "-o", help="write to this file instead")]
AtlasOption = Annotated[
    Path | None,
    typer.Option("--atlas", envvar="CORRIDORS_ATLAS", help="atlas file or its folder [default: atlas]"),
]
SexOption = Annotated[str, typer.Option(help="total, female or male")]
MethodsOption = Annotated[
    bool, typer.Option("--methods", help="show every method of an estimate, not only the recommended one")
]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="no progress, no summary")]


def examples(*lines: str) -> str:
    """The examples at the foot of a command's help."""
    return "[bold]Examples[/bold]\n\n" + "\n\n".join(f"  {line}" for line in lines)
