"""What the buttons under announcements bring back. Numbers are those of announcements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from bot.payloads import Payload


@dataclass(frozen=True, slots=True)
class Chosen(Payload):
    """My answer is this button, from 0."""

    prefix: ClassVar[str] = "chose"
    announcement: int
    choice: int
