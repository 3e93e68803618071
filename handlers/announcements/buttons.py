"""What the buttons of those who announce bring back. `version` is that of what was shown: somebody else may have changed it
since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.payloads import Payload


@dataclass(frozen=True, slots=True)
class Aim(Payload):
    """Of the question whom it is for: `what` is add, menu, but, again, done, keep, use; `value` a condition."""

    prefix: ClassVar[str] = "aim"
    what: str
    value: str


@dataclass(frozen=True, slots=True)
class Compose(Payload):
    """A new announcement."""

    prefix: ClassVar[str] = "compose"


@dataclass(frozen=True, slots=True)
class Draft(Payload):
    """Of the card under a preview: show, send, plan, fix, drop, and the parts that `fix` offers."""

    prefix: ClassVar[str] = "draft"
    what: str
    announcement: int
    version: int


@dataclass(frozen=True, slots=True)
class Part(Payload):
    """One thing within a part: a language, a session, nothing any more ("-")."""

    prefix: ClassVar[str] = "part"
    what: str
    value: str
    announcement: int
    version: int


@dataclass(frozen=True, slots=True)
class Run(Payload):
    """Of one that goes out, is planned, or went out: show, pause, resume, correct, stop, stopped, report, answers, list, chart, csv, copy."""

    prefix: ClassVar[str] = "run"
    what: str
    announcement: int


@dataclass(frozen=True, slots=True)
class Listed(Payload):
    """Older announcements than this one, 0 for the newest."""

    prefix: ClassVar[str] = "announced"
    before: int


@dataclass(frozen=True, slots=True)
class Alert(Payload):
    """An alert prepared under this id; `level` -1 asks which."""

    prefix: ClassVar[str] = "alert"
    template: str
    level: int
