from __future__ import annotations

import pytest

from tests.unit.understanding.conftest import Understand


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ("douche gratuite", ["free"]),
        ("douche pas chère", []),
        ("repas halal gratuit", ["free", "halal"]),
        ("repas sans viande", ["vegetarian"]),
        ("médecin sans rdv", ["no_appointment"]),
        ("doctor without appointment", ["no_appointment"]),
        ("médecin pour sans-papiers", ["undocumented"]),
        ("j'ai perdu mes papiers, qui peut m'aider", []),
        ("avocat pour ma demande d'asile", ["asylum"]),
        ("accueil de jour réservé aux femmes", ["women"]),
        ("je suis étudiante, un repas", ["young_adults"]),
        ("douche pour hommes", ["men"]),
        ("douche accessible en fauteuil", ["wheelchair"]),
        ("accueil de jour avec mon chien", ["pets"]),
        ("un véto pour mon chien", []),
        ("hébergement pour un couple", ["couples"]),
        ("a couple of showers", []),
        ("repas avec mes 3 enfants", ["families"]),
        ("des couches pour mon bébé", []),
        ("je suis enceinte, un médecin", ["pregnant"]),
        ("foyer lgbt", ["lgbt"]),
        ("avocat pour femmes victimes de violences", ["violence", "women"]),
        # ages
        ("j'ai 16 ans, une douche", ["minors"]),
        ("j'ai 19 ans, une douche", ["young_adults"]),
        ("j'ai 40 ans, une douche", []),
        ("ma mère qui a 82 ans cherche un médecin", ["seniors"]),
        ("a doctor, I'm 67", ["seniors"]),
        ("a shower, im 19", ["young_adults"]),
        ("he's 70 years old, a dentist", ["seniors"]),
        ("j'ai travaillé 20 ans, un dentiste", []),
        ("il y a 20 ans j'avais un dentiste", []),
        ("je suis là depuis 17 ans, un dentiste", []),
        ("I'm 20 min away, a shower", []),
    ],
)
def test_needs(understand: Understand, text: str, needs: list[str]) -> None:
    assert list(understand(text).needs) == needs
