"""Distances and walking times."""

from __future__ import annotations

from math import ceil, cos, hypot, radians
from typing import NamedTuple

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius. Source: IUGG, GRS 80."""

WALKING_METRES_PER_MINUTE = 4_500 / 60
DETOUR = 1.3
"""Streets are longer than the straight line."""

METRES_TO_MINUTES = DETOUR / WALKING_METRES_PER_MINUTE


def walk_minutes(distance_m: float) -> int:
    """Whole minutes on foot, rounded up, for a straight line of `distance_m` metres."""
    return ceil(distance_m * METRES_TO_MINUTES)


class Origin(NamedTuple):
    """Where distances are measured from, prepared so that a place costs two subtractions and a square root.

    `x`, `y`: longitude and latitude in radians times the earth's radius, metres; `shrink`: how much shorter a metre of
    x is on the ground at this latitude. In Paris that is less than 20 cm off the great circle at 2 km, and less than
    20 m from one end of the city to the other.
    """

    x: float
    y: float
    shrink: float

    @classmethod
    def at(cls, latitude: float, longitude: float) -> Origin:
        """WGS 84 degrees."""
        phi = radians(latitude)
        return cls(radians(longitude) * EARTH_RADIUS_M, phi * EARTH_RADIUS_M, cos(phi))

    def metres_to(self, x: float, y: float) -> float:
        """The straight line to another point, in metres."""
        return hypot((x - self.x) * self.shrink, y - self.y)
