"""Put the evidence together: embedded figures, own figures, their sources and findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import polars as pl

from corridors import packaged
from corridors.errors import DataError, NotFound
from corridors.evidence.checks import between_tables
from corridors.evidence.checks.between_columns import FINDINGS, findings, recorded
from corridors.evidence.checks.whole_table import conform
from corridors.evidence.figure_years import last_year
from corridors.evidence.own import RawFigures, from_folder, from_frame, ignored_columns
from corridors.evidence.provenance import Card, make_card, parse_cards
from corridors.evidence.table_schemas import TableSchema, schema
from corridors.intake.files import SUFFIXES, parse
from corridors.intake.frames import texts
from corridors.wording import counted, rows_in_words, similar


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known: validated tables, where they come from, what contradicts.

    Attributes
    ----------
    tables
        Typed tables by name, sorted by key; the last column, ``source``, is
        the id of a card.
    cards
        One card for each source of each table.
    findings
        Recorded contradictions: table, rule, key, message, value, limit.
    beside
        Tables of fetched sources that no embedded figure has (layer ``fetched`` of the schema).

    Examples
    --------
    >>> from corridors.evidence import load
    >>> stock = load().table("migrant_stock")
    >>> stock.filter(origin="MEX", destination="USA", year=2020).select("female", "male").row(0)
    (5415408, 5761644)
    """

    tables: Mapping[str, pl.DataFrame]
    cards: tuple[Card, ...]
    findings: pl.DataFrame
    beside: Mapping[str, pl.DataFrame] = field(default_factory=dict[str, pl.DataFrame])

    def table(self, name: str) -> pl.DataFrame:
        """Return one table."""
        if name not in self.tables:
            raise NotFound(
                f"there is no table '{name}'",
                similar(name, self.tables),
                f"tables: {', '.join(self.tables)}",
            )
        return self.tables[name]

    def card(self, id: str) -> Card:
        """Return the card that a ``source`` cell names."""
        ids = [card.id for card in self.cards]
        if id not in ids:
            raise NotFound(f"there is no source '{id}'", similar(id, ids), f"sources: {ids}")
        return self.cards[ids.index(id)]


def load(
    figures: str | Path | None = None,
    *,
    tables: Mapping[str, Any] | None = None,
    lock: str | Path | None = None,
) -> Evidence:
    """Load, validate and cross-check all tables.

    Parameters
    ----------
    figures
        A folder of own files, which replace or extend the embedded figures.
    tables
        Own pandas, polars or pyarrow tables by table name; each replaces the
        embedded one, or that of ``figures``.
    lock
        A ``data.lock`` of fetched sources, whose tables replace the embedded ones;
        own figures come before both.

    Raises
    ------
    DataError
        Figures that can not be accepted: the offending rows and the remedy.
    NotFound
        A folder, file or table name that does not exist.

    Examples
    --------
    >>> from corridors.evidence import load
    >>> evidence = load()
    >>> evidence.table("population").filter(country="NAM", year=2020)["source"].item()
    'population@World Population Prospects 2024'
    """
    fetched, beside = _fetched(lock)
    own = {} if figures is None else from_folder(Path(figures))
    own |= {name: from_frame(name, frame) for name, frame in (tables or {}).items()}
    built: dict[str, pl.DataFrame] = {}
    cards: list[Card] = []
    found = [FINDINGS.to_frame()]
    for name, table in schema().items():
        built[name], sources = _assembled(table, fetched.get(name), own.get(name))
        cards += sources
        found.append(recorded(table, built[name]))
        if name in own:
            found.append(_ignored(table, own[name]))
    found.append(between_tables.check(built))
    extra = {name: pl.concat([_sourced(table, piece) for piece in pieces]).sort(table.keys)
             for name, pieces in beside.items() if (table := schema("fetched")[name])}  # fmt: skip
    for name, pieces in beside.items():
        cards += _counted(schema("fetched")[name], extra[name], [piece.card for piece in pieces])
    return Evidence(MappingProxyType(built), tuple(cards), pl.concat(found), MappingProxyType(extra))


