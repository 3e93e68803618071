"""Several categories at once: "manger et me doucher"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from knowledge.search.distance import Origin
from knowledge.search.index import Index
from knowledge.search.query import Found, Query, Status, Together
from knowledge.service import Service
from knowledge.text import plain

SAME_PLACE_M = 30

_LOOKED_AT = 60
"""Places of each category that are compared, the best first."""


def search_each(index: Index, query: Query) -> Together:
    """One answer for each category of `query`, and before them the places that serve all."""
    queries = [replace(query, categories=(category,)) for category in query.categories]
    each = tuple(index.search(one) for one in queries)
    if len(queries) < 2:
        return Together((), each)
    wide = (index.search(replace(one, limit=_LOOKED_AT, offset=0)).results for one in queries)
    first, *others = [[found for found in results if _usable(found)] for results in wide]
    together = [(found, *(_beside(found.service, other) for other in others)) for found in first]
    whole = [places for places in together if None not in places]
    return Together(tuple(whole[query.offset : query.offset + query.limit]), each)  # type: ignore[arg-type]


def same_place(one: Service, other: Service) -> bool:
    """Whether two services are at the same address, or at most 30 m apart."""
    if one.address and plain(one.address) == plain(other.address) and one.postcode == other.postcode:
        return True
    if one.latitude is None or one.longitude is None or other.latitude is None or other.longitude is None:
        return False
    here, there = Origin.at(one.latitude, one.longitude), Origin.at(other.latitude, other.longitude)
    return here.metres_to(there.x, there.y) <= SAME_PLACE_M


def _usable(found: Found) -> bool:
    return found.status in (Status.OPEN, Status.CLOSING_SOON) and not found.service.confidential


def _beside(service: Service, others: Sequence[Found]) -> Found | None:
    return next((other for other in others if same_place(service, other.service)), None)
