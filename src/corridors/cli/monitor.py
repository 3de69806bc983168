"""Commitments against the record, and indicators from files."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit, emit_rows

if TYPE_CHECKING:
    import polars as pl

app = typer.Typer()

# What fits on a terminal; the other formats have all columns.
_SHOWN = ("commitment", "status", "probability", "explanation", "data_note", "alert")


class NoteFormat(StrEnum):
    """How judgements are written: rows, or a note to be read."""

    table = "table"
    csv = "csv"
    spreadsheet = "spreadsheet"
    json = "json"
    parquet = "parquet"
    md = "md"
    docx = "docx"


@app.command(
    epilog=examples(
        "corridors monitor",
        "corridors monitor --status regressing --status off-course --concern remittances",
        "corridors monitor --actor 'Group of Twenty' -o note.docx",
        "corridors monitor --register my_register --as-of 2026-06-30 -o judged.csv",
        "corridors monitor --register pledges.toml --observations survey.csv -f md",
    )
)
def monitor(
    register: Annotated[
        Path | None, typer.Option(help="file or folder of commitments [those of the atlas]")
    ] = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="day of judgement [today]")
    ] = None,
    observations: Annotated[
        Path | None,
        typer.Option(
            help="file with indicator, place, year, value, lower, upper, cases; goes before the atlas"
        ),
    ] = None,
    status: Annotated[
        list[str] | None, typer.Option(help="only this status; several times for several")
    ] = None,
    concern: Annotated[str | None, typer.Option(help="remittances, portability, …")] = None,
    actor: Annotated[str | None, typer.Option(help="part of the name of who promised or is asked")] = None,
    place: Annotated[str | None, typer.Option(help="place of the indicator: code or name, or World")] = None,
    format: Annotated[
        NoteFormat | None,
        typer.Option(
            "--format", "-f", help="table (default), csv, spreadsheet, json, parquet; md or docx for a note"
        ),
    ] = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Judge commitments: met, on course, off course, regressing, overdue, not told apart or no data.

    Without a register: the commitments of the atlas as it judged them. With one: judged anew against the
    indicators of the atlas and your observations.
    """
    from corridors.errors import DataError
    from corridors.figure_age import judged_headline

    if register is None:
        if observations is not None or as_of is not None:
            raise DataError(
                "the commitments of the atlas are judged when it is built",
                remedy="give --register, with --as-of and --observations if you like",
            )
        from corridors.atlas import open_atlas

        opened = open_atlas(atlas)
        rows, day = opened.table("commitment"), str(opened.table("run")["as_of"].item())
    else:
        rows, day = _judged(register, as_of, observations, atlas)
    rows = _asked_for(rows, status or [], concern, actor, place)
    typer.echo(judged_headline(rows, day), err=True)
    _emit_judged(rows, day, format, output)


def _judged(
    register: Path, as_of: datetime | None, observations: Path | None, atlas: Path | None
) -> tuple[pl.DataFrame, str]:
    from corridors.building.steps.measures import measures, scopes
    from corridors.cooperation.monitor import judge
    from corridors.cooperation.monitor.inputs import (
        no_observations,
        read_observations,
        refuse_unknown_indicators,
    )
    from corridors.cooperation.register import load

    own = no_observations() if observations is None else read_observations(observations)
    record = _record(atlas, own)
    judged_on = date.today() if as_of is None else as_of.date()
    commitments = load(register, indicators=scopes()).commitments(judged_on)
    refuse_unknown_indicators(own, {*scopes(), *commitments["indicator"].drop_nulls()})
    judged = judge(commitments, record, as_of=judged_on, measures=measures())
    return judged.to_polars(), judged_on.isoformat()


def _asked_for(
    rows: pl.DataFrame, status: list[str], concern: str | None, actor: str | None, place: str | None
) -> pl.DataFrame:
    """Rows of the statuses, concern, actor and place asked for; a name that nothing has is refused."""
    import polars as pl

    from corridors.errors import NotFound

    if status:
        rows = rows.filter(pl.col("status").is_in(_statuses(status)))
    if concern is not None:
        rows = rows.filter(pl.col("concern") == _concern(concern))
    if actor is not None:
        names = pl.concat_str("actor", "addressee", separator="; ", ignore_nulls=True)
        rows = rows.filter(names.str.to_lowercase().str.contains(actor.lower(), literal=True))
    if place is not None:
        from corridors import places

        code = "WLD" if place.lower() in ("wld", "world") else places.code(place)
        rows = rows.filter(pl.col("place") == code)
    if rows.is_empty():
        raise NotFound("no commitment is like that", remedy="leave out a filter; without any, all are shown")
    return rows


