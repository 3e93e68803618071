"""Updates that the library cannot read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Update

from bot.adapters.telegram.addressed import Me
from bot.adapters.telegram.receive import incoming
from bot.adapters.telegram.salvage import essentials
from bot.messages import Incoming, Kind
from tests.unit.telegram.server import ME, message

NOW = datetime(2027, 1, 15, 8, 5, tzinfo=UTC)
OLD_POLL = {"id": "1", "question": "?", "options": [], "total_voter_count": 0}
GROUP = {"id": -5, "type": "group", "title": "m"}


def read(update: dict[str, Any]) -> Incoming | None:
    return incoming(Update.de_json(update, None), Me(42, "solidarity_bot"), NOW)


@pytest.mark.parametrize(
    ("content", "kind", "text"),
    [
        pytest.param({"poll": OLD_POLL}, Kind.UNSUPPORTED, "", id="a poll of another year"),
        pytest.param(
            {"text": "douche", "reply_to_message": message(poll=OLD_POLL)}, Kind.TEXT, "douche", id="answers a poll"
        ),
        pytest.param(
            {"chat": GROUP, "text": "douche", "reply_to_message": message(poll=OLD_POLL) | {"from": ME}},
            Kind.TEXT,
            "douche",
            id="answers ours in a group",
        ),
        pytest.param({"caption": "douche", "photo": "?"}, Kind.TEXT, "douche", id="words under something odd"),
    ],
)
def test_what_can_be_read_is_read(content: dict[str, Any], kind: Kind, text: str) -> None:
    update = {"update_id": 1, "message": message(**content)}
    with pytest.raises((TypeError, AttributeError)):
        read(update)
    got = read(essentials(update))
    assert got is not None
    assert (got.kind, got.text) == (kind, text)


@pytest.mark.parametrize("update", [{"update_id": 1}, {"message": message(text="x")}, {"update_id": 1, "message": []}])
def test_what_is_no_message_is_given_up(update: dict[str, Any]) -> None:
    with pytest.raises((LookupError, TypeError)):
        essentials(update)
