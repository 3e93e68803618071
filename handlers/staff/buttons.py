"""What the buttons of staff bring back. `version` is that of what was shown: somebody else may have changed it since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.payloads import Payload


@dataclass(frozen=True, slots=True)
class Create(Payload):
    """Make an activity: a new form, or on with the open one."""

    prefix: ClassVar[str] = "create"


@dataclass(frozen=True, slots=True)
class Overview(Payload):
    """All activities, from the one of this number."""

    prefix: ClassVar[str] = "team"
    offset: int


@dataclass(frozen=True, slots=True)
class Manage(Payload):
    prefix: ClassVar[str] = "manage"
    activity: int


@dataclass(frozen=True, slots=True)
class Publish(Payload):
    prefix: ClassVar[str] = "publish"
    activity: int
    version: int


@dataclass(frozen=True, slots=True)
class CancelAll(Payload):
    """Cancel an activity with all its dates; `sure`: 0 asks first, 1 without a reason, 2 with the one written."""

    prefix: ClassVar[str] = "endall"
    activity: int
    version: int
    sure: int


@dataclass(frozen=True, slots=True)
class ChangeActivity(Payload):
    """`what`: a field, "title.en" in another language, "words.en" which of them, "words" which language, "" to ask which."""

    prefix: ClassVar[str] = "change"
    activity: int
    version: int
    what: str


@dataclass(frozen=True, slots=True)
class SetTo(Payload):
    """A choice for a field tapped: "" empties it; of skills and languages, one that goes in or out."""

    prefix: ClassVar[str] = "setto"
    activity: int
    version: int
    what: str
    value: str


@dataclass(frozen=True, slots=True)
class ManageDate(Payload):
    prefix: ClassVar[str] = "date"
    session: int


@dataclass(frozen=True, slots=True)
class CodeToScan(Payload):
    """The code of a date as a picture."""

    prefix: ClassVar[str] = "qrcode"
    session: int


@dataclass(frozen=True, slots=True)
class ChangeDate(Payload):
    """`what`: move, places."""

    prefix: ClassVar[str] = "redate"
    what: str
    session: int
    version: int


@dataclass(frozen=True, slots=True)
class MoveTo(Payload):
    """Yes, move it to this moment, in minutes since 1970."""

    prefix: ClassVar[str] = "moveto"
    session: int
    version: int
    minutes: int


@dataclass(frozen=True, slots=True)
class CancelDate(Payload):
    """Cancel one date; `sure` as for CancelAll."""

    prefix: ClassVar[str] = "enddate"
    session: int
    version: int
    sure: int


@dataclass(frozen=True, slots=True)
class SkipDay(Payload):
    """The series has no date on this day (a number, as datetime.date counts); 0 asks which."""

    prefix: ClassVar[str] = "skip"
    activity: int
    version: int
    day: int


@dataclass(frozen=True, slots=True)
class WhoWasAsked(Payload):
    """Who was asked for this mission, from the person of this number."""

    prefix: ClassVar[str] = "asked"
    session: int
    offset: int


@dataclass(frozen=True, slots=True)
class TakeOff(Payload):
    """Whom to take off the list of this session."""

    prefix: ClassVar[str] = "takeoff"
    session: int
    offset: int


@dataclass(frozen=True, slots=True)
class TakeOffNow(Payload):
    """Take this one off the list; `sure` 0 asks first."""

    prefix: ClassVar[str] = "off"
    sign_up: int
    sure: int


@dataclass(frozen=True, slots=True)
class Present(Payload):
    """The list of who comes, from the person of this number."""

    prefix: ClassVar[str] = "list"
    session: int
    offset: int


@dataclass(frozen=True, slots=True)
class Mark(Payload):
    """The next mark for this sign-up: there, not there, none. `was`: the state it was shown in."""

    prefix: ClassVar[str] = "mark"
    sign_up: int
    was: str
    offset: int


@dataclass(frozen=True, slots=True)
class AllPresent(Payload):
    """Everybody who is not marked was there."""

    prefix: ClassVar[str] = "allhere"
    session: int
