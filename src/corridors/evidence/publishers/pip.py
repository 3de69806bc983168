"""World Bank, Poverty and Inequality Platform: the distribution of income or consumption by survey."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from pathlib import Path

import polars as pl

from corridors.evidence.sources.codes import by_code
from corridors.evidence.sources.offers import Request, SourceCard
from corridors.evidence.sources.offers import no_more as more
from corridors.evidence.sources.tabular import changed, collect, numbers, scan, years

__all__ = ["BLANKS", "more", "read", "requests"]

# Poverty lines in PPP dollars of 2017 a day: international, lower and upper middle income.
_LINES = {"2.15": "215", "3.65": "365", "6.85": "685"}
_SHARES = {f"0.{n}": f"decile{n}_thr" for n in range(1, 10)}
_DECILES = [f"decile{n}" for n in range(1, 11)]
_FACTORS = ("cpi", "ppp")
_KEY = ["country_code", "reporting_year", "welfare_type"]
_TEXTS = (*_KEY, "reporting_level")
BLANKS = ("NA",)
"""The service runs in R."""

_PERCENT = 100.0


def requests(card: SourceCard) -> tuple[Request, ...]:
    """An answer for each poverty line, and one for each share of people whose limit is asked for."""
    return tuple(
        Request(_filled(file, value), _filled(address, value), card.kind)
        for file, address in card.addresses.items()
        for value in (_LINES if "{line}" in file else _SHARES)
    )


def read(card: SourceCard, files: Mapping[str, Path]) -> dict[str, pl.DataFrame]:
    """The latest national survey of each country of which all figures are published.

    Returns
    -------
    dict
        ``income_distribution``: PPP dollars of 2017 a day; shares, headcounts, gaps and severity in percent.
        Of two surveys of one year the one of income counts. Where the platform has no price
        index and parity of the whole country, both are blank.

    Raises
    ------
    DataError
        A file or column is missing, or the publisher answered for another line than was asked.

    Notes
    -----
    World Bank, Poverty and Inequality Platform, PPP of 2017. Limits of deciles are the poverty lines
    below which 10, 20, …, 90 % of the people live.
    """
    names = {request.file: request for request in requests(card)}
    missing = sorted(set(names) - set(files))
    if missing:
        raise changed(card, f"no file {', '.join(missing)}")
    lines = [_line(files[_file(card, "{line}", line)], line, card) for line in _LINES]
    limits = [_limit(files[_file(card, "{share}", share)], share, card) for share in _SHARES]
    main = _main(files[_file(card, "{line}", next(iter(_LINES)))], card)
    table = reduce(lambda left, right: left.join(right, on=_KEY), [main, *lines, *limits])
    # Shares of deciles and factors of prices may be missing, the rest not: then an earlier survey counts.
    may_lack = (*_FACTORS, *(f"{name}_share" for name in _DECILES))
    whole = table.drop_nulls([name for name in table.columns if name not in may_lack])
    latest = whole.sort("reporting_year", "welfare_type").group_by("country_code", maintain_order=True).last()
    if latest.is_empty():
        raise changed(card, "no national survey with all figures")
    coded = by_code(
        latest.rename({"country_code": "country", "reporting_year": "survey_year"}), ["country"], card
    )
    return {
        "income_distribution": coded.select("country", "survey_year", pl.exclude("country", "survey_year"))
    }


def _filled(text: str, value: str) -> str:
    return text.replace("{line}", value).replace("{share}", value)


def _file(card: SourceCard, mark: str, value: str) -> str:
    return next((_filled(file, value) for file in card.addresses if mark in file), "")


def _national(path: Path, columns: list[str], card: SourceCard) -> pl.DataFrame:
    """National surveys of a file, its figures typed; a survey must not be there twice."""
    lazy = scan(path, card, [*_TEXTS, *columns]).filter(pl.col("reporting_level") == "national")
    texts = collect(lazy.select(*_KEY, *columns), card)
    table = numbers(years(texts, "reporting_year", card), columns, card, blanks=BLANKS)
    twice = table.filter(pl.struct(_KEY).is_duplicated())
    if twice.height:
        raise changed(card, f"two national surveys of {' '.join(map(str, twice.select(_KEY).row(0)))}")
    return table


def _main(path: Path, card: SourceCard) -> pl.DataFrame:
    """What does not depend on a poverty line."""
    table = _national(path, ["reporting_pop", "mean", "median", "gini", *_FACTORS, *_DECILES], card)
    return table.select(
        *_KEY,
        pl.col("reporting_pop").round().cast(pl.Int64, strict=False),
        mean_ppp2017_day="mean",
        median_ppp2017_day="median",
        gini="gini",
        cpi="cpi",
        ppp="ppp",
        **{f"{name}_share": _PERCENT * pl.col(name) for name in _DECILES},
    )


def _line(path: Path, line: str, card: SourceCard) -> pl.DataFrame:
    """Headcount, poverty gap and severity at a line."""
    table = _national(path, ["poverty_line", "headcount", "poverty_gap", "poverty_severity"], card)
    away = (pl.col("poverty_line") - float(line)).abs() > 1e-6
    others = table.filter(away.fill_null(value=True))
    if others.height:
        raise changed(card, f"asked for the line {line}, the answer is of {others['poverty_line'][0]}")
    return table.select(
        *_KEY,
        (_PERCENT * pl.col("headcount")).alias(f"headcount_ratio_{_LINES[line]}"),
        (_PERCENT * pl.col("poverty_gap")).alias(f"poverty_gap_index_{_LINES[line]}"),
        (_PERCENT * pl.col("poverty_severity")).alias(f"poverty_severity_{_LINES[line]}"),
    )


def _limit(path: Path, share: str, card: SourceCard) -> pl.DataFrame:
    """The line below which a share of the people live."""
    table = _national(path, ["poverty_line"], card)
    # A service that knows no shares answers for its usual line everywhere.
    if table.height > 1 and table["poverty_line"].n_unique() == 1:
        raise changed(card, f"asked for the limit of {share} of the people, the answer is of one line")
    return table.select(*_KEY, pl.col("poverty_line").alias(_SHARES[share]))
