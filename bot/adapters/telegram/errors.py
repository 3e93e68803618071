"""What an error of the Bot API means for the message that met it. Pure.

Telegram tells most errors apart in words alone. Source: descriptions of the open-source Bot API server
(tdlib/telegram-bot-api) and of the API's own error list.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

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
)  # fmt: skip

from bot.adapters.adapter import Delivered, Delivery, Migrated, Refused, Retry, Stopped, Uncertain
from bot.adapters.telegram.render import AnswerInline, Call, EditText, SendMedia, SendText
from bot.adapters.telegram.request import CutOffError, NotSentError

TOKEN_PAUSE = 5.0
"""Seconds before a message is tried again whose token Telegram refused."""

MAX_REASON = 200

_GONE = (
    "chat not found", "user not found", "user is deactivated", "input_user_deactivated", "peer_id_invalid",
    "group chat was deactivated", "group chat was deleted", "chat_write_forbidden", "chat_restricted",
    "channel_private", "have no rights to send", "not enough rights to send", "bot was kicked", "bot was blocked",
)  # fmt: skip
_NOBODY = ("not found", "deactivated", "was deleted", "peer_id_invalid")
_NO_THREAD = ("message thread not found", "topic_deleted", "topic_id_invalid")
_NO_PARSE = ("can't parse entities", "entities_too_long", "entity_bounds_invalid")
_NO_PICTURE = ("photo_invalid_dimensions", "image_process_failed", "photo_ext_invalid", "photo_save_file_invalid")
_NO_FILE = ("wrong file identifier", "wrong remote file", "file_reference", "invalid file id", "file_id_invalid")
_NO_EDIT = ("message is not modified", "message to edit not found", "message can't be edited", "message_id_invalid")
_NO_BUTTONS = ("button", "keyboard", "reply markup", "reply_markup")


def delivery(error: Exception) -> Delivery:
    """What became of the message, and what to do next."""
    match error:
        case RetryAfter():
            # Telegram does not say which limit was met. The sender keeps below the overall one, so it is nearly always
            # this chat's own; were it not, each chat would be told so in turn. Others need not wait for it.
            return Retry(after=seconds(error.retry_after))
        case ChatMigrated():
            return Migrated(str(error.new_chat_id))
        case Forbidden():
            return _stopped(error)
        case InvalidToken():
            return Retry(
                after=TOKEN_PAUSE
            )  # a stray 404 holds up nobody else; for a dead token the poll ends the program
        case BadRequest():
            return _refusal(error)
        case NotSentError():
            return Retry()
        case TimedOut() | CutOffError():
            return Uncertain()
        case NetworkError() | Conflict():
            return Retry()  # an answer came and it was an error (5xx): what Telegram fails at, it does not deliver
        case _:
            return Uncertain()  # an answer came and made no sense: the message may well be out


def edited(error: Exception) -> bool:
    """Whether an edit that met this is done with: it reads so already, or there is nothing to be changed any more."""
    return isinstance(error, BadRequest) and _any_of(_NO_EDIT, error.message.lower())


def unknown_file(error: Exception) -> bool:
    """Whether Telegram does not know the picture or document any more by the name it gave it."""
    return isinstance(error, BadRequest) and _any_of(_NO_FILE, error.message.lower())


def simpler(call: Call, error: Exception) -> Call | None:
    """The same message without what Telegram could not take; None when that would change nothing.

    An answer without bold, buttons or its topic is better than none. Each fault is mended once at most, as what is
    taken out cannot be taken out again.
    """
    if not isinstance(error, BadRequest) or isinstance(call, AnswerInline):
        return None
    words = error.message.lower()
    if call.to.thread is not None and _any_of(_NO_THREAD, words):
        return replace(call, to=replace(call.to, thread=None))
    if isinstance(call, SendMedia) and call.media.picture and _any_of(_NO_PICTURE, words):
        return replace(call, media=replace(call.media, picture=False))
    if isinstance(call, SendText | SendMedia | EditText) and call.html is not None and _any_of(_NO_PARSE, words):
        return replace(call, html=None)
    if call.markup is not None and _any_of(_NO_BUTTONS, words):
        return replace(call, markup=None)
    return None


def _stopped(error: TelegramError) -> Delivery:
    return Stopped(_reason(error), gone=_any_of(_NOBODY, error.message.lower()))


def _refusal(error: BadRequest) -> Delivery:
    words = error.message.lower()
    if "message is not modified" in words:
        return Delivered()
    if _any_of(_GONE, words):
        return _stopped(error)
    return Refused(_reason(error))


def _any_of(signs: tuple[str, ...], words: str) -> bool:
    return any(sign in words for sign in signs)


def seconds(period: int | timedelta) -> float:
    """Telegram's library gives one or the other."""
    return period.total_seconds() if isinstance(period, timedelta) else float(period)


def _reason(error: TelegramError) -> str:
    """Telegram's own words. Those of something else on the way are left out: they may quote the address, token included."""
    words, _, _ = error.message.partition(" Parsing the server response")
    return words[:MAX_REASON]
