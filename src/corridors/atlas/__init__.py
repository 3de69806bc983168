"""The atlas: one file with every figure and where it comes from."""

from corridors.atlas.explain import Explanation
from corridors.atlas.reader import Atlas, Facts, open_atlas

__all__ = ["Atlas", "Explanation", "Facts", "open_atlas"]
