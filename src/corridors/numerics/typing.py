"""Arrays of numbers, of yes or no, and of positions: the types that functions on arrays state."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]
Ids: TypeAlias = NDArray[np.int64]
