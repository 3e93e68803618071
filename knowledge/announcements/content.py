"""What an announcement says: words in several languages, one picture or document, one place, up to three buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

MAX_BUTTONS = 3
CAPTION = 1024
"""Characters that platforms show under a picture."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer to tap; counted."""

    what: Literal["choice"] = "choice"


@dataclass(frozen=True, slots=True)
class Link:
    url: str
    what: Literal["link"] = "link"


@dataclass(frozen=True, slots=True)
class SignUp:
    session_id: int
    what: Literal["sign_up"] = "sign_up"


Tap = Annotated[Choice | Link | SignUp, Field(discriminator="what")]


@dataclass(frozen=True, slots=True)
class Spot:
    """WGS 84 degrees."""

    latitude: float
    longitude: float
    title: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    text: str
    """As staff typed it, with their marks (*bold*)."""
    labels: tuple[str, ...] = ()
    """Of the buttons, in their order."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A picture or document kept under a number of storage.attachments."""

    number: int
    picture: bool
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Content:
    default_language: str
    words: Mapping[str, Words] = field(default_factory=dict)
    """By language; `default_language` is always there."""
    attachment: Attached | None = None
    place: Spot | None = None
    buttons: tuple[Tap, ...] = ()

    @property
    def messages(self) -> int:
        """How many messages one recipient gets: a place is one of its own, like a text too long to stand under a picture."""
        long = max((len(words.text) for words in self.words.values()), default=0) > CAPTION
        return 1 + (self.place is not None) + (self.attachment is not None and long)

    def chosen(self, language: str) -> str:
        """The language in which somebody who speaks `language` gets it."""
        return language if language in self.words else self.default_language


CONTENT: TypeAdapter[Content] = TypeAdapter(Content)


def dump(content: Content) -> str:
    return CONTENT.dump_json(content).decode()


def load(text: str) -> Content:
    return CONTENT.validate_json(text)
