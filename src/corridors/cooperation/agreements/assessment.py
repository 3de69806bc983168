"""An agreement held against a guidance list: what it has, lacks, and what nobody can say."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from corridors.cooperation.agreements.coded_agreements import PROVISIONS, as_agreements
from corridors.cooperation.agreements.guidance_list import as_guidance
from corridors.cooperation.agreements.guidance_list import guidance as default_guidance
from corridors.cooperation.agreements.implementation import Implementation
from corridors.errors import DataError
from corridors.intake import IntoTable
from corridors.results import Result

PRESENT, ABSENT, NOT_CODED, NOT_ANSWERABLE = STATES = ("present", "absent", "not coded", "not answerable")


@dataclass(frozen=True, slots=True)
class Assessment(Result, keys=("item",)):
    """One agreement, item by item.

    Attributes
    ----------
    agreement, party_a, party_b, year
        Which agreement.
    items
        ``block``, ``block_title``, ``item``, ``question``, ``column``, ``state`` (present, absent, not
        coded, not answerable from these data), ``hint``.
    blocks
        ``block``, ``block_title``, ``items``, ``present``, ``absent``, ``not_coded``,
        ``not_answerable``, ``low`` and ``high`` (coverage if none, or all, of the unknown were there).
    implementation
        ``question``, ``answer``: what was done, apart from what was written.
    """

    agreement: int
    party_a: str
    party_b: str
    year: int
    items: pl.DataFrame
    blocks: pl.DataFrame
    implementation: pl.DataFrame

    @property
    def present(self) -> int:
        """Items that the text has."""
        return self.items.filter(state=PRESENT).height

    @property
    def unknown(self) -> int:
        """Items not coded or not answerable from these data."""
        return self.items.filter(pl.col("state").is_in([NOT_CODED, NOT_ANSWERABLE])).height

    @property
    def bounds(self) -> tuple[float, float]:
        """Coverage of all items if none, or all, of the unknown were there."""
        n = self.items.height
        return self.present / n, (self.present + self.unknown) / n

    @property
    def gaps(self) -> pl.DataFrame:
        """Items that the text is known to lack."""
        return self.items.filter(state=ABSENT)

    def to_polars(self) -> pl.DataFrame:
        """The items."""
        return self.items

    def summary(self) -> str:
        """Coverage with what is not known, gaps by name, and implementation."""
        low, high = self.bounds
        lines = [
            f"Agreement {self.agreement}, {self.party_a} and {self.party_b}, {self.year}",
            f"  text: {self.present} of {self.items.height} items present, {self.gaps.height} absent, "
            f"{self.unknown} unknown; coverage between {low:.0%} and {high:.0%}",
        ]
        lines += [
            f"  {row['block_title']}: {row['present']} present, {row['absent']} absent, "
            f"{row['not_coded'] + row['not_answerable']} unknown"
            for row in self.blocks.to_dicts()
        ]
        if self.gaps.height:
            lines.append(f"  gaps: {', '.join(self.gaps['item'])}")
        answers = (f"{question} {answer}" for question, answer in self.implementation.iter_rows())
        return "\n".join([*lines, "  implementation, apart from the text:", *(f"    {a}" for a in answers)])


def assess(
    agreement: IntoTable,
    *,
    guidance: IntoTable | None = None,
    implementation: Implementation | None = None,
) -> Assessment:
    """Assess one agreement against a guidance list.

    Parameters
    ----------
    agreement
        One row as for :func:`as_agreements`.
    guidance
        The list; default :func:`guidance`.
    implementation
        What is known of its implementation; nothing by default.

    Raises
    ------
    DataError
        Not one row, or a bad list.

    Notes
    -----
    There is no score: absence is stated only where the text was coded, and what the codes can not
    answer widens the bounds.

    Examples
    --------
    >>> from corridors.cooperation.agreements import assess
    >>> found = assess({"agreement": [1], "party_a": ["PHL"], "party_b": ["JOR"], "year": [2018],
    ...                 "written_contract": [1], "wage_protection": [0]})
    >>> found.present, found.gaps["item"].to_list(), found.unknown
    (1, ['wages'], 39)
    """
    table = as_agreements(agreement)
    if table.height != 1:
        raise DataError(f"{table.height} agreements instead of one", remedy="choose one, or use assess_all")
    listed = default_guidance() if guidance is None else as_guidance(guidance)
    items = _states(table, listed).select(
        "block", "block_title", "item", "question", "column", "state", "hint"
    )
    record = implementation or Implementation()
    number, a, b, year = table.select("agreement", "party_a", "party_b", "year").row(0)
    blocks = _blocks(_states(table, listed)).drop("agreement")
    return Assessment(number, a, b, year, items, blocks, record.to_polars())


def assess_all(agreements: IntoTable, *, guidance: IntoTable | None = None) -> pl.DataFrame:
    """Assess every agreement by block.

    Parameters
    ----------
    agreements, guidance
        As for :func:`assess`, any number of rows.

    Returns
    -------
    polars.DataFrame
        ``agreement`` and the columns of :attr:`Assessment.blocks`.

    Examples
    --------
    >>> from corridors.cooperation.agreements import assess_all
    >>> table = {"agreement": [1], "party_a": ["PHL"], "party_b": ["JOR"], "year": [2018],
    ...          "remittances": [1]}
    >>> assess_all(table).filter(block="remittances").select("present", "low", "high").row(0)
    (1, 0.5, 1.0)
    """
    listed = default_guidance() if guidance is None else as_guidance(guidance)
    return _blocks(_states(as_agreements(agreements), listed))


def _states(table: pl.DataFrame, listed: pl.DataFrame) -> pl.DataFrame:
    """Every agreement with every item, in the order of both."""
    long = table.unpivot(PROVISIONS, index="agreement", variable_name="column", value_name="yes")
    items = listed.with_row_index("item_order")
    rows = table.select("agreement").with_row_index("row_order").join(items, how="cross")
    joined = rows.join(long, on=["agreement", "column"], how="left")
    against = pl.col("reading") == "against"
    state = (
        pl.when(pl.col("column").is_null() | (pl.col("reading") == "disputed"))
        .then(pl.lit(NOT_ANSWERABLE))
        .when(pl.col("yes").is_null())
        .then(pl.lit(NOT_CODED))
        # Saying nothing of what the item forbids does not forbid it.
        .when(against)
        .then(pl.when(pl.col("yes")).then(pl.lit(ABSENT)).otherwise(pl.lit(NOT_ANSWERABLE)))
        .otherwise(pl.when(pl.col("yes")).then(pl.lit(PRESENT)).otherwise(pl.lit(ABSENT)))
    )
    return joined.with_columns(state=state).sort("row_order", "item_order")


def _blocks(states: pl.DataFrame) -> pl.DataFrame:
    counts = [
        (pl.col("state") == state).sum().cast(pl.Int64).alias(state.replace(" ", "_")) for state in STATES
    ]
    grouped = states.group_by("agreement", "block", "block_title", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("items"), *counts
    )
    return grouped.with_columns(
        low=pl.col("present") / pl.col("items"), high=1 - pl.col("absent") / pl.col("items")
    )
