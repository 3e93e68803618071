"""One judged place as a person is told of it."""

from __future__ import annotations

from knowledge.hours import Timetable
from knowledge.search.audience import unknown_needs
from knowledge.search.distance import walk_minutes
from knowledge.search.judging import Ask, Judged
from knowledge.search.openings import NEVER_S
from knowledge.search.query import Closure, Found, Query, Status
from knowledge.search.ranking import CLOSING_SOON_S, TIER_UNIT, Tier
from knowledge.service import Service

_STATUS = (Status.OPEN, Status.OPENS_LATER, Status.UNKNOWN, Status.CLOSED)
"""By tier."""


def found(query: Query, ask: Ask, judged: Judged, row: int, service: Service) -> Found:
    """The place at `row` of what was judged."""
    distance = walk = arrives_at = None
    arrives = ask.moment
    if judged.metres is not None:
        metres = judged.metres.item(row)
        distance, walk = round(metres), walk_minutes(metres)
        if ask.departs is not None:
            arrives = max(ask.moment, ask.departs + 60 * walk)
            arrives_at = ask.book.at(arrives)
    tier = int(judged.keys.item(row)) // TIER_UNIT
    status = _STATUS[tier]
    opens_at = closes_at = last_entry_at = missed = None
    arrays, opening = ask.book.openings, judged.openings.item(row)
    opens = arrays.opens.item(opening)
    certain = not arrays.doubt.item(opening)
    if certain and ask.moment < opens < NEVER_S:
        opens_at = ask.book.at(opens)
    if tier in (Tier.LATER, Tier.CLOSED):
        missed = ask.book.missed(opening, ask.moment)
        opening = opening if missed is None else missed
    closes = arrays.closes.item(opening)
    if closes < NEVER_S and (certain or missed is not None):
        closes_at = ask.book.at(closes)
        if service.last_entry_minutes:
            last_entry_at = ask.book.at(arrays.last.item(opening))
        if tier == Tier.REACHABLE and closes - max(arrives, opens) <= CLOSING_SOON_S:
            status = Status.CLOSING_SOON
    return Found(
        service=service,
        distance_m=distance,
        walk_minutes=walk,
        status=status,
        arrives_at=arrives_at,
        opens_at=opens_at,
        closes_at=closes_at,
        last_entry_at=last_entry_at,
        too_late=missed is not None,
        unknown_needs=unknown_needs(query.needs, service) if query.needs else (),
        temporarily_closed=None if tier == Tier.REACHABLE else _closure(ask, service),
        approximate=judged.table.columns.approximate.item(judged.rows.item(row)),
    )


def _closure(ask: Ask, service: Service) -> Closure | None:
    if service.closed_from is None and service.closed_until is None:
        return None
    if not Timetable.of(service).closed_on(ask.book.first):
        return None
    return Closure(service.closed_until, service.closure_reason)
