"""What it costs to send money: averages, targets, changes, savings, from the atlas or from a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corridors.cli.options import AtlasOption, FormatOption, OutputOption, examples
from corridors.cli.output import emit_rows

if TYPE_CHECKING:
    import polars as pl

    from corridors.atlas import Atlas
    from corridors.cli.price_question import Question
    from corridors.remittances.prices.eligible import Prices

app = typer.Typer(
    no_args_is_help=True,
    help="What it costs to send money, from the atlas or from your own workbook of prices.\n\n"
    "Whose prices: nothing for the world, a region or group (Africa), a country (PHL), a corridor "
    "(ARE-IND, or ARE IND: the country that sends stands first), and a file of your own: the workbook of "
    "Remittance Prices Worldwide, quotes as Parquet, or averages of corridors as CSV.",
)

WhatArgument = Annotated[
    list[str] | None,
    typer.Argument(help="corridor, country, region and file; none for the world", metavar="WHAT"),
]
QuarterOption = Annotated[str | None, typer.Option(help="as 2025Q3 [default: the last]")]
AllOption = Annotated[bool, typer.Option("--all", help="all quarters")]
FromOption = Annotated[str | None, typer.Option("--from", help="first quarter [default: the first]")]
ToOption = Annotated[str | None, typer.Option("--to", help="last quarter [default: the last]")]


@app.callback()
def group() -> None:
    """What it costs to send money, from the atlas or from your own workbook of prices."""


@app.command(
    epilog=examples(
        "corridors prices average", "corridors prices average PHL", "corridors prices average ARE-IND --all",
        "corridors prices average rpw_dataset.xlsx PHL --by firm_type --draws 200 -f csv",
    )
)  # fmt: skip
def average(
    what: WhatArgument = None,
    quarter: QuarterOption = None,
    every: AllOption = False,
    by: Annotated[list[str] | None, typer.Option(help="of a file: group, as firm_type or paid_in")] = None,
    over: Annotated[str | None, typer.Option(help="of a file: services (as published) or corridors")] = None,
    draws: Annotated[int, typer.Option(min=0, help="of a file: draws behind intervals; 0 for none")] = 0,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Average costs, and over what each average is: five averages of the world differ, and all are right."""
    from corridors.cli import price_rows
    from corridors.cli.price_question import own_prices, read_question

    question = read_question(what or ())
    if question.file is not None:
        prices = _told(own_prices(question.file))
        rows = price_rows.averages_of(prices, question, by or (), over, draws)
    else:
        _only_of_a_file(by=by, over=over, draws=draws)
        rows = price_rows.averages(_opened(atlas), question)
    emit_rows(_of_quarters(rows, quarter, every, ["of", "average"]), format, output)


