"""One turn of a conversation: what came in, what is known, and what is said."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.groups import Group
from bot.knowledge import Knowledge
from bot.memory import Memory
from bot.messages import Article, Button, Contact, File, Incoming, Media, Outgoing, Pin, Reply
from bot.texts import Texts, texts
from knowledge.frame import Frame, Place
from knowledge.participation.quiet import Quiet
from knowledge.search import Found
from storage.accounts import Account
from storage.people import Person


class NeedsGeocoding(Exception):
    """The turn cannot go on without the geocoder: it is rolled back and run again with the answer."""

    def __init__(self, words: str) -> None:
        super().__init__("an address is to be looked up")
        self.words = words


class NeedsFile(Exception):
    """As NeedsGeocoding, for what somebody sent."""

    def __init__(self, file: File) -> None:
        super().__init__("a file is to be fetched")
        self.file = file


@dataclass(frozen=True, slots=True)
class Reach:
    """What the settings say of speaking to many."""

    quiet: Quiet | None = None
    """Hours in which nobody is written to."""
    per_second: Mapping[str, float] = field(default_factory=dict)
    """Messages, by platform."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    """Groups, channels and rooms that announcements may go to, by their names."""
    team_chats: Mapping[str, Group] = field(default_factory=dict)
    """Where answers to announcements come to: association -> chat, "" for the Factory's own team."""


@dataclass(slots=True)
class Turn:
    """A handler reads and writes through `connection`, changes `memory` and says replies. It never waits for a network."""

    connection: Connection
    now: datetime
    """The moment, aware, in the city's time zone."""
    incoming: Incoming
    person: Person
    memory: Memory
    texts: Texts
    knowledge: Knowledge
    geocoded: Mapping[str, Sequence[Place]]
    frame: Frame | None = None
    """The sentence understood; None for anything but text."""
    replies: list[Reply] = field(default_factory=list)
    elsewhere: list[Outgoing] = field(default_factory=list)
    """What is said in other chats than this one."""
    results: list[Found] = field(default_factory=list)
    """The services told of, for the `ask` command."""
    searches: list[tuple[str, str]] = field(default_factory=list)
    """(category, district) to count in the statistics."""
    admins: Collection[tuple[str, str]] = ()
    """(platform, user id) of administrators by the settings."""
    bot_name: str = ""
    """The bot's own name on Telegram, "" where it is not there: what links into it begin with."""
    reach: Reach = Reach()
    public_url: str = ""
    """Where the outside reaches the health endpoint, "" for nowhere."""
    fetched: Mapping[str, bytes | None] = field(default_factory=dict)
    """By `File.reference`: what was fetched for this turn, None where it could not be."""
    erased: bool = False
    """The person asked to be forgotten: nothing of this turn is remembered."""

    def say(
        self,
        text: str,
        *rows: Sequence[Button],
        pin: Pin | None = None,
        contact: Contact | None = None,
        ask_position: bool = False,
        articles: tuple[Article, ...] = (),
        media: Media | None = None,
    ) -> None:
        """Adds one message to the answer, with rows of buttons under it."""
        position_button = self.texts.t("📍 Send my position") if ask_position and self.incoming.private else ""
        self.replies.append(
            Reply(
                text=self.texts.laid_out(text) if text else "",
                buttons=tuple(tuple(row) for row in rows if row),
                pin=pin,
                contact=contact,
                ask_position=position_button,
                articles=articles,
                media=media,
            )
        )

    def say_elsewhere(self, account: Account, text: str, *rows: Sequence[Button]) -> None:
        """Adds a message to the private chat of an account; nothing where none is known."""
        if account.chat is not None:
            reply = Reply(self.texts.laid_out(text), buttons=tuple(tuple(row) for row in rows if row))
            self.elsewhere.append(Outgoing(account.platform, account.chat, reply))

    def remember(self, **changes: object) -> None:
        """Changes what is remembered of this talk."""
        self.memory = replace(self.memory, **changes)  # type: ignore[arg-type]

    def speak(self, language: str) -> None:
        """Goes on in another language."""
        self.texts = texts(language, self.texts.zone)

    def geocode(self, words: str) -> Sequence[Place]:
        """Places for a street address, best first. Called before anything is written: it may end this run of the turn."""
        if words not in self.geocoded:
            raise NeedsGeocoding(words)
        return self.geocoded[words]

    def fetch(self, file: File) -> bytes | None:
        """What somebody sent; None when it cannot be had. Called before anything is written: it may end this run."""
        if file.reference not in self.fetched:
            raise NeedsFile(file)
        return self.fetched[file.reference]
