"""How long sending takes: by the permitted pace, by the pace so far where that is much slower."""

from __future__ import annotations

from datetime import timedelta

import pytest

from knowledge.announcements.content import Attached, Content, Spot, Words
from knowledge.announcements.pace import duration, left

SECOND = timedelta(seconds=1)


def test_platforms_send_side_by_side() -> None:
    assert duration({"telegram": 214, "matrix": 10}, {"telegram": 25, "matrix": 5}) == timedelta(seconds=8.56)
    assert duration({"telegram": 10, "matrix": 100}, {"telegram": 25, "matrix": 5}) == 20 * SECOND
    assert duration({"telegram": 50}, {"telegram": 25}, 2) == 4 * SECOND
    assert duration({"elsewhere": 50}, {"telegram": 25}) == duration({}, {}) == 0 * SECOND


@pytest.mark.parametrize(
    ("waiting", "ended", "since", "said"),
    [(100, 0, 0, 4), (100, 10, 60, 4), (100, 100, 5, 4), (100, 100, 20, 20), (0, 100, 20, 0)],
)
def test_much_slower_than_permitted_is_said(waiting: int, ended: int, since: int, said: int) -> None:
    assert left(waiting / 25 * SECOND, waiting, ended, since * SECOND) == said * SECOND


def test_a_place_and_a_text_too_long_for_its_picture_are_messages_of_their_own() -> None:
    picture = Attached(1, True, "a.png", "image/png")
    words, long = {"fr": Words("x")}, {"fr": Words("x" * 1100)}
    assert [
        Content("fr", words).messages,
        Content("fr", words, picture).messages,
        Content("fr", long).messages,
        Content("fr", long, picture).messages,
        Content("fr", long, picture, Spot(48.8, 2.3)).messages,
    ] == [1, 1, 1, 2, 3]
