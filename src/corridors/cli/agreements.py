"""Bilateral labour agreements on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, examples
from corridors.cli.output import Format, emit, emit_rows, format_of

if TYPE_CHECKING:
    import polars as pl

    from corridors.cooperation.agreements import Implementation

app = typer.Typer(no_args_is_help=True, help="Labour agreements: whom they cover, what they say and lack.")

FileOption = Annotated[
    Path | None, typer.Option("--file", help="your own coded agreements (CSV, Parquet) instead of the atlas")
]
NumberArgument = Annotated[int, typer.Argument(help="number of the agreement")]


@app.callback()
def group() -> None:
    """Labour agreements: whom they cover, what they say and lack."""


@app.command(
    epilog=examples(
        "corridors agreements coverage",
        "corridors agreements coverage PHL --lifetime 20 --successors",
    )
)
def coverage(
    country: Annotated[str | None, typer.Argument(help="code or name; none for the world")] = None,
    lifetime: Annotated[
        int | None, typer.Option(min=1, help="years an agreement lasts [for good: only signature is known]")
    ] = None,
    successors: Annotated[
        bool, typer.Option(help="give agreements of states that are gone to those that followed")
    ] = False,
    findings: Annotated[
        bool, typer.Option(help="list parties that the stock table does not know instead")
    ] = False,
    file: FileOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Share of corridors and migrants whose two countries have an agreement."""
    import polars as pl

    from corridors import places
    from corridors.cooperation.agreements import coverage as cover

    code = "WLD" if country is None else places.code(country)
    stock = _table("migrant_stock", atlas).filter(pl.col("origin") != "OTH")
    found = cover(
        _agreements(file, atlas),
        stock,
        lifetime=lifetime,
        historical="successors" if successors else "report",
    )
    typer.echo(found.summary(), err=True)
    emit_rows(found.findings if findings else found.table.filter(country=code), format, output)


@app.command(
    epilog=examples(
        "corridors agreements provisions", "corridors agreements provisions --by decade -f csv",
        "corridors agreements provisions --trends",
    )
)  # fmt: skip
def provisions(
    by: Annotated[str | None, typer.Option(help="decade, region_pair or income_pair [all together]")] = None,
    level: Annotated[float | None, typer.Option(help="probability of the interval [0.8]")] = None,
    trends: Annotated[bool, typer.Option(help="change over decades, with a test")] = False,
    together: Annotated[bool, typer.Option(help="which provisions go together")] = False,
    file: FileOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Share of coded agreements that have each provision, with intervals and bounds."""
    from typing import cast

    from corridors.cooperation.agreements import co_occurrence, provision_trends
    from corridors.cooperation.agreements import provisions as profile

    table = _agreements(file, atlas)
    if trends:
        rows = provision_trends(table)
    elif together:
        rows = co_occurrence(table)
    else:
        rows = profile(table, by=cast(Any, by), level=level)
    emit_rows(rows, format, output)


@app.command(
    epilog=examples("corridors agreements assess 751", "corridors agreements assess 751 --record facts.toml")
)
def assess(
    number: NumberArgument,
    record: Annotated[Path | None, typer.Option(help="TOML with what is known of its implementation")] = None,
    list_file: Annotated[
        Path | None, typer.Option("--guidance", help="CSV with a guidance list of your own")
    ] = None,
    file: FileOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Hold an agreement against the guidance: what it has, lacks, and what is not known."""
    from corridors.cooperation.agreements import assess as assessed
    from corridors.cooperation.agreements import one_agreement

    known = _record(record) if record is not None else None
    row = one_agreement(_agreements(file, atlas), number)
    found = assessed(row, guidance=list_file, implementation=known)
    if format_of(format, output) is Format.table:
        emit(found.summary() + "\n", output)
    else:
        emit_rows(found.to_polars(), format, output)


@app.command(
    epilog=examples(
        "corridors agreements similar 751",
        "corridors agreements similar 751 --peers region --measure hamming",
    )
)
def similar(
    number: NumberArgument,
    k: Annotated[int, typer.Option("-k", min=1, help="how many")] = 10,
    measure: Annotated[str, typer.Option(help="jaccard or hamming")] = "jaccard",
    weights: Annotated[str, typer.Option(help="inverse-frequency or equal")] = "inverse-frequency",
    peers: Annotated[str, typer.Option(help="all, corridor, party, region or income")] = "all",
    file: FileOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Agreements most like one agreement, with what they share and where they differ."""
    from typing import cast

    import polars as pl

    from corridors.cooperation.agreements import similar as nearest

    rows = nearest(
        _agreements(file, atlas),
        number,
        k=k,
        measure=cast(Any, measure),
        weights=cast(Any, weights),
        peers=cast(Any, peers),
    )
    emit_rows(rows.with_columns(pl.col(pl.List(pl.String)).list.join(" ")), format, output)


@app.command(
    epilog=examples(
        "corridors agreements checklist Nepal Qatar",
        "corridors agreements checklist NPL QAT -f csv -o list.csv",
    )
)
def checklist(
    party_a: Annotated[str, typer.Argument(help="code or name")],
    party_b: Annotated[str, typer.Argument(help="code or name")],
    since: Annotated[int, typer.Option(help="first year of recent agreements")] = 2000,
    file: FileOption = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """A checklist for drafting an agreement of two countries, with examples, as Markdown."""
    import polars as pl

    from corridors.cooperation.agreements import checklist as listed

    found = listed(_agreements(file, atlas), party_a, party_b, since=since)
    if format_of(format, output) is Format.table:
        emit(found.to_markdown(), output)
    else:
        emit_rows(found.table.with_columns(pl.col("examples").list.join("; ")), format, output)


def _table(name: str, atlas: Path | None) -> pl.DataFrame:
    from corridors.atlas import open_atlas

    return open_atlas(atlas).table(name)


def _agreements(file: Path | None, atlas: Path | None) -> pl.DataFrame:
    from corridors.cooperation.agreements import as_agreements, read_agreements

    return read_agreements(file) if file is not None else as_agreements(_table("labour_agreement", atlas))


def _record(path: Path) -> Implementation:
    import tomllib
    from dataclasses import fields

    from corridors.cooperation.agreements import Implementation
    from corridors.errors import DataError

    known = [field.name for field in fields(Implementation)]
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError(
            f"{path} can not be read", str(error), f"write TOML with {', '.join(known)}"
        ) from error
    if odd := sorted(set(facts) - set(known)):
        raise DataError(f"{path} names {', '.join(odd)}", remedy=f"use {', '.join(known)}")
    return Implementation(**facts)
