"""What Telegram delivers, in the bot's own words. Pure: update in, Incoming or nothing out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from telegram import CallbackQuery, ChatMemberUpdated, InlineQuery, Message, Update, User
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from bot.adapters.telegram.addressed import Me, addressed
from bot.adapters.telegram.salvage import LEFT_OUT
from bot.messages import File, Incoming, Kind, Position, whole_characters

PLATFORM = "telegram"

INLINE_CHAT = "inline-"
"""Start of the chat of inline questions: a lane of their own, so that they never wait for a conversation."""

ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""Asked for at each getUpdates and setWebhook: left out, Telegram keeps whatever was set before."""

_MARKS = (MessageEntityType.BOLD, MessageEntityType.TEXT_LINK)
_UNSUPPORTED = (
    "animation", "audio", "checklist", "contact", "dice", "document", "game", "paid_media", "photo", "poll", "sticker",
    "story", "video", "video_note", "voice",
)  # fmt: skip
"""Content that people send. Anything else without words is a service message (a member joined, a title changed...)."""


@dataclass(frozen=True, slots=True)
class _Content:
    kind: Kind
    text: str = ""
    position: Position | None = None


def incoming(update: Update, me: Me, now: datetime) -> Incoming | None:
    """`update` as the rest of the bot reads it; None for what is not said to it. `now` dates what Telegram does not."""
    if update.message is not None:
        return _message(update.update_id, update.message, me, edited=False)
    if update.edited_message is not None:
        return _message(update.update_id, update.edited_message, me, edited=True)
    if update.callback_query is not None:
        return _button(update.update_id, update.callback_query, now)
    if update.inline_query is not None:
        return _inline(update.update_id, update.inline_query, now)
    if update.my_chat_member is not None:
        return _membership(update.update_id, update.my_chat_member)
    return None


def _message(update_id: int, message: Message, me: Me, *, edited: bool) -> Incoming | None:
    if message.chat.type == ChatType.CHANNEL:
        return None
    if message.migrate_to_chat_id is not None:
        return _migrated(update_id, message, message.chat.id, message.migrate_to_chat_id)
    if message.migrate_from_chat_id is not None:
        return _migrated(update_id, message, message.migrate_from_chat_id, message.chat.id)
    person = _person(message)
    content = _content(message, edited=edited)
    if person is None or content is None or (message.via_bot is not None and message.via_bot.id == me.id):
        return None
    private = message.chat.type == ChatType.PRIVATE
    said = addressed(content.text, message, me)
    if not private and not said.to_us:
        return None
    return Incoming(
        platform=PLATFORM,
        update_id=_key(update_id, message, content),
        chat=str(message.chat.id),
        person=person,
        sent_at=(message.edit_date or message.date) if edited else message.date,
        kind=content.kind,
        text=said.text,
        position=content.position,
        private=private,
        edited=edited,
        thread=_thread(message),
        message_id=str(message.message_id),
        language="" if message.sender_chat else _language(message.from_user),
        file=None if edited else _file(message),
        answers=_answers(message, me),
        marked=_marked(message) if content.text else "",
    )


def _marked(message: Message) -> str:
    """The words with what phones make bold or a link written as staff type it. Offsets count UTF-16 units."""
    entities = [one for one in (*message.entities, *message.caption_entities) if one.type in _MARKS]
    if not entities:
        return ""
    units = (message.text or message.caption or "").encode("utf-16-le")
    written = b""
    at = 0
    for one in entities:
        start, end = 2 * one.offset, 2 * (one.offset + one.length)
        words = units[start:end].decode("utf-16-le", "replace")
        if start < at or "\n" in words:
            continue
        bare = words.strip()
        mark = f"[{bare}]({one.url})" if one.type == MessageEntityType.TEXT_LINK else f"*{bare}*"
        written += units[at:start] + words.replace(bare, mark, 1).encode("utf-16-le", "replace")
        at = end
    return (written + units[at:]).decode("utf-16-le", "replace")


def _file(message: Message) -> File | None:
    """A picture or document; pictures come in several sizes, the largest last."""
    if message.photo:
        largest = message.photo[-1]
        return File(largest.file_id, True, "", "image/jpeg", largest.file_size or 0)
    document = message.document
    if document is not None and message.animation is None:
        return File(
            document.file_id,
            False,
            whole_characters(document.file_name or ""),
            document.mime_type or "",
            document.file_size or 0,
        )
    return None


