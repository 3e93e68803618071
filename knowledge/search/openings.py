"""The openings of many timetables as sorted arrays, so that "may I enter when I get there?" is one binary search.

Every timetable met gets a slot, its openings follow each other in the arrays, and `keys` holds slot * 2 ** 32 + last
moment of entry. So the keys ascend, and the first one that is not below slot * 2 ** 32 + arrival belongs to the first
opening that one can still enter. Each slot ends with an opening that never comes. A timetable is computed when first
met, as most of a big directory's are far from any one person. Whole seconds as floats: exact up to a million timetables,
and quicker than integers beside distances.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from threading import Lock
from typing import NamedTuple

import numpy as np

from knowledge.hours import PARIS, Opening, Timetable
from knowledge.search.arrays import Floats, Rows

WEEK_DAYS = 8
"""Days looked ahead: the rest of today and a week."""

NEVER_S = 2.0**31
"""A moment later than any asked about, in seconds from a book's origin."""

DOUBT = 3
"""See the table of cases in judging."""

_DAY_S = 86_400

_SLOT = 2.0**32
_UNMET = -1.0


class Openings(NamedTuple):
    """One row an opening, times in seconds from the book's origin. `closes` is NEVER_S where it does not close.
    `doubt` is DOUBT where the hours are not certain, else 0."""

    keys: Floats
    opens: Floats
    closes: Floats
    last: Floats
    doubt: Rows


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
        self._base = np.full(len(timetables), _UNMET)
        self._times = np.empty((4, 256))
        self._doubt = np.empty(256, np.intp)
        self._filled = 0
        self._slots = 0
        self.openings = self._published()

    def at(self, seconds: float) -> datetime:
        """A moment of this book on the clock of Paris."""
        return datetime.fromtimestamp(self.origin_s + seconds, PARIS)

    def first_enterable(self, timetables: Rows, arrivals: Floats | float) -> Rows:
        """For each timetable the row of the first opening that may still be entered at its arrival. The arrays of
        `openings` read after this call hold all these rows."""
        bases = self._base[timetables]
        if bases.size and bases[bases.argmin()] == _UNMET:
            with self._lock:
                for timetable in np.unique(timetables[bases == _UNMET]).tolist():
                    if self._base[timetable] == _UNMET:
                        self._meet(timetable)
            bases = self._base[timetables]
        return self.openings.keys.searchsorted(bases + arrivals)

    def missed(self, row: int, at_s: float) -> int | None:
        """The row of the opening, earlier in the slot of `row`, during which `at_s` falls."""
        keys, opens, closes, _, doubt = self.openings
        slot = keys[row] // _SLOT
        for earlier in range(row - 1, -1, -1):
            if keys[earlier] // _SLOT != slot or closes[earlier] <= at_s:
                return None
            if opens[earlier] <= at_s and not doubt[earlier]:
                return earlier
        return None

    def _meet(self, timetable: int) -> None:
        """Adds the openings of one timetable; readers see them only once they are whole."""
        base = self._slots * _SLOT
        rows = [self._row(base, opening) for opening in self._timetables[timetable].openings(self.first, self._days)]
        rows.append((base + NEVER_S, NEVER_S, NEVER_S, NEVER_S, 0))
        start, self._filled = self._filled, self._filled + len(rows)
        if self._filled > len(self._doubt):
            self._times = np.concatenate([self._times, np.empty((4, self._filled))], axis=1)
            self._doubt = np.concatenate([self._doubt, np.empty(self._filled, np.intp)])
        *times, doubt = zip(*rows, strict=True)
        self._times[:, start : self._filled] = times
        self._doubt[start : self._filled] = doubt
        self._slots += 1
        self.openings = self._published()
        self._base[timetable] = base

    def _row(self, base: float, opening: Opening) -> tuple[float, float, float, float, int]:
        # One second before closing is the last moment to enter, unless another is given.
        opens = opening.opens_at.timestamp() - self.origin_s
        if opening.closes_at is None:
            return base + NEVER_S - 1, opens, NEVER_S, NEVER_S - 1, 0 if opening.certain else DOUBT
        closes = opening.closes_at.timestamp() - self.origin_s
        last = closes - 1
        if opening.last_entry_at is not None:
            last = min(last, opening.last_entry_at.timestamp() - self.origin_s)
        return base + last, opens, closes, last, 0 if opening.certain else DOUBT

    def _published(self) -> Openings:
        keys, opens, closes, last = self._times[:, : self._filled]
        return Openings(keys, opens, closes, last, self._doubt[: self._filled])
