from .fit import Rescaling as Rescaling
from .fit import fit_rescaling as fit_rescaling
from .fit import rescaled as rescaled
from .shares import perceived_shares as perceived_shares
from .shares import perception_table as perception_table
