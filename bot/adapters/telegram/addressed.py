"""Whether a message is meant for the bot, and what it says besides the bot's name. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from telegram import Message, MessageEntity
from telegram.constants import MessageEntityType

_COMMAND = re.compile(r"/(\w+)(?:@(\w+))?(?=\s|$)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Me:
    """The bot's own account, by which it knows that it is spoken to."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    to_us: bool
    """Mentioned, answered or commanded. In a private chat it does not matter."""


def addressed(text: str, message: Message, me: Me) -> Said:
    """`text` without the mention of the bot. Commands keep the slash and lose "@name"; another bot's are not ours."""
    answer = _answers_us(message, me)
    command = _COMMAND.match(text)
    if command is None:
        rest = _without_mention(text, message, me)
        return Said(rest, rest != text or answer)
    name, whose = command.groups()
    if whose is None:
        return Said(text, True)
    if whose.lower() != me.username.lower():
        return Said(text, False)
    return Said(f"/{name}{text[command.end() :]}", True)


def _without_mention(text: str, message: Message, me: Me) -> str:
    rest = re.sub(rf"(?<![\w@/]){re.escape('@' + me.username)}(?!\w)", " ", text, flags=re.IGNORECASE)
    for entity, words in _named(message).items():
        if entity.user is not None and entity.user.id == me.id:
            rest = rest.replace(words, " ", 1)
    return text if rest == text else re.sub(r"[ \t]{2,}", " ", rest).strip().lstrip(",;: ")


def _named(message: Message) -> dict[MessageEntity, str]:
    """Mentions by name, as clients write those of accounts without a username."""
    if message.text:
        return message.parse_entities([MessageEntityType.TEXT_MENTION])
    return message.parse_caption_entities([MessageEntityType.TEXT_MENTION])


def _answers_us(message: Message, me: Me) -> bool:
    """Every message of a forum topic formally answers the one that opened the topic: that one does not count."""
    answered = message.reply_to_message
    return (
        answered is not None
        and answered.forum_topic_created is None
        and answered.from_user is not None
        and answered.from_user.id == me.id
    )
