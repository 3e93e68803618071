"""What the buttons about the team bring back. Accounts of the team are named by their place in a list that may change:
platform and id do not fit into a button, so a part of their hash does."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from bot.payloads import Payload


def account_key(platform: str, user_id: str) -> str:
    return hashlib.sha256(f"{platform}:{user_id}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Members(Payload):
    """The list of the team, from the number `offset` on."""

    prefix: ClassVar[str] = "members"
    offset: int


@dataclass(frozen=True, slots=True)
class Member(Payload):
    """One of the team."""

    prefix: ClassVar[str] = "member"
    key: str


@dataclass(frozen=True, slots=True)
class ChangeRole(Payload):
    """Give this role, "" for none; `was`: the role that was shown. `sure` 0 asks first."""

    prefix: ClassVar[str] = "setrole"
    key: str
    was: str
    role: str
    sure: int


@dataclass(frozen=True, slots=True)
class Invite(Payload):
    """A link that gives this role, "" to ask which."""

    prefix: ClassVar[str] = "invite"
    role: str


@dataclass(frozen=True, slots=True)
class Journal(Payload):
    """What the team did, before the act of this number (0: the latest), of one person (0: all), on one day (days since
    1970, 0: any)."""

    prefix: ClassVar[str] = "journal"
    before: int
    actor: int
    day: int


@dataclass(frozen=True, slots=True)
class JournalPeople(Payload):
    """Choose whose acts to see."""

    prefix: ClassVar[str] = "journalwho"


@dataclass(frozen=True, slots=True)
class JournalFile(Payload):
    """All of it, as a file."""

    prefix: ClassVar[str] = "journalfile"
