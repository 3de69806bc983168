"""Which tables an atlas holds, and their columns."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from corridors.evidence.table_schemas import ColumnSchema, TableSchema, schema

__all__ = ["PUBLISHED", "ColumnSchema", "TableSchema", "always_there", "atlas_schema"]

# Figures taken over as they are: name of the figure table -> name in the atlas.
PUBLISHED: Mapping[str, str] = MappingProxyType(
    {
        "destination_basis": "destination_basis",
        "population": "population",
        "events_by_sex": "events_by_sex",
        "age_structure": "age_structure",
        "population_projection": "population_projection",
        "remittances": "remittance_total",
        "remittance_price": "remittance_price",
        "quote_average": "quote_average",
        "economy": "economy",
        "income_distribution": "income_distribution",
        "health_workforce": "health_workforce",
        "treaty": "treaty",
        "labour_agreement": "labour_agreement",
        "proximity": "proximity",
        "displacement": "displacement",
        "aid_received": "aid_received",
        "foreign_investment": "foreign_investment",
        "permanent_inflow": "permanent_inflow",
        "temporary_inflow": "temporary_inflow",
        "total_inflow": "total_inflow",
        "labour_participation": "labour_participation",
        "migrant_death": "migrant_death",
        "physician_density": "physician_density",
        "income_class": "income_class",
        "migration_policy": "migration_policy",
        "social_security_agreement": "social_security_agreement",
        "domestic_workers_convention": "domestic_workers_convention",
        "remittance_observed": "remittance_observed",
    }
)

_SOURCE = ColumnSchema("source", "str", "", False, False, False, None, None, "", "Source of the row")


def always_there() -> frozenset[str]:
    """Tables that every atlas has; those of fetched sources are there where they were fetched.

    Examples
    --------
    >>> from corridors.atlas.schema import always_there
    >>> "claim" in always_there(), "route_death" in always_there()
    (True, False)
    """
    return frozenset({*schema("atlas"), *PUBLISHED.values()})


@cache
def atlas_schema() -> Mapping[str, TableSchema]:
    """Schemas of all tables of the atlas by name.

    Examples
    --------
    >>> from corridors.atlas.schema import atlas_schema
    >>> atlas_schema()["remittance_total"].keys
    ('country', 'year')
    """
    figures = schema("figure")
    published = {
        name: TableSchema(name, (*figures[figure].columns, _SOURCE)) for figure, name in PUBLISHED.items()
    }
    beside = {name: TableSchema(name, (*table.columns, _SOURCE)) for name, table in schema("fetched").items()}
    return MappingProxyType({**schema("atlas"), **published, **beside})
