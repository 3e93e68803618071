"""Words written in reply to a message of the bot: to an announcement, or to what the team and a volunteer say to each other."""

from __future__ import annotations

from bot.router import Router
from bot.turn import Turn
from storage import relays

router = Router()


@router.reply
def replied(turn: Turn) -> bool:
    one, group = turn.incoming, destination(turn)
    if not relays.concerns(turn.connection, turn.person.id, one.platform, one.lane, group, one.answers):
        return False
    from handlers.relay import replied as taken  # noqa: PLC0415 - few talks need it

    return taken(turn)


def destination(turn: Turn) -> str:
    """The name of the group of the settings that this is, "" for none."""
    if turn.incoming.private:
        return ""
    here = (turn.incoming.platform, turn.incoming.chat)
    return next((name for name, group in turn.reach.groups.items() if (group.platform, group.chat) == here), "")


def perhaps_an_answer(turn: Turn) -> None:
    """Words that were taken for something else, shortly after an announcement: a button under what was said passes them on."""
    one = turn.incoming
    if turn.frame is None or not one.private or "?" in one.text:
        return
    if not relays.announced_lately(turn.connection, turn.person.id, turn.now - relays.ANSWERABLE):
        return
    from handlers.relay import offer_too  # noqa: PLC0415 - few talks need it

    offer_too(turn)
