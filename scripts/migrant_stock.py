"""Make the figures `migrant_stock` and `destination_basis` of International Migrant Stock 2024.

Run by hand, whenever the publisher revises its figures::

    python scripts/migrant_stock.py ../shared/data src/corridors/data/evidence/figures

The first folder (default ``../shared/data``) holds two tables re-written from the publisher's workbook
"undesa_pd_2024_ims_stock_by_sex_destination_and_origin.xlsx", United Nations, Department of Economic and
Social Affairs, Population Division, International Migrant Stock 2024
(https://www.un.org/development/desa/pd/content/international-migrant-stock):

- ``un_ims2024_bilateral_stock.csv.gz``: origin, destination, year, female, male, in persons. Origins
  that are not known or not named stand under OTH. A pair without a row is not estimated.
- ``un_ims2024_destination_basis.csv``: what each destination counts, 0 or 1.

Nothing is rounded and no pair is left out, so the pairs with OTH add up to the published world totals,
which is checked before anything is written.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from figure_file import FIGURES, csv_text, rows_of, write

PUBLISHED = {1990: 153_916_063, 2000: 174_566_152, 2010: 221_020_392, 2020: 275_284_032, 2024: 304_021_813}
STOCK = ("origin", "destination", "year", "female", "male")
BASIS = ("destination", "foreign_born", "foreign_citizens", "refugees_added", "imputed")


def stock_rows(folder: Path) -> list[tuple[str, ...]]:
    """Stock of every pair, sorted by key."""
    published = rows_of(folder / "un_ims2024_bilateral_stock.csv.gz")
    rows = [tuple(row[name] for name in STOCK) for row in published]
    return sorted(rows, key=lambda row: (row[0], row[1], int(row[2])))


def check_totals(rows: Iterable[Sequence[str]]) -> None:
    """Refuse a file whose world totals are not the published ones."""
    world: dict[int, int] = defaultdict(int)
    for _, _, year, female, male in rows:
        world[int(year)] += int(female) + int(male)
    for year, published in PUBLISHED.items():
        if world[year] != published:
            raise SystemExit(f"{year}: the pairs add up to {world[year]:,}, published are {published:,}")


def basis_rows(folder: Path) -> list[tuple[str, ...]]:
    """What each destination counts, sorted by destination."""
    published = rows_of(folder / "un_ims2024_destination_basis.csv")
    return sorted(tuple(row[name] for name in BASIS) for row in published)


def main() -> None:
    parser = argparse.ArgumentParser(description="Migrant stock by birthplace, residence and sex.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("output", type=Path, nargs="?", default=FIGURES, help="folder")
    arguments = parser.parse_args()
    stock = stock_rows(arguments.folder)
    check_totals(stock)
    write(arguments.output / "migrant_stock.csv.gz", csv_text(STOCK, stock))
    write(arguments.output / "destination_basis.csv", csv_text(BASIS, basis_rows(arguments.folder)))


if __name__ == "__main__":
    main()
