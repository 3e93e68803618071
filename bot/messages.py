"""The only words that platforms and handlers share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import TypeAdapter

# Private-use characters mark strong text: they survive gettext, JSON and escaping, and `clean` takes them out of what people type.
STRONG_ON, STRONG_OFF = "\ue000", "\ue001"
LINK_ON, LINK_TO, LINK_OFF = "\ue002", "\ue003", "\ue004"
"""Words that lead somewhere: LINK_ON address LINK_TO words LINK_OFF."""
FORMATTING = (STRONG_ON, STRONG_OFF, LINK_ON, LINK_TO, LINK_OFF)

MAX_PAYLOAD_BYTES = 64
"""Source: Telegram Bot API, InlineKeyboardButton.callback_data, 1-64 bytes."""


class Kind(StrEnum):
    TEXT = "text"
    POSITION = "position"
    BUTTON = "button"
    INLINE = "inline"
    """A question asked from within another chat (`@bot douche bastille`); `token` is the query to answer."""
    UNSUPPORTED = "unsupported"
    """A sticker, voice message, photo...: anything but text and positions."""
    UNREADABLE = "unreadable"
    """An encrypted message whose key has not come."""
    BLOCKED = "blocked"
    UNBLOCKED = "unblocked"
    MIGRATED = "migrated"
    """The chat goes on under another id: `text`."""


@dataclass(frozen=True, slots=True)
class Position:
    """WGS 84 degrees."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class File:
    """A picture or document that somebody sent, left on the platform until it is wanted."""

    reference: str
    """What the platform fetches it by (Telegram: file_id; Matrix: its place, and the key where it is encrypted, in JSON)."""
    picture: bool
    name: str
    media_type: str
    size: int
    """Bytes, as the platform says; 0 when it does not."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing a person sent, as a platform received it."""

    platform: str
    update_id: str
    """Unique for ever within the platform: the key that drops repeats."""
    chat: str
    person: str
    """The sender's id on the platform; never shown, never logged."""
    sent_at: datetime
    """Aware, UTC, by the platform's clock."""
    kind: Kind = Kind.TEXT
    text: str = ""
    """The words, or a button's payload, or an inline query's words."""
    position: Position | None = None
    private: bool = True
    addressed: bool = True
    """In a group: the bot was mentioned, replied to or commanded. Others are not kept."""
    edited: bool = False
    thread: str = ""
    """The forum topic or thread to answer in, "" for none."""
    message_id: str = ""
    language: str = ""
    """ISO 639 code of the person's device where the platform tells it."""
    token: str = ""
    """What the platform needs back (Telegram: callback or inline query id)."""
    file: File | None = None
    """Comes with Kind.UNSUPPORTED, or with the words written under it."""
    marked: str = ""
    """The words with *bold* and [links](https://…) written so, where the platform keeps those apart; "" where there are none."""
    answers: str = ""
    """The message this one was written in reply to, "" for none."""

    @property
    def lane(self) -> str:
        """Messages of one lane are handled, and answered, in order."""
        return f"{self.platform}:{self.chat}"

    @property
    def conversation(self) -> str:
        """Whose memory of the talk this belongs to: in groups each person has their own."""
        return self.lane if self.private else f"{self.lane}:{self.thread}:{self.person}"


@dataclass(frozen=True, slots=True)
class Button:
    """Something to tap. Exactly one of `payload` (comes back as Kind.BUTTON, at most 64 bytes) and `url` is set."""

    label: str
    payload: str = ""
    url: str = ""

    def __post_init__(self) -> None:
        if bool(self.payload) == bool(self.url):
            raise ValueError(f"a button has a payload or a url: {self.label!r}")
        if len(self.payload.encode()) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"button payload over {MAX_PAYLOAD_BYTES} bytes: {self.payload!r}")


@dataclass(frozen=True, slots=True)
class Pin:
    """A place on the map, for the platform's own navigation."""

    latitude: float
    longitude: float
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Contact:
    """A phone number to tap."""

    phone: str
    name: str


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or document kept under the number `attachment`: its bytes never travel in here."""

    attachment: int
    picture: bool
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Article:
    """One answer of an inline query, to be posted in another chat."""

    id: str
    title: str
    description: str
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """One message to a person. `text` may hold `strong` parts; platforms escape the rest."""

    text: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    """Rows of buttons."""
    pin: Pin | None = None
    contact: Contact | None = None
    ask_position: str = ""
    """Label of a button that sends one's position, "" for none. Only in private chats, never together with `buttons`."""
    articles: tuple[Article, ...] = ()
    """Answers an inline query; then everything else is empty."""
    media: Media | None = None
    """Comes first, with the text under it where it is short enough."""
    edits: str = ""
    """A message of the bot's own in this chat, by the platform's id, whose text and buttons these become; then nothing else
    is set. One that is gone or too old stays as it is."""
    reactions: tuple[str, ...] = ()
    """Signs put under the message `Outgoing.reply_to`, for people to choose by; then everything else is empty."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A reply and where it goes: the body of an outbox row."""

    platform: str
    chat: str
    reply: Reply
    thread: str = ""
    private: bool = True
    reply_to: str = ""
    """In groups: the message this answers."""
    token: str = ""
    """Inline answers: the query id."""

    @property
    def lane(self) -> str:
        return f"{self.platform}:{self.chat}"


INCOMING: TypeAdapter[Incoming] = TypeAdapter(Incoming)
OUTGOING: TypeAdapter[Outgoing] = TypeAdapter(Outgoing)


def strong(text: str) -> str:
    """`text` to be shown bold where a platform can."""
    return f"{STRONG_ON}{text}{STRONG_OFF}"


def link(words: str, url: str) -> str:
    """`words` that lead to `url` where a platform can."""
    return f"{LINK_ON}{url}{LINK_TO}{words}{LINK_OFF}"


_BOLD = re.compile(r"(?<![\w*])(\*\*?)(?=[^\s*])([^*\n]*[^\s*])\1(?![\w*])")
_LINK = re.compile(r"\[([^\[\]\n]+)\]\((https?://[^\s()<>\"]{1,500})\)")


def formatted(typed: str) -> str:
    """What staff type, with *bold* (also **bold**, as Matrix writes it) and [words](https://…) made so. Marks that do not close stay as they are typed."""
    return _BOLD.sub(lambda found: strong(found[2]), _LINK.sub(lambda found: link(found[1], found[2]), typed))


_HALF = re.compile("[\ud800-\udfff]")


def whole_characters(text: str) -> str:
    """`text` with pairs of surrogates joined, and single ones, which no database or server takes, replaced."""
    if not _HALF.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a platform can carry."""

    text: int
    """Longest message, in UTF-16 code units."""
    chat_interval: float = 0.0
    """Seconds between two messages to one private chat."""
    group_per_minute: int = 0
    """Messages a minute to one group, 0 for no limit."""
    in_flight: int = 8
    """Sends under way at once."""
    buttons_per_row: int = 8
    exactly_once: bool = False
    """A message sent again with the same key is not delivered twice: what may or may not have arrived is sent again."""


__all__ = [
    "FORMATTING", "INCOMING", "LINK_OFF", "LINK_ON", "LINK_TO", "MAX_PAYLOAD_BYTES", "OUTGOING", "STRONG_OFF", "STRONG_ON",
    "Article", "Button", "Contact", "File", "Incoming", "Kind", "Limits", "Media", "Outgoing", "Pin", "Position", "Reply",
    "formatted", "link", "strong", "whole_characters",
]  # fmt: skip
