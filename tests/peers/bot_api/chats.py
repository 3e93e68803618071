"""People and groups as Telegram knows them, and what the bot sent there."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tests.peers.bot_api.errors import ApiError, bad_request, forbidden, upgraded


class State(StrEnum):
    """Whether the bot may write there."""

    OPEN = "open"
    NEVER_WROTE = "never wrote"
    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    DELETED = "deleted"
    KICKED = "kicked"
    UPGRADED = "upgraded"


REFUSALS = {
    State.NEVER_WROTE: "bot can't initiate conversation with a user",
    State.BLOCKED: "bot was blocked by the user",
    State.DEACTIVATED: "user is deactivated",
    State.DELETED: "the group chat was deleted",
}


@dataclass(slots=True)
class Sent:
    """One message of the bot, as the chat shows it now."""

    chat: int
    id: int
    method: str
    at: float
    """When it was accepted, by the fake's clock."""
    body: bytes
    """Telegram's Message object as JSON."""
    text: str = ""
    """What a person reads: text or caption without markup, or a venue's title and address."""
    markup: dict[str, Any] | None = None
    thread: int = 0
    lost: bool = False
    """It counted, but the bot's connection was cut before the answer."""
    deleted: bool = False
    edits: list[str] = field(default_factory=list)
    """Earlier texts."""

    @property
    def message(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """The buttons below it, inline or of the keyboard, in reading order."""
        rows = (self.markup or {}).get("inline_keyboard") or (self.markup or {}).get("keyboard") or []
        return [button if isinstance(button, dict) else {"text": button} for row in rows for button in row]

    @property
    def labels(self) -> list[str]:
        return [str(button["text"]) for button in self.buttons]

    def summary(self) -> dict[str, Any]:
        """For the control API."""
        return {
            "chat": self.chat, "id": self.id, "method": self.method, "at": self.at, "text": self.text,
            "labels": self.labels, "thread": self.thread, "lost": self.lost, "deleted": self.deleted,
            "edits": self.edits, "message": self.message,
        }  # fmt: skip


@dataclass(slots=True)
class Chat:
    """A private chat (positive id), a basic group or a supergroup (negative)."""

    id: int
    kind: str
    title: str
    username: str = ""
    language: str = ""
    forum: bool = False
    state: State = State.OPEN
    moved_to: int = 0
    topics: dict[int, str] = field(default_factory=dict)
    received: dict[int, str] = field(default_factory=dict)
    """Messages of people, by id."""
    sent: dict[int, Sent] = field(default_factory=dict)
    heard: int = 0
    """How many of the bot's messages `hears` has gone past."""
    warned: bool = False
    """The bot was told already that it cannot write here."""

    @property
    def private(self) -> bool:
        return self.kind == "private"

    def refusal(self) -> ApiError | None:
        """Why the bot cannot write here, None when it can."""
        if self.state is State.OPEN:
            return None
        if self.state is State.UPGRADED:
            return upgraded(self.moved_to)
        if self.state is State.KICKED:
            return forbidden(f"bot was kicked from the {'group' if self.kind == 'group' else 'supergroup'} chat")
        return forbidden(REFUSALS[self.state])

    def check_thread(self, thread: int) -> int:
        """The topic a message goes to, 0 for none. Topic 1, "General", must not be named."""
        if not thread or self.kind == "group" or (self.kind == "supergroup" and not self.forum):
            return 0
        if thread not in self.topics:
            raise bad_request("message thread not found")
        return thread

    def as_chat(self) -> dict[str, Any]:
        """Telegram's Chat object."""
        found: dict[str, Any] = {"id": self.id, "type": self.kind}
        found["first_name" if self.private else "title"] = self.title
        if self.username:
            found["username"] = self.username
        if self.forum:
            found["is_forum"] = True
        return found

    def as_user(self) -> dict[str, Any]:
        """Telegram's User object."""
        found: dict[str, Any] = {"id": self.id, "is_bot": False, "first_name": self.title}
        if self.username:
            found["username"] = self.username
        if self.language:
            found["language_code"] = self.language
        return found
