from .frictionless import data_package as data_package
from .sdmx import SDMX_TABLES as SDMX_TABLES
from .sdmx import sdmx_csv as sdmx_csv
