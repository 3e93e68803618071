"""A message that the library cannot read, cut down to what the bot reads of it. Pure.

Servers are newer or older than the library: a poll that lacks a field, in the message or in the one it answers, makes
the whole update unreadable. The question in it is answered all the same.
"""

from __future__ import annotations

from typing import Any

LEFT_OUT = "left_out"
"""Marks a message whose content was left out; the library keeps unknown keys in `api_kwargs`."""

_FRAME = ("message_id", "date", "edit_date", "chat", "from", "sender_chat", "is_automatic_forward")
_THREAD = ("is_topic_message", "message_thread_id", "media_group_id")
_WORDS = ("text", "caption", "entities", "caption_entities", "location")


def essentials(update: dict[str, Any]) -> dict[str, Any]:
    """`update` with its message alone, and of that only what is needed. Raises LookupError or TypeError without one."""
    kind = "message" if "message" in update else "edited_message"
    message = update[kind]
    if not isinstance(message, dict):
        raise TypeError("a message that is none")
    kept = {key: message[key] for key in (*_FRAME, *_THREAD, *_WORDS) if key in message}
    if not any(kept.get(key) for key in _WORDS):
        kept[LEFT_OUT] = True
    answered = message.get("reply_to_message")
    if isinstance(answered, dict) and "forum_topic_created" not in answered:
        kept["reply_to_message"] = {key: answered[key] for key in _FRAME if key in answered}
    return {"update_id": update["update_id"], kind: kept}
