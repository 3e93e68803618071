"""The index: every place of the directory in memory, and the search over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from math import inf
from threading import Lock
from typing import TypeVar

import numpy as np

from knowledge.categories import leaves
from knowledge.hours import PARIS, Timetable
from knowledge.search.arrays import Floats
from knowledge.search.columns import Columns, DistrictCentres, columns_of
from knowledge.search.distance import Origin
from knowledge.search.judging import Ask, Judged, Times, judge, smallest
from knowledge.search.openings import NEVER_S, WEEK_DAYS, DayBook
from knowledge.search.presenting import found
from knowledge.search.query import Answer, Found, Query
from knowledge.search.ranking import BANDS_M, NO_DISTANCE_BAND, TIER_UNIT
from knowledge.search.table import ALL, Table
from knowledge.service import Service

RADII_M = (1_500, 5_000)
"""How far "near" reaches, and how far a search widens before it takes the whole city."""

_SMALL = 1_000
"""Rows that are judged at once faster than in steps of distance."""

_WORTH_JUDGING = 6
"""Rows on a shortlist for each result wanted: with fewer, too few of them would be open."""

_MUCH_LESS = 100
"""How many times fewer rows must be wanted than there are for sorting them all to be slower."""

_BOOKS_KEPT = 12
_TABLES_KEPT = 96
_LONGEST_SPAN_DAYS = 92


Key = TypeVar("Key")
Value = TypeVar("Value")


class Index:
    """The directory in memory. Immutable: when the directory changes, another one is built and takes its place. What it
    keeps for speed (tables of the categories asked for, openings of the days asked about) is shared between threads."""

    def __init__(
        self,
        services: Sequence[Service],
        columns: Columns,
        timetables: Sequence[Timetable],
        categories: dict[str, int],
    ) -> None:
        """Use `build`."""
        self._services = services
        self._by_id = {service.id: service for service in services}
        self._columns = columns
        self._timetables = timetables
        self._categories = categories
        self._lock = Lock()
        self._tables: dict[tuple[str, ...], tuple[Table, Table]] = {}
        self._books: dict[tuple[date, int], DayBook] = {}

    @classmethod
    def build(cls, services: Iterable[Service], district_centres: DistrictCentres) -> Index:
        """`district_centres` (postcode -> latitude, longitude) stand in for positions that are not known."""
        services = tuple(services)
        return cls(services, *columns_of(services, district_centres))

    def __len__(self) -> int:
        return len(self._services)

    def get(self, service_id: str) -> Service | None:
        """None for a place that is no longer in the directory: buttons outlive it."""
        return self._by_id.get(service_id)

    def search(self, query: Query) -> Answer:
        """The best places for what is asked. KeyError for a category that does not exist."""
        placed, placeless = self._tables_of(query.categories)
        times = Times.of(query)
        ask = Ask.of(query, times, self._book(times))
        origin = (
            None if query.latitude is None or query.longitude is None else Origin.at(query.latitude, query.longitude)
        )
        radii = _radii(query)
        near = None if origin is None else _near(query, ask, placed, origin, radii)
        pools = [near or judge(ask, placed, ALL, origin)]
        if near is None and len(placeless):
            pools.append(judge(ask, placeless, ALL, None, band=NO_DISTANCE_BAND))
        keys = pools[0].keys if len(pools) == 1 else np.concatenate([pool.keys for pool in pools])
        shown = int(np.count_nonzero(keys < inf)) if query.needs else len(keys)
        last = query.offset + query.limit
        best = _best(keys, min(last, shown))
        radius = _radius_used(radii, pools[0], best)
        nothing_near = not (keys < TIER_UNIT).any() if origin is None else radius != radii[0]
        return Answer(
            results=tuple([self._found(query, ask, pools, row) for row in best[query.offset :]]),
            more=shown > last,
            radius_m=radius,
            widened=origin is not None and nothing_near,
            next_to_open=self._next_to_open(query, ask, pools, radii[0]) if nothing_near else None,
        )

    def _found(self, query: Query, ask: Ask, pools: Sequence[Judged], row: int) -> Found:
        pool, row = (pools[0], row) if row < len(pools[0].keys) else (pools[1], row - len(pools[0].keys))
        return found(query, ask, pool, row, self._services[pool.table.columns.number.item(pool.rows.item(row))])

    def _next_to_open(self, query: Query, ask: Ask, pools: Sequence[Judged], near_m: float) -> Found | None:
        pool = pools[0]
        arrays = ask.book.openings
        looked_at = pool.keys < inf if pool.metres is None else pool.metres < near_m
        rows = looked_at.nonzero()[0]
        openings = pool.openings[rows]
        opens = arrays.opens[openings]
        coming = ((opens < NEVER_S) & (arrays.doubt[openings] == 0) & (pool.keys[rows] < inf)).nonzero()[0]
        if not len(coming):
            return None
        rows, opens = rows[coming], opens[coming]
        first = np.lexsort((pool.keys[rows], opens))[0]
        return self._found(query, ask, pools, rows.item(first))

    def _tables_of(self, categories: Sequence[str]) -> tuple[Table, Table]:
        """The places of some categories, with a position and without."""
        tables = self._tables.get(tuple(categories))
        if tables is None:
            wanted = {self._categories.get(leaf, -1) for category in categories for leaf in leaves(category)}
            chosen = self._columns.take(np.isin(self._columns.category, list(wanted)))
            placed = ~np.isnan(chosen.x)
            tables = Table(chosen.take(placed), True), Table(chosen.take(~placed), False)
            with self._lock:
                _keep(self._tables, tuple(categories), tables, _TABLES_KEPT)
        return tables

    def _book(self, times: Times) -> DayBook:
        """The openings from the day asked about to a week after the last one."""
        first = datetime.fromtimestamp(times.moment, PARIS).date()
        span = 0 if times.instant else (datetime.fromtimestamp(times.end, PARIS).date() - first).days
        days = WEEK_DAYS + min(max(span, 0), _LONGEST_SPAN_DAYS)
        book = self._books.get((first, days))
        if book is None:
            with self._lock:
                book = self._books.get((first, days)) or DayBook(self._timetables, first, days)
                _keep(self._books, (first, days), book, _BOOKS_KEPT)
        return book


def _radii(query: Query) -> tuple[int, ...]:
    start = query.radius_m or RADII_M[0]
    return (start, *(radius for radius in RADII_M if radius > start))


def _near(query: Query, ask: Ask, placed: Table, origin: Origin, radii: Sequence[int]) -> Judged | None:
    """The places around, where no other can matter; None where the whole city must be looked at.

    A query without a radius of its own is content with one reachable place more than it shows: nothing further away,
    and nothing lower on a shortlist, can come before them."""
    if query.radius_m is not None:
        for radius in radii:
            judged = judge(ask, placed, placed.near(origin, radius), origin, radius_m=radius)
            if (judged.keys < TIER_UNIT).any():
                return judged
        return None
    enough = query.offset + query.limit + 1
    shortlist = enough * _WORTH_JUDGING
    if len(placed) <= _SMALL:
        if len(placed) <= 2 * shortlist:
            return None
        judged = judge(ask, placed, ALL, origin, shortlist=shortlist)
        return judged if _enough(judged, enough, radii[0]) else None
    for band_end in BANDS_M:
        rows = placed.near(origin, band_end)
        if len(rows) < shortlist:
            continue
        judged = judge(ask, placed, rows, origin, radius_m=band_end, shortlist=shortlist)
        if _enough(judged, enough, radii[0]):
            return judged
        judged = judge(ask, placed, rows, origin, radius_m=band_end)
        if _enough(judged, enough, inf):
            return judged
    return None


def _enough(judged: Judged, enough: int, near_m: float) -> bool:
    """Whether that many can be reached while open, one of them closer than `near_m`."""
    if judged.metres is None:
        return False
    metres = judged.metres[judged.keys < TIER_UNIT]
    return len(metres) >= enough and metres.item(metres.argmin()) < near_m


def _radius_used(radii: Sequence[int], pool: Judged, best: Sequence[int]) -> int | None:
    """The smallest of `radii` that holds a place reachable while open. `best` are the first rows of all."""
    if pool.metres is None or not best or best[0] >= len(pool.keys) or pool.keys.item(best[0]) >= TIER_UNIT:
        return None
    nearest = pool.metres.item(best[0])
    if nearest >= radii[0]:
        nearest = pool.metres[pool.keys < TIER_UNIT].min()
    return next((radius for radius in radii if nearest < radius), None)


def _best(keys: Floats, count: int) -> list[int]:
    """The rows of the `count` smallest keys, equal ones in the order of the rows, so that pages never overlap."""
    if 0 < count * _MUCH_LESS < len(keys):
        rows = smallest(keys, count)
        rows = rows[keys[rows].argsort(kind="stable")]
    else:
        rows = keys.argsort(kind="stable")
    best: list[int] = rows[:count].tolist()
    return best


def _keep(kept: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keeps the `most` newest. A search that holds an older one goes on with it."""
    kept[key] = value
    while len(kept) > most:
        del kept[next(iter(kept))]