def _answers(message: Message, me: Me) -> str:
    """In a forum every message answers the one that opened the topic: that is no answer."""
    answered = message.reply_to_message
    if answered is None or answered.forum_topic_created is not None:
        return ""
    if answered.from_user is None or answered.from_user.id != me.id:
        return ""
    return str(answered.message_id)


def _person(message: Message) -> str | None:
    """Who wrote: a user, or the chat one writes in the name of (an anonymous administrator). None for bots."""
    if message.is_automatic_forward:
        return None
    if message.sender_chat is not None:
        return str(message.sender_chat.id)
    if message.from_user is None or message.from_user.is_bot:
        return None
    return str(message.from_user.id)


def _content(message: Message, *, edited: bool) -> _Content | None:
    """Words win over what they are written on: a photo with a question under it is a question.

    Edits of a position are the moves of a live location: only its start counts.
    """
    place = message.venue.location if message.venue is not None else message.location
    if place is not None:
        return None if edited else _Content(Kind.POSITION, position=Position(place.latitude, place.longitude))
    words = message.text or message.caption
    if words:
        return _Content(Kind.TEXT, text=words)
    if not edited and (LEFT_OUT in message.api_kwargs or any(getattr(message, name) for name in _UNSUPPORTED)):
        return _Content(Kind.UNSUPPORTED)
    return None


def _key(update_id: int, message: Message, content: _Content) -> str:
    """An album comes as one message a photo; without words they share a key, so that it is answered once."""
    if content.kind is Kind.UNSUPPORTED and message.media_group_id:
        return f"album-{message.media_group_id}"
    return str(update_id)


def _thread(message: Message) -> str:
    """Outside forums `message_thread_id` numbers chains of replies, which nothing can be sent to."""
    return str(message.message_thread_id) if message.is_topic_message and message.message_thread_id else ""


def _language(user: User | None) -> str:
    return (user.language_code or "").split("-")[0].lower() if user is not None else ""


def _migrated(update_id: int, message: Message, old: int, new: int) -> Incoming:
    return Incoming(
        platform=PLATFORM,
        update_id=str(update_id),
        chat=str(old),
        person=_person(message) or "",
        sent_at=message.date,
        kind=Kind.MIGRATED,
        text=str(new),
        private=False,
    )


def _button(update_id: int, query: CallbackQuery, now: datetime) -> Incoming | None:
    """A button of a message too old to be read still names its chat; one without a message is answered in private."""
    if query.data is None:  # a game's button: not ours
        return None
    message = query.message
    return Incoming(
        platform=PLATFORM,
        update_id=str(update_id),
        chat=str(message.chat.id if message is not None else query.from_user.id),
        person=str(query.from_user.id),
        sent_at=now,
        kind=Kind.BUTTON,
        text=query.data,
        private=message is None or message.chat.type == ChatType.PRIVATE,
        thread=_thread(message) if isinstance(message, Message) else "",
        message_id=str(message.message_id) if message is not None else "",
        language=_language(query.from_user),
        token=query.id,
    )


def _inline(update_id: int, query: InlineQuery, now: datetime) -> Incoming:
    place = query.location
    return Incoming(
        platform=PLATFORM,
        update_id=str(update_id),
        chat=f"{INLINE_CHAT}{query.from_user.id}",
        person=str(query.from_user.id),
        sent_at=now,
        kind=Kind.INLINE,
        text=query.query,
        position=Position(place.latitude, place.longitude) if place is not None else None,
        language=_language(query.from_user),
        token=query.id,
    )


def _membership(update_id: int, change: ChatMemberUpdated) -> Incoming | None:
    kinds = {ChatMemberStatus.BANNED: Kind.BLOCKED, ChatMemberStatus.MEMBER: Kind.UNBLOCKED}
    kind = kinds.get(ChatMemberStatus(change.new_chat_member.status))
    if change.chat.type != ChatType.PRIVATE or kind is None:
        return None
    return Incoming(
        platform=PLATFORM,
        update_id=str(update_id),
        chat=str(change.chat.id),
        person=str(change.from_user.id),
        sent_at=change.date,
        kind=kind,
        language=_language(change.from_user),
    )
