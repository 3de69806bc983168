"""All figures by name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from types import MappingProxyType

import altair as alt

from corridors.atlas import Atlas
from corridors.errors import DataError, NotFound
from corridors.publish.charts import flows, money, people, poverty
from corridors.publish.charts.theme import DEFAULT, Setting
from corridors.wording import similar

CHARTS: Mapping[str, Callable[..., alt.LayerChart]] = MappingProxyType(
    {
        made.__name__.replace("_", "-"): made
        for made in (
            flows.corridor,
            flows.flow_methods,
            flows.top_corridors,
            people.stock_by_birthplace,
            people.net_migration,
            money.remittances,
            money.remittance_price,
            money.price_distribution,
            poverty.welfare,
        )
    }
)


def chart(atlas: Atlas, name: str, *arguments: str, setting: Setting = DEFAULT) -> alt.LayerChart:
    """A figure by its name.

    Parameters
    ----------
    atlas
        An opened atlas.
    name
        One of ``CHARTS``.
    *arguments
        Places, as that figure wants them.
    setting
        How it is set.

    Raises
    ------
    NotFound
        No such figure; names close ones.
    DataError
        More or fewer arguments than it wants.

    Examples
    --------
    >>> import corridors as co
    >>> from corridors.publish.charts import chart
    >>> chart(co.open(), "corridor", "MEX", "USA").to_dict()["title"]["text"][0]
    'About 1,780,000 people moved from Mexico to the United States of'
    """
    made = CHARTS.get(name.replace("_", "-"))
    if made is None:
        raise NotFound(
            f"there is no figure {name!r}",
            similar(name, CHARTS),
            f"figures are {', '.join(CHARTS)}",
        )
    wanted = places_of(name)
    least = sum(not optional for _, optional in wanted)
    if not least <= len(arguments) <= len(wanted):
        raise DataError(
            f"the figure {name} wants {' '.join(word.upper() for word, _ in wanted)}",
            f"it was given {' '.join(arguments) or 'nothing'}",
        )
    return made(atlas, *arguments, setting=setting)


def places_of(name: str) -> tuple[tuple[str, bool], ...]:
    """Arguments of a figure: name, and whether it can be left out.

    Examples
    --------
    >>> places_of("corridor")
    (('origin', False), ('destination', False))
    """
    parameters = list(inspect.signature(CHARTS[name.replace("_", "-")]).parameters.values())[1:]
    return tuple((p.name, p.default is not p.empty) for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD)
