"""What the buttons under messages on trainings and missions bring back. Numbers are those of sign-ups and sessions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.payloads import Payload


@dataclass(frozen=True, slots=True)
class Join(Payload):
    """Sign me up for this session."""

    prefix: ClassVar[str] = "join"
    session: int


@dataclass(frozen=True, slots=True)
class Dates(Payload):
    """More dates of this activity."""

    prefix: ClassVar[str] = "dates"
    activity: int


@dataclass(frozen=True, slots=True)
class TakePlace(Payload):
    """I take the place that this sign-up was offered."""

    prefix: ClassVar[str] = "take"
    sign_up: int


@dataclass(frozen=True, slots=True)
class LeavePlace(Payload):
    """I leave the place that this sign-up was offered."""

    prefix: ClassVar[str] = "leave"
    sign_up: int


@dataclass(frozen=True, slots=True)
class Coming(Payload):
    """I will be there."""

    prefix: ClassVar[str] = "coming"
    sign_up: int


@dataclass(frozen=True, slots=True)
class CannotCome(Payload):
    """I cannot come."""

    prefix: ClassVar[str] = "cannot"
    sign_up: int


@dataclass(frozen=True, slots=True)
class JoinMission(Payload):
    """I come to the mission I was asked for."""

    prefix: ClassVar[str] = "mission"
    session: int


@dataclass(frozen=True, slots=True)
class NotThisTime(Payload):
    """I do not come to the mission I was asked for."""

    prefix: ClassVar[str] = "notnow"
    session: int


@dataclass(frozen=True, slots=True)
class FewerAlerts(Payload):
    """I want to be asked less often."""

    prefix: ClassVar[str] = "fewer"
    session: int


@dataclass(frozen=True, slots=True)
class Rate(Payload):
    """How it was: 1 to 5."""

    prefix: ClassVar[str] = "rate"
    sign_up: int
    stars: int


@dataclass(frozen=True, slots=True)
class Certificate(Payload):
    """The certificate of this qualification."""

    prefix: ClassVar[str] = "certif"
    qualification: int


@dataclass(frozen=True, slots=True)
class Attendance(Payload):
    """Staff: who was at this session."""

    prefix: ClassVar[str] = "present"
    session: int
