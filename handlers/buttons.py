"""What the bot's buttons bring back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.payloads import Payload


@dataclass(frozen=True, slots=True)
class Pick(Payload):
    """This category is meant."""

    prefix: ClassVar[str] = "pick"
    category: str


@dataclass(frozen=True, slots=True)
class Choose(Payload):
    """The place of this number, among those offered."""

    prefix: ClassVar[str] = "place"
    number: int


@dataclass(frozen=True, slots=True)
class Route(Payload):
    """How to get to a service."""

    prefix: ClassVar[str] = "go"
    service: str


@dataclass(frozen=True, slots=True)
class More(Payload):
    """More of the search of this number."""

    prefix: ClassVar[str] = "more"
    search: int


@dataclass(frozen=True, slots=True)
class Tomorrow(Payload):
    """The search of this number, tomorrow."""

    prefix: ClassVar[str] = "tomorrow"
    search: int


@dataclass(frozen=True, slots=True)
class Wrong(Payload):
    """Something in the answer to the search of this number is wrong."""

    prefix: ClassVar[str] = "wrong"
    search: int


@dataclass(frozen=True, slots=True)
class WrongPlace(Payload):
    """Something is wrong about this service."""

    prefix: ClassVar[str] = "wrongat"
    service: str


@dataclass(frozen=True, slots=True)
class WrongBecause(Payload):
    """What is wrong about it: `closed`, `hours`, `address`, `refused`."""

    prefix: ClassVar[str] = "because"
    reason: str
    service: str


@dataclass(frozen=True, slots=True)
class Call(Payload):
    """A number to call, as a card to tap."""

    prefix: ClassVar[str] = "call"
    number: str


@dataclass(frozen=True, slots=True)
class Language(Payload):
    """Speak this language."""

    prefix: ClassVar[str] = "lang"
    code: str


@dataclass(frozen=True, slots=True)
class Prefer(Payload):
    """Write to me on this platform first."""

    prefix: ClassVar[str] = "prefer"
    platform: str


@dataclass(frozen=True, slots=True)
class Erase(Payload):
    """Yes, forget me."""

    prefix: ClassVar[str] = "erase"


@dataclass(frozen=True, slots=True)
class Cancel(Payload):
    """No, leave it."""

    prefix: ClassVar[str] = "cancel"
