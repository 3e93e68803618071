"""Every place of a table judged at once: can one go in, and how good is it? All array work of a search is here."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from knowledge.search.arrays import Floats, Rows, Selection
from knowledge.search.audience import bits, implied_bits
from knowledge.search.distance import METRES_TO_MINUTES, Origin
from knowledge.search.openings import DayBook
from knowledge.search.query import Query
from knowledge.search.ranking import (
    BAND_UNIT,
    BANDS_M,
    FAR_M,
    FAR_UNIT,
    LATER_WITHIN_S,
    TIER_UNIT,
    Tier,
)  # fmt: skip
from knowledge.search.table import Table

_EDGES = np.array((*BANDS_M, *FAR_M), np.float64)
_EDGE_KEYS = np.array(
    [min(edge, len(BANDS_M)) * BAND_UNIT + max(0, edge - len(BANDS_M)) * FAR_UNIT for edge in range(len(_EDGES) + 1)],
    np.float64,
)
_CASES = (Tier.REACHABLE, Tier.LATER, Tier.CLOSED), (Tier.UNKNOWN, Tier.UNKNOWN, Tier.CLOSED)
"""By how late the opening is that one can still enter: where its hours are certain, and, DOUBT further, where not."""

_TIER_KEYS = np.array([tier * TIER_UNIT for cases in _CASES for tier in cases], np.float64)


class Times(NamedTuple):
    """What a query says of time, in seconds since 1970: two times of one zone compare by their clocks, wrong when an
    hour comes twice. `moment`: the earliest time asked about, nobody arrives before. `departs`: when the person sets
    out, None where walking time does not count."""

    moment: int
    end: int
    instant: bool
    departs: int | None

    @classmethod
    def of(cls, query: Query) -> Times:
        start = int(query.start.timestamp())
        end = start if query.end is query.start else int(query.end.timestamp())
        if query.now is not None:
            departs = int(query.now.timestamp())
            return cls(max(start, departs), end, end <= start, departs)
        return cls(start, end, end <= start, start if end <= start else None)


class Ask(NamedTuple):
    """A query in the numbers of the arrays. Times in seconds from the book's origin, as in Times.

    `enter_by`: for an interval the last moment in it, 0 for an instant, where one enters on arrival.
    `later`: openings after that do not count as "opens later".
    """

    book: DayBook
    moment: int
    departs: int | None
    enter_by: int
    later: int
    needs: int
    implied: int

    @classmethod
    def of(cls, query: Query, times: Times, book: DayBook) -> Ask:
        """`book` must begin on the local day of the moment and reach beyond the end."""
        origin = book.origin_s
        return cls(
            book,
            times.moment - origin,
            None if times.departs is None else times.departs - origin,
            0 if times.instant else times.end - 1 - origin,
            max(times.moment, times.end) + LATER_WITHIN_S - origin,
            bits(query.needs) if query.needs else 0,
            implied_bits(query.needs) if query.needs else 0,
        )


class Judged(NamedTuple):
    """The places of `table` that were looked at, one row each."""

    table: Table
    rows: Rows
    metres: Floats | None
    """Straight lines, None without a position of both sides."""
    openings: Rows
    """The first opening one can still enter: a row of the book's arrays."""
    keys: Floats
    """The smaller the better, see ranking; infinite for those that must not be shown."""


def judge(
    ask: Ask,
    table: Table,
    rows: Selection,
    origin: Origin | None,
    *,
    radius_m: float | None = None,
    shortlist: int | None = None,
    band: int = 0,
) -> Judged:
    """Judges `rows` of `table`: those within `radius_m` of `origin`; all of them, as of `band`, without an origin.

    With a `shortlist` only about so many, the best but for their hours: who can be reached among them comes before
    everybody who can be reached and is not on it."""
    columns = table.columns
    standing = table.standing_keys(ask.book.first.toordinal(), ask.needs, ask.implied)
    metres = None
    arrivals: Floats | float = ask.moment
    if origin is None:
        keys = standing[rows] + band * BAND_UNIT
    else:
        metres = np.hypot((columns.x[rows] - origin.x) * origin.shrink, columns.y[rows] - origin.y)
        if radius_m is not None:
            near = (metres < radius_m).nonzero()[0]
            rows, metres = table.numbers[rows][near], metres[near]
        keys = standing[rows] + _EDGE_KEYS[_EDGES.searchsorted(metres, "right")]
        keys += metres
        if shortlist is not None and shortlist < len(keys):
            listed = smallest(keys, shortlist)
            rows, metres, keys = table.numbers[rows][listed], metres[listed], keys[listed]
        if ask.departs is not None:
            arrivals = np.ceil(metres * METRES_TO_MINUTES) * 60 + ask.departs
            if ask.departs < ask.moment:
                arrivals = np.maximum(arrivals, ask.moment)
    openings = ask.book.first_enterable(columns.timetable[rows], arrivals)
    arrays = ask.book.openings
    opens = arrays.opens[openings]
    not_yet = opens > (np.maximum(arrivals, ask.enter_by) if ask.enter_by else arrivals)
    cases = np.add(not_yet, opens > ask.later, dtype=np.intp)
    cases += arrays.doubt[openings]
    keys += _TIER_KEYS[cases]
    return Judged(table, table.numbers[rows], metres, openings, keys)


def smallest(keys: Floats, count: int) -> Rows:
    """The rows of the `count` smallest keys, and of those equal to the next, ascending. `count` is below their number."""
    parted = keys.copy()
    parted.partition(count)
    rows: Rows = (keys <= parted[count]).nonzero()[0]
    return rows
