"""What platforms report besides words: other kinds of messages, blocking, chats that change their id."""

from __future__ import annotations

from bot import lanes
from bot.router import Router
from bot.turn import Turn
from handlers.labels import category_rows
from storage import outbox

router = Router()


@router.kind("unsupported")
def unsupported(turn: Turn) -> None:
    turn.say(
        turn.texts.t("I can only read text and positions. Write what you need and where, or send your position 📍."),
        *category_rows(turn.texts),
    )


@router.kind("unreadable")
def unreadable(turn: Turn) -> None:
    """Said once in a room: as a rule the key comes later, and the message is answered then."""
    turn.say(
        turn.texts.t(
            "🔑 I cannot read your encrypted message yet: its key has not reached me. I will answer when it does. In danger "
            "call 112."
        )
    )


@router.kind("blocked")
def blocked(turn: Turn) -> None:
    """They blocked the bot: nothing more goes there until they write again."""
    outbox.stop_lane(turn.connection, turn.incoming.lane, "blocked", turn.now)


@router.kind("unblocked")
def unblocked(turn: Turn) -> None:
    """The lane was opened again as for anything that comes in; they will write when they need something."""


@router.kind("migrated")
def migrated(turn: Turn) -> None:
    lanes.migrate(turn.connection, turn.incoming.platform, turn.incoming.chat, turn.incoming.text)
