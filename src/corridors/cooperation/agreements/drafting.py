"""A checklist for drafting an agreement between two countries."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from corridors import places as register
from corridors.cooperation.agreements.assessment import assess_all
from corridors.cooperation.agreements.coded_agreements import PROVISIONS, as_agreements
from corridors.cooperation.agreements.groups import with_groups
from corridors.cooperation.agreements.guidance_list import as_guidance
from corridors.cooperation.agreements.guidance_list import guidance as default_guidance
from corridors.cooperation.agreements.profile import provisions
from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.parameters import value
from corridors.results import Result

SINCE = int(value("agreement_recent_since"))
LEAST = int(value("agreement_least_comparable"))


@dataclass(frozen=True, slots=True)
class Checklist(Result, keys=("item",)):
    """What to think of, how common it is, and who did it.

    Attributes
    ----------
    party_a, party_b
        Codes of the two countries.
    table
        ``block``, ``block_title``, ``item``, ``question``, ``coded``, ``share`` (of comparable coded
        agreements; null where these data can not say), ``lower``, ``upper``, ``examples``, ``hint``.
    comparable
        Which agreements were compared with, in words.
    existing
        Agreements of the two countries: ``agreement``, ``year``, ``coded``.
    """

    party_a: str
    party_b: str
    table: pl.DataFrame
    comparable: str
    existing: pl.DataFrame

    def to_polars(self) -> pl.DataFrame:
        """The items."""
        return self.table

    def summary(self) -> str:
        """With what was compared, and how many items data say something of."""
        known = self.table["share"].count()
        return (
            f"{self.party_a} and {self.party_b}: {self.table.height} items, {known} with a share of "
            f"{self.comparable}; {self.existing.height} agreements of the two are in the table"
        )

    def to_markdown(self) -> str:
        """The checklist as Markdown text."""
        names = [register.find(code).name for code in (self.party_a, self.party_b)]
        lines = [f"# Checklist: {names[0]} and {names[1]}", "", f"Compared with {self.comparable}.", ""]
        if self.existing.height:
            told = (f"{number} ({year})" for number, year, _ in self.existing.iter_rows())
            lines += [f"Agreements of the two already in the table: {', '.join(told)}.", ""]
        title = None
        for row in self.table.to_dicts():
            if row["block_title"] != title:
                title = row["block_title"]
                lines += ["", f"## {title}", ""] if lines[-1] else [f"## {title}", ""]
            lines += [f"- [ ] **{row['question']}** {_common(row)}"]
            if row["hint"]:
                lines.append(f"  {row['hint']}")
            if row["examples"]:
                lines.append(f"  Examples: {'; '.join(row['examples'])}.")
        lines += [
            "",
            "Shares say what is common, not what is good; only coded texts count. Not legal advice.",
        ]
        return "\n".join(lines) + "\n"


def checklist(
    agreements: IntoTable,
    party_a: str,
    party_b: str,
    *,
    guidance: IntoTable | None = None,
    places: IntoTable | None = None,
    since: int = SINCE,
    least: int = LEAST,
    examples: int = 3,
    level: float | None = None,
) -> Checklist:
    """A checklist for a new agreement of two countries.

    Parameters
    ----------
    agreements
        As for :func:`as_agreements`.
    party_a, party_b
        Codes or names.
    guidance
        The list; default :func:`guidance`.
    places
        Regions and income groups, the same for every year; default the register of places, with the
        class of income of the year of signature.
    since
        First year of recent agreements.
    least
        How many coded agreements to compare with. The first set that has so many is used: recent of
        the same pairs of regions and of income groups, recent of the same regions, recent of the same
        income groups, the same regions in any year, all recent, all.
    examples
        How many examples an item has: of the comparable agreements that have the provision, those
        with most of the list, then the latest.
    level
        Probability of the interval; default the project's.

    Returns
    -------
    Checklist

    Raises
    ------
    NotFound
        A country is not known.
    DataError
        Both are the same, or nothing is coded.

    Examples
    --------
    >>> from corridors.cooperation.agreements import checklist
    >>> table = {"agreement": [1, 2], "party_a": ["PHL"] * 2, "party_b": ["JOR", "SAU"], "year": [2010, 2013],
    ...          "remittances": [1, 0]}
    >>> found = checklist(table, "Nepal", "Qatar", least=2)
    >>> found.table.filter(item="transfer").select("share", "examples").row(0)
    (0.5, ['agreement 1, PHL and JOR, 2010'])
    """
    a, b = register.code(party_a), register.code(party_b)
    if a == b:
        raise DataError("an agreement has two parties", f"both are {a}")
    table = as_agreements(agreements)
    listed = default_guidance() if guidance is None else as_guidance(guidance)
    compared, words = _comparable(with_groups(table, places), _new(a, b, places), since, least)
    shares = provisions(compared, level=level).select("provision", "coded", pl.col("share", "lower", "upper"))
    rows = (
        listed.with_row_index("order")
        .join(shares, left_on="column", right_on="provision", how="left")
        .join(_examples(compared, listed, examples), on="column", how="left")
        .sort("order")
    )
    # A share of a code whose meaning is disputed would answer another question.
    said = pl.col("reading") == "for"
    rows = rows.with_columns(
        pl.when(said).then(pl.col("coded", "share", "lower", "upper", "examples"))
    ).select(
        "block", "block_title", "item", "question", "coded", "share", "lower", "upper", "examples", "hint"
    )
    pair = pl.col("party_a").is_in([a, b]) & pl.col("party_b").is_in([a, b])
    existing = table.filter(pair).select("agreement", "year", "coded").sort("year", "agreement")
    return Checklist(a, b, rows, words, existing)


def _new(a: str, b: str, places: IntoTable | None) -> tuple[str, str]:
    """Regions and classes of income of a pair that signs today."""
    today = register.last_classified()
    row = with_groups(pl.DataFrame({"party_a": [a], "party_b": [b], "year": [today]}), places)
    return row.select("region_pair", "income_pair").row(0)


def _comparable(
    grouped: pl.DataFrame, new: tuple[str, str], since: int, least: int
) -> tuple[pl.DataFrame, str]:
    coded = grouped.filter("coded")
    if coded.is_empty():
        raise DataError("no agreement is coded", remedy="give a table with coded provisions")
    region, income = new
    recent, same = pl.col("year") >= since, pl.col("region_pair") == region
    rich = pl.col("income_pair") == income
    tries = (
        (recent & same & rich, f"signed since {since}, {region}, income groups {income}"),
        (recent & same, f"signed since {since}, {region}"),
        (recent & rich, f"signed since {since}, income groups {income}"),
        (same, f"of any year, {region}"),
        (recent, f"signed since {since}, of the world"),
    )
    for rule, words in tries:
        if (found := coded.filter(rule)).height >= least:
            return found, f"{found.height} coded agreements {words}"
    return coded, f"{coded.height} coded agreements, of the world and any year"


def _examples(compared: pl.DataFrame, listed: pl.DataFrame, count: int) -> pl.DataFrame:
    richness = assess_all(compared, guidance=listed).group_by("agreement").agg(has=pl.col("present").sum())
    long = compared.unpivot(
        PROVISIONS,
        index=["agreement", "party_a", "party_b", "year"],
        variable_name="column",
        value_name="yes",
    )
    label = pl.format("agreement {}, {} and {}, {}", "agreement", "party_a", "party_b", "year")
    return (
        long.filter("yes")
        .join(richness, on="agreement")
        .sort("has", "year", "agreement", descending=[True, True, False])
        .group_by("column", maintain_order=True)
        .agg(examples=label.head(count))
    )


def _common(row: dict[str, object]) -> str:
    share, lower, upper = (row[name] for name in ("share", "lower", "upper"))
    if not (isinstance(share, float) and isinstance(lower, float) and isinstance(upper, float)):
        return "How common is not known from these data."
    return f"In {share:.0%} of {row['coded']} coded ({lower:.0%} to {upper:.0%})."
