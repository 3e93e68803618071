"""Whole sentences: people's own words, noise around them, and any text at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knowledge.frame import INTENTS, NEEDS, Frame
from knowledge.gazetteer import Gazetteer
from knowledge.understanding import Understanding
from tests.unit.understanding.conftest import NOW, Understand

SENTENCES: list[dict[str, Any]] = [
    json.loads(line) for line in Path(__file__).with_name("sentences.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("gold", SENTENCES, ids=lambda gold: gold["text"])
def test_sentences_in_many_styles(understand: Understand, gazetteer: Gazetteer, gold: dict[str, Any]) -> None:
    frame = understand(gold["text"])
    assert (frame.language, frame.intent) == (gold["language"], gold["intent"]), frame.why
    assert list(frame.categories) == gold.get("categories", [])
    assert list(frame.needs) == gold.get("needs", [])
    assert frame.numbers[:1] == tuple(gold.get("numbers", ()))[:1]
    assert frame.place == (gazetteer.look_up(gold["place"])[0] if "place" in gold else None)
    assert _written(frame) == gold.get("when")


def _written(frame: Frame) -> str | None:
    if frame.when is None:
        return None
    if frame.when.start == frame.when.end == NOW:
        return "now"
    return f"{frame.when.start:%Y-%m-%dT%H:%M}/{frame.when.end:%Y-%m-%dT%H:%M}"


STEADY = [
    "je cherche une douche gratuite gare du nord demain matin",
    "où laver mon linge près de République samedi après 14h ?",
    "manger dans le 18e ce soir avec mon chien",
    "il respire plus",
    "je veux devenir bénévole",
    "where can I get a shower near Bastille tomorrow morning",
    "my friend is unconscious",
    "et demain ?",
]


@pytest.mark.parametrize("text", STEADY)
@pytest.mark.parametrize(
    "noise",
    [
        str.upper,
        str.title,
        lambda text: text.translate(str.maketrans("éèêàùôîç", "eeeauoic")),
        lambda text: f"   {text.replace(' ', '   ')}\n\n",
        lambda text: f"{text} 🙏🙏😀",
        lambda text: f"🚿 {text}",
        lambda text: f"{text} !!!",
        lambda text: f"« {text} »",
        lambda text: f"{text}...",
    ],
    ids=["upper", "title", "no accents", "spaces", "emoji after", "emoji before", "marks", "quotes", "dots"],
)
def test_noise_changes_nothing(understand: Understand, text: str, noise: Any) -> None:
    assert understand(noise(text)) == understand(text)


@pytest.mark.parametrize("text", STEADY)
@pytest.mark.parametrize("greeting", ["bonjour", "Salut,", "slt"])
def test_a_greeting_in_front_changes_nothing(understand: Understand, text: str, greeting: str) -> None:
    plain, greeted = understand(text), understand(f"{greeting} {text}")
    assert replace(greeted, language=plain.language, language_certain=True) == replace(plain, language_certain=True)


PIECES = st.one_of(
    st.text(max_size=30),
    st.sampled_from([
        "douche", "gare du nord", "demain", "14h", "entre", "et", "le", "12", "/", ":", "rue de", "pas", "dans", "24h/24",
        "31 février", "99", "j'ai", "ans", "il respire plus", "🚿", "\u202e", "\x00", "\ud800", "<b>", "'; --", "میں", "душ",
        "midi", "minuit", "avant", "jusqu'à", "à", "de", "1er", "29/02/2027", "25:99", "0h", "24h", "am", "pm", "in", "2", "hours",
    ]),
)  # fmt: skip


EARLIEST, LATEST = datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2040-01-01")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(PIECES, max_size=12),
    now=st.datetimes(EARLIEST, LATEST, timezones=st.just(ZoneInfo("Europe/Paris"))),
    hint=st.sampled_from([None, "fr", "en", "ar", "xx"]),
)
def test_any_text_has_a_frame(understanding: Understanding, pieces: list[str], now: datetime, hint: str | None) -> None:
    frame = understanding.understand(" ".join(pieces), now, hint=hint)
    assert frame.intent in INTENTS
    assert set(frame.needs) <= set(NEEDS)
    assert bool(frame.numbers) == (frame.intent == "emergency")
    assert frame.when is None or frame.when.start <= frame.when.end
    assert not frame.categories or frame.intent in ("find_service", "refine")
    json.dumps(frame.as_dict())


def test_a_message_of_the_greatest_length_is_understood_from_its_beginning(understand: Understand) -> None:
    frame = understand("une douche gare du nord " + "blabla " * 2000)
    assert frame.categories == ("shower",)
    assert frame.place is not None


def test_the_frame_says_which_words_led_to_it(understand: Understand) -> None:
    why = " ".join(understand("doushe gare du nord demain").why)
    assert all(part in why for part in ("doushe -> douche", "shower", "Gare du Nord", "tomorrow"))


LITTLE = st.sampled_from(sorted(
    ["a", "à", "au", "de", "du", "la", "le", "les", "en", "dans", "pour", "et", "ou", "at", "in", "on", "to", "the", "of", "до", "в", "на", "от", "с", "и", "к", "о", "у", "по", "por", "para", "em", "no", "e", "da", "le", "la", "din", "spre", "cu", "و", "من", "في", "الى", "به", "از", "در", "تا", "ته", "په", "د", "تر", "1", "2", "12h", "7pm", "entre", "avant", "après", "between"]
))  # fmt: skip


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(LITTLE, min_size=1, max_size=12), times=st.integers(1, 75))
def test_a_message_of_little_words_takes_no_long_time(
    understanding: Understanding, words: list[str], times: int
) -> None:
    started = perf_counter()
    understanding.understand(" ".join(words * times), NOW)
    assert perf_counter() - started < 1
