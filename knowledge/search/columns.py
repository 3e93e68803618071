"""The directory as columns, one row a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from math import nan, radians

import numpy as np
from numpy.typing import NDArray

from knowledge.hours import Timetable
from knowledge.search.arrays import Floats, Rows
from knowledge.search.audience import bits, known_bits, shut_out_bits
from knowledge.search.distance import EARTH_RADIUS_M
from knowledge.search.ranking import lasting_key, verified_day
from knowledge.service import Service

DistrictCentres = Mapping[str, tuple[float, float]]
"""Postcode -> latitude, longitude of the middle of its district, WGS 84 degrees."""


@dataclass(frozen=True, slots=True)
class Columns:
    """`number` is the place's own in the directory, `rank_of_id` where its id stands among all ids, `timetable` which
    of the distinct timetables is its own, the rest as in Origin, ranking and audience. `x` and `y` are NaN where
    there is no position."""

    number: NDArray[np.int32]
    rank_of_id: NDArray[np.int32]
    category: NDArray[np.int32]
    x: Floats
    y: Floats
    approximate: NDArray[np.bool_]
    timetable: Rows
    lasting: Floats
    verified_day: NDArray[np.int32]
    only: NDArray[np.uint32]
    admits: NDArray[np.uint32]
    refuses: NDArray[np.uint32]
    shut_out: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.number)

    def take(self, rows: Rows | NDArray[np.bool_]) -> Columns:
        return Columns(*(getattr(self, field.name)[rows] for field in fields(self)))


def columns_of(
    services: Sequence[Service], district_centres: DistrictCentres
) -> tuple[Columns, tuple[Timetable, ...], dict[str, int]]:
    """The columns, the distinct timetables, and the number of each category that has a place."""
    timetables: dict[Timetable, int] = {}
    categories: dict[str, int] = {}
    days: dict[str, int] = {}
    audiences: dict[tuple[frozenset[str], ...], tuple[int, int, int, int]] = {}
    rows = []
    for service in services:
        latitude, longitude, approximate = _position(service, district_centres)
        audience = (service.only, service.admits, service.refuses)
        if audience not in audiences:
            only = bits(service.only)
            audiences[audience] = (only, known_bits(service.admits), bits(service.refuses), shut_out_bits(service.only))
        if service.verified_on not in days:
            days[service.verified_on] = verified_day(service.verified_on)
        rows.append(
            (
                categories.setdefault(service.category, len(categories)),
                radians(longitude) * EARTH_RADIUS_M,
                radians(latitude) * EARTH_RADIUS_M,
                approximate,
                timetables.setdefault(Timetable.of(service), len(timetables)),
                lasting_key(service, approximate),
                days[service.verified_on],
                *audiences[audience],
            )
        )
    count = len(services)
    rank_of_id = np.empty(count, np.int32)
    rank_of_id[sorted(range(count), key=lambda number: services[number].id)] = np.arange(count)
    kinds = (
        np.int32, np.float64, np.float64, np.bool_, np.intp, np.float64, np.int32, *(4 * (np.uint32,)),
    )  # fmt: skip
    values = zip(*rows, strict=True) if rows else ((),) * len(kinds)
    columns = Columns(
        np.arange(count, dtype=np.int32),
        rank_of_id,
        *(np.array(column, kind) for column, kind in zip(values, kinds, strict=True)),
    )
    return columns, tuple(timetables), categories


def _position(service: Service, district_centres: DistrictCentres) -> tuple[float, float, bool]:
    """Latitude, longitude, and whether the district stands in. A confidential place has none, whatever its row says:
    not even the order of results may tell where it is."""
    if service.confidential:
        return nan, nan, False
    if service.latitude is not None and service.longitude is not None:
        return service.latitude, service.longitude, False
    centre = district_centres.get(service.postcode)
    return (*centre, True) if centre else (nan, nan, False)
