"""The index: every place of the directory in memory, and the search over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from threading import Lock
from typing import TypeVar

import numpy as np

from knowledge.categories import leaves
from knowledge.hours import PARIS, Timetable
from knowledge.search.columns import Columns, DistrictCentres, columns_of
from knowledge.search.distance import Origin
from knowledge.search.judging import Ask, Judged, Times, judge
from knowledge.search.openings import NEVER_S, WEEK_DAYS, DayBook, Ints
from knowledge.search.presenting import found
from knowledge.search.query import Answer, Found, Query
from knowledge.search.ranking import BANDS_M, NO_DISTANCE_BAND, TIER_UNIT
from knowledge.search.table import ALL, Table
from knowledge.service import Service

RADII_M = (1_500, 5_000)
"""How far "near" reaches, and how far a search widens before it takes the whole city."""

_SMALL = 1_000
"""Rows that are judged at once faster than in steps of distance."""

_WORTH_JUDGING = 4
"""A step is passed over where it has fewer rows than this for each result wanted: too few of them would be open."""

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
        near = None if origin is None else _near(query, ask, placed, origin)
        pools = [near or judge(ask, placed, ALL, origin)]
        if near is None and len(placeless):
            pools.append(judge(ask, placeless, ALL, None, band=NO_DISTANCE_BAND))
        keys = pools[0].keys if len(pools) == 1 else np.concatenate([pool.keys for pool in pools])
        last = query.offset + query.limit
        best = _best(keys, last)
        radii = _radii(query)
        radius = _radius_used(radii, pools[0], best)
        nothing_near = not (keys < TIER_UNIT).any() if origin is None else radius != radii[0]
        return Answer(
            results=tuple([self._found(query, ask, pools, row) for row in best[query.offset :]]),
            more=len(keys) > last,
            radius_m=radius,
            widened=origin is not None and nothing_near,
            next_to_open=self._next_to_open(query, ask, pools) if nothing_near else None,
        )

    def _found(self, query: Query, ask: Ask, pools: Sequence[Judged], row: int) -> Found:
        pool, row = (pools[0], row) if row < len(pools[0].keys) else (pools[1], row - len(pools[0].keys))
        return found(query, ask, pool, row, self._services[pool.table.columns.number[pool.rows[row]]])

    def _next_to_open(self, query: Query, ask: Ask, pools: Sequence[Judged]) -> Found | None:
        pool = pools[0]
        arrays = ask.book.openings
        opens = arrays.opens[pool.openings]
        coming = (opens < NEVER_S) & (arrays.doubt[pool.openings] == 0)
        if pool.metres is not None:
            coming &= pool.metres < _radii(query)[0]
        rows = coming.nonzero()[0]
        if not len(rows):
            return None
        first = rows[np.lexsort((pool.keys[rows], opens[rows]))[0]]
        return self._found(query, ask, pools, int(first))

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


def _near(query: Query, ask: Ask, placed: Table, origin: Origin) -> Judged | None:
    """The places around, where no other can matter; None where the whole city must be looked at.

    Without a radius of its own a query needs one reachable place more than it shows, within whole distance bands: then
    nothing further away can come before them."""
    limited = query.radius_m is not None
    if not limited and len(placed) <= _SMALL:
        return None
    enough = 1 if limited else query.offset + query.limit + 1
    for radius in _radii(query) if limited else BANDS_M:
        rows = placed.near(origin, radius)
        if limited or len(rows) >= enough * _WORTH_JUDGING:
            judged = judge(ask, placed, rows, origin, radius_m=radius)
            if np.count_nonzero(judged.keys < TIER_UNIT) >= enough:
                return judged
    return None


def _radius_used(radii: Sequence[int], pool: Judged, best: Sequence[int]) -> int | None:
    """The smallest of `radii` that holds a place reachable while open. `best` comes first in `pool`, mostly near."""
    if pool.metres is None:
        return None
    first = best[0] if best else len(pool.keys)
    if first < len(pool.keys) and pool.keys.item(first) < TIER_UNIT and pool.metres.item(first) < radii[0]:
        return radii[0]
    nearest = pool.metres[pool.keys < TIER_UNIT].min(initial=np.inf)
    return next((radius for radius in radii if nearest < radius), None)


def _best(keys: Ints, count: int) -> list[int]:
    """The rows of the `count` smallest keys, equal ones in the order of the rows, so that pages never overlap."""
    if count < len(keys):
        parted = keys.copy()
        parted.partition(count)
        rows = (keys <= parted[count]).nonzero()[0]
        rows = rows[keys[rows].argsort(kind="stable")][:count]
    else:
        rows = keys.argsort(kind="stable")
    best: list[int] = rows.tolist()
    return best


def _keep(kept: dict[Key, Value], key: Key, value: Value, most: int) -> None:
    """Keeps the `most` newest. A search that holds an older one goes on with it."""
    kept[key] = value
    while len(kept) > most:
        del kept[next(iter(kept))]
