"""The places of some categories, sorted into the cells of a grid so that a search reads only what is near."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from knowledge.search.arrays import Floats, Rows
from knowledge.search.columns import Columns
from knowledge.search.distance import Origin
from knowledge.search.ranking import DATED_DAYS, EXCLUSIVE_UNIT, FRESHNESS_UNIT, NEED_UNIT, RECENT_DAYS

CELL_M = 500
_MOST_CELLS = 256
"""Along one side: what lies further out is counted into the outermost, so that one wrong position costs nothing."""

_KEYS_KEPT = 8

ALL = slice(None)


@dataclass(frozen=True, slots=True)
class _Grid:
    west: float
    south: float
    wide: int
    high: int
    starts: list[int]
    """The first row of each cell, cells row by row from the south-west, and one past the last row."""


class Table:
    """Places in the order of their cells, then of their ids. Immutable but for what is kept per day.

    Without positions (`placed=False`) there is no grid, and `near` must not be asked.
    """

    def __init__(self, columns: Columns, placed: bool) -> None:
        self._grid = None
        if placed and len(columns):
            grid, cells = _grid_of(columns)
            order = np.lexsort((columns.rank_of_id, cells))
            grid.starts.extend(np.searchsorted(cells[order], np.arange(grid.wide * grid.high + 1)).tolist())
            self._grid = grid
        else:
            order = np.argsort(columns.rank_of_id)
        self.columns = columns.take(order)
        self.numbers = np.arange(len(columns))
        self._standing_keys: dict[tuple[int, int, int], Floats] = {}

    def __len__(self) -> int:
        return len(self.numbers)

    def near(self, origin: Origin, radius_m: float) -> Rows:
        """The rows of every cell that may hold a place within `radius_m` of `origin`, and so of some further ones."""
        grid = self._grid
        if grid is None:
            return self.numbers
        # Cells are squares of x and y; a metre of x is less than a metre on the ground, so more of x must be read.
        half_width = radius_m / origin.shrink
        left = _cell(origin.x - half_width - grid.west, grid.wide)
        right = _cell(origin.x + half_width - grid.west, grid.wide)
        bottom = _cell(origin.y - radius_m - grid.south, grid.high)
        top = _cell(origin.y + radius_m - grid.south, grid.high)
        starts, wide = grid.starts, grid.wide
        return np.concatenate(
            [self.numbers[starts[row * wide + left] : starts[row * wide + right + 1]] for row in range(bottom, top + 1)]
        )

    def standing_keys(self, today: int, needs: int, implied: int) -> Floats:
        """The part of each row's key that no place or hour changes: what is known of it on the day `today`
        (`date.toordinal`), and whom it admits. Infinite for those that must not be shown. Bits as in audience."""
        asked = (today, needs, implied)
        keys = self._standing_keys.get(asked)
        if keys is None:
            age = today - self.columns.verified_day
            fresh = (age > RECENT_DAYS).astype(np.float64) + (age > DATED_DAYS)
            keys = self.columns.lasting + fresh * FRESHNESS_UNIT
            if needs:
                keys += _audience_keys(self.columns, needs, implied)
            others = self._standing_keys if len(self._standing_keys) < _KEYS_KEPT else {}
            self._standing_keys = {**others, asked: keys}
        return keys


def _audience_keys(columns: Columns, needs: int, implied: int) -> Floats:
    named = (columns.only & implied) != 0
    excluded = ((columns.refuses & needs) != 0) | (((columns.shut_out & implied) != 0) & ~named)
    unknown = np.bitwise_count(needs & ~(columns.admits | columns.only))
    return np.where(excluded, np.inf, unknown * float(NEED_UNIT) - named * float(EXCLUSIVE_UNIT))


def _cell(metres: float, cells: int) -> int:
    return min(max(int(metres // CELL_M), 0), cells - 1)


def _grid_of(columns: Columns) -> tuple[_Grid, Rows]:
    """A grid without its `starts`, and the cell of each row. It is laid around the middle of the places."""
    axes = []
    for values in (columns.x, columns.y):
        reach = CELL_M * _MOST_CELLS / 2
        middle = float(np.median(values))
        low = max(float(values.min()), middle - reach)
        count = min(int((float(values.max()) - low) // CELL_M) + 1, _MOST_CELLS)
        cells = np.clip((values - low) // CELL_M, 0, count - 1).astype(np.intp)
        axes.append((low, count, cells))
    (west, wide, columns_of), (south, high, rows_of) = axes
    return _Grid(west, south, wide, high, []), rows_of * wide + columns_of
