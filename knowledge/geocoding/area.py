"""Where the bot can help: Paris and its near ring."""

from __future__ import annotations

SOUTH, NORTH = 48.72, 49.00
WEST, EAST = 2.12, 2.65
"""WGS 84 degrees. The box around every station of data/places.csv, rounded outward to 0.01 degree: the reach of the
metro, the trams and the RER and trains near Paris. A test holds the file to it."""

CENTRE = (48.857465, 2.351293)
"""Latitude and longitude that answers are preferred near. Source: Hôtel de Ville station, data/places.csv."""


def in_service_area(latitude: float, longitude: float) -> bool:
    """Whether a position (WGS 84 degrees) is in or around Paris."""
    return SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST
