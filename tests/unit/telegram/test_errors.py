"""Errors -> what became of the message."""

from __future__ import annotations

from datetime import timedelta

import pytest
from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.adapters.adapter import Delivered, Delivery, Migrated, Refused, Retry, Stopped, Uncertain
from bot.adapters.telegram.errors import TOKEN_PAUSE, delivery, simpler
from bot.adapters.telegram.render import AnswerInline, Call, Destination, SendText
from bot.adapters.telegram.request import CutOffError, NoAnswerError, NotSentError


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RetryAfter(37), Retry(37.0)),
        (RetryAfter(timedelta(seconds=3)), Retry(3.0)),
        (ChatMigrated(-100123), Migrated("-100123")),
        (Forbidden("Forbidden: bot was blocked by the user"), Stopped("Forbidden: bot was blocked by the user")),
        (Forbidden("Forbidden: user is deactivated"), Stopped("Forbidden: user is deactivated", gone=True)),
        (InvalidToken("Unauthorized"), Retry(TOKEN_PAUSE)),
        (BadRequest("Bad Request: chat not found"), Stopped("Chat not found", gone=True)),
        (BadRequest("Bad Request: group chat was deactivated"), Stopped("Group chat was deactivated", gone=True)),
        (BadRequest("Bad Request: CHAT_WRITE_FORBIDDEN"), Stopped("Chat_write_forbidden")),
        (
            BadRequest("Bad Request: not enough rights to send text messages to the chat"),
            Stopped("Not enough rights to send text messages to the chat"),
        ),
        (BadRequest("Bad Request: message is not modified: same content"), Delivered()),
        (
            BadRequest("Bad Request: query is too old and response timeout expired or query ID is invalid"),
            Refused("Query is too old and response timeout expired or query id is invalid"),
        ),
        (BadRequest("Bad Request: message is too long"), Refused("Message is too long")),
        (BadRequest("x" * 500), Refused("x" * 200)),
        (NotSentError("ClientConnectorError"), Retry()),
        (CutOffError("ServerDisconnectedError"), Uncertain()),
        (NoAnswerError("SocketTimeoutError"), Uncertain()),
        (TimedOut(), Uncertain()),
        (NetworkError("Internal Server Error (500)"), Retry()),
        (NetworkError("Bad Gateway"), Retry()),
        (Conflict("Conflict: terminated by other getUpdates request"), Retry()),
        (TelegramError("Invalid server response"), Uncertain()),
        (KeyError("result"), Uncertain()),
    ],
)
def test_delivery(error: Exception, expected: Delivery) -> None:
    assert delivery(error) == expected


KEYS = InlineKeyboardMarkup([[InlineKeyboardButton("x", callback_data="x")]])
FULL = SendText(Destination(-5, thread=12, reply_to=9), "<b>x</b>", "x", KEYS)


@pytest.mark.parametrize(
    ("call", "words", "expected"),
    [
        (
            FULL, "Bad Request: can't parse entities: unsupported start tag",
            SendText(Destination(-5, 12, 9), None, "x", KEYS),
        ),
        (FULL, "Bad Request: message thread not found", SendText(Destination(-5, None, 9), "<b>x</b>", "x", KEYS)),
        (FULL, "Bad Request: BUTTON_URL_INVALID", SendText(Destination(-5, 12, 9), "<b>x</b>", "x")),
        (FULL, "Bad Request: chat not found", None),
        (SendText(Destination(7), None, "x"), "Bad Request: can't parse entities", None),
        (SendText(Destination(7), "x", "x"), "Bad Request: message thread not found", None),
        (SendText(Destination(7), "x", "x"), "Bad Request: BUTTON_URL_INVALID", None),
        (AnswerInline("q", ()), "Bad Request: can't parse entities", None),
    ],
)  # fmt: skip
def test_simpler(call: Call, words: str, expected: Call | None) -> None:
    assert simpler(call, BadRequest(words)) == expected


def test_only_what_telegram_refused_is_simplified() -> None:
    assert simpler(FULL, Forbidden("message thread not found")) is None
