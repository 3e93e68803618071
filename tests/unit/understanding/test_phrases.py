from __future__ import annotations

import pytest

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
    matcher = Matcher(["trois"], [("ent", "er")])
    for symbols in variants(phrase):
        matcher.add(symbols, Entry("category", "shower", "fr", phrase))
    assert bool(matcher.match(sentence.split())) is found


def test_the_longer_phrase_hides_the_one_inside_it() -> None:
    matcher = Matcher()
    matcher.add(("pull",), Entry("category", "clothing", "fr", "pull"))
    matcher.add(("pull", "de", "chien"), Entry("category", "animal_care", "fr", "pull de chien"))
    assert [hit.id for hit in longest(matcher.match(["un", "pull", "de", "chien"]))] == ["animal_care"]


def test_danger_is_hidden_only_by_what_is_known_to_be_harmless() -> None:
    matcher = Matcher()
    matcher.add(("feu",), Entry("danger", "fire", "fr", "feu"))
    matcher.add(("au", "feu", "vert"), Entry("cue", "help", "fr", "au feu vert"))
    assert "fire" in [hit.id for hit in longest(matcher.match(["au", "feu", "vert"]))]
    matcher.add(("feu", "vert"), Entry("idle danger", "idle", "fr", "feu vert"))
    assert "fire" not in [hit.id for hit in longest(matcher.match(["au", "feu", "vert"]))]
