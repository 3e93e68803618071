"""Where, as understanding puts it together; what names mean is tested with the gazetteer."""

from __future__ import annotations

import pytest

from knowledge.gazetteer import Gazetteer
from tests.unit.understanding.conftest import Understand


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("douche gare du nord", "gare du nord"),
        ("duche gar du nor", "gare du nord"),
        ("manger dans le 18e", "75018"),
        ("douche 75011", "75011"),
        ("shower in the 12th", "75012"),
        ("wifi métro Bibliothèque", "métro bibliothèque"),
        ("toilettes Château d'Eau", "château d'eau"),
        ("douche pas Bastille, Nation", "nation"),
        ("douche à Paris", None),
        ("bibliothèque", None),
        ("laverie le 12/02", None),
        ("shower on october 12th", None),
    ],
)
def test_place(understand: Understand, gazetteer: Gazetteer, text: str, name: str | None) -> None:
    expected = gazetteer.look_up(name)[0] if name is not None else None
    frame = understand(text)
    assert frame.place == expected or frame.places[:1] == (expected,), frame.why


def test_an_ambiguous_name_gives_its_candidates(understand: Understand, gazetteer: Gazetteer) -> None:
    candidates = tuple(gazetteer.look_up("saint denis"))
    assert len(candidates) > 1
    frame = understand("douche vers saint denis")
    assert (frame.place, frame.places) == (None, candidates)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("douche 12 rue de Charonne", "12 rue de Charonne"),
        ("12 bis rue de la Roquette demain matin", "12 bis rue de la Roquette"),
        ("je suis au 8 rue de la Banque, où manger", "8 rue de la Banque"),
        ("laverie rue de Charonne", "rue de Charonne"),
        ("12 rue de Charonne 75011 Paris, une douche", "12 rue de Charonne 75011 Paris"),
        ("toilettes près du 3 av. Parmentier svp", "3 av. Parmentier"),
        ("a shower at 5 rue Oberkampf please", "5 rue Oberkampf"),
        ("12 Rue De CHARONNE", "12 Rue De CHARONNE"),
        ("dormir à la rue", None),
        ("je vis dans la rue, une douche", None),
        ("cours de français", None),
        ("place de la Nation", None),
        ("une place en foyer", None),
    ],
)
def test_address(understand: Understand, text: str, address: str | None) -> None:
    assert understand(text).address == address


def test_the_name_of_a_street_is_not_the_station(understand: Understand) -> None:
    frame = understand("douche 12 rue de Charonne")
    assert (frame.place, frame.places) == (None, ())
