"""Audiences, times that come again, buttons and prepared alerts: from words to what they mean."""

from __future__ import annotations

import re

import pytest

from bot.texts import LANGUAGES
from handlers.announcements.labels import BadButton, read
from knowledge.announcements import recurring, said
from knowledge.announcements.audience import (
    AllOf,
    AnyOf,
    Audience,
    Everybody,
    HasRole,
    InDistrict,
    Near,
    Node,
    Not,
    OnPlatform,
    Qualified,
    Seen,
    SignedUp,
    Skilled,
    Speaks,
    dump,
    load,
)
from knowledge.announcements.content import Choice, Link
from knowledge.announcements.prepared import template, templates
from knowledge.frame import Place

TRAINED, COOKS, EN = Qualified(""), Skilled("cooking"), Speaks("en")
NAMED = said.Named(
    [(1, "Maraude et café"), (2, "Aller vers")],
    [("Les fidèles", Seen(days=90))],
    lambda words: Place("Nation", 48.848, 2.396) if words == "nation" else None,
)


def district(*numbers: int) -> InDistrict:
    return InDistrict(tuple(f"750{number:02d}" for number in numbers))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tout le monde", Everybody()),
        ("tous les volontaires", HasRole("volunteer")),
        ("l'équipe", AnyOf((HasRole("staff"), HasRole("admin")))),
        ("salariés", HasRole("staff")),
        ("formés", TRAINED),
        ("formation expirée", Qualified("", valid=False)),
        ("10e", district(10)),
        ("75018", district(18)),
        ("dans le 1er arrondissement", district(1)),
        ("10e, 18e", district(10, 18)),
        ("10e et 18e", district(10, 18)),
        ("10e,18e", district(10, 18)),
        ("formés, 10e ou 18e", AllOf((TRAINED, district(10, 18)))),
        ("formés et 10e ou 18e", AllOf((TRAINED, district(10, 18)))),
        ("formés et 10e ou anglophones", AnyOf((AllOf((TRAINED, district(10))), Speaks("en")))),
        ("10e, 18e ou 19e", district(10, 18, 19)),
        ("formés, 10e ou anglophones", AllOf((TRAINED, AnyOf((Speaks("en"), district(10)))))),
        ("formés, (10e ou 18e)", AllOf((TRAINED, district(10, 18)))),
        ("formés, 10e et 18e, sauf anglophones", AllOf((TRAINED, district(10, 18), Not(EN)))),
        ("formés ou cuisine, sauf anglophones", AllOf((AnyOf((TRAINED, COOKS)), Not(EN)))),
        ("sauf anglophones", AllOf((Everybody(), Not(EN)))),
        ("formés mais pas 18e", AllOf((TRAINED, Not(district(18))))),
        ("formés et pas anglophones", AllOf((TRAINED, Not(EN)))),
        ("formés et non anglophones et 18e", AllOf((TRAINED, Not(EN), district(18)))),
        ("formés et sauf 10e", AllOf((TRAINED, Not(district(10))))),
        ("formés et pas 10e et 18e", AllOf((TRAINED, Not(district(10, 18))))),
        ("(formés ou cuisine) et non (10e ou 18e)", AllOf((AnyOf((TRAINED, COOKS)), Not(district(10, 18))))),
        ("everyone but staff", AllOf((Everybody(), Not(HasRole("staff"))))),
        ("tous les bénévoles formés du 10e", AllOf((HasRole("volunteer"), TRAINED, district(10)))),
        ("formés du 10e et du 18e", AllOf((TRAINED, district(10, 18)))),
        ("parlent arabe", Speaks("ar", offers=True)),
        ("sur telegram", OnPlatform("telegram")),
        ("actifs depuis 3 mois", Seen(days=90)),
        ("silencieux depuis 2 semaines", Seen(days=14, silent=True)),
        ("inscrits à Maraude et café", SignedUp("coming", 1)),
        ("inscrits à Maraude et café, formés", AllOf((SignedUp("coming", 1), TRAINED))),
        ("en attente pour aller vers", SignedUp("waiting", 2)),
        ("présents à aller vers ou formés", AnyOf((SignedUp("attended", 2), TRAINED))),
        ("les fidèles sauf 18e", AllOf((Seen(days=90), Not(district(18))))),
        ("près de Nation", Near(48.848, 2.396, 1000, "Nation")),
        ("à moins de 2,5 km de Nation", Near(48.848, 2.396, 2500, "Nation")),
        ("500 m autour de Nation", Near(48.848, 2.396, 500, "Nation")),
        ("trained and 10th except english", AllOf((TRAINED, district(10), Not(EN)))),
        ("everyone except the team", AllOf((Everybody(), Not(AnyOf((HasRole("staff"), HasRole("admin"))))))),
    ],
)
def test_audiences(words: str, expected: Node) -> None:
    found = said.read(words, NAMED)
    assert found == expected
    assert load(dump(Audience(found))).people == expected


