"""Publishers' current figures, and the check of own files."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corridors.cli.options import FormatOption, OutputOption, QuietOption, examples
from corridors.cli.output import Format, emit, emit_rows, format_of

if TYPE_CHECKING:
    from collections.abc import Generator

    import polars as pl

    from corridors.evidence.sources import Locked, Store
    from corridors.evidence.sources.comparing import Revisions
    from corridors.evidence.sources.offers import Progress

app = typer.Typer(no_args_is_help=True, help="Fetch publishers' current figures; check your own files.")

LockOption = Annotated[
    Path | None, typer.Option("--lock", envvar="CORRIDORS_LOCK", help="lock file [default: data.lock]")
]
CacheOption = Annotated[
    Path | None,
    typer.Option("--cache", envvar="CORRIDORS_CACHE", help="folder of fetched files [default: yours]"),
]


@app.callback()
def group() -> None:
    """Fetch publishers' current figures; check your own files."""


@app.command("list", epilog=examples("corridors sources list", "corridors sources list -f csv"))
def list_sources(
    lock: LockOption = None,
    cache: CacheOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """List the sources: what is embedded, what was fetched, what is stale."""
    from datetime import UTC, datetime

    from corridors.evidence.sources.status import status

    entries, store = _opened(lock, cache)
    table = status(entries, store, datetime.now(UTC))
    narrow = format_of(format, output) is Format.table
    emit_rows(table.drop("publisher", "files") if narrow else table, format, output)


@app.command(epilog=examples("corridors sources fetch", "corridors sources fetch un-migrant-stock unhcr"))
def fetch(
    names: Annotated[list[str] | None, typer.Argument(help="sources; none for all that are current")] = None,
    lock: LockOption = None,
    cache: CacheOption = None,
    offline: Annotated[bool, typer.Option("--offline", help="never touch the network")] = False,
    quiet: QuietOption = False,
) -> None:
    """Fetch sources from their publishers and enter them into the lock.

    An interrupted fetch is continued by the next. A file that is not what it should be is refused.
    """
    from corridors.evidence.sources import Client, Fetcher, Store, catalogue, default_path
    from corridors.evidence.sources import fetch as fetch_sources
    from corridors.evidence.sources.offers import current
    from corridors.evidence.sources.reading import read_source

    place, store = lock or default_path(), Store(cache)
    with Client(offline=offline) as client, _bar(quiet) as progress:
        done = fetch_sources(names or current(), Fetcher(client, store, progress), place)
    if quiet:
        return
    for name in dict.fromkeys(entry.source for entry in done):
        rows = {table: piece.frame.height for table, piece in read_source(name, done, store).items()}
        words = ", ".join(f"{count:,} rows of {table}" for table, count in rows.items())
        typer.echo(f"{name}: {words} ({catalogue()[name].revision})")
    typer.echo(f"Entered in {place}. Next: corridors sources verify; corridors build")


@app.command(epilog=examples("corridors sources verify", "corridors sources verify --lock last_year.lock"))
def verify(
    lock: LockOption = None,
    cache: CacheOption = None,
    output: OutputOption = None,
    format: FormatOption = None,
) -> None:
    """Check every fetched file: whole, readable, valid, and whether the publisher changed more than figures.

    Exit code 1 where a file is damaged or its table can not be accepted.
    """
    from corridors.evidence.sources.verifying import verify as verify_all

    entries, store = _opened(lock, cache)
    table = verify_all(entries, store)
    emit_rows(table, format, output)
    if (table["severity"] == "error").any():
        raise typer.Exit(1)


@app.command(
    epilog=examples(
        "corridors sources diff un-migrant-stock", "corridors sources diff unhcr --before old.lock"
    )
)
def diff(
    name: Annotated[str, typer.Argument(help="a source")],
    before: Annotated[
        Path | None, typer.Option(help="an earlier lock file [default: the embedded figures]")
    ] = None,
    lock: LockOption = None,
    cache: CacheOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Show what changed between two revisions of a source: figures side by side, never subtracted."""
    import polars as pl

    from corridors.evidence.sources.verifying import revisions

    entries, store = _opened(lock, cache)
    found = revisions(name, entries, store, None if before is None else _opened(before, cache)[0])
    if format_of(format, output) is Format.table:
        for one in found:
            typer.echo(one.summary())
    emit_rows(pl.concat([_side_by_side(one) for one in found]), format, output)


@app.command(
    epilog=examples("corridors sources check my_figures", "corridors sources check migrant_stock.xlsx")
)
def check(
    path: Annotated[Path, typer.Argument(help="a folder of own files, or one file")],
    table: Annotated[
        str | None, typer.Option(help="which table one file holds [default: by its name]")
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Say how own figures were understood, what is wrong with them and what is odd, row by row.

    Prints a corridors.toml that records how each file was read. Exit code 1 where something is wrong; what is
    only odd leaves it 0. Other formats than the screen have the problems as rows.
    """
    import polars as pl

    from corridors.evidence.checks.every_fault import examine
    from corridors.evidence.checks.understood import screen

    found = examine(path, table)
    if format_of(format, output) is Format.table:
        emit("\n\n".join(screen(one) for one in found) + "\n", output)
    else:
        emit_rows(pl.concat([one.problems for one in found]), format, output)
    if any(one.wrong for one in found):
        raise typer.Exit(1)


def _side_by_side(one: Revisions) -> pl.DataFrame:
    import polars as pl

    rows = one.to_polars()
    keys = [c for c in rows.columns if c not in ("column", "figure_before", "figure_after", "change")]
    key = pl.concat_str([pl.col(k).cast(pl.String) for k in keys], separator=" ")
    return rows.select(table=pl.lit(one.table), key=key, column="column", before="figure_before",
                       after="figure_after", change="change")  # fmt: skip


def _opened(lock: Path | None, cache: Path | None) -> tuple[tuple[Locked, ...], Store]:
    from corridors.evidence.sources import Store, default_path, read_lock

    return read_lock(lock or default_path()), Store(cache)


@contextmanager
def _bar(quiet: bool) -> Generator[Progress | None]:
    """A bar for each file on the standard error; none where nobody looks."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        Progress,
        TaskID,
        TextColumn,
        TransferSpeedColumn,
    )

    columns = (TextColumn("{task.description:<40.40}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(file: str, have: int, total: int | None) -> None:
            if file not in tasks:
                tasks[file] = bar.add_task(file)
            bar.update(tasks[file], completed=have, total=total)

        yield show
