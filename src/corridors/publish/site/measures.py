"""What the site shows: the measures of ``data/publish/site_measures.toml`` that an atlas can fill."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from corridors import packaged
from corridors.atlas import Atlas

# The time of a fact as one whole number: the year, or 20203 for the third quarter of 2020.
FACT_TIME = "if(period LIKE '%Q_', left(period, 4)::INT * 10 + right(period, 1)::INT, year)"


@dataclass(frozen=True, slots=True)
class Option:
    """A choice the reader has.

    Attributes
    ----------
    id, label
        Key in paths and links; word for the reader.
    values
        Pairs of key and word.
    default
        Key chosen at first.
    """

    id: str
    label: str
    values: tuple[tuple[str, str], ...]
    default: str


@dataclass(frozen=True, slots=True)
class Measure:
    """A measure of the site.

    Attributes
    ----------
    id, kind, title, short
        Key; ``pair`` or ``country``; words.
    table, column
        Where its figures stand, and whose description defines them.
    unit
        Unit, where that of the dictionary does not say enough.
    arrow
        ``people`` or ``money``, of pairs.
    path
        Of its data files; ``{option}`` and ``{t}`` stand for choices.
    times, query
        SQL for the times with labels, and for the figures.
    lineage
        Table and method of its recipe.
    sum
        Whether figures may be added over corridors or countries.
    decimals, least
        Digits kept; least figure shown.
    sources
        Atlas tables whose sources it rests on.
    options
        Choices of the reader.
    only
        Combinations that are made: those that match one of these; all if there is none.
    few
        SQL for the pairs whose figure rests on few observations, and on how many; empty where none does.
    beside
        SQL for sentences on the world that stand beside the measure; empty where there are none.
    definition, caveat, uncertainty
        Its own words; empty where the dictionary and the lineage have them.
    """

    id: str
    kind: str
    title: str
    short: str
    table: str
    column: str
    unit: str
    arrow: str
    path: str
    times: str
    query: str
    lineage: tuple[str, str]
    sum: bool
    decimals: int
    least: float
    sources: tuple[str, ...]
    options: tuple[Option, ...]
    only: tuple[Mapping[str, str], ...]
    few: str = ""
    beside: str = ""
    definition: str = ""
    caveat: str = ""
    uncertainty: str = ""

    def choices(self) -> Iterator[dict[str, str]]:
        """Every combination of the options that stand in the path and have a file."""
        named = [o for o in self.options if f"{{{o.id}}}" in self.path]
        for keys in product(*([key for key, _ in o.values] for o in named)):
            choice = dict(zip((o.id for o in named), keys, strict=True))
            if self._made(choice):
                yield choice

    def absent(self) -> list[dict[str, str]]:
        """Combinations of options that have no file."""
        named = [o for o in self.options if f"{{{o.id}}}" in self.path]
        every = product(*([key for key, _ in o.values] for o in named))
        choices = [dict(zip((o.id for o in named), keys, strict=True)) for keys in every]
        return [choice for choice in choices if not self._made(choice)]

    def _made(self, choice: Mapping[str, str]) -> bool:
        return not self.only or any(clause.items() <= choice.items() for clause in self.only)


def measures_of(atlas: Atlas) -> tuple[Measure, ...]:
    """Measures whose tables the atlas has, in the order of the site.

    Parameters
    ----------
    atlas
        An opened atlas.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.site import measures_of
    >>> measures_of(co.open())[0].id
    'migrant_stock'
    """
    tables = set(atlas.tables())
    listed = [_measure(row) for row in settings()["measure"] if row["table"] in tables]
    return (*listed, *_indicators(atlas, tables))


@cache
def settings() -> dict[str, Any]:
    """The file of measures, read."""
    return packaged.toml("publish/site_measures.toml")


def _measure(row: Mapping[str, Any]) -> Measure:
    facts = row.get("facts")
    return Measure(
        **{
            name: row[name] for name in ("id", "kind", "title", "short", "table", "column", "sum", "decimals")
        },
        unit=row.get("unit", ""),
        arrow=row.get("arrow", ""),
        path=row.get("path", f"data/country/{row['id']}.parquet"),
        times=_fact_times(facts) if facts else row["times"],
        query=_fact_query(facts) if facts else row["query"],
        lineage=(row["lineage"][0], row["lineage"][1]),
        least=row.get("least", 0),
        sources=tuple(row["sources"]),
        options=tuple(map(_option, row.get("options", ()))),
        only=tuple(row.get("only", ())),
        few=row.get("few", ""),
        beside=row.get("beside", ""),
        definition=row.get("definition", ""),
        caveat=row.get("caveat", ""),
        uncertainty=row.get("uncertainty", ""),
    )


def _option(row: Mapping[str, Any]) -> Option:
    return Option(row["id"], row["label"], tuple((k, w) for k, w in row["values"]), row["default"])


def _fact_query(facts: Mapping[str, str]) -> str:
    """Rows of the view ``country_fact``; details become series where there are several."""
    details = {k: v for k, v in facts.items() if k not in ("measure", "series")}
    return " UNION ALL ".join(
        f"SELECT country, {facts.get('series') or _series(name)} AS series, {FACT_TIME} AS t, value, lower, "
        f"upper FROM country_fact WHERE measure = {quoted(facts['measure'])} AND detail = {quoted(detail)}"
        for name, detail in details.items()
    )


def _fact_times(facts: Mapping[str, str]) -> str:
    details = ", ".join(quoted(v) for k, v in facts.items() if k not in ("measure", "series"))
    return (
        f"SELECT DISTINCT {FACT_TIME} AS t, replace(period, 'Q', ' Q') AS label FROM country_fact "
        f"WHERE measure = {quoted(facts['measure'])} AND detail IN ({details})"
    )


def _series(name: str) -> str:
    return "''" if name == "detail" else quoted(name)


def quoted(text: str) -> str:
    """Text as an SQL literal.

    Examples
    --------
    >>> quoted("people's")
    "'people''s'"
    """
    return "'" + text.replace("'", "''") + "'"


def _indicators(atlas: Atlas, tables: set[str]) -> Iterator[Measure]:
    """A measure for each defined indicator that has figures of countries."""
    words = settings()["indicators"]
    if not {words["table"], words["definitions"]} <= tables:
        return
    rows = atlas.sql(
        "SELECT d.indicator, d.title, d.definition, d.unit, d.limits, d.uncertainty, d.tables "
        f"FROM {words['definitions']} d "
        f"WHERE EXISTS (FROM {words['table']} i JOIN place p ON p.country = i.place "
        "WHERE i.indicator = d.indicator AND p.kind = 'country') ORDER BY ALL"
    )
    for name, title, definition, unit, limits, uncertainty, used in rows.iter_rows():
        if name in words["skip"]:
            continue
        condition = f"FROM {words['table']} WHERE indicator = {quoted(name)}"
        yield Measure(
            id=f"indicator_{name}",
            kind="country",
            title=title,
            short=title,
            table=words["table"],
            column="value",
            unit=unit or "",
            arrow="",
            path=f"data/country/indicator_{name}.parquet",
            times=f"SELECT DISTINCT year AS t, year::VARCHAR AS label {condition}",
            query=f"SELECT place AS country, '' AS series, year AS t, value, lower, upper {condition}",
            lineage=(words["table"], name),
            sum=False,
            decimals=_digits(words, unit or ""),
            least=0,
            sources=tuple((used or "").split(", ")) if used else (),
            options=(),
            only=(),
            definition=definition or "",
            caveat=limits or "",
            uncertainty=uncertainty or "",
        )


def _digits(words: Mapping[str, Any], unit: str) -> int:
    """Digits kept of an indicator by the first word of its unit."""
    first = unit.replace(",", " ").split(" ")[0]
    return words["decimals"].get(first, words["decimals"]["*"])
