"""The search step beside a bare scipy cKDTree and SQLite's R*Tree, in one run: `python -m benchmarks.search`.

Ours and SQLite give the same three places of one category in the same order: reachable on foot while open, last entry
and whom they admit included, with the times to tell, and the first to open where nothing near is. The cKDTree only
finds the three nearest of the category: no hours, no needs. Every implementation has seen each day's openings before
it is timed. Median microseconds a question; questions at random places, days and hours; "same" is how often ours and
SQLite's answers are equal.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, cos, hypot, inf, radians
from statistics import median, quantiles

import numpy as np
from scipy.spatial import cKDTree

from knowledge.categories import categories
from knowledge.hours import PARIS, Timetable
from knowledge.search import RADII_M, Index, Query
from knowledge.search.ranking import BANDS_M, FAR_M
from knowledge.service import Service

LEAVES = [category.id for category in categories().values() if category.parent]
CENTRE = (48.8566, 2.3522)
HALF_WIDTH_DEGREES, HALF_HEIGHT_DEGREES = 0.125, 0.045
"""Paris as an ellipse: 18 km wide, 10 km high."""

METRES_PER_DEGREE = 6_371_008.8 * radians(1)
DAYS = [datetime(2026, 9, 14 + day, tzinfo=PARIS) for day in range(3)]
APART = 100_000
STEPS_M = (500, 1_000, 2_000, inf)


@dataclass(frozen=True)
class Question:
    category: str
    latitude: float
    longitude: float
    at: datetime
    needs: frozenset[str]


def hours(chance: random.Random, distinct: int) -> list[str]:
    """Opening hours as directories have them: all day, two halves, some days, past midnight, on Sundays, unknown."""
    texts = ["24/7", "", "Mo-Su 06:00-22:00", "Mo-Su 06:00-01:00", "Mo-Fr 09:00-17:00; PH off"]
    while len(texts) < distinct:
        first = chance.randrange(6 * 60, 11 * 60, 15 if distinct < 100 else 1)
        noon = chance.randrange(12 * 60, 14 * 60, 15 if distinct < 100 else 1)
        evening = chance.randrange(16 * 60, 23 * 60, 15 if distinct < 100 else 1)
        days = chance.choice(["Mo-Fr", "Mo-Sa", "Mo-Su", "Tu-Sa", "Mo,We,Fr"])
        texts.append(
            chance.choice(
                [
                    f"{days} {clock(first)}-{clock(evening)}",
                    f"{days} {clock(first)}-{clock(noon)},{clock(noon + 60)}-{clock(evening)}",
                    f"{days} {clock(evening - 120)}-{clock(evening)}; Su {clock(first)}-{clock(noon)}",
                    f"{days} {clock(first)}-{clock(noon)}; Jan 01,May 01,Jul 14,Aug 15,Dec 25 off",
                ]
            )
        )
    return texts


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def somewhere(chance: random.Random) -> tuple[float, float]:
    while True:
        x, y = chance.uniform(-1, 1), chance.uniform(-1, 1)
        if hypot(x, y) <= 1:
            return CENTRE[0] + y * HALF_HEIGHT_DEGREES, CENTRE[1] + x * HALF_WIDTH_DEGREES


def directory(size: int, distinct: int) -> list[Service]:
    chance = random.Random(size)
    texts = hours(chance, distinct)
    women, pets, nothing, conditions = frozenset({"women"}), frozenset({"pets"}), frozenset[str](), dict[str, str]()
    places = []
    for number in range(size):
        latitude, longitude = somewhere(chance)
        places.append(
            Service(
                id=f"p{number}",
                name="A place",
                category=chance.choice(LEAVES),
                latitude=latitude,
                longitude=longitude,
                opening_hours=texts[number % distinct],
                last_entry_minutes=0 if number % distinct % 4 else 30,
                conditions=conditions,
                only=women if number % 20 == 0 else nothing,
                admits=pets if number % 3 == 0 else nothing,
                verified_on="2026-09-01" if number % 2 else "2025-03-01",
                confidence="C" if number % 5 == 0 else "A",
            )
        )
    return places


def questions(count: int) -> list[Question]:
    chance = random.Random(7)
    return [
        Question(
            chance.choice(LEAVES),
            *somewhere(chance),
            chance.choice(DAYS) + timedelta(minutes=chance.randrange(7 * 60, 22 * 60)),
            frozenset({"men"}) if chance.random() < 0.2 else frozenset(),
        )
        for _ in range(count)
    ]


def ours(places: Sequence[Service]) -> Callable[[Question], list[str]]:
    index = Index.build(places, {})

    def ask(question: Question) -> list[str]:
        query = Query(
            (question.category,), question.latitude, question.longitude, question.at, question.at, question.needs
        )
        answer = index.search(query)
        told = [*answer.results, answer.next_to_open] if answer.next_to_open else answer.results
        return [found.service.id for found in told]

    return ask


def nearest_three(places: Sequence[Service]) -> Callable[[Question], list[str]]:
    width = METRES_PER_DEGREE * cos(radians(CENTRE[0]))
    by_category: dict[str, list[Service]] = {leaf: [] for leaf in LEAVES}
    for place in places:
        by_category[place.category].append(place)
    trees = {
        leaf: cKDTree(np.array([(place.longitude * width, place.latitude * METRES_PER_DEGREE) for place in kept]))
        for leaf, kept in by_category.items()
        if kept
    }

    def ask(question: Question) -> list[str]:
        point = (question.longitude * width, question.latitude * METRES_PER_DEGREE)
        _, rows = trees[question.category].query(point, k=3)
        kept = by_category[question.category]
        return [kept[row].id for row in rows if row < len(kept)]

    return ask


RANKED = """
    SELECT id, metres, opens, closes, last,
           max(CASE WHEN opens <= arrival THEN 0 WHEN opens <= :at + 86400 THEN 1 ELSE 3 END, doubt) AS tier
    FROM (
        SELECT candidate.*, opening.*
        FROM (
            SELECT place.id, place.rank, place.timetable, metres, :at + 60 * ceil(metres * 1.3 / 75) AS arrival
            FROM (
                SELECT place.*,
                       sqrt((place.x - :x) * (place.x - :x) + (place.y - :y) * (place.y - :y)) AS metres
                FROM near CROSS JOIN place ON place.row = near.row
                WHERE near.west <= :right AND near.east >= :left AND near.south <= :top AND near.north >= :bottom
                  AND near.category_from = :category AND near.category_to = :category
                  AND place.shut_out & :men = 0
            ) AS place
            WHERE metres < :radius
        ) AS candidate CROSS JOIN opening ON opening.key = (
            SELECT key FROM opening WHERE key >= candidate.timetable + candidate.arrival ORDER BY key LIMIT 1
        )
    )
