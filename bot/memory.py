"""What the bot remembers of a talk for a short while: the last search, a question it asked back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import TypeAdapter

from bot.messages import Position
from knowledge.frame import Place

FORM = "form"
"""The question of a form (bot/forms.py): kept longer than a talk, and taken up again after days of silence."""
CHANGE, REASON = "change_activity", "reason"
"""The questions what a field of an activity says now, and why a date is cancelled."""
FOR_OTHERS = frozenset({FORM, CHANGE, REASON})
"""Their answers are read by others, in whatever language: who writes them does not speak it from then on."""
WRITING = "writing"
"""Takes words that sound like a cry for help, which is answered first, as what staff write to many: they write of danger, too."""
REMEMBER_FOR = timedelta(hours=2)
"""A position is used and forgotten: nothing of a talk outlives this."""


@dataclass(frozen=True, slots=True)
class Search:
    """The last thing looked for; follow-ups change it."""

    number: int = 0
    """Counts searches of this talk, so that a button of an older one is told apart."""
    categories: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    position: Position | None = None
    place: str = ""
    """Name of the place named, "" for a shared position."""
    start: datetime | None = None
    """None: now, whenever that is."""
    end: datetime | None = None
    radius_m: int | None = None
    offset: int = 0
    shown: tuple[str, ...] = ()
    """Ids of the services in the last answer, in order."""
    nearest_m: int | None = None
    """Distance of the nearest of them."""


@dataclass(frozen=True, slots=True)
class Memory:
    search: Search = Search()
    asking: str = ""
    """The question waiting for its answer, "" for none: a name some handler registered."""
    about: str = ""
    """What the question is about: a service id, the words of an address."""
    choices: tuple[Place, ...] = ()
    """The places offered to choose from."""
    misses: int = 0
    """Sentences not understood in a row."""
    flooding: bool = False
    """Told already that these are too many messages."""
    offered: str = ""
    """The language last offered to somebody who had chosen another one."""
    recent: tuple[int, ...] = ()
    """When the last messages were sent, seconds since 1970: to tell a flood."""


MEMORY: TypeAdapter[Memory] = TypeAdapter(Memory)
