"""Groups, channels, topics and rooms as the settings name them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """A group, channel, topic or room of the settings."""

    platform: str
    chat: str
    thread: str = ""

    @classmethod
    def of(cls, address: str) -> Group:
        """From "telegram:-100123/45"."""
        platform, _, chat = address.partition(":")
        if platform != "telegram":
            return cls(platform, chat)
        chat, _, thread = chat.partition("/")
        return cls(platform, chat, thread)
