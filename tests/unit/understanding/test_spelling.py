from __future__ import annotations

import pytest

from knowledge.understanding.lexicon import Lexicon
from knowledge.understanding.spelling import Spelling
from tests.unit.understanding.conftest import Understand


@pytest.fixture(scope="module")
def spelling(lexicon: Lexicon) -> Spelling:
    return Spelling(lexicon)


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("fr", "duche", "douche"),
        ("fr", "lavrie", "laverie"),
        ("fr", "bagajerie", "bagagerie"),
        ("fr", "koiffeur", "coiffeur"),
        ("fr", "dentisste", "dentiste"),
        ("fr", "domiciliacion", "domiciliation"),
        ("fr", "dhebergement", "hebergement"),
        ("fr", "ouver", "ouvert"),
        ("fr", "toilettte", "toilette"),
        ("en", "laundrymat", "laundromat"),
        ("en", "showr", "shower"),
        ("en", "denstist", "dentist"),
    ],
)
def test_typing_mistakes_are_mended(spelling: Spelling, language: str, said: str, meant: str) -> None:
    assert spelling.mended([said], [language], ())[0] == (meant,)


@pytest.mark.parametrize(
    ("language", "word"),
    [("fr", "soleil"), ("fr", "match"), ("fr", "lion"), ("fr", "douches"), ("fr", "xq3z"), ("en", "weather")],
)
def test_other_words_are_left_alone(spelling: Spelling, language: str, word: str) -> None:
    assert spelling.mended([word], [language], ())[0] == (word,)


def test_names_of_places_are_left_alone(spelling: Spelling) -> None:
    assert spelling.mended(["duche"], ["fr"], {0})[0] == ("duche",)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("duche", "shower"),
        ("une doouche", "shower"),
        ("toilete public", "toilets"),
        ("bagagrie", "luggage_storage"),
        ("jveu mangé", "food_distribution"),
        ("un medcin", "general_practitioner"),
        ("vetment chaud", "clothing"),
        ("cour de fransais", "french_course"),
        ("psycologue", "psychological_support"),
        ("librarry", "libraries"),
        ("foood please", "food_distribution"),
        ("hairdreser", "hairdresser"),
    ],
)
def test_misspelled_services(understand: Understand, text: str, category: str) -> None:
    assert understand(text).categories == (category,)
