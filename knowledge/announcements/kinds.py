"""Kinds of message that the bot sends on its own; states of an announcement and of each who gets it."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What people can do without, each by itself."""

    ANNOUNCEMENT = "announcement"
    MISSION = "mission"
    ALERT = "alert"
    """Cold plan, heat plan, storm, urgent need."""
    DIGEST = "digest"


class Status(StrEnum):
    DRAFT = "draft"
    SCHEDULED = "scheduled"
    """Waits for its moment; a recurring one for its next."""
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


MOVES: dict[Status, frozenset[Status]] = {
    Status.DRAFT: frozenset({Status.SCHEDULED, Status.SENDING, Status.CANCELLED}),
    Status.SCHEDULED: frozenset({Status.DRAFT, Status.SENDING, Status.DONE, Status.CANCELLED}),
    Status.SENDING: frozenset({Status.PAUSED, Status.DONE, Status.CANCELLED}),
    Status.PAUSED: frozenset({Status.SENDING, Status.CANCELLED}),
    Status.DONE: frozenset(),
    Status.CANCELLED: frozenset(),
}


class State(StrEnum):
    """Of one recipient."""

    QUEUED = "queued"
    OUT = "out"
    """In the outbox, or on its way."""
    DELIVERED = "delivered"
    BLOCKED = "blocked"
    """They stopped the bot."""
    GONE = "gone"
    """The account, group or room is no more."""
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    """The platform never said whether it arrived; not sent again."""
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    EXCLUDED = "excluded"
    """Meant by the audience, but not written to: `reason` is an Exclusion."""


class Exclusion(StrEnum):
    PAUSED = "paused"
    """They said that the bot shall send nothing on its own."""
    OPTED_OUT = "opted_out"
    """They want none of this kind."""
    BLOCKED = "blocked"
    """They stopped the bot, on every platform they have."""
    NO_CHAT = "no_chat"
    """They never wrote in private."""
    GROUP = "group"
    """Not meant themselves: they answered in a group that it went to."""


WAITING = frozenset({State.QUEUED, State.OUT})
