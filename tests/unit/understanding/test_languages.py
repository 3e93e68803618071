"""The same things said in ten languages: places, times, forms of words. A row is a way of saying, not a sentence of
somebody's."""

from __future__ import annotations

import pytest

from knowledge.gazetteer import Gazetteer
from knowledge.understanding import Understanding
from knowledge.understanding.lexicon import Lexicon
from tests.unit.understanding.conftest import NOW, Understand


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("душ у метро Сталинград", "Stalingrad"),
        ("душ возле Северного вокзала", "Gare du Nord"),
        ("поесть около Гар дю Нор", "Gare du Nord"),
        ("туалет рядом с Барбесом", "Barbès Rochechouart"),
        ("врач в 18-м округе", "Paris 18e arrondissement"),
        ("врач в восемнадцатом округе", "Paris 18e arrondissement"),
        ("душ біля площі Республіки", "Place de la Republique"),
        ("лікар у вісімнадцятому окрузі", "Paris 18e arrondissement"),
        ("دوش قرب غار دي نور", "Gare du Nord"),
        ("طبيب في الدائرة الثامنة عشرة", "Paris 18e arrondissement"),
        ("طبيب في الدائرة ١٨", "Paris 18e arrondissement"),
        ("أكل جنب مترو ستالينغراد", "Stalingrad"),
        ("دکتر نزدیک گار دو نور", "Gare du Nord"),
        ("دکتر در منطقه ۱۸", "Paris 18e arrondissement"),
        ("غذا در ناحیه هجدهم", "Paris 18e arrondissement"),
        ("un médico en el distrito 18", "Paris 18e arrondissement"),
        ("una ducha cerca de la estación del norte", "Gare du Nord"),
        ("um médico no 18º distrito", "Paris 18e arrondissement"),
        ("un medic în arondismentul 18", "Paris 18e arrondissement"),
        ("un duș lângă gara de nord", "Gare du Nord"),
    ],
)
def test_places(understand: Understand, text: str, name: str) -> None:
    frame = understand(text)
    assert frame.place is not None, frame.why
    assert frame.place.name == name


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("una ducha mañana por la mañana", "15T06:00", "15T12:00"),
        ("una ducha a las siete de la tarde", "14T19:00", "14T19:00"),
        ("um banho depois das 19h", "14T19:00", "14T23:59"),
        ("un duș sâmbătă", "17T00:00", "17T23:59"),
        ("un duș între 16 și 18", "14T16:00", "14T18:00"),
        ("душ завтра вечером", "15T18:00", "15T23:59"),
        ("душ в 7 вечера", "14T19:00", "14T19:00"),
        ("душ после 19", "14T19:00", "14T23:59"),
        ("душ с 16 до 18", "14T16:00", "14T18:00"),
        ("душ у суботу", "17T00:00", "17T23:59"),
        ("душ о 19 годині", "14T19:00", "14T19:00"),
        ("دوش غدا مساء", "15T18:00", "15T23:59"),
        ("دوش الساعة ٧ مساء", "14T19:00", "14T19:00"),
        ("دوش یوم السبت", "17T00:00", "17T23:59"),
        ("دوش فردا صبح", "15T06:00", "15T12:00"),
        ("غذا ساعت ۷ شب", "14T19:00", "14T19:00"),
    ],
)
def test_times(understand: Understand, text: str, start: str, end: str) -> None:
    when = understand(text).when
    assert when is not None
    assert (f"{when.start:%dT%H:%M}", f"{when.end:%dT%H:%M}") == (start, end)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("dónde puedo comer", "es"),
        ("onde posso comer", "pt"),
        ("unde pot manca", "ro"),
        ("где поесть", "ru"),
        ("де поїсти", "uk"),
        ("وين ناكل", "ar"),
        ("win nel9a makla", "ar"),
        ("bghit ndir douche", "ar"),
        ("کجا غذا بخورم", "fa"),
        ("كجا غذا مي خواهم", "fa"),
        ("چیرته ډوډۍ وخورم", "ps"),
    ],
)
def test_language(understand: Understand, text: str, language: str) -> None:
    assert understand(text).language == language


def test_languages_that_are_ready_change_nothing(understand: Understand, gazetteer: Gazetteer) -> None:
    """Languages are read when they are called for: a sentence means the same before and after."""
    everything = Understanding(Lexicon.load(first=Lexicon.load(first=()).languages), gazetteer)
    for text in ("douche république", "una toilette", "la mairie", "duche", "gare", "bagage", "душ", "حمام"):
        assert everything.understand(text, NOW) == understand(text)