"""
"""A timetable is a multiple of 2 ** 36, an opening's key that and its last moment of entry."""

BAND = " + ".join(f"(metres >= {edge})" for edge in BANDS_M)
FAR = " + ".join(f"(metres >= {edge})" for edge in FAR_M)
ORDER = f"tier, {BAND}, rank / 2, {FAR}, rank % 2, metres"
BEST = f"{RANKED} ORDER BY {ORDER} LIMIT 3"
FIRST_TO_OPEN = f"{RANKED} WHERE doubt = 0 AND opens < 1 << 35 ORDER BY tier > 0, opens, {ORDER} LIMIT 1"
"""Within the first radius: a place that can be reached while open, if there is one, else the first to open."""

NEVER = 2**35


def r_tree(places: Sequence[Service]) -> Callable[[Question], list[str]]:
    """Category as the tree's third dimension, openings as a table with one key, the radius widened in steps.

    Categories lie far apart, else the tree splits by position alone and is four times slower at 10,000 places. No
    ANALYZE: with it SQLite 3.40 scans all places for a bloom filter, at ten times the cost."""
    database = sqlite3.connect(":memory:")
    database.executescript(
        """
        CREATE VIRTUAL TABLE near USING rtree(row, west, east, south, north, category_from, category_to);
        CREATE TABLE place (row INTEGER PRIMARY KEY, id TEXT, x REAL, y REAL, timetable INTEGER, rank INTEGER,
                            shut_out INTEGER);
        CREATE TABLE opening (key INTEGER PRIMARY KEY, opens INTEGER, closes INTEGER, last INTEGER, doubt INTEGER);
        """
    )
    width = METRES_PER_DEGREE * cos(radians(CENTRE[0]))
    timetables: dict[Timetable, int] = {}
    for row, place in enumerate(places):
        assert place.latitude is not None
        assert place.longitude is not None
        x = (place.longitude - CENTRE[1]) * width
        y = (place.latitude - CENTRE[0]) * METRES_PER_DEGREE
        category = LEAVES.index(place.category) * APART
        timetable = timetables.setdefault(Timetable.of(place), len(timetables)) * 2**36
        rank = (not place.verified) * 4 + bool(place.only) * 2 + (place.verified_on < "2026-03")
        database.execute("INSERT INTO near VALUES (?, ?, ?, ?, ?, ?, ?)", (row, x, x, y, y, category, category))
        database.execute(
            "INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?)", (row, place.id, x, y, timetable, rank, bool(place.only))
        )
    for timetable_of, number in timetables.items():
        rows = []
        for opening in timetable_of.openings(DAYS[0].date(), len(DAYS) + 7):
            closes = int(opening.closes_at.timestamp()) if opening.closes_at else NEVER
            last = int(opening.last_entry_at.timestamp()) if opening.last_entry_at else closes - 1
            rows.append((int(opening.opens_at.timestamp()), closes, last, 0 if opening.certain else 2))
        rows.append((NEVER, NEVER, NEVER, 0))
        database.executemany(
            "INSERT INTO opening VALUES (?, ?, ?, ?, ?)", ((number * 2**36 + row[2], *row) for row in rows)
        )
    expected = len(places) / len(LEAVES) / (18_000 * 10_000 * 0.785)
    steps = [step for step in STEPS_M if step is inf or expected * 3.14 * step * step >= 12]

    def ask(question: Question) -> list[str]:
        x = (question.longitude - CENTRE[1]) * width
        y = (question.latitude - CENTRE[0]) * METRES_PER_DEGREE
        at = int(question.at.timestamp())
        values = {
            "x": x, "y": y, "category": LEAVES.index(question.category) * APART, "men": int("men" in question.needs),
            "at": at,
        }  # fmt: skip
        found: list[tuple[str, float, int, int, int, int]] = []
        for radius in steps:
            found = database.execute(BEST, values | box(x, y, radius)).fetchall()
            if len(found) == 3 and found[2][5] == 0:
                break
        if not any(metres < RADII_M[0] and tier == 0 for _, metres, _, _, _, tier in found):
            first = database.execute(FIRST_TO_OPEN, values | box(x, y, RADII_M[0])).fetchall()
            found += [one for one in first if one[5] > 0]
        return [
            told(id, at + 60 * ceil(metres * 1.3 / 75), opens, closes, last, tier)
            for id, metres, opens, closes, last, tier in found
        ]

    def box(x: float, y: float, radius: float) -> dict[str, float]:
        half = min(radius, 1e6)
        return {"left": x - half, "right": x + half, "bottom": y - half, "top": y + half, "radius": half}

    def told(id: str, arrives: int, opens: int, closes: int, last: int, tier: int) -> str:
        """The times a person is told of, made as ours makes them."""
        for seconds in (arrives, opens, closes, last):
            if tier != 2 and seconds < NEVER:
                datetime.fromtimestamp(seconds, PARIS)
        return id

    return ask


