"""International migration and development: public figures turned into evidence.

>>> import corridors as co
>>> co.places.find("Ivory Coast").code
'CIV'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corridors import (
        cooperation,
        evidence,
        migration,
        numerics,
        parameters,
        places,
        publish,
        remittances,
    )
    from corridors.atlas import Atlas
    from corridors.atlas import open_atlas as open
    from corridors.building import build
    from corridors.errors import CorridorsError, DataError, InfeasibleError, NotFound
    from corridors.version import __version__

_WHERE = {
    "Atlas": ("corridors.atlas", "Atlas"),
    "CorridorsError": ("corridors.errors", "CorridorsError"),
    "DataError": ("corridors.errors", "DataError"),
    "InfeasibleError": ("corridors.errors", "InfeasibleError"),
    "NotFound": ("corridors.errors", "NotFound"),
    "__version__": ("corridors.version", "__version__"),
    "build": ("corridors.building", "build"),
    "open": ("corridors.atlas", "open_atlas"),
}
_ROOMS = (
    "cooperation",
    "evidence",
    "migration",
    "numerics",
    "parameters",
    "places",
    "publish",
    "remittances",
)

__all__ = [
    "Atlas",
    "CorridorsError",
    "DataError",
    "InfeasibleError",
    "NotFound",
    "__version__",
    "build",
    "cooperation",
    "evidence",
    "migration",
    "numerics",
    "open",
    "parameters",
    "places",
    "publish",
    "remittances",
]


def __getattr__(name: str) -> Any:
    # Rooms are imported when first used, so that `import corridors` stays quick.
    if name in _ROOMS:
        return importlib.import_module(f"corridors.{name}")
    if name in _WHERE:
        module, attribute = _WHERE[name]
        return getattr(importlib.import_module(module), attribute)
    raise AttributeError(f"module 'corridors' has no attribute {name!r}")


def __dir__() -> list[str]:
    return __all__
