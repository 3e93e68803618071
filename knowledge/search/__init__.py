"""The search over the directory: the nearest places that one can really use."""

from knowledge.search.distance import walk_minutes
from knowledge.search.index import RADII_M, Index
from knowledge.search.query import Answer, Closure, Found, Query, Status, Together
from knowledge.search.ranking import Freshness, freshness
from knowledge.search.together import search_each

__all__ = [
    "RADII_M", "Answer", "Closure", "Found", "Freshness", "Index", "Query", "Status", "Together", "freshness",
    "search_each", "walk_minutes",
]  # fmt: skip
