"""Generated quotes in the real layout of the price workbook, for tests and examples.

Nothing here was ever quoted by anybody: firms, fees and rates are drawn at random. Only the layout, the
vocabulary and the faults are those of the workbook that the World Bank publishes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl

from corridors import packaged
from corridors.errors import DataError
from corridors.remittances.prices.layout import AFTER, BEFORE, HEADERS, LAST_BEFORE, NUMBERS, PREAMBLE
from corridors.remittances.prices.quarters import Quarter, waves
from corridors.remittances.prices.synthetic.cells import TYPES, raw_frame
from corridors.remittances.prices.synthetic.faults import with_faults
from corridors.remittances.prices.synthetic.workbook import write_cells

_SERVICES = 21.5  # a corridor and quarter, as Remittance Prices Worldwide reported in 2023
_STYLES_OF = {
    "Bank": (0.30, 7.0, 3.0),
    "Money Transfer Operator": (0.55, 3.2, 1.6),
    "Post office": (0.05, 5.0, 2.0),
    "Mobile Operator": (0.06, 1.8, 1.2),
    "Non-Bank FI": (0.03, 3.0, 1.5),
    "Money Transfer Operator / Post office": (0.01, 4.0, 2.0),
}


def generated_quotes(
    seed: int = 0,
    corridors: int = 20,
    quarters: Sequence[str | Quarter] = (),
    *,
    services: float = _SERVICES,
    faults: bool = True,
) -> dict[str, pl.DataFrame]:
    """Draw a workbook of quotes that look real and are not.

    Parameters
    ----------
    seed
        Same seed, same quotes.
    corridors
        How many, out of those the survey covers (at most 377).
    quarters
        Quarters to have; 2015 Q4 to 2017 Q1 if not given, across the change of layout.
    services
        Mean number of services of a corridor and quarter.
    faults
        Whether to put in the faults of the real workbook: undisclosed margins stored as zero, negative
        and huge costs, stale days, duplicates, zero rates, odd price points, spellings.

    Returns
    -------
    dict
        The two data sheets by name, cells as text, columns as in the real workbook.

    Raises
    ------
    DataError
        More corridors than there are, or a quarter without a wave.

    Examples
    --------
    >>> from corridors.remittances.prices import generated_quotes
    >>> sheets = generated_quotes(seed=1, corridors=2, quarters=["2016Q1", "2016Q2"])
    >>> [(name, table.width) for name, table in sheets.items()]
    [('Dataset (up to Q1 2016)', 41), ('Dataset (from Q2 2016)', 42)]
    """
    rng = np.random.default_rng(seed)
    when = tuple(map(Quarter.parse, quarters)) or waves("2015Q4", "2017Q1")
    if idle := [str(quarter) for quarter in when if not quarter.has_wave]:
        raise DataError(f"no prices were surveyed in {', '.join(idle)}", remedy="see waves()")
    offers = _offers(rng, _chosen(rng, corridors), services)
    quotes = _quotes(rng, offers, when)
    raw = raw_frame(rng, quotes)
    if faults:
        raw = with_faults(rng, raw)
    old = pl.col("period").is_in([f"{q.year}_{q.quarter}Q" for q in when if q <= LAST_BEFORE])
    return {
        BEFORE: raw.filter(old).select(pl.col(c).alias(h) for h, c in HEADERS[BEFORE].items()),
        AFTER: raw.filter(~old).select(pl.col(c).alias(h) for h, c in HEADERS[AFTER].items()),
    }


def write_generated(path: str | Path, sheets: dict[str, pl.DataFrame]) -> Path:
    """Write generated quotes as an Excel workbook with the sheets and cell types of the real one.

    Numbers of 2024 Q3 and Q4 become text, days of 2025 Excel dates, corridor cells of 2024 Q4 formulas,
    and 2025 Q3 gets five columns without a header, all as in the release of 2025 Q3.

    Parameters
    ----------
    path
        File to write.
    sheets
        From :func:`generated_quotes`, as it is or changed.

    Returns
    -------
    Path
        Where it was written.

    Examples
    --------
    >>> import tempfile
    >>> from corridors.remittances.prices import generated_quotes, write_generated
    >>> folder = tempfile.TemporaryDirectory()
    >>> sheets = generated_quotes(corridors=1, quarters=["2020Q1"])
    >>> write_generated(folder.name + "/generated.xlsx", sheets).name
    'generated.xlsx'
    >>> folder.cleanup()
    """
    cells, kinds = {}, {}
    for name, lines in PREAMBLE.items():
        cells[name] = pl.DataFrame({"A": lines})
        kinds[name] = pl.DataFrame({"A": ["s"] * len(lines)})
    for name, table in sheets.items():
        cells[name], kinds[name] = _cells(table)
    where = Path(path)
    write_cells(where, cells, kinds)
    return where


def _chosen(rng: np.random.Generator, count: int) -> pl.DataFrame:
    known = pl.read_csv(packaged.content("remittances/synthetic_corridors.csv"))
    if not 0 < count <= known.height:
        raise DataError(f"{count} corridors can not be generated", remedy=f"ask for 1 to {known.height}")
    return known[np.sort(rng.choice(known.height, count, replace=False))]


def _offers(rng: np.random.Generator, pairs: pl.DataFrame, services: float) -> pl.DataFrame:
    """Every service that is ever offered, with its usual price and when it is on the market."""
    many = np.maximum(rng.poisson(services * 1.6, pairs.height), 3)
    of = np.repeat(np.arange(pairs.height), many)
    kinds, shares = list(_STYLES_OF), np.array([style[0] for style in _STYLES_OF.values()])
    kind = rng.choice(len(kinds), of.size, p=shares / shares.sum())
    level = rng.lognormal(0.0, 0.35, pairs.height)[of]
    style = np.array([row[1:] for row in _STYLES_OF.values()])[kind]
    start = rng.integers(-30, 60, of.size)
    return pairs[of].with_columns(
        firm_type=pl.Series([kinds[k] for k in kind]),
        firm_number=pl.Series(rng.integers(1, 40, of.size)),
        fee=pl.Series(style[:, 0] * level * rng.lognormal(0, 0.5, of.size)),
        margin=pl.Series(style[:, 1] * rng.lognormal(-0.1, 0.6, of.size)),
        start=pl.Series(start),
        end=pl.Series(start + rng.geometric(1 / 50, of.size) + 10),
        **{name: pl.Series(rng.choice(values, of.size, p=p)) for name, (values, p) in TYPES.items()},
    )


def _quotes(rng: np.random.Generator, offers: pl.DataFrame, when: Sequence[Quarter]) -> pl.DataFrame:
    origin = Quarter(2011, 1).index
    tables = []
    for quarter in when:
        age = quarter.index - origin
        now = offers.filter(pl.col("start") <= age, pl.col("end") > age)
        fall = 0.99**age
        tables.append(
            now.with_columns(
                year=pl.lit(quarter.year),
                part=pl.lit(quarter.quarter),
                fee=pl.col("fee") * fall * pl.Series(rng.lognormal(0, 0.05, now.height)),
                margin=pl.col("margin") * fall + pl.Series(rng.normal(0, 0.2, now.height)),
            )
        )
    return pl.concat(tables)


def _cells(table: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Cells with a header row on top, and their kinds."""
    period = pl.col("period")
    late = period == "2025_3Q"
    if table.height and table.select(late.any()).item():
        pieces = ("source_code", "destination_code")
        extra = [
            pl.lit("2025"),
            *(pl.concat_str(pl.col(c), pl.lit(year)) for year in ("2025", "2026") for c in pieces),
        ]
        table = table.with_columns(
            pl.when(late).then(made).alias(" " * n) for n, made in enumerate(extra, start=1)
        )
    as_text, as_day = period.str.contains("2024_[34]Q"), period.str.starts_with("2025")
    kinds: list[pl.Expr] = []
    for name in table.columns:
        if name.lower() in NUMBERS:
            kind = pl.when(as_text).then(pl.lit("s")).otherwise(pl.lit("n"))
        elif name == "date":
            kind = pl.when(as_day).then(pl.lit("d")).otherwise(pl.lit("s"))
        elif name == "corridor":
            kind = pl.when(period == "2024_4Q").then(pl.lit("f")).otherwise(pl.lit("s"))
        else:
            kind = pl.lit("s")
        kinds.append(kind.alias(name))
    header = pl.DataFrame(
        {name: [name.strip() or None] for name in table.columns},
        schema_overrides=dict.fromkeys(table.columns, pl.String),
    )
    of = table.select(kinds) if table.height else pl.DataFrame(schema=dict.fromkeys(table.columns, pl.String))
    top = pl.DataFrame({name: ["s"] for name in table.columns})
    numbers = [name for name in table.columns if name.lower() in NUMBERS]
    # A word where a number is due can only be text.
    word = [pl.col(n).is_not_null() & pl.col(n).cast(pl.Float64, strict=False).is_null() for n in numbers]
    marks = table.select(w.alias(n) for w, n in zip(word, numbers, strict=True))
    of = of.with_columns(pl.when(marks[n]).then(pl.lit("s")).otherwise(pl.col(n)).alias(n) for n in numbers)
    return pl.concat([header, table]), pl.concat([top, of])
