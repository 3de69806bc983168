"""Numerical ground floor: fitting tables to margins."""

from corridors.numerics.margins import Fit, fit_margins, sinkhorn
from corridors.numerics.repair import Repair, least_row_repair

__all__ = ["Fit", "Repair", "fit_margins", "least_row_repair", "sinkhorn"]
