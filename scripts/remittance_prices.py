"""Make the figures `remittance_price` and `quote_average` from the tables of Remittance Prices Worldwide.

Run by hand, whenever the publisher revises its figures::

    python scripts/remittance_prices.py ../shared/data

The folder holds three tables, re-tabulated from what the World Bank publishes:

- ``rpw_corridor_quarter_2011_2020.csv.gz``: averages by corridor and quarter, 2011 Q1 to 2020 Q3,
  of the DataBank (databank.worldbank.org, 7 December 2020), which has no number of quotes;
- ``rpw_corridors_2025Q3.csv``: averages by corridor and their quotes, from the workbook of Issue 54
  (``rpw_dataset_2011_2025_q3.xlsx``, Data Catalog 0037898);
- ``rpw_all_quotes_by_quarter_2011_2025.csv``: averages over all quotes by quarter, from the same workbook.

Figures are taken over as published, to two decimals by corridor; what is not published stays blank.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import polars as pl
from figure_file import FIGURES, write

PLACES = {"KSV": "XKX"}


def remittance_price(data: Path) -> pl.DataFrame:
    """Average cost by corridor and quarter: two vintages of one survey, and no quarter in both."""
    older = pl.read_csv(data / "rpw_corridor_quarter_2011_2020.csv.gz", infer_schema_length=None)
    newer = pl.read_csv(data / "rpw_corridors_2025Q3.csv")
    series = older.select(
        sending="source_code",
        receiving="destination_code",
        quarter=pl.col("period").str.replace(r"^(\d{4})_(\d)Q$", "${1}Q${2}"),
        cost_usd200_pct=pl.col("avg_total_cost_pct_200usd").round(2),
        quotes=pl.lit(None, pl.Int64),
    )
    if shared := set(series["quarter"]) & set(newer["quarter"]):
        raise SystemExit(f"two vintages of the same quarter: {', '.join(sorted(shared))}")
    both = pl.concat([series, newer.select(series.columns)])
    return both.with_columns(pl.col("sending", "receiving").replace(PLACES)).sort(
        "sending", "receiving", "quarter"
    )


def quote_average(data: Path) -> pl.DataFrame:
    """Averages over all quotes, by quarter."""
    return pl.read_csv(data / "rpw_all_quotes_by_quarter_2011_2025.csv").sort("quarter")


def main() -> None:
    parser = argparse.ArgumentParser(
        description="Average costs of sending money, by corridor and by quarter."
    )
    parser.add_argument("data", type=Path, nargs="?", default=Path("../shared/data"), help="folder of tables")
    parser.add_argument("output", type=Path, nargs="?", default=FIGURES, help="folder")
    arguments = parser.parse_args()
    figures = {
        "remittance_price.csv.gz": remittance_price(arguments.data),
        "quote_average.csv": quote_average(arguments.data),
    }
    for name, table in figures.items():
        size = write(arguments.output / name, table.write_csv())
        print(f"{name:28} {table.height:>7,} rows {size:>9,} bytes")


if __name__ == "__main__":
    main()
