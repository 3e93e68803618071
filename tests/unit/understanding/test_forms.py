from __future__ import annotations

import pytest

from knowledge.understanding.forms import Forms

ROWS = {
    4: [["-", "s", "x"]],
    3: [["а", "ы", "у", "е", "ой"], ["-", "а", "у", "ом", "е"], ["ать", "аю", "ает"]],
}
FORMS = Forms.of(["ال", "وال", "لل", "و", "ب"], [("ent", "er")], ROWS)


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("douches", "douche"),
        ("jouent", "jouer"),
        ("водой", "вода"),
        ("душом", "душ"),
        ("кушает", "кушать"),
        ("والحمام", "حمام"),
        ("حمام", "الحمام"),
        ("بحمام", "حمام"),
        ("للحمام", "الحمام"),
    ],
)
def test_forms_of_one_word(said: str, written: str) -> None:
    assert written in FORMS.every(said)


@pytest.mark.parametrize(
    ("said", "written"),
    [("mois", "moi"), ("кушает", "кушой"), ("еда", "ед"), ("وقت", "قت"), ("приют", "прием")],
)
def test_other_words_stay_apart(said: str, written: str) -> None:
    assert written not in FORMS.every(said)