def timed(ask: Callable[[Question], list[str]], asked: Sequence[Question]) -> list[float]:
    """Microseconds of each question, after one round that is not counted."""
    for question in asked:
        ask(question)
    figures = []
    for question in asked:
        start = time.perf_counter_ns()
        ask(question)
        figures.append((time.perf_counter_ns() - start) / 1_000)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=1_000)
    sizes = [(size, 45) for size in parser.parse_args().sizes]
    asked = questions(parser.parse_args().questions)
    print(
        f"{'places':>9} {'hours':>7} {'ours µs':>8} {'p95':>6} {'cKDTree':>8} {'R*Tree':>8} {'x faster':>9} {'same':>6} {'build s':>8}"
    )
    for size, distinct in [*sizes, *((size, size) for size, _ in sizes if 10_000 <= size <= 100_000)]:
        places = directory(size, distinct)
        start = time.perf_counter()
        search = ours(places)
        built = time.perf_counter() - start
        mine, tree, sqlite = timed(search, asked), timed(nearest_three(places), asked), r_tree(places)
        theirs = timed(sqlite, asked)
        same = sum(search(question) == sqlite(question) for question in asked) / len(asked)
        print(
            f"{size:>9,} {distinct:>7,} {median(mine):>8.0f} {quantiles(mine, n=20)[-1]:>6.0f} {median(tree):>8.0f} "
            f"{median(theirs):>8.0f} {median(theirs) / median(mine):>9.1f} {same:>6.1%} {built:>8.2f}"
        )
    print(
        f"peak memory of this whole run: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
