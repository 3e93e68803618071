"""What goes wrong between a bot and its homeserver, by script."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class Trouble(StrEnum):
    ERROR = "error"
    """Answers `code` without doing anything: with `errcode` in the homeserver's own words, without as a gateway's page."""
    CUT_BEFORE = "cut_before"
    """The connection ends and the call did not count."""
    CUT_AFTER = "cut_after"
    """The connection ends without an answer, and the call counted."""
    FLOOD = "flood"
    """429, M_LIMIT_EXCEEDED; `form` says how the `seconds` are written."""
    LATE = "late"
    """The call counts, and is answered, after `seconds`."""
    GARBAGE = "garbage"
    """200 with a body that is no JSON; the call counted."""


@dataclass(slots=True)
class Fault:
    """Meets calls whose name (`send`, `sync`, `messages`, `join`...) matches `call`, in `room` if given."""

    trouble: Trouble
    call: str = "send"
    room: str = ""
    times: int | None = 1
    code: int = 502
    errcode: str = ""
    seconds: float = 0.5
    form: str = "both"
    """"header", "body" or "both"."""


@dataclass(slots=True)
class Faults:
    """Tried in the order they were added."""

    rules: list[Fault] = field(default_factory=list)
    met: list[tuple[str, Trouble]] = field(default_factory=list)

    def add(self, *faults: Fault) -> None:
        self.rules.extend(faults)

    def draw(self, call: str, room: str) -> Fault | None:
        for fault in self.rules:
            if fnmatchcase(call, fault.call) and fault.room in ("", room) and fault.times != 0:
                if fault.times is not None:
                    fault.times -= 1
                self.met.append((call, fault.trouble))
                return fault
        return None
