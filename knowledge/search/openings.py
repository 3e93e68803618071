"""The openings of many timetables as sorted arrays, so that "may I enter when I get there?" is one binary search.

Every timetable met gets a slot, its openings follow each other in the arrays, and `keys` holds slot * 2 ** 32 + last
moment of entry. So the keys ascend, and the first one that is not below slot * 2 ** 32 + arrival belongs to the first
opening that one can still enter. Each slot ends with an opening that never comes. A timetable is computed when first
met, as most of a big directory's are far from any one person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from threading import Lock
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.hours import PARIS, Opening, Timetable

Ints = NDArray[np.int64]

WEEK_DAYS = 8
"""Days looked ahead: the rest of today and a week."""

NEVER_S = 1 << 31
"""A moment later than any asked about, in seconds from a book's origin."""

_DAY_S = 86_400

_SLOT = 1 << 32
_UNMET = -1
_FIELDS = ("keys", "opens", "closes", "last", "doubt")


class Openings(NamedTuple):
    """One row an opening, times in seconds from the book's origin. `closes` is NEVER_S where it does not close.
    `doubt` is 2 (`Tier.UNKNOWN`) where the hours are not certain, else 0."""

    keys: Ints
    opens: Ints
    closes: Ints
    last: Ints
    doubt: Ints


class DayBook:
    """The openings of `timetables` on `days` local days from `first` on. Safe to share between threads.

    `origin_s`: the moment all times here are counted from, in seconds since 1970: two days before the first midnight,
    as the last entry of the night before is earlier than that midnight and no key may be below its slot.
    """

    def __init__(self, timetables: Sequence[Timetable], first: date, days: int) -> None:
        self._timetables = timetables
        self.first = first
        self._days = days
        self.origin_s = int(datetime.combine(first, time(), PARIS).timestamp()) - 2 * _DAY_S
        self._lock = Lock()
        self._base = np.full(len(timetables), _UNMET, np.int64)
        self._columns = np.empty((len(_FIELDS), 256), np.int64)
        self._filled = 0
        self._slots = 0
        self.openings = self._published()

    def at(self, seconds: int) -> datetime:
        """A moment of this book on the clock of Paris."""
        return datetime.fromtimestamp(self.origin_s + seconds, PARIS)

    def first_enterable(self, timetables: NDArray[np.int32], arrivals: Ints | int) -> Ints:
        """For each timetable the row of the first opening that may still be entered at its arrival. The arrays of
        `openings` read after this call hold all these rows."""
        bases = self._base[timetables]
        if bases.size and bases.min() == _UNMET:
            with self._lock:
                for timetable in np.unique(timetables[bases == _UNMET]).tolist():
                    if self._base[timetable] == _UNMET:
                        self._meet(timetable)
            bases = self._base[timetables]
        return self.openings.keys.searchsorted(bases + arrivals)

    def missed(self, row: int, at_s: int) -> int | None:
        """The row of the opening, earlier in the slot of `row`, during which `at_s` falls."""
        keys, opens, closes, _, doubt = self.openings
        slot = int(keys[row]) // _SLOT
        for earlier in range(row - 1, -1, -1):
            if int(keys[earlier]) // _SLOT != slot or closes[earlier] <= at_s:
                return None
            if opens[earlier] <= at_s and not doubt[earlier]:
                return earlier
        return None

    def _meet(self, timetable: int) -> None:
        """Adds the openings of one timetable; readers see them only once they are whole."""
        base = self._slots * _SLOT
        rows = [self._row(base, opening) for opening in self._timetables[timetable].openings(self.first, self._days)]
        rows.append((base + NEVER_S, NEVER_S, NEVER_S, NEVER_S, 0))
        filled = self._filled + len(rows)
        if filled > self._columns.shape[1]:
            room = np.empty((len(_FIELDS), 2 * filled), np.int64)
            room[:, : self._filled] = self._columns[:, : self._filled]
            self._columns = room
        self._columns[:, self._filled : filled] = np.array(rows, np.int64).T
        self._filled = filled
        self._slots += 1
        self.openings = self._published()
        self._base[timetable] = base

    def _row(self, base: int, opening: Opening) -> tuple[int, int, int, int, int]:
        # One second before closing is the last moment to enter, unless another is given.
        opens = int(opening.opens_at.timestamp()) - self.origin_s
        if opening.closes_at is None:
            return base + NEVER_S - 1, opens, NEVER_S, NEVER_S - 1, 0 if opening.certain else 2
        closes = int(opening.closes_at.timestamp()) - self.origin_s
        last = closes - 1
        if opening.last_entry_at is not None:
            last = min(last, int(opening.last_entry_at.timestamp()) - self.origin_s)
        return base + last, opens, closes, last, 0 if opening.certain else 2

    def _published(self) -> Openings:
        return Openings(*self._columns[:, : self._filled])
