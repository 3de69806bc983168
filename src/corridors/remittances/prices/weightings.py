"""Which average is it? One vocabulary for all averages of prices."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from corridors import packaged

WEIGHTINGS: Mapping[str, str] = MappingProxyType(
    {row["weighting"]: row["words"] for row in packaged.rows("remittances/weightings.csv")}
)
"""Words for each average, by what it is over: the values of the column ``weighting``."""
