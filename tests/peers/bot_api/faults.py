"""What goes wrong between a bot and Telegram, by script or by chance."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase


class Trouble(StrEnum):
    NONE = "none"
    """The call goes through: a pause in a script."""
    ERROR = "error"
    """Answers `code` without doing anything: 500 in JSON, 502 and 504 as the HTML of a gateway."""
    CUT_BEFORE = "cut_before"
    """The connection ends and the call did not count."""
    CUT_AFTER = "cut_after"
    """The connection ends without an answer, and the call counted."""
    FLOOD = "flood"
    """429 with `seconds` as retry_after; nothing done, and nothing passes to that chat before."""
    SLOW = "slow"
    """The call counts at once, its answer comes after `seconds`."""
    LATE = "late"
    """The call counts, and is answered, after `seconds`."""
    HANG = "hang"
    """No answer ever, and the call did not count."""
    GARBAGE = "garbage"
    """200 with a body that is no JSON; the call counted."""


@dataclass(slots=True)
class Fault:
    """Meets calls whose method matches `method` (a shell pattern, any case), to `chat` if given, with `probability`.

    `times`: how many calls it meets before it is used up, None for all.
    """

    trouble: Trouble
    method: str = "send*"
    chat: int | None = None
    probability: float = 1.0
    times: int | None = 1
    code: int = 500
    seconds: float = 1.0


@dataclass(slots=True)
class Faults:
    """Faults are tried in the order they were added: a list of single ones is a script, call by call."""

    dice: random.Random
    rules: list[Fault] = field(default_factory=list)
    met: list[tuple[str, Trouble]] = field(default_factory=list)
    """Each call that met one: (method, trouble)."""
    redeliver: float = 0.0
    """Probability that a confirmed update is delivered once more."""

    def add(self, *faults: Fault) -> None:
        self.rules.extend(faults)

    def clear(self) -> None:
        self.rules.clear()
        self.redeliver = 0.0

    def meet(self, method: str, chat: int | None) -> Fault | None:
        for fault in self.rules:
            if fault.chat is not None and fault.chat != chat:
                continue
            if not fnmatchcase(method, fault.method.lower()):
                continue
            if fault.probability < 1.0 and self.dice.random() >= fault.probability:
                continue
            if fault.times is not None:
                fault.times -= 1
                if fault.times <= 0:
                    self.rules.remove(fault)
            if fault.trouble is Trouble.NONE:
                return None
            self.met.append((method, fault.trouble))
            return fault
        return None

    def repeats(self) -> bool:
        return self.redeliver > 0 and self.dice.random() < self.redeliver
