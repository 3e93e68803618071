"""Each language at its level: sentences of people's own words, whole frames."""

from __future__ import annotations

import pytest

from knowledge.gazetteer import Gazetteer
from knowledge.understanding import Understanding
from tests.unit.understanding import gold

WHOLE_FRAMES = 0.9
FALSE_ALARMS = 0.01


@pytest.mark.parametrize("language", gold.languages())
def test_whole_frames(understanding: Understanding, gazetteer: Gazetteer, language: str) -> None:
    asked = gold.sentences(language)
    misses = [
        f"{each['text']}: {', '.join(fields)}"
        for each in asked
        if (fields := gold.wrong(understanding.understand(each["text"], gold.moment(each)), each, gazetteer))
    ]
    assert len(misses) <= (1 - WHOLE_FRAMES) * len(asked), "\n".join(misses)


@pytest.mark.parametrize("language", gold.languages())
def test_every_danger_is_recognised_and_hardly_anything_else(understanding: Understanding, language: str) -> None:
    missed, alarms, calm = [], [], 0
    for each in gold.sentences(language):
        found = understanding.understand(each["text"], gold.moment(each)).intent == "emergency"
        if each["intent"] == "emergency":
            missed += [] if found else [each["text"]]
        else:
            calm += 1
            alarms += [each["text"]] if found else []
    assert not missed
    assert len(alarms) <= FALSE_ALARMS * calm, alarms
