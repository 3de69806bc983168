"""Make the embedded figures that stand beside migration and remittances from the publishers' files.

python scripts/figures_beside.py [../shared/data]

Each function makes one file of ``src/corridors/data/evidence/figures``; its card stands in ``figures.toml``.
Figures are taken over as published: nothing is filled in, a blank stays a blank. The classes of income of
the last year are written into the register of places, and newer densities of physicians into the table of
health workers. The publishers have the originals:

- aid, investment and physicians: World Development Indicators, https://databank.worldbank.org
- classes of income: OGHIST, https://datahelpdesk.worldbank.org/knowledgebase/articles/906519
- inflows and participation: International Migration Database, https://data-explorer.oecd.org
- deaths: https://missingmigrants.iom.int/downloads
- indicator 10.7.2: https://unstats.un.org/sdgs/dataportal
- social security agreements: https://secure.ssa.gov/poms.nsf/lnx/0201703001
- Convention No. 189: https://normlex.ilo.org
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
from figure_file import FIGURES
from figure_file import write as written

DOMAINS = {
    "all_domains": "all",
    "d1_migrant_rights": "migrant-rights",
    "d2_whole_of_government": "whole-of-government",
    "d3_cooperation": "cooperation",
    "d4_socioeconomic_wellbeing": "socioeconomic-wellbeing",
    "d5_mobility_in_crises": "mobility-in-crises",
    "d6_safe_orderly_regular": "safe-orderly-regular",
}
CATEGORIES = ("", "requires-progress", "partially-meets", "meets", "fully-meets")
CLASSES = ("L", "LM", "UM", "H")


def aid_received(data: Path) -> pl.DataFrame:
    """Official development assistance by recipient and year."""
    return (
        _read(data / "wdi_oda_fdi_1990_2024.csv.gz")
        .select(
            "country",
            "year",
            oda_usd_million="oda_current_usd_million",
            oda_2023_usd_million="oda_const_usd_million",
        )
        .filter(pl.any_horizontal(pl.col("oda_usd_million", "oda_2023_usd_million").is_not_null()))
    )


def foreign_investment(data: Path) -> pl.DataFrame:
    """Foreign direct investment, net, by country and year: in dollars, and as a share of the product."""
    money = _read(data / "wdi_remittances_fdi_gdp_1990_2023.csv.gz").select(
        "country",
        "year",
        inflow_usd_million="fdi_net_inflow_usd_million",
        outflow_usd_million="fdi_net_outflow_usd_million",
    )
    share = _read(data / "wdi_oda_fdi_1990_2024.csv.gz").select(
        "country", "year", inflow_pct_gdp="fdi_net_inflow_pct_gdp"
    )
    both = money.join(share, on=["country", "year"], how="full", coalesce=True)
    return both.filter(pl.any_horizontal(pl.exclude("country", "year").is_not_null()))


def permanent_inflow(data: Path) -> pl.DataFrame:
    """Permanent inflows by category of admission, one row a category."""
    wide = _read(data / "oecd_permanent_inflows_by_category_2014_2024.csv")
    return _long(wide, ("destination", "year", "flag")).rename({"flag": "status"})


def temporary_inflow(data: Path) -> pl.DataFrame:
    """Temporary inflows by category, one row a category."""
    return _long(_read(data / "oecd_temporary_inflows_by_category_2014_2024.csv"), ("destination", "year"))


def total_inflow(data: Path) -> pl.DataFrame:
    """Inflows of foreign population as national offices count them."""
    return _read(data / "oecd_inflows_total_2000_2023.csv").rename({"inflow_foreign_population": "persons"})


def labour_participation(data: Path) -> pl.DataFrame:
    """Participation rates of people born abroad and in the country."""
    return _read(data / "oecd_participation_by_birthplace_2000_2024.csv").filter(
        pl.col("country").str.len_chars() == 3
    )


def migrant_death(data: Path) -> pl.DataFrame:
    """Deaths and disappearances on the way, by year, place of the incident, route and cause.

    Survivors are left out: some are negative. The publisher joins several causes of one incident with
    commas; one cause has commas of its own.
    """
    table = _read(data / "iom_missing_migrants_all_regions_2014_2025-04.csv.gz")
    cause = pl.col("cause").str.replace("shelter, food, water", "shelter food water", literal=True)
    several = cause.str.contains(",", literal=True)
    return (
        table.rename({"country_of_incident": "country"})
        .with_columns(
            route=pl.col("route").replace("Undefined", "undefined"),
            cause=pl.when(several).then(pl.lit("several causes")).otherwise("cause"),
        )
        .group_by("year", "country", "route", "cause")
        .agg(pl.col("incidents", "dead_or_missing").sum())
    )


def physician_density(data: Path) -> pl.DataFrame:
    """Physicians per 10,000 people by year."""
    return _read(data / "wdi_physicians_1990_2023.csv.gz")


def income_class(data: Path) -> pl.DataFrame:
    """Class of income by calendar year."""
    return (
        _read(data / "wb_income_history_1987_2024.csv.gz")
        .filter(pl.col("income_class").is_in(CLASSES))
        .select("country", "year", income_group="income_class")
    )


def income_group_of_places(data: Path) -> None:
    """Write the class of the last year into the register of places, whose other cells stay as they are."""
    path = FIGURES / "place.csv"
    classes = income_class(data)
    last = classes.filter(year=classes["year"].max())
    of = dict(last.select("country", "income_group").iter_rows())
    places = pl.read_csv(path, infer_schema=False)
    places.with_columns(income_group=pl.col("country").replace_strict(of, default=None)).write_csv(path)


def newest_physicians(data: Path) -> None:
    """Write newer densities of physicians into the table of health workers; nurses stay as they are."""
    path = FIGURES / "health_workforce.csv"
    workers = pl.read_csv(path)
    newest = physician_density(data).sort("country", "year").group_by("country").last()
    beside = workers.join(newest, on="country", how="left", suffix="_newer", maintain_order="left")
    newer = pl.col("year") > pl.col("physicians_per_10000_year")
    beside.with_columns(
        physicians_per_10000=pl.when(newer)
        .then("physicians_per_10000_newer")
        .otherwise("physicians_per_10000"),
        physicians_per_10000_year=pl.when(newer).then("year").otherwise("physicians_per_10000_year"),
    ).select(workers.columns).write_csv(path)


def migration_policy(data: Path) -> pl.DataFrame:
    """Indicator 10.7.2 by country and domain, in words."""
    wide = _read(data / "sdg_10_7_2_by_country_2019.csv")
    long = wide.unpivot(on=list(DOMAINS), index=["country", "year"], variable_name="domain")
    return long.drop_nulls("value").select(
        "country",
        "year",
        domain=pl.col("domain").replace_strict(DOMAINS),
        category=pl.col("value").replace_strict(dict(enumerate(CATEGORIES))),
    )


def social_security_agreement(data: Path) -> pl.DataFrame:
    """Agreements of the United States on social security, with the day they entered into force."""
    return _read(data / "us_totalization_agreements_2019.csv").select(
        party_a="country", party_b="partner", in_force="in_force", as_of=pl.lit("2019-02-26")
    )


def domestic_workers_convention(data: Path) -> pl.DataFrame:
    """States that ratified the Domestic Workers Convention, with the day of the list."""
    return _read(data / "ilo_c189_ratifications_2020-10.csv").drop("treaty")


MADE: tuple[Callable[[Path], pl.DataFrame], ...] = (
    aid_received,
    foreign_investment,
    permanent_inflow,
    temporary_inflow,
    total_inflow,
    labour_participation,
    migrant_death,
    physician_density,
    income_class,
    migration_policy,
    social_security_agreement,
    domestic_workers_convention,
)
SMALL = 20_000


def _read(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema_length=None, null_values=[""])


def _long(wide: pl.DataFrame, index: tuple[str, ...]) -> pl.DataFrame:
    kinds = [name for name in wide.columns if name not in index]
    long = wide.unpivot(on=kinds, index=list(index), variable_name="category", value_name="persons")
    return long.drop_nulls("persons").with_columns(pl.col("category").str.replace_all("_", "-"))


def write(name: str, table: pl.DataFrame) -> None:
    """Write one figure, plain where small, and say how large it is."""
    text = table.sort(pl.all()).write_csv()
    path = FIGURES / (f"{name}.csv" if len(text.encode()) < SMALL else f"{name}.csv.gz")
    print(f"{path.name:40} {written(path, text):>9,} bytes")


def main(data: Path) -> None:
    """Write all figures and say how large they are."""
    for make in MADE:
        write(make.__name__, make(data))
    income_group_of_places(data)
    newest_physicians(data)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data"))
