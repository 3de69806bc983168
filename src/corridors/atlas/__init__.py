"""The atlas: one file with every figure and where it comes from."""

from corridors.atlas.build import BuildSummary, build
from corridors.atlas.explain import Explanation
from corridors.atlas.reader import Atlas, Facts, open_atlas

__all__ = ["Atlas", "BuildSummary", "Explanation", "Facts", "build", "open_atlas"]
