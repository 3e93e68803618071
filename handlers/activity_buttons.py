"""What the buttons on trainings, missions and profiles bring back, besides those under the bot's own messages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.payloads import Payload


@dataclass(frozen=True, slots=True)
class Browse(Payload):
    """More of a list: topic, how many were shown, minutes since 1970 or 0, postcode, thousandths of degrees or 0."""

    prefix: ClassVar[str] = "browse"
    topic: str
    offset: int = 0
    start: int = 0
    end: int = 0
    district: str = ""
    latitude: int = 0
    longitude: int = 0


@dataclass(frozen=True, slots=True)
class NearMe(Payload):
    """This topic, near a position that is then asked for."""

    prefix: ClassVar[str] = "nearme"
    topic: str


@dataclass(frozen=True, slots=True)
class Together(Payload):
    """We are several: `sessions` are the numbers of those shown, with dots between."""

    prefix: ClassVar[str] = "several"
    sessions: str


@dataclass(frozen=True, slots=True)
class Seats(Payload):
    """Sign so many people up; with 0, ask how many."""

    prefix: ClassVar[str] = "seats"
    session: int
    seats: int


@dataclass(frozen=True, slots=True)
class EachOfUs(Payload):
    """What is asked for is so of each of us; `yes` 0: it is not."""

    prefix: ClassVar[str] = "eachof"
    session: int
    seats: int
    yes: int


@dataclass(frozen=True, slots=True)
class Age(Payload):
    """How old I am (15: younger than 16; 18: of age), to sign up then."""

    prefix: ClassVar[str] = "age"
    years: int
    session: int
    seats: int


@dataclass(frozen=True, slots=True)
class Agree(Payload):
    """I accept the charter, to sign up then."""

    prefix: ClassVar[str] = "charter"
    session: int
    seats: int


@dataclass(frozen=True, slots=True)
class Able(Payload):
    """I have the skills or languages asked for, to sign up then."""

    prefix: ClassVar[str] = "able"
    session: int
    seats: int


@dataclass(frozen=True, slots=True)
class MySignUps(Payload):
    prefix: ClassVar[str] = "mine"


@dataclass(frozen=True, slots=True)
class LeaveFor(Payload):
    """Take me off that list, and sign me up for what it kept me from."""

    prefix: ClassVar[str] = "instead"
    sign_up: int
    session: int
    seats: int


@dataclass(frozen=True, slots=True)
class Leave(Payload):
    """Take me off the list."""

    prefix: ClassVar[str] = "unsign"
    sign_up: int


@dataclass(frozen=True, slots=True)
class Replace(Payload):
    """I keep the place until somebody takes it."""

    prefix: ClassVar[str] = "replace"
    sign_up: int


@dataclass(frozen=True, slots=True)
class Fewer(Payload):
    """How to be asked less: near, weekends, pause, stop."""

    prefix: ClassVar[str] = "ask"
    how: str


@dataclass(frozen=True, slots=True)
class EditProfile(Payload):
    """Open one part of my profile."""

    prefix: ClassVar[str] = "profile"
    part: str


@dataclass(frozen=True, slots=True)
class Toggle(Payload):
    """Put something into a part of my profile, or take it out."""

    prefix: ClassVar[str] = "toggle"
    part: str
    value: str


@dataclass(frozen=True, slots=True)
class Calendar(Payload):
    """My calendar's address: show it, or close it."""

    prefix: ClassVar[str] = "calendar"
    what: str
