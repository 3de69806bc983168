"""What kind of figure each indicator of the atlas is, for those who judge by it."""

from __future__ import annotations

from math import hypot

from corridors.atlas.indicators import indicators
from corridors.cooperation.monitor import Measure
from corridors.parameters import value


def measures() -> dict[str, Measure]:
    """Measures by indicator.

    Examples
    --------
    >>> from corridors.building.steps.measures import measures
    >>> measures()["remittance_cost_services"].judged_as, measures()["state_parties_icrmw"].whole_until
    ('log', 2021)
    >>> measures()["remittance_cost_services"].revision
    0.06
    """
    return {
        i.name: Measure(i.judged_as, i.unit, i.whole_until, hypot(*(value(name) for name in i.revision)))
        for i in indicators().values()
    }
