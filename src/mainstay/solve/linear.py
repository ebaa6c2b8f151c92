"""A linear programme in plain arrays, where no network stands behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mainstay.solve.solution import Array


@dataclass(frozen=True)
class Linear:
    """Rows ``row_lower <= matrix @ x <= row_upper`` over columns ``0 <= x <= upper``; matrix is sparse, by columns."""

    matrix: Any
    row_lower: Array
    row_upper: Array
    upper: Array

    @property
    def columns(self) -> int:
        """Number of columns."""
        return len(self.upper)

    @property
    def rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)

    @property
    def nonzeros(self) -> int:
        """Number of entries of the matrix."""
        return int(self.matrix.nnz)

    @property
    def start(self) -> NDArray[np.int32]:
        """Where each column begins among the entries (columns + 1,)."""
        return np.asarray(self.matrix.indptr, dtype=np.int32)

    @property
    def index(self) -> NDArray[np.int32]:
        """Row of each entry (nonzeros,)."""
        return np.asarray(self.matrix.indices, dtype=np.int32)

    @property
    def value(self) -> Array:
        """Each entry (nonzeros,)."""
        return np.asarray(self.matrix.data, dtype=np.float64)
