"""Composite scores, and how firm the ranks made from them are.

A score is a mean of means; a rank is given only together with its audit.

>>> from corridors.cooperation.composite import FACTORS
>>> FACTORS
('weights', 'normalisation', 'aggregation', 'imputation', 'item left out')
"""

from corridors.cooperation.composite.audit import Audit, audit_score, rank_units, score_items
from corridors.cooperation.composite.items import score_scales
from corridors.cooperation.composite.sensitivity import FACTORS

__all__ = ["FACTORS", "Audit", "audit_score", "rank_units", "score_items", "score_scales"]
