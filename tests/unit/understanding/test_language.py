from __future__ import annotations

import pytest

from knowledge.understanding import Understanding
from tests.unit.understanding.conftest import NOW, Understand


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("je cherche une douche", "fr"),
        ("where is the nearest toilet", "en"),
        ("i need a shower near Gare du Nord", "en"),
        ("free shower Place de la République", "en"),
        ("donde puedo ducharme cerca de aquí", "es"),
        ("onde posso tomar banho perto da estação", "pt"),
        ("unde pot face duș lângă gară", "ro"),
        ("где можно помыться", "ru"),
        ("де можна помитися біля вокзалу", "uk"),
        ("أين يمكنني أن آكل", "ar"),
        ("کجا می‌تونم دوش بگیرم", "fa"),
        ("زه وږی یم، ډوډۍ چیرته ده", "ps"),
    ],
)
def test_language(understand: Understand, text: str, language: str) -> None:
    frame = understand(text)
    assert (frame.language, frame.language_certain) == (language, True)


@pytest.mark.parametrize("hint", ["fr", "en", "pt", "de", None])
def test_the_hint_decides_where_words_do_not_tell(understanding: Understanding, hint: str | None) -> None:
    frame = understanding.understand("Nation", NOW, hint=hint)
    assert (frame.language, frame.language_certain) == (hint or "fr", False)


def test_one_word_alone_is_understood_but_answered_in_the_language_of_the_phone(understanding: Understanding) -> None:
    frame = understanding.understand("toilettes", NOW, hint="ar")
    assert (frame.language, frame.language_certain, frame.categories) == ("ar", False, ("toilets",))


def test_words_that_tell_are_stronger_than_the_hint(understanding: Understanding) -> None:
    assert understanding.understand("where can i eat", NOW, hint="fr").language == "en"
