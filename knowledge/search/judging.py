"""Every place of a table judged at once: can one go in, and how good is it? All array work of a search is here."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from knowledge.search.audience import bits, implied_bits
from knowledge.search.distance import METRES_TO_MINUTES, Origin
from knowledge.search.openings import DayBook, Ints
from knowledge.search.query import Query
from knowledge.search.ranking import (
    BAND_UNIT,
    BANDS_M,
    EXCLUSIVE_UNIT,
    LATER_WITHIN_S,
    NEED_UNIT,
    TIER_UNIT,
    UNITS_PER_METRE,
    Tier,
)  # fmt: skip
from knowledge.search.table import Rows, Table

Metres = NDArray[np.float64]

_BANDS = np.array(BANDS_M, np.float64)


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
    """The places of `table` that may be shown, one row each."""

    table: Table
    rows: Ints
    metres: Metres | None
    """Straight lines, None without a position of both sides."""
    openings: Ints
    """The first opening one can still enter: a row of the book's arrays."""
    keys: Ints
    """The smaller the better, see ranking."""


def judge(
    ask: Ask, table: Table, rows: Rows, origin: Origin | None, *, radius_m: float | None = None, band: int = 0
) -> Judged:
    """Judges `rows` of `table`: those within `radius_m` of `origin`; all of them, as of `band`, without an origin."""
    columns = table.columns
    audience_keys: Ints | int = 0
    if ask.needs:
        rows, audience_keys = _admitted(ask, table, rows)
    metres = None
    distance_keys: Ints | int = band * BAND_UNIT
    arrivals: Ints | int = ask.moment
    if origin is not None:
        north = columns.y[rows] - origin.y
        east = (columns.x[rows] - origin.x) * (origin.cos_y - origin.slope * north)
        metres = np.sqrt(east * east + north * north)
        if radius_m is not None:
            near = (metres < radius_m).nonzero()[0]
            rows, metres = table.numbers[rows][near], metres[near]
            if not isinstance(audience_keys, int):
                audience_keys = audience_keys[near]
        distance_keys = _BANDS.searchsorted(metres, "right") * BAND_UNIT + (metres * UNITS_PER_METRE).astype(np.int64)
        if ask.departs is not None:
            arrivals = np.ceil(metres * METRES_TO_MINUTES).astype(np.int64) * 60 + ask.departs
            if ask.departs < ask.moment:
                arrivals = np.maximum(arrivals, ask.moment)
    openings = ask.book.first_enterable(columns.timetable[rows], arrivals)
    arrays = ask.book.openings
    opens = arrays.opens[openings]
    not_yet = opens > (np.maximum(arrivals, ask.enter_by) if ask.enter_by else arrivals)
    tiers = not_yet.astype(np.int64)  # REACHABLE or LATER
    tiers[not_yet & (opens > ask.later)] = Tier.CLOSED
    np.maximum(tiers, arrays.doubt[openings], out=tiers)
    keys = table.day_keys(ask.book.first.toordinal())[rows] + distance_keys + audience_keys
    keys += tiers * TIER_UNIT
    return Judged(table, table.numbers[rows], metres, openings, keys)


def _admitted(ask: Ask, table: Table, rows: Rows) -> tuple[Ints, Ints]:
    """The rows that exclude nobody asked for, and the part of their keys that depends on whom is asked for."""
    columns = table.columns
    only = columns.only[rows]
    named = (only & ask.implied) != 0
    excluded = ((columns.refuses[rows] & ask.needs) != 0) | (((columns.shut_out[rows] & ask.implied) != 0) & ~named)
    keep = (~excluded).nonzero()[0]
    kept = table.numbers[rows][keep]
    unknown = np.bitwise_count(ask.needs & ~(columns.admits[kept] | only[keep])).astype(np.int64)
    return kept, unknown * NEED_UNIT - named[keep] * EXCLUSIVE_UNIT
