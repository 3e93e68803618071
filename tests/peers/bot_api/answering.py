"""Answers to buttons and inline queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.peers.bot_api import arguments as read
from tests.peers.bot_api import markup
from tests.peers.bot_api.errors import bad_request
from tests.peers.bot_api.sending import contact_content, location_content, text_content, venue_content

if TYPE_CHECKING:
    from tests.peers.bot_api.api import FakeBotApi

CALLBACK_LIFE = 150.0
"""Seconds in which a pressed button may be answered. Measured on real bots; Telegram does not publish it."""
INLINE_LIFE = 60.0
MAX_RESULTS = 50
"""Source: Telegram Bot API, answerInlineQuery."""
MAX_NOTICE = 200
"""Characters. Source: Telegram Bot API, answerCallbackQuery."""
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


@dataclass(slots=True)
class Query:
    """A pressed button or an inline question, waiting for its answer."""

    id: str
    person: int
    at: float
    answered: bool = False
    notice: str = ""
    alert: bool = False
    results: list[dict[str, Any]] = field(default_factory=list)


def answer_callback(api: FakeBotApi, arguments: read.Arguments) -> bool:
    notice = read.text(arguments, "text")
    if len(notice) > MAX_NOTICE:
        raise bad_request("MESSAGE_TOO_LONG")
    query = _waiting(api, api.callbacks, read.text(arguments, "callback_query_id"), CALLBACK_LIFE)
    query.answered, query.notice, query.alert = True, notice, read.flag(arguments, "show_alert")
    api.changed()
    return True


def answer_inline(api: FakeBotApi, arguments: read.Arguments) -> bool:
    results = read.structure(arguments, "results", "inline query results")
    if not isinstance(results, list):
        raise bad_request("Can't parse inline query results: Expected an Array of inline query results")
    if len(results) > MAX_RESULTS:
        raise bad_request("Too many inline query results specified")
    for result in results:
        _check_result(result)
    if len({str(result["id"]) for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    if len(read.text(arguments, "next_offset").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    query = _waiting(api, api.inline_queries, read.text(arguments, "inline_query_id"), INLINE_LIFE)
    query.answered, query.results = True, results
    api.changed()
    return True


def _waiting(api: FakeBotApi, queries: dict[str, Query], query_id: str, life: float) -> Query:
    query = queries.get(query_id)
    if query is None or query.answered or api.clock() - query.at > life:
        raise bad_request(TOO_OLD)
    return query


def _check_result(result: Any) -> None:
    if not isinstance(result, dict):
        raise bad_request("Can't parse inline query result: Inline query result must be an object")
    if not 1 <= len(str(result.get("id", "")).encode()) <= 64:
        raise bad_request("RESULT_ID_INVALID")
    kind = result.get("type")
    if kind == "article":
        if not result.get("title"):
            raise bad_request("Can't parse inline query result: Can't find field \"title\"")
        if not result.get("input_message_content"):
            raise bad_request("Can't parse inline query result: Input message content is not specified")
    elif kind in {"location", "venue"}:
        (venue_content if kind == "venue" else location_content)(result)
    elif kind == "contact":
        contact_content(result)
    else:
        raise bad_request(f'Can\'t parse inline query result: type "{kind}" is unsupported for the inline query result')
    if result.get("input_message_content"):
        _check_content(result["input_message_content"])
    markup.check_inline(result.get("reply_markup"))


def _check_content(content: Any) -> None:
    if not isinstance(content, dict):
        raise bad_request("Can't parse inline query result: Input message content is not specified")
    if "message_text" in content:
        text_content({**content, "text": content["message_text"]})
    elif "phone_number" in content:
        contact_content(content)
    elif "title" in content:
        venue_content(content)
    elif "latitude" in content:
        location_content(content)
    else:
        raise bad_request("Can't parse inline query result: Input message content is not specified")
