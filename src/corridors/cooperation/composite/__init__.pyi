from .audit import Audit as Audit
from .audit import audit_score as audit_score
from .audit import rank_units as rank_units
from .audit import score_items as score_items
from .items import score_scales as score_scales
from .sensitivity import FACTORS as FACTORS
