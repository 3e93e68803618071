"""Words written in reply to a message of the bot: to an announcement, or to what the team and a volunteer say to each other."""

from __future__ import annotations

from bot.router import Router
from bot.turn import Turn
from storage import relays

router = Router()


@router.reply
def replied(turn: Turn) -> bool:
    incoming = turn.incoming
    known = relays.concerns(turn.connection, turn.person.id, incoming.platform, incoming.lane, incoming.answers)
    if not known:
        return False
    from handlers.relay import replied as taken  # noqa: PLC0415 - few talks need it

    return taken(turn)
