"""How many corridors and migrants live under an agreement of their two countries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from corridors import places
from corridors.cooperation.agreements.coded_agreements import as_agreements
from corridors.errors import DataError
from corridors.intake import IntoTable, TableSpec, as_polars, refuse_twice, take
from corridors.parameters import value as parameter
from corridors.results import Result
from corridors.wording import ROW

Historical = Literal["report", "successors"]
SHORT_LIFETIME = int(parameter("agreement_short_lifetime"))
WORLD = "WLD"


@dataclass(frozen=True, slots=True)
class Coverage(Result, keys=("year", "country", "side")):
    """Corridors and migrants covered by agreements.

    Attributes
    ----------
    table
        A row a year, place and side, as :func:`coverage` describes.
    findings
        ``agreement``, ``party``, ``message``: parties, or their successors, that the stock table does
        not know.
    lifetime, short_lifetime
        Years an agreement was taken to last for the share and its low end; None means for good.
    """

    table: pl.DataFrame
    findings: pl.DataFrame
    lifetime: int | None
    short_lifetime: int | None

    def to_polars(self) -> pl.DataFrame:
        """The table."""
        return self.table

    def summary(self) -> str:
        """The world by year, and what was assumed."""
        lines = [
            f"{row['year']}: {row['migrant_share']:.1%} of migrants (low {row['migrant_share_low']:.1%}), "
            f"{row['corridor_share']:.1%} of corridors ({row['corridor_share_low']:.1%})"
            for row in self.table.filter(country=WORLD).to_dicts()
        ]
        lasts = "stays in force" if self.lifetime is None else f"lasts {self.lifetime} years"
        short = "the same" if self.short_lifetime is None else f"{self.short_lifetime} years"
        lines.append(
            f"Only years of signature are known: an agreement {lasts} (low end: {short}). Covered means that "
            "the two countries have an agreement, not that it speaks of these migrants."
        )
        if self.findings.height:
            count = self.findings["agreement"].n_unique()
            lines.append(f"{count} agreements have a party that the stock table does not know")
        return "\n".join(lines)


def coverage(
    agreements: IntoTable,
    stock: IntoTable,
    *,
    lifetime: int | None = None,
    short_lifetime: int | None = SHORT_LIFETIME,
    historical: Historical = "report",
) -> Coverage:
    """Share of corridors and migrants whose two countries have an agreement in force.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`.
    stock
        ``origin``, ``destination``, ``year`` and ``value``, or ``female`` and ``male`` (persons); with
        a column ``sex``, its rows ``total``. Blanks and zeros are no corridor.
    lifetime
        Years an agreement lasts, its year of signature included. None: for good.
    short_lifetime
        The same for the low end of the shares, never more than ``lifetime``; a choice, for most
        texts run for a few years and are renewed in silence. None makes both alike.
    historical
        What becomes of agreements of states that are gone: ``"report"`` matches them only where the
        stock table has that state, ``"successors"`` gives them to every present-day member. Whether a
        successor is bound is a question of law that the table does not answer.

    Returns
    -------
    Coverage
        Its table has ``year``, ``country`` (``WLD`` for all), ``side`` (``all``, ``emigrants``,
        ``immigrants``), ``corridors``, ``covered_corridors``, ``corridor_share``,
        ``corridor_share_low``, ``migrants``, ``covered_migrants``, ``migrant_share``,
        ``migrant_share_low`` (persons, shares 0 to 1).

    Raises
    ------
    DataError
        Rows stand twice, values are negative, or options are not known.

    Notes
    -----
    Parties are unordered, so both directions count. The low end is a range of assumptions and not an
    interval of probability: nobody knows which agreements a register lacks or which ones ended.

    Examples
    --------
    >>> from corridors.cooperation.agreements import coverage
    >>> agreements = {"agreement": [1], "party_a": ["PHL"], "party_b": ["JOR"], "year": [1995]}
    >>> stock = {"origin": ["PHL", "PHL"], "destination": ["JOR", "USA"], "year": [2000, 2000],
    ...          "value": [30.0, 70.0]}
    >>> coverage(agreements, stock).table.filter(country="WLD")["migrant_share"].item()
    0.3
    """
    if historical not in ("report", "successors"):
        raise DataError(f"historical can not be {historical!r}", remedy="use 'report' or 'successors'")
    for name, years in (("lifetime", lifetime), ("short_lifetime", short_lifetime)):
        if years is not None and years < 1:
            raise DataError(f"{name} can not be {years} years", remedy="give 1 or more, or None")
    lasting = [years for years in (lifetime, short_lifetime) if years is not None]
    people = _stock(stock)
    pairs = _pairs(as_agreements(agreements), historical)
    dates = people.select("year").unique()
    marked = people
    short = min(lasting, default=None)
    for name, years in (("covered", lifetime), ("covered_low", short)):
        marked = marked.join(_in_force(pairs, dates, years, name), on=["low", "high", "year"], how="left")
    marked = marked.with_columns(pl.col("covered", "covered_low").fill_null(False))
    table = pl.concat(
        [
            _shares(marked, pl.lit(WORLD), "all"),
            _shares(marked, pl.col("origin"), "emigrants"),
            _shares(marked, pl.col("destination"), "immigrants"),
        ]
    ).sort(pl.col("country") != WORLD, "country", "side", "year")
    return Coverage(table, _unmatched(pairs, people), lifetime, short)


def _stock(stock: IntoTable) -> pl.DataFrame:
    given = as_polars(stock, "stock")
    by_sex = "value" not in given.columns and {"female", "male"} <= set(given.columns)
    parts = ["female", "male"] if by_sex else ["value"]
    sexes = ["sex"] if "sex" in given.columns else []
    asked = TableSpec(
        "stock",
        texts=["origin", "destination", *sexes],
        whole=["year"],
        numbers=parts,
        blank=parts,
        at_least=dict.fromkeys(parts, 0),
    )
    value = sum((pl.col(part) for part in parts[1:]), pl.col(parts[0]))
    rows = take(given, asked).with_row_index(ROW, 1).with_columns(value=value)
    if sexes:
        rows = rows.filter(pl.col("sex") == "total")
    refuse_twice(rows, ["origin", "destination", "year"], "stock", "give one row a year")
    rows = rows.select("origin", "destination", "year", "value")
    kept = rows.filter((pl.col("value") > 0) & (pl.col("origin") != pl.col("destination")))
    return kept.with_columns(
        low=pl.min_horizontal("origin", "destination"), high=pl.max_horizontal("origin", "destination")
    )


def _pairs(table: pl.DataFrame, historical: Historical) -> pl.DataFrame:
    pairs = table.select("agreement", "party_a", "party_b", "year")
    if historical == "successors":
        heirs = pl.DataFrame(
            [(place.code, list(place.members)) for place in places.every("historical")],
            schema={"old": pl.String, "new": pl.List(pl.String)},
            orient="row",
        )
        for party in ("party_a", "party_b"):
            pairs = (
                pairs.join(heirs, left_on=party, right_on="old", how="left")
                .with_columns(pl.col("new").fill_null(pl.concat_list(party)))
                .drop(party)
                .explode("new", empty_as_null=True, keep_nulls=True)
                .rename({"new": party})
            )
        pairs = pairs.filter(pl.col("party_a") != pl.col("party_b"))
    return pairs.with_columns(
        low=pl.min_horizontal("party_a", "party_b"), high=pl.max_horizontal("party_a", "party_b")
    )


def _in_force(pairs: pl.DataFrame, dates: pl.DataFrame, lifetime: int | None, name: str) -> pl.DataFrame:
    at = dates.rename({"year": "at"})
    alive = pl.col("year") <= pl.col("at")
    if lifetime is not None:
        alive &= pl.col("at") < pl.col("year") + lifetime
    return (
        pairs.select("low", "high", "year")
        .join(at, how="cross")
        .filter(alive)
        .select("low", "high", year="at")
        .unique()
        .with_columns(pl.lit(True).alias(name))
    )


def _shares(marked: pl.DataFrame, country: pl.Expr, side: str) -> pl.DataFrame:
    covered, low, value = pl.col("covered"), pl.col("covered_low"), pl.col("value")
    return (
        marked.group_by("year", country.alias("country"))
        .agg(
            corridors=pl.len().cast(pl.Int64),
            covered_corridors=covered.sum().cast(pl.Int64),
            corridor_share=covered.mean(),
            corridor_share_low=low.mean(),
            migrants=value.sum(),
            covered_migrants=value.filter(covered).sum(),
            migrant_share=value.filter(covered).sum() / value.sum(),
            migrant_share_low=value.filter(low).sum() / value.sum(),
        )
        .select("year", "country", pl.lit(side).alias("side"), pl.exclude("year", "country"))
    )


def _unmatched(pairs: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    known = pl.concat([people["origin"], people["destination"]]).unique()
    long = pl.concat([pairs.select("agreement", party=party) for party in ("party_a", "party_b")])
    return (
        long.filter(~pl.col("party").is_in(known.implode()))
        .unique()
        .sort("agreement", "party")
        .with_columns(
            message=pl.format(
                "agreement {}: {} is not a place of the stock table and matches nobody",
                "agreement",
                "party",
            )
        )
    )
