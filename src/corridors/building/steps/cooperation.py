"""The part of the atlas about cooperation: indicators, and what was said checked against them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

import polars as pl

from corridors import packaged
from corridors.atlas.indicators import indicators
from corridors.atlas.schema import atlas_schema
from corridors.building.steps.indicators import Ask, definition_table, indicator_table, sources_input
from corridors.cooperation.claims.figures import ClaimFigure
from corridors.cooperation.claims.statements import (
    Claim,
    at_year,
    claims,
    data_note,
    document,
    judge,
)

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
    series = _series(claim, ask)
    then, now = (at_year(series, year) for year in (claim.then, claim.now))
    groups = dict(_labelled(ask(_query_of(claim)))) if claim.figures == "groups" else {}
    unit = indicators()[claim.indicator].unit if claim.indicator else claim.unit
    found = judge(claim, then, now, groups, unit)
    checked = found.verdict != "not-checkable"
    row: dict[str, Any] = {
        "claim": claim.id,
        "paragraph": claim.paragraph,
        "statement": claim.statement,
        "kind": claim.kind,
        "checkable": checked,
        "measure": claim.measure or None,
        "covers": claim.covers if claim.checkable else None,
        "indicator": claim.indicator or None,
        "place": claim.place if claim.indicator else None,
        "unit": unit or None,
        "rule": claim.rule_in_words or None,
        "verdict": found.verdict,
        "certainty": found.certainty or None,
        "data_note": data_note(claim, now, groups, as_of) if checked else None,
        "explanation": found.explanation if checked else None,
        "limits": claim.limits or None,
        "reason": None if checked else found.explanation,
        "needs": claim.needs or None,
    }
    for name, figure in (("then", then), ("now", now)):
        for part in ("year", "value", "lower", "upper"):
            row[f"{name}_{part}"] = None if figure is None else getattr(figure, part)
    return row


def _series(claim: Claim, ask: Ask) -> list[ClaimFigure]:
    """Figures of the world or a place by year."""
    if claim.indicator:
        query = (
            "SELECT year, value, lower, upper FROM indicator "
            f"WHERE indicator = '{claim.indicator}' AND place = '{claim.place}'"
        )
    elif claim.figures == "series":
        query = _query_of(claim)
    else:
        return []
    return [_figure(row) for row in ask(query).to_dicts()]


@cache
def _other_figures() -> dict[str, dict[str, Any]]:
    """Queries of statements that no indicator checks, and the published tables behind them."""
    return packaged.toml("atlas/claim_figures.toml")


def _query_of(claim: Claim) -> str:
    return str(_other_figures()[claim.id][claim.figures])


def _labelled(found: pl.DataFrame) -> Iterable[tuple[str, ClaimFigure]]:
    return ((str(row["label"]), _figure(row)) for row in found.to_dicts())


def _figure(row: dict[str, Any]) -> ClaimFigure:
    return ClaimFigure(int(row["year"]), float(row["value"]), row.get("lower"), row.get("upper"))


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
        "parameters": "[]",
        "inputs": json.dumps(_inputs(claim)),
        "uncertainty": "The rule looks at the intervals of the figures: where they reach to both sides, the "
        "verdict is uncertain. Figures without an interval are taken as they are, and the verdict says so.",
        "caveat": claim.limits or claim.needs,
    }


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
        return [figures, sources_input(tuple(_other_figures()[claim.id]["tables"]))]
    return []