@pytest.mark.parametrize(
    ("words", "unknown"),
    [
        ("", ""), ("les martiens", "les martiens"), ("formés et les martiens", "les martiens"), ("sauf", "sauf"),
        ("formés sauf", "formés sauf"), ("(formés", "(formés"), ("formés)", "formés)"), ("et et", "et et"), ("21e", "21e"),
        ("inscrits à la lune", "inscrits à la lune"), ("près de nulle part", "près de nulle part"), ("()", "()"),
        ("🤷", "🤷"), ("((((((((((formés", "((((((((((formés"),
    ],
)  # fmt: skip
def test_words_that_name_nobody(words: str, unknown: str) -> None:
    with pytest.raises(said.NotAnAudience) as error:
        said.read(words, NAMED)
    assert error.value.words == unknown


@pytest.mark.parametrize(
    ("words", "rule", "until"),
    [
        ("tous les jeudis 18h jusqu'au 31 mars", "FREQ=WEEKLY;BYDAY=TH", "31 mars"),
        ("tous les soirs 19h jusqu’au 1/4", "FREQ=DAILY", "1/4"),
        ("chaque jour à 9h", "FREQ=DAILY", ""),
        ("tous les lundis et jeudis 8h30", "FREQ=WEEKLY;BYDAY=MO,TH", ""),
        ("tous les jours de semaine 8h", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", ""),
        ("le premier mardi du mois 10h", "FREQ=MONTHLY;BYDAY=1TU", ""),
        ("le dernier vendredi de chaque mois 10h", "FREQ=MONTHLY;BYDAY=-1FR", ""),
        ("tous les mois le 5 à 10h", "FREQ=MONTHLY;BYMONTHDAY=5", ""),
        ("toutes les deux semaines le lundi 9h", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", ""),
        ("toutes les 2 semaines le lundi 9h", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", ""),
        ("tous les jours sauf dimanche 9h", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA", ""),
        ("un mardi sur deux 9h", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", ""),
        ("chaque lundi 9h, 4 fois", "FREQ=WEEKLY;BYDAY=MO;COUNT=4", ""),
        ("every Thursday 6pm until 31 March", "FREQ=WEEKLY;BYDAY=TH", "31 March"),
    ],
)
def test_times_that_come_again(words: str, rule: str, until: str) -> None:
    found = recurring.read(words)
    assert found is not None
    assert (found.rule, found.until) == (rule, until)


@pytest.mark.parametrize("words", ["demain 9h", "jeudi 18h", "le 5 à 10h", ""])
def test_times_that_come_once(words: str) -> None:
    assert recurring.read(words) is None


@pytest.mark.parametrize(
    "words",
    [
        "tous les mois le 32 à 10h",
        "toutes les 3 semaines le lundi 9h",
        "toutes les deux semaines 9h",
        "tous les jours sauf à Noël 9h",
        "chaque",
    ],
)
def test_times_that_come_again_as_is_not_known(words: str) -> None:
    found = recurring.read(words)
    assert found is not None
    assert not found.rule


def test_buttons() -> None:
    taps, labels = read("- Je viens\n\n[Pas cette fois]\nLe plan : www.paris.fr/plan?a=1")
    assert taps == (Choice(), Choice(), Link("https://www.paris.fr/plan?a=1"))
    assert labels == ("Je viens", "Pas cette fois", "Le plan")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "many"), ("a\nb\nc\nd", "many"), ("x" * 41, "label"), ("https://paris.fr", "label"),
        ("Plan javascript://a.fr", "link"), ("Plan https://localhost", "link"), ("Plan https://[", "link"),
        ("Plan https://a.fr/" + "x" * 300, "link"),
    ],
)  # fmt: skip
def test_buttons_that_are_none(text: str, why: str) -> None:
    with pytest.raises(BadButton) as error:
        read(text)
    assert error.value.why == why


def test_prepared_alerts_are_found_and_whole() -> None:
    assert {one.id for one in templates()} >= {"cold", "heat", "storm", "urgent"}
    assert template("Grand Froid") == template("cold")
    assert template("tsunami") is None
    for one in templates():
        assert one.text.keys() <= LANGUAGES.keys()
        for language in one.text:
            for level in range(len(one.level)):
                text = one.written(language, level, "")
                assert not re.search(r"[{}]|, \.|  ", text)
                assert len(text) < 1000
            assert all(language in label for label in (one.title, *one.level, *one.buttons))
