"""Promises and practices kept as plain files."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.cli.options import FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit, emit_rows, format_of

if TYPE_CHECKING:
    import polars as pl

    from corridors.cooperation.register import Problem

HELP = "Keep commitments, agreements, recommendations and practices as plain files."
app = typer.Typer(no_args_is_help=True, help=HELP)

RegisterOption = Annotated[
    Path | None, typer.Option("--register", help="your file or folder [default: that of the package]")
]


class Exchange(StrEnum):
    """What a register is written as."""

    csv = "csv"
    jsonld = "jsonld"
    toml = "toml"


@app.callback()
def group() -> None:
    """Keep commitments, agreements, recommendations and practices as plain files."""


@app.command(epilog=examples("corridors register check promises", "corridors register check new.toml -f csv"))
def check(
    path: Annotated[Path, typer.Argument(help="TOML, YAML, CSV or XLSX file, or a folder of them")],
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Name every problem with its file, line, field and remedy; exit 1 if there is one.

    Entries that may be the same are named too, but are no problem.
    """
    from corridors.building.steps.measures import scopes
    from corridors.cooperation.register import load, validate

    problems = validate(path, indicators=scopes())
    if problems:
        emit_rows(_rows(problems), format, output)
        typer.echo(f"{len(problems)} problems in {path}", err=True)
        raise typer.Exit(1)
    register = load(path)
    alike = register.similar()
    if alike.height:
        typer.echo("these may be the same:", err=True)
    if alike.height or format_of(format, output) is not Format.table:
        emit_rows(alike, format, output)
    typer.echo(f"{len(register)} entries in {path}, no problem, {alike.height} pairs alike", err=True)


@app.command(
    epilog=examples(
        "corridors register search cost of remittances",
        "corridors register search --kind practice --country MEX",
        "corridors register search nurses --concern health-workers -f csv",
    )
)
def search(
    words: Annotated[list[str] | None, typer.Argument(help="words; none lists all")] = None,
    kind: Annotated[str | None, typer.Option(help="commitment, agreement, …")] = None,
    concern: Annotated[str | None, typer.Option(help="remittances, portability, …")] = None,
    country: Annotated[str | None, typer.Option(help="code or name")] = None,
    state: Annotated[str | None, typer.Option(help="stated, under-way, completed, …")] = None,
    actor: Annotated[str | None, typer.Option(help="part of the name")] = None,
    register: RegisterOption = None,
    limit: Annotated[int, typer.Option(min=1, help="at most so many")] = 20,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Find entries by words and facets, best first."""
    from corridors.cooperation.register import load

    asked = {"kind": kind, "concern": concern, "country": country, "state": state, "actor": actor}
    facets = {name: value for name, value in asked.items() if value is not None}
    found = load(register).search(" ".join(words or ()), limit=limit, **facets)
    emit_rows(found.drop("score"), format, output)


@app.command(
    epilog=examples(
        "corridors register export --to csv -o my_register",
        "corridors register export promises --to jsonld -o promises.jsonld",
    )
)
def export(
    path: Annotated[Path | None, typer.Argument(help="file or folder [default: that of the package]")] = None,
    to: Annotated[
        Exchange, typer.Option("--to", help="csv (a folder of two files), jsonld or toml")
    ] = Exchange.csv,
    output: OutputOption = None,
) -> None:
    """Write a register as spreadsheets, JSON-LD or TOML."""
    import json

    from corridors.cooperation.register import load
    from corridors.errors import DataError

    register = load(path)
    if to is Exchange.csv:
        if output is None:
            raise DataError("spreadsheets are two files", remedy="name their folder with -o")
        for file in register.to_csv(output):
            typer.echo(str(file), err=True)
    elif to is Exchange.jsonld:
        emit(json.dumps(register.to_json_ld(), ensure_ascii=False, indent=1) + "\n", output)
    else:
        emit(register.to_toml(), output)


@app.command(
    epilog=examples("corridors register new practice", "corridors register new commitment -o mine.toml")
)
def new(
    kind: Annotated[str, typer.Argument(help="commitment, agreement, recommendation or practice")],
    output: OutputOption = None,
) -> None:
    """Print a commented entry to fill in."""
    from corridors.building.steps.measures import scopes
    from corridors.cooperation.register import template

    emit(template(kind, scopes()), output)


def _rows(problems: tuple[Problem, ...]) -> pl.DataFrame:
    import polars as pl

    schema = {
        "file": pl.String,
        "line": pl.Int64,
        "field": pl.String,
        "problem": pl.String,
        "remedy": pl.String,
    }
    rows = [(p.file, p.line, p.field, p.title, p.remedy) for p in problems]
    return pl.DataFrame(rows, schema=schema, orient="row")
