"""Make the figure `remittances`: personal remittances received and paid, by country and year.

Run by hand, whenever the publisher revises its figures::

    python scripts/remittances.py [FOLDER] [OUTPUT]

FOLDER (default ``../shared/data``) holds two tables of the World Bank's figures, re-written as CSV:

- ``wdi_remittances_fdi_gdp_1990_2023.csv.gz``: World Development Indicators, early to middle of 2025, the
  series BX.TRF.PWKR.CD.DT (received) and BM.TRF.PWKR.CD.DT (paid), 1990-2023. The originals:
  https://data.worldbank.org/indicator/BX.TRF.PWKR.CD.DT and .../BM.TRF.PWKR.CD.DT.
- ``wb_remittances_received_2021_2024.csv``: totals received in 2021 and 2024 of a vintage of 2025, with a
  mark where the value of 2024 is that of 2021 again. The Center for Global Development used them as column
  totals of its bilateral matrix.

Years to 2023 are of the first file, 2024 is of the second; its 2021 only tells whether both speak of the same
thing, and those that do not are printed. Nothing is known of what was paid in 2024.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from pathlib import Path

from figure_file import FIGURES, csv_text, rows_of, write

LAST = 2024
SAME = 0.01
NO_COUNTRY = {"CHI"}
HEADER = ("country", "year", "received", "paid", "carried_forward")
Row = tuple[str, int, str, str, int]


def series(path: Path) -> Iterator[Row]:
    """Received and paid to the year before the last; rows without either are left out."""
    for row in rows_of(path):
        received, paid = row["remittances_received_usd_million"], row["remittances_paid_usd_million"]
        if (received or paid) and row["country"] not in NO_COUNTRY:
            yield row["country"], int(row["year"]), received, paid, 0


def newer(path: Path) -> dict[int, dict[str, tuple[str, int]]]:
    """Received in each year of the second file, and whether it is carried forward, by country."""
    found: dict[int, dict[str, tuple[str, int]]] = {}
    for row in rows_of(path):
        by_country = found.setdefault(int(row["year"]), {})
        by_country[row["country"]] = row["received_usd_million"], int(row["carried_forward"])
    return found


def disagreeing(rows: list[Row], other: Mapping[str, tuple[str, int]], year: int) -> Iterator[str]:
    """Countries whose two vintages differ by more than one percent in a year that both have."""
    ours = {country: received for country, y, received, _, _ in rows if y == year}
    for country, (received, _) in sorted(other.items()):
        first, second = float(ours[country]), float(received)
        if abs(second / first - 1) > SAME:
            yield f"{country} {first:,.1f} {second:,.1f}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Remittances received and paid, by country and year.")
    parser.add_argument("folder", type=Path, nargs="?", default=Path("../shared/data"))
    parser.add_argument("output", type=Path, nargs="?", default=FIGURES / "remittances.csv.gz")
    arguments = parser.parse_args()
    rows = list(series(arguments.folder / "wdi_remittances_fdi_gdp_1990_2023.csv.gz"))
    more = newer(arguments.folder / "wb_remittances_received_2021_2024.csv")
    differ = list(disagreeing(rows, more[2021], 2021))
    print(f"{len(more[2021]) - len(differ)} of {len(more[2021])} agree in 2021; first and second file:")
    print("\n".join(differ))
    rows += [(country, LAST, received, "", mark) for country, (received, mark) in more[LAST].items()]
    write(arguments.output, csv_text(HEADER, sorted(rows)))


if __name__ == "__main__":
    main()
