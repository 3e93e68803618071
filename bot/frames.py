"""Sentences to frames for the command line: JSON Lines in, one result a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.messages import whole_characters
from knowledge.gazetteer import Gazetteer
from knowledge.understanding import Understanding

YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class Line:
    """`error` says what is wrong with the line; otherwise `frame` is what it means."""

    number: int
    frame: dict[str, Any] = field(default_factory=dict)
    error: str = ""


def frames(lines: Iterable[bytes], zone: ZoneInfo, hint: str, *, explain: bool) -> Iterator[Line]:
    """One Line for each line that is not blank; a bad one never stops the rest."""
    understanding = Understanding.load(Gazetteer.load())
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = json.loads(line)
            text = question["text"]
            if not isinstance(text, str):
                raise TypeError
            at = read_moment(question.get("at"), zone)
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            yield Line(
                number, error='not an object like {"id": "1", "text": "douche", "at": "2026-03-29T14:30:00+02:00"}'
            )
            continue
        frame = understanding.understand(whole_characters(text), at, hint=hint)
        result = {"id": question.get("id"), **frame.as_dict()}
        if explain:
            result["why"] = list(frame.why)
            result["readings"] = [[r.intent, list(r.categories), round(r.score, 3)] for r in frame.readings]
        yield Line(number, result)


def read_moment(at: str | None, zone: ZoneInfo) -> datetime:
    """An ISO 8601 moment, aware; without an offset a local time, None is now. Raises ValueError, also for a year that no
    calendar of public holidays reaches."""
    if at is None:
        return datetime.now(zone)
    moment = datetime.fromisoformat(at)
    if moment.year not in YEARS:
        raise ValueError(at)
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
