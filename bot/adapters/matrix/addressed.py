"""Whether a message in a room is meant for the bot, and what it says besides the bot's name. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

_COMMAND = re.compile(r"!([^\W\d]\w*)(?=\s|$)")
_QUOTED = re.compile(r"(?:^> .*\n?)+\n?", re.MULTILINE)
SHORTEST_NAME = 3
"""A name of one or two letters is in every other sentence."""


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account, by which it knows that it is spoken to. `commands`: names without sign, in small letters."""

    user_id: str
    name: str = ""
    """As people see it."""
    commands: Collection[str] = ()

    @property
    def localpart(self) -> str:
        return self.user_id.removeprefix("@").partition(":")[0]


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    to_us: bool
    """Mentioned or commanded. In a talk with one person it does not matter."""


def addressed(content: Mapping[str, Any], me: Me, *, private: bool) -> Words:
    """The words of a message. `!aide` is a command everywhere; in a room only one that the bot has, others' are not ours."""
    text = without_quote(content)
    command = _COMMAND.match(text)
    if command is not None and (private or command[1].lower() in me.commands):
        return Words(f"/{text[1:]}", True)
    rest = _without_name(text, me)
    return Words(rest, rest != text or _mentioned(content, me))


def without_quote(content: Mapping[str, Any]) -> str:
    """Older programs put what they answer before the words, as quoted lines."""
    text = content.get("body")
    text = text.strip() if isinstance(text, str) else ""
    if "m.in_reply_to" not in _part(content, "m.relates_to"):
        return text
    quoted = _QUOTED.match(text)
    return text[quoted.end() :].strip() if quoted else text


def _mentioned(content: Mapping[str, Any], me: Me) -> bool:
    if "m.mentions" in content:
        users = _part(content, "m.mentions").get("user_ids")
        if isinstance(users, list) and me.user_id in users:
            return True
    formatted = content.get("formatted_body")
    return isinstance(formatted, str) and any(
        f"matrix.to/#/{user}" in formatted for user in (me.user_id, quote(me.user_id, safe=""), quote(me.user_id))
    )


def _without_name(text: str, me: Me) -> str:
    """By its full id or with an @ before it a name counts in any case; bare, only as it is written, or followed by a colon
    or comma at the beginning: "Solidarité" is also a word."""
    names = [name for name in (me.name, me.localpart) if len(name) >= SHORTEST_NAME]
    any_of = "|".join(re.escape(name) for name in names)
    rest = re.sub(rf"(?<![\w@]){re.escape(me.user_id)}(?!\w)", " ", text, flags=re.IGNORECASE)
    if names:
        rest = re.sub(rf"(?<![\w@])@(?:{any_of})(?!\w)", " ", rest, flags=re.IGNORECASE)
        rest = re.sub(rf"^\s*(?:{any_of})\s*[:,]", " ", rest, flags=re.IGNORECASE)
        rest = re.sub(rf"(?<![\w@])(?:{any_of})(?!\w)", " ", rest)
    return text if rest == text else re.sub(r"[ \t]{2,}", " ", rest).strip().lstrip(",;: ")


def _part(content: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = content.get(key)
    return part if isinstance(part, Mapping) else {}
