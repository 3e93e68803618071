"""The Factory itself: whom to ask for rooms and projects, and for anything that is not planned here."""

from __future__ import annotations

from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.buttons import Route
from handlers.wording import full_address

router = Router()

FACTORY = "info-di02"
"""La Fabrique de la Solidarité in the bundled directory."""


@router.intent("rooms", "projects", "night")
def at_the_factory(turn: Turn) -> None:
    t = turn.texts.t
    factory = turn.knowledge.index.get(FACTORY)
    if factory is None:
        turn.say(t("I cannot do that yet. Write what you need and where, and I look for it."))
        return
    turn.say(
        t(
            "Nothing to sign up for here at the moment. Volunteering, trainings, donations, events: the team of {name} answers "
            "at {address}.",
            name=strong(factory.name),
            address=full_address(turn.texts, factory),
        ),
        [Button(t("Route"), Route(factory.id).pack())],
    )
