"""Place names: alone, misspelled, inside sentences; and every station of the bundled file."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.frame import Place
from knowledge.gazetteer import UNSURE, Gazetteer, Spot
from knowledge.gazetteer.distance import metres_between
from knowledge.gazetteer.entries import entries
from knowledge.text import plain, tokens

FOUND_METRES = 500
STATIONS = [entry.place for entry in entries() if entry.is_station]
GAZETTEER = Gazetteer.load()


def found(place: Place, places: Sequence[Place]) -> bool:
    return any(metres_between(place, other) <= FOUND_METRES for other in places)


def spots(sentence: str, *taken: str) -> list[tuple[str, Spot]]:
    """(the words of the spot, the spot); the words in `taken` have another meaning."""
    said = tokens(sentence)
    known = {index for index, token in enumerate(said) if token.word in taken}
    return [(" ".join(t.word for t in said[spot.start : spot.end]), spot) for spot in GAZETTEER.spot(said, known)]


WRITINGS: dict[str, Callable[[str], str]] = {
    "exact": str,
    "no accents": plain,
    "capitals": str.upper,
    "hyphens": lambda name: plain(name).replace(" ", "-"),
}


@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS)
def test_every_station_is_found_by_its_name(writing: Callable[[str], str]) -> None:
    # The first answer counts: where a name has several meanings the station of just that name comes first.
    missed = [place for place in STATIONS if not found(place, GAZETTEER.look_up(writing(place.name))[:1])]
    assert [place for place in missed if not found(place, GAZETTEER.look_up(writing(place.name)))] == []
    assert len(missed) <= 2, missed


@pytest.mark.parametrize("before", ["", "douche ", "repas vers ", "shower near "])
@pytest.mark.parametrize("known", [False, True], ids=["nothing known", "need known"])
def test_every_station_is_found_in_a_sentence(before: str, known: bool) -> None:
    missed = []
    for place in STATIONS:
        best = GAZETTEER.spot(tokens(before + place.name), (0,) if before and known else ())[:1]
        if not best or not found(place, best[0].places):
            missed.append(place)
    assert missed == []


def dropped(name: str, at: int) -> str:
    return name[:at] + name[at + 1 :]


def doubled(name: str, at: int) -> str:
    return name[:at] + name[at] + name[at:]


def swapped(name: str, at: int) -> str:
    at = min(at, len(name) - 2)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]


@pytest.mark.parametrize("mistake", [dropped, doubled, swapped])
def test_stations_are_found_with_a_typing_error(mistake: Callable[[str, int], str]) -> None:
    chance = random.Random(1)
    typed = [
        (place, mistake(place.name, chance.randrange(len(place.name)))) for place in STATIONS if len(place.name) > 5
    ]
    alone = sum(found(place, GAZETTEER.look_up(name)) for place, name in typed)
    marked = sum(
        any(found(place, spot.places) for _, spot in spots(f"douche pres de {name}", "douche")) for place, name in typed
    )
    assert alone / len(typed) >= 0.97
    assert marked / len(typed) >= 0.97


SPELLINGS = [
    ("gar du nor", "Gare du Nord"),
    ("garedunord", "Gare du Nord"),
    ("gare nord", "Gare du Nord"),
    ("barbes", "Barbès Rochechouart"),
    ("Châtelet-les-Halles", "Châtelet les Halles"),
    ("chatelet", "Châtelet"),
    ("shatelet", "Châtelet"),
    ("republique", "République"),
    ("republik", "République"),
    ("bastile", "Bastille"),
    ("belville", "Belleville"),
    ("st lazare", "Gare Saint-Lazare"),
    ("stlazare", "Gare Saint-Lazare"),
    ("gare St-Lazare", "Gare Saint-Lazare"),
    ("pte de clignancourt", "Porte de Clignancourt"),
    ("porte clignancourt", "Porte de Clignancourt"),
    ("place d'italie", "Place d'Italie - Italie 2"),
    ("pl. d’Italie", "Place d'Italie - Italie 2"),
    ("M° Jaurès", "Jaurès"),
    ("métro Jaurès", "Jaurès"),
    ("métro bibliothèque", "Bibliothèque François Mitterrand Emile Durkheim"),
    ("4 septembre", "Quatre Septembre"),
    ("george 5", "George V"),
    ("père la chaise", "Père Lachaise"),
    ("mairie du 18", "Mairie du 18e"),
    ("mairie du XVIIIe", "Mairie du 18e"),
    ("lariboisière", "Hôpital Lariboisere"),
    ("hôpital bichat", "Hôpital Bichat"),
    ("vers le jardin villemin", "Jardin Villemin"),
    ("goutte d'or", "Goutte-d'Or"),
    ("quartier de la gare", "Gare"),
    ("Paris, gare de Lyon", "Gare de Lyon"),
    ("République svp", "République"),
]


@pytest.mark.parametrize(("written", "name"), SPELLINGS)
def test_usual_spellings(written: str, name: str) -> None:
    assert [place.name for place in GAZETTEER.look_up(written)] == [name]


DISTRICTS = [
    ("18eme", 18),
    ("18e", 18),
    ("18è", 18),
    ("18 ème", 18),
    ("XVIIIe", 18),
    ("XIXème", 19),
    ("75018", 18),
    ("75116", 16),
    ("dans le dix-huitième", 18),
    ("dans le 18", 18),
    ("Paris 18", 18),
    ("Paris XVe", 15),
    ("1er arrondissement", 1),
    ("dans le premier", 1),
    ("20e arrondissement", 20),
    ("in the 18th", 18),
    ("13th district", 13),
    ("distrito 20", 20),
    ("15º distrito", 15),
    ("15 округе", 15),
]


@pytest.mark.parametrize(("written", "number"), DISTRICTS)
def test_arrondissements(written: str, number: int) -> None:
    suffix = "er" if number == 1 else "e"
    assert [place.name for place in GAZETTEER.look_up(written)] == [f"Paris {number}{suffix} arrondissement"]


NOTHING = [
    "",
    "?",
    "🙂",
    "paris",
    "à Paris",
    "douche",
    "xyzzy",
    "la rue",
    "18",
    "21e",
    "75000",
    "lyon",
    "gare",
    "hôpital",
    "92",
]


@pytest.mark.parametrize("written", NOTHING)
def test_no_silly_guesses(written: str) -> None:
    assert GAZETTEER.look_up(written) == []


def test_one_place_under_several_kinds_is_one_candidate() -> None:
    assert [place.kind for place in GAZETTEER.look_up("Gare du Nord")] == ["train"]
    assert [place.kind for place in GAZETTEER.look_up("Nation")] == ["metro"]


@pytest.mark.parametrize(
    ("written", "least"),
    [("Saint-Denis", 3), ("Clichy", 3), ("Créteil", 4), ("Italie", 2), ("Montreuil", 2)],
)
def test_several_places_far_apart_are_candidates(written: str, least: int) -> None:
    places = GAZETTEER.look_up(written)
    assert len(places) >= least
    assert all(metres_between(a, b) > 700 for a in places for b in places if a is not b)


IN_SENTENCES = [
    ("douche gare du nord demain matin", "gare du nord", True),
    ("toilettes publiques garedunord", "garedunord", False),
    ("je meurs de faim, un truc vers république", "republique", True),
    ("manger autour de bastile ce soir", "bastile", True),
    ("a man is attacking me at barbes metro", "barbes", True),
    ("where can i eat near place d'italie please", "place d italie", True),
    ("hôpital saint louis", "hopital saint louis", True),
    ("prte de pantin", "prte de pantin", False),
    ("je suis à Nation", "nation", True),
    ("une biblio ouverte dimanche dans le 11", "11", True),
    ("un frigo dans le 4e qui marche", "4e", True),
    ("douche 18e", "18e", False),
    ("écrivain public à la mairie du 18", "mairie du 18", True),
    ("douche château d'eau", "chateau d eau", True),
    ("aide alimentaire paris 19", "paris 19", True),
]


@pytest.mark.parametrize(("sentence", "words", "marked"), IN_SENTENCES)
def test_names_in_sentences(sentence: str, words: str, marked: bool) -> None:
    assert [(said, spot.marked) for said, spot in spots(sentence)] == [(words, marked)]


WITHOUT_PLACES = [
    "on m'a envoyé un mail",
    "il y a un temple près d'ici",
    "je cherche une école",
    "à la mairie",
    "je suis à la gare",
    "un morceau de pain",
    "je suis invalide",
    "en toute liberté",
    "eau de javel",
    "c'est fermé",
    "le centre ferme à quelle heure",
    "à la bourse du travail",
    "les volontaires sont gentils",
    "je m'appelle Barbara",
    "Madeleine m'a dit de venir",
    "je viens de Lyon",
    "12 rue de Charonne",
    "rue de la gare",
    "rue des bains",
    "boulevard Voltaire",
    "avenue de la République",
    "107 avenue Jean Jaurès",
    "rue du Grenier Saint-Lazare",
    "la plaie",
    "écrivez un arrondissement",
    "au 2e étage",
    "pour la 3e fois",
    "le 1er janvier",
    "rendez-vous le 4 septembre",
    "on the 18th",
    "à 18 h",
    "dans 15 minutes",
    "dans le 93",
    "un véto gratuit ça existe sur paris ?",
    "mon copain me tape souvent, j'ai peur de lui, je sais pas quoi faire",
    "need a day centre that lets my dog in, tomorrow morning",
    "elle a les lèvres bleues et elle répond à peine, appelez vite quelqu'un",
]


@pytest.mark.parametrize("sentence", WITHOUT_PLACES)
def test_ordinary_words_are_no_places(sentence: str) -> None:
    assert spots(sentence) == []


MARKED_OR_ALONE = ["temple", "bourse", "liberté", "volontaires", "blanche", "europe", "commerce", "rome"]


@pytest.mark.parametrize("word", MARKED_OR_ALONE)
def test_ordinary_words_are_places_after_a_marker_or_alone(word: str) -> None:
    for sentence in (word, f"vers {word}", f"une douche au métro {word}"):
        assert [(said, spot.score > UNSURE) for said, spot in spots(sentence)] == [(plain(word), True)]
    # Without any grammar it may be a place, but every other reading is better.
    assert [(said, spot.score) for said, spot in spots(f"douche {word}")] == [(plain(word), UNSURE)]


def test_words_with_another_meaning_are_not_corrected() -> None:
    assert [said for said, _ in spots("douche bastile")] == ["bastile"]
    assert spots("douche bastile", "bastile") == []


def test_words_with_another_meaning_are_part_of_longer_names() -> None:
    assert [said for said, _ in spots("eau vers château d'eau", "eau")] == ["chateau d eau"]


def test_two_places_in_a_sentence() -> None:
    assert [said for said, _ in spots("entre bastille et nation")] == ["bastille", "nation"]


WORDS = [
    "gare",
    "du",
    "nord",
    "la",
    "de",
    "vers",
    "mairie",
    "18",
    "e",
    "paris",
    "bastile",
    "st",
    "douche",
    "a",
    "m",
    "denis",
]


@given(
    st.lists(st.sampled_from(WORDS), max_size=30),
    st.data(),
)
def test_spots_lie_in_the_sentence_and_never_overlap(words: list[str], data: st.DataObject) -> None:
    said = tokens(" ".join(words))
    taken = data.draw(st.sets(st.integers(0, 30)))
    covered: set[int] = set()
    for spot in GAZETTEER.spot(said, taken):
        span = set(range(spot.start, spot.end))
        assert span
        assert span <= set(range(len(said)))
        assert not span & covered
        assert spot.places
        assert 0 < spot.score <= 1
        covered |= span


@given(st.text())
def test_any_text_may_be_asked(text: str) -> None:
    GAZETTEER.look_up(text)
    GAZETTEER.spot(tokens(text))
