"""The atlas built, and asked: corridors, countries, tables, and where a figure comes from."""

from __future__ import annotations

import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridors.cli.options import (
    AtlasOption,
    FormatOption,
    MethodsOption,
    OutputOption,
    QuietOption,
    SexOption,
    examples,
)
from corridors.cli.output import Format, emit, emit_rows, format_of

if TYPE_CHECKING:
    import polars as pl

    from corridors.atlas import Atlas, Facts
    from corridors.building import BuildSummary

app = typer.Typer()

_SUMS = "No interval of sums over corridors: their errors go together in ways that are not known."


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
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="day of judgement, and of the age of figures [today]"),
    ] = None,
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
            as_of=None if as_of is None else as_of.date(),
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
    methods: MethodsOption = False,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Show a corridor: stock, flows, money sent home and its price, refugees, agreements.

    People go from the origin to the destination, and money the other way. Of several methods the
    recommended one is shown, others with --methods; files have all.
    """
    opened = _opened(atlas)
    _show(opened.corridor(origin, destination), opened, sex, format, output, methods)


@app.command(epilog=examples("corridors country PHL", "corridors country Türkiye --sex female"))
def country(
    country: Annotated[str, typer.Argument(help="code or name")],
    sex: SexOption = "total",
    methods: MethodsOption = False,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Show a country: migrants here and abroad, flows, remittances, treaties, and more.

    With its largest corridors and the commitments that name it. Of several methods the recommended
    one is shown, others with --methods; files have every figure of the country.
    """
    opened = _opened(atlas)
    _show(opened.country(country), opened, sex, format, output, methods, country)


@app.command(
    epilog=examples(
        "corridors table dictionary",
        "corridors table commitment --columns title,status,explanation",
        "corridors table migrant_stock --where \"origin = 'MEX' AND year = 2020\" -o mexico.csv",
    )
)
def table(
    name: Annotated[str | None, typer.Argument(help="a table; none lists them")] = None,
    where: Annotated[str | None, typer.Option(help="an SQL condition")] = None,
    columns: Annotated[str | None, typer.Option(help="columns to show, with commas between")] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Print a table of the atlas, or list the tables.

    The terminal has the columns that fit, and names the others; files have all.
    """
    source = _opened(atlas)
    if name is None:
        rows = source.sql(
            "SELECT table_name, count(*) AS columns, "
            "string_agg(column_name, ', ' ORDER BY column_index) AS column_names "
            "FROM duckdb_columns() WHERE NOT internal GROUP BY table_name ORDER BY table_name"
        )
    else:
        rows = source.table(name, where=where)
    if columns is not None:
        rows = _chosen(rows, columns)
    emit_rows(rows, format, output, choose="--columns")


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

    from corridors.cli.explained import explanation_text

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
    """Check the installation, the embedded figures and the atlas, and list what of it is old."""
    from corridors.cli.doctor import checks

    results = checks(atlas)
    for result in results:
        emit(f"{'ok  ' if result.good else 'FAIL'}  {result.name}: {result.found}\n", None)
        if not result.good:
            emit(f"      {result.remedy}\n", None)
    if not all(result.good for result in results):
        raise typer.Exit(1)


def _show(
    facts: Facts,
    opened: Atlas,
    sex: str,
    format: Format | None,
    output: Path | None,
    methods: bool,
    country: str | None = None,
) -> None:
    from corridors.cli.around import around
    from corridors.cli.screen import facts_text
    from corridors.errors import DataError

    if sex not in ("total", "female", "male"):
        raise DataError(f"sex must be total, female or male, not {sex!r}")
    chosen = format_of(format, output)
    if chosen is Format.table:
        day = date.fromisoformat(opened.table("run")["as_of"].item())
        beside = {} if country is None else around(opened, country, sex)
        notes = _caveats(opened, of_sums=country is not None)
        emit(facts_text(facts, sex, day, methods=methods, notes=notes, beside=beside), output)
    else:
        emit_rows(facts.facts, chosen, output)


def _caveats(opened: Atlas, *, of_sums: bool) -> dict[str, str]:
    """What is easily misread of estimates, from the lineage: the first sentence, by measure."""
    rows = opened.sql(
        "SELECT table_name, if(table_name = 'annual_flow', uncertainty, caveat) AS words FROM lineage "
        "WHERE (table_name, method) IN (('migrant_flow', 'pseudo-bayes'), ('annual_flow', '*'))"
    )
    found = {measure: f"{words.split('. ')[0].rstrip('.')}." for measure, words in rows.iter_rows()}
    if of_sums:
        found["migrant_flow"] += f" {_SUMS}"
    return found


def _chosen(rows: pl.DataFrame, columns: str) -> pl.DataFrame:
    from corridors.errors import NotFound
    from corridors.wording import similar

    names = [name.strip() for name in columns.split(",") if name.strip()]
    for name in names:
        if name not in rows.columns:
            remedy = f"columns: {', '.join(rows.columns)}"
            raise NotFound(f"there is no column {name!r}", similar(name, rows.columns), remedy)
    return rows.select(list(dict.fromkeys(names)))


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
