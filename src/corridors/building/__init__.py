"""The atlas made: one visible sequence of steps from evidence to one file."""

from corridors.building.sequence import BuildSummary, build

__all__ = ["BuildSummary", "build"]