def _statuses(asked: list[str]) -> list[str]:
    """Statuses by their names, however their words are joined: met-documented is met (documented)."""
    from corridors.cooperation.monitor import statuses
    from corridors.errors import NotFound

    def plain(text: str) -> str:
        return "".join(letter for letter in text.lower() if letter.isalpha())

    names = {plain(name): name for name in statuses()}
    for name in asked:
        if plain(name) not in names:
            raise NotFound(f"there is no status {name!r}", remedy=f"statuses: {', '.join(statuses())}")
    return [names[plain(name)] for name in asked]


def _concern(asked: str) -> str:
    from corridors.cooperation.register import concerns
    from corridors.errors import NotFound
    from corridors.wording import similar

    if asked not in concerns():
        remedy = similar(asked, concerns()) or f"concerns: {', '.join(concerns())}"
        raise NotFound(f"no concern is called {asked!r}", remedy=remedy)
    return asked


def _emit_judged(rows: pl.DataFrame, day: str, format: NoteFormat | None, output: Path | None) -> None:
    suffix = output.suffix.lstrip(".").lower() if output is not None else ""
    chosen = format or (NoteFormat(suffix) if suffix in NoteFormat.__members__ else NoteFormat.table)
    if chosen in (NoteFormat.md, NoteFormat.docx):
        from corridors.cooperation.monitor import statuses
        from corridors.publish.verdict_note import as_docx, as_markdown, note_of

        note = note_of(rows, day, statuses())
        emit(as_markdown(note) if chosen is NoteFormat.md else as_docx(note, day), output)
        return
    if chosen is NoteFormat.table:
        rows = rows.select(name for name in _SHOWN if name in rows.columns)
    emit_rows(rows, Format(chosen.value), output)


@app.command(
    epilog=examples(
        "corridors indicator 10.7.1 workers.csv",
        "corridors indicator 10.7.3 incidents.csv --by route --by year --movers crossings.csv",
        "corridors indicator 10.c.1 corridors.xlsx --amount 200 -o cost.csv",
        "corridors indicator 10.7.1 workers.csv --observe --place Nepal --year 2024 -o survey.csv",
    )
)
def indicator(
    name: Annotated[str, typer.Argument(help="10.7.1, 10.7.2, 10.7.3, 10.7.4 or 10.c.1")],
    file: Annotated[Path, typer.Argument(help="CSV, Parquet or Excel file")],
    by: Annotated[
        list[str] | None, typer.Option("--by", help="10.7.3: year, route, region; several times for several")
    ] = None,
    movers: Annotated[
        Path | None, typer.Option(help="10.7.3: file with the columns of --by and movers")
    ] = None,
    amount: Annotated[float, typer.Option(help="10.c.1: what is sent, in the money of the fees")] = 200.0,
    observe: Annotated[
        bool, typer.Option("--observe", help="10.7.1, 10.7.2: write observations for 'corridors monitor'")
    ] = False,
    place: Annotated[str | None, typer.Option(help="of the observations: code or name")] = None,
    year: Annotated[int | None, typer.Option(help="of the observations")] = None,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Work out a migration indicator of the Sustainable Development Goals from your file.

    What the interval is and what the figures do not say is written to the standard error.
    """
    from corridors.cooperation.sdg import INDICATORS, Indicator, as_observations, deaths_in_migration
    from corridors.errors import DataError, NotFound

    key = name.lower()
    known = (*INDICATORS, "10.c.1")
    if key not in known:
        raise NotFound(f"no indicator is called {name!r}", f"known: {', '.join(known)}")
    if key == "10.7.3":
        found = deaths_in_migration(file, by=by or ["year"], movers=movers)
    elif key == "10.c.1":
        from corridors.remittances.prices import remittance_cost

        found = remittance_cost(file, amount=amount)
    else:
        found = INDICATORS[key](file)
    typer.echo(found.summary(), err=True)
    if not observe:
        emit_rows(found.table, format, output)
    elif isinstance(found, Indicator):
        emit_rows(as_observations(found, place=place, year=year), format, output)
    else:
        raise DataError(f"{name} is followed by the prices of the atlas", remedy="use 10.7.1 or 10.7.2")


def _record(atlas: Path | None, own: pl.DataFrame) -> pl.DataFrame:
    """Observations of the atlas, those of the user in their place where both have one."""
    import polars as pl

    from corridors.atlas import open_atlas
    from corridors.cooperation.monitor.inputs import read_observations
    from corridors.errors import NotFound

    try:
        known = read_observations(open_atlas(atlas).table("indicator"))
    except NotFound:
        # Own observations are enough to judge by; without any, the reader should build an atlas.
        if own.is_empty():
            raise
        return own
    key = ["indicator", "place", "year"]
    return pl.concat([own, known.join(own, on=key, how="anti", nulls_equal=True)])
