"""Summaries of long tables of flows: by region, by place, by pair, and the largest corridors.

A table has the columns ``origin``, ``destination`` and ``value`` (persons). Its other columns, such as
sex, period, method or kind, are keys: every summary is made for each of their combinations. Columns of
real numbers, such as ``lower`` and ``upper``, are no keys and are dropped: the bounds of a sum are not the
sum of the bounds; so are ``within`` and ``rank``, which summaries add. Rows whose origin is their
destination are moves within a place or group.
"""

from corridors.migration.summaries.groups import aggregate_flows, expand_flows
from corridors.migration.summaries.largest import lump_flows, top_corridors
from corridors.migration.summaries.summary_input import flow_rows, one_table
from corridors.migration.summaries.totals import pair_totals, place_totals

__all__ = [
    "aggregate_flows",
    "expand_flows",
    "flow_rows",
    "lump_flows",
    "one_table",
    "pair_totals",
    "place_totals",
    "top_corridors",
]
