"""The atlas as files for other programs: Parquet with a data package, SDMX-CSV."""

from corridors.publish.packages.frictionless import data_package
from corridors.publish.packages.sdmx import SDMX_TABLES, sdmx_csv

__all__ = ["SDMX_TABLES", "data_package", "sdmx_csv"]
