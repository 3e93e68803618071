"""Replies as calls of the Bot API. Pure: the same reply renders to the same calls."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from telegram import InlineQueryResultArticle, InputTextMessageContent, LinkPreviewOptions
from telegram.constants import ParseMode

from bot.adapters.markup import MAX_TEXT, Part, parts, units
from bot.adapters.telegram.receive import INLINE_CHAT
from bot.messages import Article, Button, Contact, Limits, Media, Outgoing, Pin

LIMITS = Limits(text=MAX_TEXT, chat_interval=1.0, group_per_minute=20, in_flight=32, buttons_per_row=8)
"""Source: Telegram Bots FAQ, "My bot is hitting limits": one message a second to a chat, 20 a minute to a group. Eight
buttons are what a phone's width shows; 32 requests at once are 600 a second from a server that answers in 50 ms, and the
most that are sent twice after a crash."""

MAX_INLINE_RESULTS = 50
"""Source: Telegram Bot API, answerInlineQuery.results."""

MAX_CAPTION = 1024
"""UTF-16 units. Source: Telegram Bot API, sendPhoto.caption, "0-1024 characters after entities parsing"."""

INLINE_CACHE_SECONDS = 5
"""What is open changes by the minute; a few seconds spare a question typed twice."""

_LINKS = ("http://", "https://", "tg://")
"""Source: Telegram Bot API, InlineKeyboardButton.url. Any other (`tel:`) has the whole message refused."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)

Markup = dict[str, Any]
"""An InlineKeyboardMarkup or ReplyKeyboardMarkup as Telegram reads it: the library's objects of six buttons take longer to
make and to write down than their whole message."""


@dataclass(frozen=True, slots=True)
class Destination:
    chat: int
    thread: int | None = None
    reply_to: int | None = None


@dataclass(frozen=True, slots=True)
class SendText:
    to: Destination
    html: str | None
    """None sends `plain`."""
    plain: str
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class SendVenue:
    to: Destination
    pin: Pin
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class SendContact:
    to: Destination
    contact: Contact
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class SendMedia:
    """`html` and `plain`: what stands under it."""

    to: Destination
    media: Media
    html: str | None = ""
    plain: str = ""
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class EditText:
    """A message sent before is to read so."""

    to: Destination
    message: int
    html: str | None
    plain: str
    markup: Markup | None = None


@dataclass(frozen=True, slots=True)
class AnswerInline:
    query: str
    results: tuple[InlineQueryResultArticle, ...]


Message = SendText | SendMedia | SendVenue | SendContact | EditText
Call = Message | AnswerInline


def render(outgoing: Outgoing) -> list[Call]:
    """The calls one reply takes, in order: picture or document, text, place on the map, phone number.

    Buttons stand under the last text, or under what there is. A reply without anything to see renders to nothing.
    """
    reply = outgoing.reply
    if outgoing.chat.startswith(INLINE_CHAT):
        results = [_article(article) for article in reply.articles[:MAX_INLINE_RESULTS]]
        return [AnswerInline(outgoing.token, tuple(results))] if outgoing.token else []
    to = Destination(int(outgoing.chat), int(outgoing.thread) if outgoing.thread else None)
    asking = reply.ask_position if outgoing.private else ""
    if reply.edits:
        return [
            EditText(to, int(reply.edits), part.html, part.plain, _keyboard(reply.buttons))
            for part in parts(reply.text)[:1]
        ]
    calls: list[Message] = [SendText(to, part.html, part.plain) for part in _parts(reply.text or asking)]
    if reply.media is not None:
        calls = _with_media(to, reply.media, calls)
    bearer = len(calls) - 1 if calls else 0
    if reply.pin is not None:
        calls.append(SendVenue(to, _named(reply.pin)))
    if reply.contact is not None:
        calls.append(SendContact(to, reply.contact))
    if not calls:
        return []
    calls[bearer] = replace(calls[bearer], markup=_position_key(asking) if asking else _keyboard(reply.buttons))
    if outgoing.reply_to and not outgoing.private:
        calls[0] = replace(calls[0], to=replace(to, reply_to=int(outgoing.reply_to)))
    return list(calls)


@lru_cache(maxsize=8)
def _parts(text: str) -> tuple[Part, ...]:
    """Kept for what many people get one after the other."""
    return tuple(parts(text))


def _with_media(to: Destination, media: Media, texts: list[Message]) -> list[Message]:
    """The text under it, as far as that holds it: a longer one follows."""
    only = texts[0] if len(texts) == 1 else None
    if isinstance(only, SendText) and units(only.html or "") <= MAX_CAPTION:
        return [SendMedia(to, media, only.html, only.plain)]
    return [SendMedia(to, media), *texts]


def _keyboard(buttons: tuple[tuple[Button, ...], ...]) -> Markup | None:
    """Links that Telegram has no button for are left out: a number to call can be tapped in the text."""
    rows = [[_key(button) for button in row if _fits(button)] for row in buttons]
    rows = [row for row in rows if row]
    return {"inline_keyboard": rows} if rows else None


def _fits(button: Button) -> bool:
    return bool(button.payload) or button.url.startswith(_LINKS)


def _key(button: Button) -> dict[str, str]:
    if button.payload:
        return {"text": button.label, "callback_data": button.payload}
    return {"text": button.label, "url": button.url}


def _position_key(label: str) -> Markup:
    key = {"text": label, "request_location": True}
    return {"keyboard": [[key]], "resize_keyboard": True, "one_time_keyboard": True}


def _named(pin: Pin) -> Pin:
    """Telegram refuses a venue without a title or an address."""
    names = [name for name in (pin.title, pin.address) if name.strip()] or ["📍"]
    return replace(pin, title=names[0], address=names[-1])


def _article(article: Article) -> InlineQueryResultArticle:
    shown = (parts(article.text) or parts(article.title))[0]
    return InlineQueryResultArticle(
        id=article.id,
        title=article.title,
        description=article.description or None,
        url=article.url or None,
        input_message_content=InputTextMessageContent(
            shown.html, parse_mode=ParseMode.HTML, link_preview_options=NO_PREVIEW
        ),
    )
