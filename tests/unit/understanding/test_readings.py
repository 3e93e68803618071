from __future__ import annotations

from tests.unit.understanding.conftest import Understand


def test_a_service_named_for_sure_has_no_other_readings(understand: Understand) -> None:
    assert understand("douche gare du nord").readings == ()


def test_circumstances_are_read_in_several_ways_best_first(understand: Understand) -> None:
    frame = understand("je suis fatigué et j'ai froid")
    assert frame.readings[0].categories == frame.categories
    scores = [reading.score for reading in frame.readings]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)


def test_what_was_not_understood_offers_what_it_looks_like(understand: Understand) -> None:
    frame = understand("dxuchze")
    assert frame.intent == "unknown"
    assert ("shower",) in [reading.categories for reading in frame.readings]


def test_noise_looks_like_nothing(understand: Understand) -> None:
    assert understand("qzxw vvkk").readings == ()


def test_words_of_danger_that_are_not_enough_are_offered(understand: Understand) -> None:
    frame = understand("il a un couteau")
    assert frame.intent in ("unknown", "emergency")
    assert frame.intent == "emergency" or frame.readings[0].intent == "emergency"
