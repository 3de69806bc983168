"""Summaries of long tables of flows: by region, by place, by pair, and the largest corridors.

A table has the columns ``origin``, ``destination`` and ``value`` (persons). Its other columns, such as
sex, period, method or kind, are keys: every summary is made for each of their combinations. Columns of
real numbers, such as ``lower`` and ``upper``, are no keys and are dropped: the bounds of a sum are not the
sum of the bounds; so are ``within`` and ``rank``, which summaries add. Rows whose origin is their
destination are moves within a place or group.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
