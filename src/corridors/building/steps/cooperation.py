"""The part of the atlas about cooperation: indicators, and what was said checked against them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from math import hypot
from typing import TYPE_CHECKING, Any

import polars as pl

from corridors import packaged
from corridors.atlas.indicators import indicators
from corridors.atlas.schema import atlas_schema
from corridors.building.steps.indicators import Ask, definition_table, indicator_table, sources_input
from corridors.cooperation.claims.figures import ClaimFigure
from corridors.cooperation.claims.statements import (
    Claim,
    ClaimFigures,
    at_year,
    claims,
    data_note,
    document,
    judge,
)
from corridors.parameters import parameters, value

if TYPE_CHECKING:
    from corridors.building.writer import AtlasWriter


def write_cooperation(atlas: AtlasWriter, as_of: date) -> None:
    """Write the tables about cooperation; all other figures must be there.

    Parameters
    ----------
    atlas
        The atlas under construction.
    as_of
        The day of judgement, against which the age of figures is told.
    """
    atlas.write("indicator", indicator_table(atlas.query))
    atlas.write("indicator_definition", definition_table())
    atlas.write("claim", claim_table(atlas.query, as_of=as_of))


def claim_table(ask: Ask, stated: Iterable[Claim] | None = None, *, as_of: date) -> pl.DataFrame:
    """Judge every statement of the source document by figures of the atlas.

    Parameters
    ----------
    ask
        Runs a query over the tables of the atlas, among them ``indicator``.
    stated
        Statements; default all.
    as_of
        The day of judgement.

    Returns
    -------
    polars.DataFrame
        Rows of the table ``claim``.

    Examples
    --------
    >>> from datetime import date
    >>> import polars as pl
    >>> from corridors.building.steps.cooperation import claim_table
    >>> from corridors.cooperation.claims.statements import claims
    >>> cost = pl.DataFrame({"year": [2020], "value": [7.0], "lower": [6.7], "upper": [7.3]})
    >>> stated = [claim for claim in claims() if claim.id == "p03-five-percent-now"]
    >>> found = claim_table(lambda query: cost, stated, as_of=date(2026, 6, 30))
    >>> found.select("verdict", "data_note").row(0)
    ('not-supported', 'last figure 2020, six years before this judgement')
    """
    title = document()
    rows = [
        _row(claim, ask, as_of) | {"document": title} for claim in (claims() if stated is None else stated)
    ]
    types = {column.name: column.dtype for column in atlas_schema()["claim"].columns}
    return pl.DataFrame(rows, schema=types)


def _row(claim: Claim, ask: Ask, as_of: date) -> dict[str, Any]:
    figures = _figures(claim, ask)
    found = judge(claim, figures)
    checked = found.verdict != "not-checkable"
    row: dict[str, Any] = {
        "claim": claim.id,
        "paragraph": claim.paragraph,
        "statement": claim.statement,
        "kind": claim.kind,
        "checkable": checked,
        "measure": claim.measure or None,
        "proxy": (claim.proxy or None) if checked else None,
        "proxy_reason": (claim.proxy_reason or None) if checked else None,
        "indicator": claim.indicator or None,
        "place": claim.place if claim.indicator else None,
        "unit": figures.unit or None,
        "rule": claim.rule_in_words or None,
        "verdict": found.verdict,
        "certainty": found.certainty or None,
        "data_note": data_note(claim, figures, as_of) if checked else None,
        "explanation": found.explanation if checked else None,
        "limits": claim.limits or None,
        "reason": None if checked else found.explanation,
        "needs": claim.needs or None,
    }
    return row | _ends(claim, figures)


def _ends(claim: Claim, figures: ClaimFigures) -> dict[str, Any]:
    """The two figures of a row; of pairs the middle ones, of groups the year their query was asked for."""
    then, now = figures.then, figures.now
    if figures.pairs:
        then, now = (_middle([pair[at] for pair in figures.pairs.values()]) for at in (0, 1))
    row: dict[str, Any] = {
        f"{name}_{part}": None if figure is None else getattr(figure, part)
        for name, figure in (("then", then), ("now", now))
        for part in ("year", "value", "lower", "upper")
    }
    if claim.figures == "groups" and "$then_year" in _query_of(claim):
        row["then_year"] = claim.then
    return row


def _middle(figures: list[ClaimFigure]) -> ClaimFigure:
    return sorted(figures, key=lambda figure: figure.value)[len(figures) // 2]


def _figures(claim: Claim, ask: Ask) -> ClaimFigures:
    """What a statement is judged by: figures of the world or a place by year, by label, or both."""
    if claim.indicator:
        definition = indicators()[claim.indicator]
        unit, kind, margin = definition.unit, definition.kind, _margin(definition.revision)
        found = ask(
            "SELECT year, value, lower, upper FROM indicator "
            f"WHERE indicator = '{claim.indicator}' AND place = '{claim.place}'"
        )
    elif claim.figures:
        unit, kind, margin = claim.unit, claim.values, _margin(claim.revision)
        found = ask(_asked(claim))
    else:
        return ClaimFigures()
    rows = found.to_dicts()
    if claim.figures == "groups":
        groups = {str(row["label"]): _figure(row, margin) for row in rows}
        return ClaimFigures(groups=groups, unit=unit, kind=kind)
    if claim.figures == "pairs":
        pairs = {str(row["label"]): (_end(row, "then", margin), _end(row, "now", margin)) for row in rows}
        return ClaimFigures(pairs=pairs, unit=unit, kind=kind)
    series = [_figure(row, margin) for row in rows]
    return ClaimFigures(at_year(series, claim.then), at_year(series, claim.now), unit=unit, kind=kind)


def _margin(parameters: Iterable[str]) -> float:
    """The relative error that revisions of all figures behind a ratio may bring together."""
    return hypot(*(value(name) for name in parameters))


@cache
def _other_figures() -> dict[str, dict[str, Any]]:
    """Queries of statements that no indicator checks, and the published tables behind them."""
    return packaged.toml("atlas/claim_figures.toml")


def _query_of(claim: Claim) -> str:
    return str(_other_figures()[claim.id][claim.figures])


def _asked(claim: Claim) -> str:
    """The query of a statement for its years."""
    years = {"$then_year": str(claim.then), "$now_year": "NULL" if claim.now is None else str(claim.now)}
    query = _query_of(claim)
    for name, year in years.items():
        query = query.replace(name, year)
    return query


def _figure(row: dict[str, Any], margin: float) -> ClaimFigure:
    ends = row.get("lower"), row.get("upper")
    return ClaimFigure(
        int(row["year"]), float(row["value"]), *ends, margin=margin if ends[0] is None else 0.0
    )


def _end(row: dict[str, Any], name: str, margin: float) -> ClaimFigure:
    return ClaimFigure(int(row[f"{name}_year"]), float(row[f"{name}_value"]), margin=margin)


def claim_recipes() -> list[dict[str, str | None]]:
    """How each verdict is made: rows of the table ``lineage``, the statement in ``method``.

    Examples
    --------
    >>> from corridors.building.steps.cooperation import claim_recipes
    >>> claim_recipes()[0]["method"]
    'p01-debate'
    """
    return [_recipe(claim) for claim in claims()]


def _recipe(claim: Claim) -> dict[str, str | None]:
    rule = f"rules.{claim.rule}" if claim.checkable else "statements.judge"
    return {
        "table_name": "claim",
        "method": claim.id,
        "formula": f"{claim.measure}: rule {claim.rule_in_words}" if claim.checkable else claim.reason,
        "function": f"corridors.cooperation.claims.{rule}",
        "parameters": json.dumps(_parameters(claim)),
        "inputs": json.dumps(_inputs(claim)),
        "uncertainty": "The rule looks at the intervals of the figures, or at a margin for later revisions "
        "where there are none: where these reach to both sides, the verdict is uncertain. Figures without "
        "either are taken as they are, and the verdict says so.",
        "caveat": claim.limits or claim.needs,
    }


def _parameters(claim: Claim) -> list[str]:
    """Parameters of a verdict: those named in its query, and those of its margin."""
    query = _query_of(claim) if claim.figures else ""
    named = [name for name in parameters() if name in query]
    if "portability_regime_" in query:
        named += [name for name in parameters() if name.startswith("portability_regime_")]
    revision = (
        indicators()[claim.indicator].revision if claim.indicator and claim.checkable else claim.revision
    )
    return sorted({*named, *revision})


def _inputs(claim: Claim) -> list[dict[str, str]]:
    if claim.indicator:
        years = "year IN (coalesce($then_year, 0), coalesce($now_year, 0))"
        of = "indicator = $indicator"
        rows = {"title": "indicator", "table": "indicator", "columns": "*"}
        words = {"title": "indicator_definition", "table": "indicator_definition"}
        return [
            rows | {"where": f"{of} AND place = $place AND {years}"},
            words | {"columns": "title, definition, unit, limits", "where": of},
            sources_input(indicators()[claim.indicator].tables),
        ]
    if claim.figures:
        query = _query_of(claim).strip()
        figures = {"title": "figures compared", "table": f"({query})", "columns": "*", "where": "true"}
        tables = tuple(_other_figures()[claim.id]["tables"])
        return [figures, sources_input(tables)] if tables else [figures]
    return []
