"""Answers of the homeserver, and what each means for the message that met it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from bot.adapters.adapter import Delivered, Refused, Retry, Stopped, Uncertain
from bot.adapters.matrix.errors import delivery
from bot.adapters.matrix.homeserver import Answer, retry_after, route


def error(code: str, status: int = 400) -> Answer:
    return Answer(status, {"errcode": code, "error": "why"})


@pytest.mark.parametrize(
    ("answer", "meaning"),
    [
        (Answer(200, {"event_id": "$1"}), Delivered("$1")),
        (Answer(200, {}), Uncertain()),
        (Answer(200, {"event_id": 3}), Uncertain()),
        (Answer(429, {}, 2.0), Retry(2.0, whole_platform=True)),
        (Answer(400, {"errcode": "M_LIMIT_EXCEEDED"}), Retry(None, whole_platform=True)),
        (error("M_UNKNOWN_TOKEN", 401), Retry(60.0, whole_platform=True)),
        (Answer(502, {}), Retry()),
        (Answer(503, {}, 5.0), Retry(5.0)),
        (error("M_UNKNOWN", 500), Retry()),
        (error("M_FORBIDDEN", 403), Stopped("M_FORBIDDEN why")),
        (error("M_NOT_FOUND", 404), Stopped("M_NOT_FOUND why", gone=True)),
        (error("M_TOO_LARGE", 413), Refused("M_TOO_LARGE why")),
        (Answer(413, {}), Refused("status 413")),
        (error("M_BAD_JSON"), Refused("M_BAD_JSON why")),
        (error("M_SOMETHING_NEW"), Refused("M_SOMETHING_NEW why")),
        (Answer(404, {}), Retry()),
        (Answer(302, {}), Retry()),
    ],
)
def test_meaning(answer: Answer, meaning: Any) -> None:
    assert delivery(answer) == meaning


@pytest.mark.parametrize(
    ("milliseconds", "header", "seconds"),
    [
        (1500, "", 1.5),
        (None, "3", 3.0),
        (1500, "3", 3.0),
        (5000, "3", 5.0),
        (None, "", None),
        ("odd", "odd", None),
        (None, "-1", 0.0),
        (10**9, "", 3600.0),
    ],
)
def test_when_to_come_back(milliseconds: object, header: str, seconds: float | None) -> None:
    assert retry_after(milliseconds, {"Retry-After": header} if header else {}) == seconds


def test_when_to_come_back_by_the_clock() -> None:
    when = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    seconds = retry_after(None, {"Retry-After": when})
    assert seconds is not None
    assert 27 < seconds <= 30


def test_ids_are_escaped() -> None:
    assert route("rooms", "!a/b:c", "send", "m.room.message", "1.2") == "/v3/rooms/%21a%2Fb%3Ac/send/m.room.message/1.2"
    assert re.fullmatch(r"/versions", route(version="versions"))
