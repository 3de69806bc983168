"""What people guess the share of migrants to be, and how much of the gap any share would show."""

from corridors.cooperation.perception.fit import Rescaling, fit_rescaling, rescaled
from corridors.cooperation.perception.shares import perceived_shares, perception_table

__all__ = ["Rescaling", "fit_rescaling", "perceived_shares", "perception_table", "rescaled"]
