"""What one sentence means: the contract between understanding, handlers, tests and scores."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

INTENTS = (
    "find_service", "emergency", "trainings", "missions", "programme", "collections", "rooms", "projects", "night",
    "my_signups", "cancel_signup", "stop_alerts", "start_alerts", "refine", "report_error", "human", "language",
    "help", "greeting", "thanks", "unknown",
)  # fmt: skip

NEEDS = (
    "women", "men", "families", "minors", "young_adults", "couples", "pregnant", "seniors", "lgbt", "asylum",
    "undocumented", "wheelchair", "pets", "no_appointment", "free", "violence", "halal", "vegetarian",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A named place. WGS 84 degrees. `kind` is one of places.csv's kinds, or `address` from a geocoder."""

    name: str
    latitude: float
    longitude: float
    kind: str = "address"


@dataclass(frozen=True, slots=True)
class When:
    """The time asked about, aware datetimes in Europe/Paris; an instant has `start == end`."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Reading:
    """One way a sentence may be read, `score` from 0 to 1; offered as a button when unsure."""

    intent: str
    categories: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence understood. `needs` is sorted; `categories` keeps the order said."""

    language: str
    intent: str
    categories: tuple[str, ...] = ()
    place: Place | None = None
    when: When | None = None
    needs: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    """All candidates, best first, when the place named is ambiguous ("Saint-Denis"); empty when `place` is certain."""
    address: str | None = None
    """Words that look like a street address no gazetteer entry covers: for a geocoder."""
    distance: Literal["closer", "farther"] | None = None
    """"plus loin", "anything closer?"."""
    readings: tuple[Reading, ...] = ()
    """Likeliest first; more than one when unsure."""
    language_certain: bool = True
    """False where the words do not tell the language ("toilettes", "Nation") and the hint or the default was taken."""
    why: tuple[str, ...] = field(default=(), compare=False)
    """Which words led to what, for `understand --explain`."""

    def as_dict(self) -> dict[str, Any]:
        """The frame in the words of the outside interface, ready for JSON. Of several candidates the best is the place."""
        place = self.place or next(iter(self.places), None)
        return {
            "language": self.language,
            "intent": self.intent,
            "categories": list(self.categories),
            "place": None
            if place is None
            else {"name": place.name, "latitude": place.latitude, "longitude": place.longitude},
            "when": None
            if self.when is None
            else {"from": self.when.start.isoformat(), "to": self.when.end.isoformat()},
            "needs": list(self.needs),
            "numbers": list(self.numbers),
        }