def _fetched(lock: str | Path | None) -> tuple[dict[str, RawFigures], dict[str, list[RawFigures]]]:
    """Read the tables of fetched sources: figures, and those that stand beside them."""
    from corridors.evidence.sources import Store, fetched, read_lock

    if lock is None:
        return {}, {}
    if not Path(lock).is_file():
        raise NotFound(f"there is no lock file '{lock}'", remedy="fetch with 'corridors sources fetch'")
    pieces = {
        name: [RawFigures(texts(one.frame), one.card, one.card.file) for one in found]
        for name, found in fetched(read_lock(Path(lock)), Store()).items()
    }
    figures = {name: found[0] for name, found in pieces.items() if name in schema()}
    return figures, {name: found for name, found in pieces.items() if name not in figures}


def _assembled(
    table: TableSchema, fetched: RawFigures | None, own: RawFigures | None
) -> tuple[pl.DataFrame, list[Card]]:
    """Build one table of the embedded (or fetched) and the own figures."""
    if own is not None and not own.extends:
        frame, cards = _sourced(table, own), [own.card]
    else:
        base, card = _embedded(table.name) if fetched is None else (_sourced(table, fetched), fetched.card)
        if own is None:
            frame, cards = base, [card]
        else:
            frame = _extended(table, base, _sourced(table, own))
            cards = [card.joined(own.card)] if card.id == own.card.id else [card, own.card]
    return frame, _counted(table, frame, cards)


def _counted(table: TableSchema, frame: pl.DataFrame, cards: list[Card]) -> list[Card]:
    """The cards that have rows, with how many and of which last year."""
    found = {card.id: frame.filter(source=card.id) for card in cards}
    return [
        replace(card, rows=rows.height, last_year=last_year(table, rows, card.years))
        for card in cards
        if (rows := found[card.id]).height
    ]


@cache
def _embedded(name: str) -> tuple[pl.DataFrame, Card]:
    """Read one embedded table; frames do not change, so once is enough."""
    folder = packaged.path("evidence/figures")
    present = (folder.joinpath(name + suffix) for suffix in SUFFIXES)
    file = next(path for path in present if path.is_file())
    content = file.read_bytes()
    fields = parse_cards(packaged.text("evidence/figures/figures.toml"), "figures.toml").get(name)
    card = make_card(name, file.name, content, fields)
    piece = RawFigures(parse(content, file.name), card, f"embedded {file.name}")
    return _sourced(schema()[name], piece), card


def _sourced(table: TableSchema, piece: RawFigures) -> pl.DataFrame:
    return conform(table, piece.raw, piece.where).with_columns(source=pl.lit(piece.card.id))


def _extended(table: TableSchema, base: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    """Replace rows of the same key, add the others; no series may mix revisions."""
    frame = pl.concat([base.join(more, on=table.keys, how="anti"), more]).sort(table.keys)
    if not table.series:
        return frame
    mixed = (
        frame.group_by(table.series)
        .agg(revisions=pl.col("source").unique().sort())
        .filter(pl.col("revisions").list.len() > 1)
        .with_columns(pl.col("revisions").list.join(" and "))
        .sort(table.series)
    )
    if mixed.height:
        raise DataError(
            f"table '{table.name}': {counted(mixed.height, 'series', 'series')} of "
            f"{', '.join(table.series)} would mix two revisions, which must not be compared",
            "\n".join(
                [
                    rows_in_words(mixed, table.series),
                    f"revisions: {mixed['revisions'][0]}",
                ]
            ),
            "supply all rows of the series for all years, or declare the same revision "
            f"in [{table.name}.card]",
        )
    return frame


def _ignored(table: TableSchema, piece: RawFigures) -> pl.DataFrame:
    names = pl.DataFrame({"column": ignored_columns(table, piece)}, schema={"column": pl.String})
    message = pl.lit(f"{piece.where}: a column that the table does not have was left out")
    return findings(names, table.name, "extra_column", ("column",), message=message)
