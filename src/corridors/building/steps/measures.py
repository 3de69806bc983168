"""What kind of figure an indicator is and where it has values, for those who promise and judge by it."""

from __future__ import annotations

from math import hypot

from corridors.atlas.indicators import indicators
from corridors.cooperation.monitor import IndicatorMeasure
from corridors.cooperation.sdg import observed_indicators
from corridors.parameters import value


def measures() -> dict[str, IndicatorMeasure]:
    """Measures by indicator: those of the atlas, and those worked out from own files.

    Examples
    --------
    >>> from corridors.building.steps.measures import measures
    >>> measures()["remittance_cost_services"].judged_as, measures()["state_parties_icrmw"].whole_until
    ('log', 2021)
    >>> measures()["remittance_cost_services"].revision
    0.06
    """
    atlas = {
        i.name: IndicatorMeasure(
            i.judged_as, i.unit, i.whole_until, hypot(*(value(name) for name in i.revision))
        )
        for i in indicators().values()
    }
    own = observed_indicators().select("name", "judged_as", "unit").iter_rows()
    return atlas | {name: IndicatorMeasure(judged_as, unit) for name, judged_as, unit in own}


def scopes() -> dict[str, str]:
    """Where each indicator that a register may use has values: the world, countries or both.

    Examples
    --------
    >>> from corridors.building.steps.measures import scopes
    >>> scopes()["health_worker_density"], scopes()["sdg_10_7_1"]
    ('countries', 'world and countries')
    """
    own = dict.fromkeys(observed_indicators()["name"], "world and countries")
    return {i.name: i.scope for i in indicators().values()} | own
