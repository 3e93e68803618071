"""The kinds of arrays a search works on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Rows = NDArray[np.intp]
"""Numbers of rows, in the one integer type that numpy indexes with as it is."""

Selection = slice | Rows
"""Which rows: a range, or their ascending numbers."""
