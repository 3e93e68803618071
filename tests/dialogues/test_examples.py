"""What the bot gives as examples of what to write, it understands, in every language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.knowledge import Knowledge
from bot.texts import LANGUAGES, texts
from knowledge.directory import bundled_services
from knowledge.frame import Frame

PARIS = ZoneInfo("Europe/Paris")
NOON = datetime(2026, 11, 24, 12, tzinfo=PARIS)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.of(bundled_services())


def understood(knowledge: Knowledge, language: str, example: str) -> Frame:
    said = texts(language, PARIS).t(example)
    frame = knowledge.understanding.understand(said, NOON, hint=language)
    assert frame.language == language or not frame.language_certain, (said, frame.why)
    return frame


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_need_and_a_place(knowledge: Knowledge, language: str) -> None:
    frame = understood(knowledge, language, "shower gare du nord")
    assert (frame.intent, frame.categories) == ("find_service", ("shower",))
    assert frame.place is not None
    assert frame.place.name == "Gare du Nord"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_need_a_time_and_a_place(knowledge: Knowledge, language: str) -> None:
    frame = understood(knowledge, language, "free meal tonight near République")
    assert (frame.intent, frame.categories, frame.needs) == ("find_service", ("food_distribution",), ("free",))
    assert frame.when is not None
    assert frame.when.start.date() == NOON.date()
    assert frame.place is not None
    assert "République" in frame.place.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_follow_ups(knowledge: Knowledge, language: str) -> None:
    tomorrow, farther, dog = (
        understood(knowledge, language, example) for example in ("and tomorrow?", "farther", "with a dog")
    )
    assert (tomorrow.intent, farther.intent, dog.intent) == ("refine",) * 3
    assert tomorrow.when is not None
    assert farther.distance == "farther"
    assert dog.needs == ("pets",)
