"""One entry of the directory: a service at a place, in HSDS and OSM words where they fit."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

PositionQuality = Literal["exact", "approximate", "disputed", "unknown"]


@dataclass(frozen=True, slots=True)
class Service:
    """A service offered at one place.

    `latitude`, `longitude`: WGS 84 degrees, None where not known (then the postcode's district stands in for distances).
    `opening_hours`: OSM opening_hours syntax, "" where not known.
    `last_entry_minutes`: minutes before closing after which nobody is let in.
    `only`: ids of needs (`women`, `minors`, ...) of the only people admitted; empty when open to everyone.
    `admits` / `refuses`: ids of needs known to be met / known not to be met; any other is not known.
    `verified_on`: ISO date, possibly partial ("2014-10"), of the last check or of the source.
    `confidence`: A open feed of the last two years, B dated page or older feed, C old list confirmed since, D old list only.
    `confidential`: the address is never shown, only phone and referral.
    `closed_from`, `closed_until`: inclusive days of a temporary closure.
    """

    id: str
    name: str
    category: str
    address: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    position_quality: PositionQuality = "exact"
    opening_hours: str = ""
    last_entry_minutes: int = 0
    phone: str = ""
    conditions: dict[str, str] = field(default_factory=dict)
    """Free words on who is admitted and what to bring, by language code; `fr` always there when any is."""
    only: frozenset[str] = frozenset()
    admits: frozenset[str] = frozenset()
    refuses: frozenset[str] = frozenset()
    confidential: bool = False
    closed_from: date | None = None
    closed_until: date | None = None
    closure_reason: str = ""
    source: str = ""
    licence: str = ""
    verified_on: str = ""
    confidence: Literal["A", "B", "C", "D"] = "B"
    notes: str = ""
    """For staff, never shown to the public."""

    @property
    def verified(self) -> bool:
        """Whether it may be answered as it is; otherwise "to be checked, call first" goes with it."""
        return self.confidence in ("A", "B") and self.position_quality != "disputed"