@app.command(
    epilog=examples(
        "corridors prices targets", "corridors prices targets PHL --corridors",
        "corridors prices targets --five-by-five", "corridors prices targets rpw_dataset.xlsx",
    )
)  # fmt: skip
def targets(
    what: WhatArgument = None,
    quarter: QuarterOption = None,
    every: AllOption = False,
    corridors: Annotated[bool, typer.Option(help="each corridor, dearest first")] = False,
    five: Annotated[
        bool, typer.Option("--five-by-five", help="5 % by 2014 instead, year by year, over corridors")
    ] = False,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Standing on target 10.c: an average below 3 %, no corridor above 5 %.

    From a workbook corridors are judged by their three cheapest qualifying services, as the indicator is;
    from averages by the average, which is stricter.
    """
    from corridors.cli import price_rows
    from corridors.cli.price_question import own_prices, read_question

    if five:
        emit_rows(price_rows.five_by_five_of(_prices_of(what, atlas)[0]), format, output)
        return
    question = read_question(what or ())
    if question.file is not None:
        rows = price_rows.standing_of(_told(own_prices(question.file)), question, corridors)
    elif corridors or question.kind == "corridor":
        rows = price_rows.corridor_gaps(_opened(atlas), question)
    else:
        rows = price_rows.standing(_opened(atlas), question)
    own = question.file is not None and "sending" in rows.columns
    emit_rows(_of_quarters(rows, quarter, every, [] if own else ["of"]), format, output)


@app.command(
    epilog=examples(
        "corridors prices decompose", "corridors prices decompose Africa --from 2016Q2 --to 2020Q3",
        "corridors prices decompose --weighted", "corridors prices decompose rpw_dataset.xlsx --unit firm",
    )
)  # fmt: skip
def decompose(
    what: WhatArgument = None,
    start: FromOption = None,
    end: ToOption = None,
    weighted: Annotated[
        bool, typer.Option("--weighted", help="corridors count by the money of each quarter's year")
    ] = False,
    unit: Annotated[
        list[str] | None, typer.Option(help="of quotes: finer units within corridors, as firm")
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Split the change of an average exactly: prices, mix, corridors that came, corridors that left."""
    from corridors.cli import price_rows

    asked, _ = _prices_of(what, atlas)
    money = price_rows.money_by_year(_opened(atlas)) if weighted else None
    rows = price_rows.changes(asked, (start, end), unit or (), money)
    emit_rows(rows, format, output)


@app.command(
    epilog=examples(
        "corridors prices savings", "corridors prices savings NPL", "corridors prices savings USA MEX",
        "corridors prices savings rpw_dataset.xlsx --flows my_flows.csv",
    )
)  # fmt: skip
def savings(
    what: WhatArgument = None,
    flows: Annotated[
        Path | None, typer.Option(help="your own flows: sending, receiving, value [default: the atlas's]")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="seed of the draws")] = 0,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """Money saved a year if no corridor cost more than 5 % or 3 %, and what share of it has a price.

    The interval is for errors of prices and flows, by all rules that make the flows. Flows are held as
    they are.
    """
    from corridors.cli import price_rows
    from corridors.cli.price_question import read_question

    question = read_question(what or ())
    kept = question.file is None and flows is None and question.kind != "corridor"
    rows = price_rows.savings(_opened(atlas), question) if kept else None
    if rows is None:
        asked, question = _prices_of(what, atlas)
        last = max(price_rows.quarters_of(prices)[-1] for prices in asked.values())
        rows = price_rows.savings_of(asked, price_rows.money(flows, atlas, last), seed)
    typer.echo(price_rows.words_on_savings(rows), err=True)
    emit_rows(rows, format, output)


@app.command(
    epilog=examples(
        "corridors prices smart rpw_dataset.xlsx", "corridors prices smart rpw_dataset.xlsx PHL --days 1",
    )
)  # fmt: skip
def smart(
    what: WhatArgument = None,
    quarter: QuarterOption = None,
    every: AllOption = False,
    days: Annotated[float | None, typer.Option(help="most days a transfer may take [5]")] = None,
    cheapest: Annotated[int | None, typer.Option(help="services averaged in a corridor [3]")] = None,
    corridors: Annotated[bool, typer.Option(help="each corridor, dearest first")] = False,
    format: FormatOption = None,
    output: OutputOption = None,
) -> None:
    """What a well-informed sender pays: the three cheapest qualifying services of each corridor.

    Only quotes by service tell, so a workbook is needed. Compatible with the World Bank's average, not
    official: the workbook lacks the coverage of the sending network.
    """
    from corridors.cli import price_rows
    from corridors.cli.price_question import own_prices, read_question

    question = read_question(what or ())
    if question.file is None:
        raise price_rows.needs_quotes()
    prices = _told(own_prices(question.file))
    rows = price_rows.smart_of(prices, question, corridors, days, cheapest)
    emit_rows(_of_quarters(rows, quarter, every, ["of"]), format, output)


@app.command(
    epilog=examples(
        "corridors prices panel", "corridors prices panel NPL --from 2016Q2",
        "corridors prices panel rpw_dataset.xlsx --unit firm",
    )
)  # fmt: skip
def panel(
    what: WhatArgument = None,
    start: FromOption = None,
    end: ToOption = None,
    fixed: Annotated[
        bool, typer.Option("--fixed", help="only what is there in every quarter [neighbouring quarters]")
    ] = False,
    unit: Annotated[
        list[str] | None, typer.Option(help="of quotes: finer units within corridors, as firm")
    ] = None,
    format: FormatOption = None,
    output: OutputOption = None,
    atlas: AtlasOption = None,
) -> None:
    """An index of costs that compares like with like: what comes into the survey can not move it."""
    from corridors.cli import price_rows

    asked, _ = _prices_of(what, atlas)
    emit_rows(price_rows.panels(asked, (start, end), unit or (), fixed), format, output, limit=60)


def _opened(path: Path | None) -> Atlas:
    from corridors.atlas import open_atlas

    return open_atlas(path)


def _prices_of(what: list[str] | None, atlas: Path | None) -> tuple[dict[str, Prices], Question]:
    """The prices that are asked for, by the way the money goes, of a file or of the atlas."""
    from corridors.cli.price_question import asked_of, own_prices, read_question

    question = read_question(what or ())
    if question.file is not None:
        prices = _told(own_prices(question.file))
    else:
        prices = _opened(atlas).table("remittance_price").drop("source", strict=False)
    return asked_of(prices, question), question


def _told(prices: Prices) -> Prices:
    """How quotes were read, on the standard error."""
    from corridors.remittances.prices import Quotes

    if isinstance(prices, Quotes):
        typer.echo(prices.summary(), err=True)
    return prices


def _only_of_a_file(**options: Any) -> None:
    from corridors.errors import DataError

    given = [f"--{name}" for name, value in options.items() if value]
    if given:
        raise DataError(
            f"{' and '.join(given)} need quotes: the atlas has averages of corridors",
            remedy="give the workbook of Remittance Prices Worldwide as a file",
        )


def _of_quarters(rows: pl.DataFrame, quarter: str | None, every: bool, keys: list[str]) -> pl.DataFrame:
    """The rows of one quarter, of all, or of the last one of each series (all where none is named)."""
    import polars as pl

    from corridors.errors import NotFound
    from corridors.workbooks.remittance_prices import QUARTER

    if every:
        return rows
    if quarter is None:
        return rows.filter(pl.col("quarter") == pl.col("quarter").max().over(keys)) if keys else rows
    read = QUARTER.fullmatch(quarter.strip())
    label = f"{read['year']}Q{read['a'] or read['b']}" if read is not None else quarter
    found = rows.filter(quarter=label)
    if found.is_empty():
        first, last = rows["quarter"].min(), rows["quarter"].max()
        raise NotFound(f"there is nothing of {label}", f"quarters run from {first} to {last}", "see --all")
    return found
