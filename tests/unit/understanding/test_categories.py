from __future__ import annotations

import pytest

from tests.unit.understanding.conftest import Understand


@pytest.mark.parametrize(
    ("text", "categories"),
    [
        ("une douche et une laverie", ("shower", "laundry")),
        ("laver mon linge puis manger", ("laundry", "food_distribution")),
        ("manger et me doucher", ("food_distribution", "shower")),
        ("a shower and some clothes", ("shower", "clothing")),
        # what is denied is not asked for, unless it is all there is
        ("pas un hôpital, un dentiste", ("dental_care",)),
        ("un dentiste, pas un médecin", ("dental_care",)),
        ("not a shower, a toilet", ("toilets",)),
        ("j'ai pas de douche chez moi", ("shower",)),
        # the longer phrase wins over the words inside it
        ("accueil de jour", ("day_centre",)),
        ("nourriture pour mon chien", ("animal_care",)),
        ("coffre-fort numérique", ("digital_safe",)),
        ("emergency contraception", ("contraception",)),
        # a circumstance counts where nothing firmer is said
        ("j'ai froid", ("day_centre",)),
        ("j'ai froid, une douche chaude", ("shower",)),
        ("i'm sick", ("general_practitioner",)),
        # what is only told about oneself is not asked for
        ("j'ai perdu mon emploi, je cherche une douche", ("shower",)),
        ("I work in a hotel but I need a dentist", ("dental_care",)),
        # a parent stands where the person stays general, not beside its own leaf
        ("hygiène", ("hygiene",)),
        ("la santé, un dentiste", ("dental_care",)),
        # names of places are no services
        ("douche Château d'Eau", ("shower",)),
        ("wifi métro Bibliothèque", ("wifi",)),
        # a word of another language that this one does not have
        ("where is a laverie near here", ("laundry",)),
    ],
)
def test_services_in_the_order_said(understand: Understand, text: str, categories: tuple[str, ...]) -> None:
    assert understand(text).categories == categories


@pytest.mark.parametrize("text", ["merci beaucoup", "je veux devenir bénévole", "STOP", "il respire plus, une douche"])
def test_other_intents_have_no_services(understand: Understand, text: str) -> None:
    assert understand(text).categories == ()
