"""Which districts lie around a place."""

from __future__ import annotations

from functools import cache

from knowledge.frame import Place
from knowledge.gazetteer.distance import metres_between
from knowledge.gazetteer.entries import entries


@cache
def _middles() -> tuple[tuple[str, Place], ...]:
    return tuple((entry.postcode, entry.place) for entry in entries() if entry.place.kind == "arrondissement")


def around(latitude: float, longitude: float, metres: float) -> tuple[str, ...]:
    """Postcodes of the districts whose middle is so near; that of the nearest always."""
    here = Place("", latitude, longitude)
    ranked = sorted((metres_between(here, middle), postcode) for postcode, middle in _middles())
    near = [postcode for distance, postcode in ranked if distance <= metres]
    return tuple(near or [ranked[0][1]])
