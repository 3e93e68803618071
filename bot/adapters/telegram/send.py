"""Makes the calls that `render` decided on."""

from __future__ import annotations

import json
from typing import Any

import structlog
from pydantic_core import to_json
from telegram import Bot, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import InvalidToken

from bot.adapters.adapter import Delivered, Delivery
from bot.adapters.telegram.errors import delivery, edited, simpler
from bot.adapters.telegram.media import Uploads
from bot.adapters.telegram.render import (
    INLINE_CACHE_SECONDS,
    AnswerInline,
    Call,
    EditText,
    Message,
    SendContact,
    SendMedia,
    SendText,
    SendVenue,
)  # fmt: skip

log = structlog.get_logger(__name__)

_NO_PREVIEW = json.dumps({"is_disabled": True})


class OutboxBot(Bot):
    """A Bot for what is sent most: messages whose id is all that matters afterwards."""

    async def say(self, method: str, **message: Any) -> str:
        """Calls `method` (sendMessage, sendVenue...) and gives the message's id back. Takes a tenth of the time of the
        library's own methods, which make objects of the buttons and of the whole message read back (ran: 17 µs, 218)."""
        sent = await self._post(method, {name: value for name, value in message.items() if value is not None})
        return str(sent["message_id"])


async def send(bot: OutboxBot, call: Call, uploads: Uploads | None = None) -> Delivery:
    """One message out. Tried again at once only in a simpler form that Telegram may take; the outbox does the rest."""
    while True:
        try:
            return Delivered(await _make(bot, call, uploads))
        except Exception as error:
            simpler_call = simpler(call, error)
            if simpler_call is None:
                return _failed(call, error)
            log.warning("telegram.sent_simpler", call=type(call).__name__)
            call = simpler_call


def _failed(call: Call, error: Exception) -> Delivery:
    if isinstance(call, EditText) and edited(error):
        return Delivered(str(call.message))
    outcome = delivery(error)
    report = log.error if isinstance(error, InvalidToken) else log.info
    report("telegram.not_sent", call=type(call).__name__, error=type(error).__name__, outcome=type(outcome).__name__)
    return outcome


async def _make(bot: OutboxBot, call: Call, uploads: Uploads | None) -> str:
    match call:
        case SendText():
            return await bot.say(
                "sendMessage",
                text=call.plain if call.html is None else call.html,
                parse_mode=None if call.html is None else ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                **_to(call),
            )
        case SendMedia(media=media):
            if uploads is None:
                raise RuntimeError("no attachments to send from")
            caption = call.plain if call.html is None else call.html
            mode = ParseMode.HTML if call.html and caption else None
            return await uploads.send(bot, media, caption=caption or None, parse_mode=mode, **_to(call))
        case EditText():
            await bot.say(
                "editMessageText",
                message_id=call.message,
                text=call.plain if call.html is None else call.html,
                parse_mode=None if call.html is None else ParseMode.HTML,
                link_preview_options=_NO_PREVIEW,
                chat_id=str(call.to.chat),
                reply_markup=to_json(call.markup).decode() if call.markup else None,
            )
            return str(call.message)
        case SendVenue(pin=pin):
            place = {"latitude": pin.latitude, "longitude": pin.longitude, "title": pin.title, "address": pin.address}
            return await bot.say("sendVenue", **place, **_to(call))
        case SendContact(contact=contact):
            return await bot.say("sendContact", phone_number=contact.phone, first_name=contact.name, **_to(call))
        case AnswerInline():
            await bot.answer_inline_query(call.query, call.results, cache_time=INLINE_CACHE_SECONDS, is_personal=True)
            return ""


def _to(call: Message) -> dict[str, Any]:
    reply_to = call.to.reply_to
    return {
        "chat_id": str(call.to.chat),
        "message_thread_id": call.to.thread,
        "reply_markup": to_json(call.markup).decode() if call.markup else None,
        "reply_parameters": ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
    }
