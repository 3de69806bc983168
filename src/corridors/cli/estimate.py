"""Estimates from files: figures in, figures out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any

import typer

from corridors.cli.options import FormatOption, OutputOption
from corridors.cli.output import emit_rows

app = typer.Typer(no_args_is_help=True, help="Estimate from your own files: figures in, figures out.")


@app.callback()
def group() -> None:
    """Estimate from your own files: figures in, figures out."""


@app.command(
    epilog="[bold]Examples[/bold]\n\n"
    "  corridors estimate flows --stocks stocks.csv --population people.xlsx -o flows.csv\n\n"
    "  corridors estimate flows --stocks stocks.csv --population people.csv "
    "--method minimum-closed --method independence --repair"
)
def flows(
    stocks: Annotated[Path, typer.Option(help="file with origin, destination, year, value")],
    population: Annotated[Path, typer.Option(help="file with country, year, population, births, deaths")],
    method: Annotated[
        list[str] | None, typer.Option("--method", "-m", help="method, several times for several [all]")
    ] = None,
    seed_file: Annotated[
        Path | None, typer.Option("--seed-file", help="file with origin, destination, value: a prior")
    ] = None,
    weight: Annotated[float | None, typer.Option(help="weight of minimum migration [0.87]")] = None,
    sex: Annotated[str, typer.Option(help="label of the result")] = "total",
    repair: Annotated[bool, typer.Option(help="repair contradictions and name them")] = False,
    draws: Annotated[int, typer.Option(min=0, help="draws behind intervals; 0 for none")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="seed of the draws")] = 0,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Bilateral flows between consecutive years of your stocks.

    Places can be countries, provinces or anything else, as long as both files spell them alike. What
    had to be repaired is written to the standard error.
    """
    import polars as pl

    from corridors.errors import DataError
    from corridors.evidence import read_file
    from corridors.migration import METHODS, estimate_flows

    stock, people = read_file(stocks, "stocks"), read_file(population, "people")
    prior = read_file(seed_file, "seed") if seed_file is not None else None
    years = sorted(set(stock["year"]))
    if len(years) < 2:
        raise DataError(f"{stocks} has stocks of one year only", remedy="give stocks of two years or more")
    estimates = [
        estimate_flows(
            stock,
            people,
            period,
            sex=sex,
            methods=method or METHODS,
            weight=weight,
            seed_table=prior,
            repair=repair,
            draws=draws,
            seed=seed,
        )
        for period in pairwise(years)
    ]
    for estimate in estimates:
        for change in estimate.adjustments:
            typer.echo(f"{estimate.period[0]}–{estimate.period[1]}: {change.message}", err=True)
    emit_rows(pl.concat(e.to_polars() for e in estimates), format, output)


@app.command(
    epilog="[bold]Examples[/bold]\n\n"
    "  corridors estimate prices rpw_dataset.xlsx --by receiving_region\n\n"
    "  corridors estimate prices quotes.parquet --by corridor --draws 200 -o costs.csv"
)
def prices(
    file: Annotated[
        Path, typer.Argument(help="workbook of Remittance Prices Worldwide, or quotes as Parquet")
    ],
    by: Annotated[
        list[str] | None, typer.Option(help="group: corridor, receiving_region, firm_type, …")
    ] = None,
    over: Annotated[str | None, typer.Option(help="services (as published) or corridors")] = None,
    draws: Annotated[int, typer.Option(min=0, help="draws behind intervals; 0 for none")] = 0,
    seed: Annotated[int, typer.Option(min=0, help="seed of the draws")] = 0,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Average costs of sending money from a file of quotes.

    How the quotes were read, and how many were set aside and why, is written to the standard error.
    """
    from typing import cast

    from corridors.errors import DataError
    from corridors.remittances.prices import average_cost, read_quotes

    if over not in (None, "services", "corridors"):
        raise DataError(f"an average is over services or corridors, not over {over!r}")
    quotes = read_quotes(file)
    typer.echo(quotes.summary(), err=True)
    found = average_cost(quotes, by=by or (), over=cast(Any, over), draws=draws, seed=seed)
    emit_rows(found.to_polars(), format, output)


@app.command(
    epilog="[bold]Examples[/bold]\n\n  corridors estimate remittances --year 2020\n\n"
    "  corridors estimate remittances --year 2021 --reconcile --reliability USA=high -o matrix.parquet\n\n"
    "  corridors estimate remittances --year 2020 --reference observed.csv --closed IND-PAK --closed RUS-UKR"
)
def remittances(
    year: Annotated[int, typer.Option(help="year of the matrix")],
    figures: Annotated[Path | None, typer.Option(help="folder of your own figures")] = None,
    rule: Annotated[str, typer.Option(help="migrants, income or income-gap")] = "income-gap",
    exponent: Annotated[float | None, typer.Option(help="exponent of the income gap")] = None,
    reference: Annotated[
        Path | None,
        typer.Option(help="file with sending, receiving, value: known corridors to fit the exponent to"),
    ] = None,
    closed: Annotated[
        list[str] | None,
        typer.Option(
            help="pair such as IND-PAK between which nothing flows, several times; or none "
            "[those that the makers of the published matrices close]"
        ),
    ] = None,
    reconcile: Annotated[bool, typer.Option(help="reconcile with recorded outflows")] = False,
    reliability: Annotated[
        list[str] | None,
        typer.Option(
            help="how firmly recorded outflows hold: exact, high, medium, low or none, for all or for one "
            "sender as USA=high, several times; reconciles [low]"
        ),
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """Who sends how much to whom: a modelled matrix from stocks, incomes and recorded totals.

    Each corridor has a range over the rules and their measured errors: 80 % of the cells of a published
    matrix lie in it. The value is one rule's, and no count.
    """
    import polars as pl

    from corridors import places
    from corridors.evidence import load, read_file
    from corridors.remittances.matrix import bilateral_remittances

    known = load(figures)
    named = ~pl.col("origin").is_in(places.codes("special"))
    stock = (
        known.table("migrant_stock")
        .filter(named)
        .select("origin", "destination", "year", value=pl.col("female") + pl.col("male"))
    )
    matrix = bilateral_remittances(
        stock,
        known.table("economy"),
        known.table("remittances"),
        year,
        rule=rule,
        exponent=exponent,
        reference=None if reference is None else read_file(reference, "reference"),
        reliability=_classes(reliability or ["low"]) if reconcile or reliability else None,
        closed=_pairs(closed),
    )
    typer.echo(matrix.summary(), err=True)
    emit_rows(matrix.to_polars().sort("value", descending=True), format, output)


def _pairs(given: list[str] | None) -> list[tuple[str, str]] | None:
    from corridors import places
    from corridors.errors import DataError

    if given is None:
        return None
    if given == ["none"]:
        return []
    pairs = [tuple(part.strip() for part in text.split("-")) for text in given]
    if wrong := [text for text, pair in zip(given, pairs, strict=True) if len(pair) != 2]:
        raise DataError(f"not a pair of places: {', '.join(wrong)}", remedy="write it as IND-PAK")
    return [(places.code(a), places.code(b)) for a, b in pairs]


def _classes(given: list[str]) -> dict[str, str]:
    from corridors import places

    split = [text.rpartition("=") for text in given]
    return {places.code(place) if place else "*": name for place, _, name in split}
