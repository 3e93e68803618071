from __future__ import annotations

import pytest

from knowledge.understanding.forms import Forms
from knowledge.understanding.matcher import Entry, Matcher, longest
from knowledge.understanding.phrases import PhraseError, variants


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("Bains-Douches", [("bains", "douches")]),
        ("l'eau", [("l", "eau")]),
        ("(laver|sécher) mon linge", [("laver", "mon", "linge"), ("secher", "mon", "linge")]),
        ("[petit] déjeuner", [("dejeuner",), ("petit", "dejeuner")]),
        ("respire .. plus", [("respire", "..", "plus")]),
        ("mes # enfants", [("mes", "#", "enfants")]),
        ("vaccin*", [("vaccin*",)]),
        ("mondays!", [("mondays!",)]),
        ("mon (chat|chien|lapin|rat)", [("mon", "chat|chien|lapin|rat")]),
    ],
)
def test_variants(phrase: str, expected: list[tuple[str, ...]]) -> None:
    assert variants(phrase) == expected


@pytest.mark.parametrize(
    "phrase", ["", "[vide]", "(a|b", "a)", "((a|b)|c)", ".. plus", "respire ..", "*", "femme[s]", "(a|b)c"]
)
def test_phrases_that_cannot_be_read_are_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        variants(phrase)


@pytest.mark.parametrize(
    ("phrase", "sentence", "found"),
    [
        ("douche", "une douche", True),
        ("douche", "des douches", True),
        ("toilettes", "toilette", True),
        ("mois", "moi", False),
        ("vaccin*", "vaccination", True),
        ("vaccin*", "vacances", False),
        ("respire .. plus", "respire vraiment presque plus", True),
        ("respire .. plus", "respire un deux trois quatre plus", False),
        ("mes # enfants", "mes 3 enfants", True),
        ("mes # enfants", "mes trois enfants", True),
        ("mes # enfants", "mes enfants", False),
        ("jouer", "ils jouent", True),
        ("mondays!", "monday", False),
        ("mondays!", "mondays", True),
        ("(chat|chien|lapin|rat) malade", "lapin malade", True),
        ("(chat|chien|lapin|rat) malade", "poisson malade", False),
    ],
)
def test_matching(phrase: str, sentence: str, found: bool) -> None:
    forms = Forms.of((), [("ent", "er")], {4: [["-", "s", "x"]]})
    entry = Entry("category", "shower", "fr", phrase)
    matcher = Matcher.of("fr", [(symbols, entry) for symbols in variants(phrase)], ["trois"], forms)
    assert bool(matcher.match(sentence.split())) is found


def test_the_longer_phrase_hides_the_one_inside_it() -> None:
    said = [("category", "clothing", "pull"), ("category", "animal_care", "pull de chien")]
    assert _longest(said, "un pull de chien") == ["animal_care"]


def test_danger_is_hidden_only_by_what_is_known_to_be_harmless() -> None:
    said = [("danger", "fire", "feu"), ("cue", "help", "au feu vert")]
    assert "fire" in _longest(said, "au feu vert")
    assert "fire" not in _longest([*said, ("idle danger", "idle", "feu vert")], "au feu vert")


def _longest(phrases: list[tuple[str, str, str]], sentence: str) -> list[str]:
    entries = [(phrase.split(), Entry(kind, id_, "fr", phrase)) for kind, id_, phrase in phrases]
    return [hit.id for hit in longest(Matcher.of("fr", entries).match(sentence.split()))]
