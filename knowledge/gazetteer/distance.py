"""Distances over a city, where the Earth is flat enough."""

from __future__ import annotations

from math import cos, hypot, radians

from knowledge.frame import Place

_METRES_PER_DEGREE = 111_195.0
"""Of latitude. Source: mean Earth radius 6,371,008.8 m (IUGG) × π / 180."""


def metres_between(a: Place, b: Place) -> float:
    """Straight-line metres; good to one in a thousand under 50 km."""
    east = (a.longitude - b.longitude) * cos(radians((a.latitude + b.latitude) / 2))
    return _METRES_PER_DEGREE * hypot(a.latitude - b.latitude, east)
