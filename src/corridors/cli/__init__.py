"""The command line: a thin layer over the library."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridors.cli.agreements import app as agreements_app
from corridors.cli.aid import app as aid_app
from corridors.cli.brief import app as brief_app
from corridors.cli.cards import app as facts_app
from corridors.cli.claims import app as claims_app
from corridors.cli.document import app as document_app
from corridors.cli.estimate import app as estimate_app
from corridors.cli.monitor import app as monitor_app
from corridors.cli.options import (
    AtlasOption,
    FormatOption,
    OutputOption,
    QuietOption,
    SexOption,
    examples,
)
from corridors.cli.output import Format, emit, emit_rows, format_of
from corridors.cli.publish import app as publish_app
from corridors.cli.register import app as register_app
from corridors.cli.sources import app as sources_app
from corridors.errors import CorridorsError, SourceUnavailable

if TYPE_CHECKING:
    from corridors.atlas import Atlas, Facts
    from corridors.building import BuildSummary

app = typer.Typer(
    name="corridors",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    help="International migration and development: public figures you can use and defend.\n\n"
    "Build the atlas once with [bold]corridors build[/bold], then ask it.",
)


def _add(panel: str, *groups: typer.Typer, **named: typer.Typer) -> None:
    """Add commands, and groups of commands by name, below a heading of the help."""
    for group in groups:
        for command in (*group.registered_commands, *group.registered_groups):
            command.rich_help_panel = panel
        app.add_typer(group)
    for name, group in named.items():
        app.add_typer(group, name=name, rich_help_panel=panel)


_add("Show and share", publish_app, brief_app)
_add(
    "What was promised",
    monitor_app,
    claims_app,
    document_app,
    register=register_app,
    agreements=agreements_app,
)
_add("Public facts and aid", facts_app, aid_app)
_add("Your own figures", sources=sources_app, estimate=estimate_app)


def _opened(path: Path | None) -> Atlas:
    from corridors.atlas import open_atlas

    return open_atlas(path)


@app.command(epilog=examples("corridors build", "corridors build --figures my_figures --out my_atlas"))
def build(
    out: Annotated[Path, typer.Option(help="folder of the atlas file")] = Path("atlas"),
    figures: Annotated[Path | None, typer.Option(help="folder of your own figures")] = None,
    lock: Annotated[
        Path | None,
        typer.Option(
            envvar="CORRIDORS_LOCK", help="lock of fetched sources [default: data.lock if it is there]"
        ),
    ] = None,
    register: Annotated[Path | None, typer.Option(help="folder of your own register of commitments")] = None,
    draws: Annotated[int, typer.Option(min=0, help="draws behind each interval; 0 for none")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="seed of the draws")] = 0,
    executor: Annotated[str, typer.Option(help="serial, processes or processes:N")] = "processes",
    quiet: QuietOption = False,
) -> None:
    """Build the atlas of the world from the embedded figures, or from your own."""
    from corridors.building import build as build_atlas

    with _progress(quiet) as progress:
        summary = build_atlas(
            out,
            figures=figures,
            lock=lock or _lock(),
            register=register,
            draws=draws,
            seed=seed,
            executor=executor,
            progress=progress,
        )
    if not quiet:
        emit(_summary_text(summary), None)


@app.command(epilog=examples("corridors corridor MEX USA", 'corridors corridor "Ivory Coast" France -f csv'))
def corridor(
    origin: Annotated[str, typer.Argument(help="country of birth or departure: code or name")],
    destination: Annotated[str, typer.Argument(help="country of residence or arrival: code or name")],
    sex: SexOption = "total",
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Show a corridor: stock, flows by method, remittance prices, refugees, agreements."""
    _show(_opened(atlas).corridor(origin, destination), sex, format, output)


@app.command(epilog=examples("corridors country PHL", "corridors country Türkiye --sex female"))
def country(
    country: Annotated[str, typer.Argument(help="code or name")],
    sex: SexOption = "total",
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Show a country: migrants here and abroad, flows, remittances, treaties, and more."""
    _show(_opened(atlas).country(country), sex, format, output)


@app.command(
    epilog=examples(
        "corridors table dictionary",
        "corridors table migrant_stock --where \"origin = 'MEX' AND year = 2020\" -o mexico.csv",
    )
)
def table(
    name: Annotated[str | None, typer.Argument(help="a table; none lists them")] = None,
    where: Annotated[str | None, typer.Option(help="an SQL condition")] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Print a table of the atlas, or list the tables."""
    source = _opened(atlas)
    if name is None:
        rows = source.sql(
            "SELECT table_name, count(*) AS columns, "
            "string_agg(column_name, ', ' ORDER BY column_index) AS column_names "
            "FROM duckdb_columns() WHERE NOT internal GROUP BY table_name ORDER BY table_name"
        )
    else:
        rows = source.table(name, where=where)
    emit_rows(rows, format, output)


@app.command(
    epilog=examples(
        "corridors why migrant_flow MEX USA 2010",
        "corridors why migrant_flow MEX USA 2010 female minimum-closed return",
        "corridors why remittance_price USA MEX 2020Q3",
    )
)
def why(
    table: Annotated[str, typer.Argument(help="the table of the figure")],
    key: Annotated[list[str], typer.Argument(help="values of its key columns, in order")],
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Explain a figure: formula, parameters, input figures, sources and their licences."""
    import json

    from corridors.cli.screen import explanation_text

    explanation = _opened(atlas).why(table, *key)
    chosen = format_of(format, output)
    if chosen is Format.table:
        emit(explanation_text(explanation), output)
    elif chosen is Format.json:
        emit(json.dumps(explanation.to_dict(), ensure_ascii=False, indent=1) + "\n", output)
    else:
        emit_rows(explanation.to_polars(), chosen, output)


@app.command(epilog=examples("corridors doctor"))
def doctor(atlas: AtlasOption = None) -> None:
    """Check the installation, the embedded figures and the atlas."""
    from corridors.cli.doctor import checks

    results = checks(atlas)
    for result in results:
        emit(f"{'ok  ' if result.good else 'FAIL'}  {result.name}: {result.found}\n", None)
        if not result.good:
            emit(f"      {result.remedy}\n", None)
    if not all(result.good for result in results):
        raise typer.Exit(1)


def _show(facts: Facts, sex: str, format: Format | None, output: Path | None) -> None:
    from corridors.cli.screen import facts_text
    from corridors.errors import DataError

    if sex not in ("total", "female", "male"):
        raise DataError(f"sex must be total, female or male, not {sex!r}")
    chosen = format_of(format, output)
    if chosen is Format.table:
        emit(facts_text(facts, sex), output)
    else:
        emit_rows(facts.facts, chosen, output)


def _summary_text(summary: BuildSummary) -> str:
    from corridors.cli.summary import build_text

    return build_text(summary)


def _lock() -> Path | None:
    """The lock file of this folder, if sources were fetched."""
    from corridors.evidence.sources import default_path

    return default_path() if default_path().is_file() else None


def _progress(quiet: bool) -> Any:
    from corridors.cli.summary import progress_bar

    return progress_bar(quiet or not sys.stderr.isatty())


def main() -> None:
    """Run the command line; exit 0 ok, 1 data problem, 2 usage, 3 source unreachable."""
    try:
        app()
    except CorridorsError as error:
        typer.secho("Error: ", fg="red", bold=True, err=True, nl=False)
        typer.echo(str(error), err=True)
        sys.exit(3 if isinstance(error, SourceUnavailable) else 1)
