"""Documents made for one person who asks for them: sent in their chat, and kept only until then."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Media
from bot.turn import Turn
from storage import attachments

KEPT = timedelta(days=1)
"""For a platform that cannot be reached for a while."""


def document(turn: Turn, name: str, media_type: str, content: bytes) -> Media:
    """Asked for again as it was, it is the same one."""
    picture = media_type.startswith("image/")
    number = attachments.made_for(turn.connection, turn.person.id, name, content)
    if number is None:
        moment, kind = turn.now - attachments.KEEP + KEPT, "photo" if picture else "document"
        number = attachments.add(turn.connection, kind, name, media_type, content, moment, created_by=turn.person.id)
    return Media(number, picture, name, media_type)
