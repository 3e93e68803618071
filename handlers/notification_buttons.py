"""One tap to get less, or more, of what the bot sends on its own. Kinds are those of storage/opt_outs.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.messages import Button
from bot.payloads import Payload
from bot.texts import Texts


@dataclass(frozen=True, slots=True)
class NoMore(Payload):
    """No more of this kind: under every message of it."""

    prefix: ClassVar[str] = "nomore"
    kind: str


@dataclass(frozen=True, slots=True)
class Again(Payload):
    """This kind again, "" for all that was wanted before everything was stopped."""

    prefix: ClassVar[str] = "again"
    kind: str


@dataclass(frozen=True, slots=True)
class Want(Payload):
    """In the list of kinds: `on` 1 or 0."""

    prefix: ClassVar[str] = "want"
    kind: str
    on: int


@dataclass(frozen=True, slots=True)
class Notifications(Payload):
    """Show the list of kinds."""

    prefix: ClassVar[str] = "notif"


@dataclass(frozen=True, slots=True)
class StopAll(Payload):
    prefix: ClassVar[str] = "stopall"


def fewer(words: Texts, kind: str) -> list[Button]:
    """The row that stands under every message of a kind sent to many: one tap, and there are no more."""
    return [Button(words.t("Fewer messages"), NoMore(kind).pack())]
