"""The contract every platform keeps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import Connection

from bot.messages import File, Incoming, Limits, Outgoing

Also = Callable[[Connection], Sequence[Incoming]]
"""What a platform keeps of its own with a batch, in the same transaction; gives more messages for the inbox. It may be
run more than once before it is kept once."""


class Receive(Protocol):
    """Commits a batch to the inbox. Once it returns, the platform may be told that the batch has arrived;
    if it raises, the platform must be left to deliver the batch again."""

    def __call__(self, batch: Sequence[Incoming], also: Also | None = None) -> Awaitable[None]: ...


@dataclass(frozen=True, slots=True)
class Delivered:
    message_id: str = ""


@dataclass(frozen=True, slots=True)
class Retry:
    """Not delivered, for sure; to be tried again. `whole_platform`: everything waits, not this chat alone."""

    after: float | None = None
    """Seconds the platform asks for; None leaves it to the back-off."""
    whole_platform: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The connection ended before an answer came: it may have been delivered."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The person blocked the bot, or the chat is gone. Nothing more goes there until they write again."""

    reason: str
    gone: bool = False
    """There is nobody any more who could come back."""


@dataclass(frozen=True, slots=True)
class Migrated:
    """The chat goes on under another id."""

    chat: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The platform will never take this message."""

    reason: str


Part = TypeVar("Part")

Delivery = Delivered | Retry | Uncertain | Stopped | Migrated | Refused


class Attachments(Protocol):
    """Pictures and documents by their number, `Media.attachment`."""

    async def content(self, number: int) -> bytes | None:
        """None for one that is gone."""

    async def handle(self, number: int, platform: str) -> str:
        """What the platform knows it by once it was sent there, "" before."""

    async def note_handle(self, number: int, platform: str, known_as: str) -> None: ...


class Fatal(Exception):
    """The platform cannot be used at all (a wrong token): the message says what to mend."""


class Adapter(Protocol[Part]):
    """One platform. `Part` is one call to it: a message as this platform writes it."""

    name: str
    limits: Limits

    async def start(self, receive: Receive) -> None:
        """Opens what sending needs and prepares the platform (menus...). Raises Fatal when it can never work."""

    async def listen(self) -> None:
        """Receives until cancelled, only ever in the process that holds the lease. Raises Fatal, or ConnectionError
        when another process listens in our place."""

    def not_ready(self) -> str:
        """Why nothing can arrive just now, "" when it can."""

    def render(self, outgoing: Outgoing) -> list[Part]:
        """The calls one reply takes, in order. Pure: the same reply renders to the same parts."""

    async def send(self, part: Part, key: str) -> Delivery:
        """One call. Platform errors come back as a Delivery, never as an exception. `key` is this part's own and the same
        at each try: what platforms with `limits.exactly_once` know a repeat by."""

    async def fetch(self, file: File) -> bytes | None:
        """What somebody sent; None when it cannot be had, or not now."""

    async def stop(self) -> None:
        """Closes connections."""
