"""Sentences with the frames that they should have, one language a file, and what is wrong with a frame.

A place is right within 500 m, an instant within 30 minutes, an interval when it shares half of what both cover; of the
numbers to call the first one counts.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from knowledge.frame import Frame, Place, When
from knowledge.gazetteer import Gazetteer
from knowledge.gazetteer.distance import metres_between
from tests.unit.understanding.conftest import NOW

Gold = dict[str, Any]

FOLDER = Path(__file__).parent
NEAR_ENOUGH = 500.0


def languages() -> list[str]:
    return sorted(file.stem for file in FOLDER.glob("??.jsonl"))


def sentences(language: str) -> list[Gold]:
    lines = (FOLDER / f"{language}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def moment(gold: Gold) -> datetime:
    return datetime.fromisoformat(gold["at"]) if gold.get("at") else NOW


def wrong(frame: Frame, gold: Gold, gazetteer: Gazetteer) -> list[str]:
    """The fields of `frame` that are not as `gold` says."""
    numbers = gold.get("numbers") or []
    right = {
        "language": gold.get("language_any") or frame.language == gold["language"],
        "intent": frame.intent == gold["intent"],
        "categories": list(frame.categories) == (gold.get("categories") or []),
        "needs": list(frame.needs) == sorted(gold.get("needs") or []),
        "place": _same_place(frame.place or next(iter(frame.places), None), gold.get("place"), gazetteer),
        "when": _same_when(frame.when, gold.get("when")),
        "numbers": not numbers or list(frame.numbers[:1]) == numbers[:1],
    }
    return [field for field, is_right in right.items() if not is_right]


def _same_place(found: Place | None, gold: Any, gazetteer: Gazetteer) -> bool:
    if found is None or gold is None:
        return found is gold
    if isinstance(gold, str):
        expected, tolerance = gazetteer.look_up(gold)[0], NEAR_ENOUGH
    else:
        expected = Place(gold["name"], gold["latitude"], gold["longitude"])
        tolerance = gold.get("tolerance_m", NEAR_ENOUGH)
    return metres_between(found, expected) <= tolerance


def _same_when(found: When | None, gold: Any) -> bool:
    if found is None or gold is None:
        return found is gold
    start, end = datetime.fromisoformat(gold["from"]), datetime.fromisoformat(gold["to"])
    if start == end:
        return max(abs(found.start - start), abs(found.end - end)) <= timedelta(minutes=30)
    shared = min(found.end, end) - max(found.start, start)
    return shared >= 0.5 * (max(found.end, end) - min(found.start, start))
