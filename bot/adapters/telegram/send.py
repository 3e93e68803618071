"""Makes the calls that `render` decided on."""

from __future__ import annotations

from typing import Any

import structlog
from telegram import Bot, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import InvalidToken

from bot.adapters.adapter import Delivered, Delivery
from bot.adapters.telegram.errors import delivery, simpler
from bot.adapters.telegram.render import (
    INLINE_CACHE_SECONDS,
    NO_PREVIEW,
    AnswerInline,
    Call,
    Message,
    SendContact,
    SendText,
    SendVenue,
)  # fmt: skip

log = structlog.get_logger(__name__)


async def send(bot: Bot, call: Call) -> Delivery:
    """One message out. Tried again at once only in a simpler form that Telegram may take; the outbox does the rest."""
    while True:
        try:
            return Delivered(await _make(bot, call))
        except Exception as error:
            simpler_call = simpler(call, error)
            if simpler_call is None:
                return _failed(call, error)
            log.warning("telegram.sent_simpler", call=type(call).__name__)
            call = simpler_call


def _failed(call: Call, error: Exception) -> Delivery:
    outcome = delivery(error)
    report = log.error if isinstance(error, InvalidToken) else log.info
    report("telegram.not_sent", call=type(call).__name__, error=type(error).__name__, outcome=type(outcome).__name__)
    return outcome


async def _make(bot: Bot, call: Call) -> str:
    match call:
        case SendText():
            sent = await bot.send_message(
                text=call.plain if call.html is None else call.html,
                parse_mode=None if call.html is None else ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                **_to(call),
            )
        case SendVenue():
            sent = await bot.send_venue(
                latitude=call.pin.latitude,
                longitude=call.pin.longitude,
                title=call.pin.title,
                address=call.pin.address,
                **_to(call),
            )
        case SendContact():
            sent = await bot.send_contact(phone_number=call.contact.phone, first_name=call.contact.name, **_to(call))
        case AnswerInline():
            await bot.answer_inline_query(call.query, call.results, cache_time=INLINE_CACHE_SECONDS, is_personal=True)
            return ""
    return str(sent.message_id)


def _to(call: Message) -> dict[str, Any]:
    reply_to = call.to.reply_to
    return {
        "chat_id": call.to.chat,
        "message_thread_id": call.to.thread,
        "reply_markup": call.markup,
        "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
    }
