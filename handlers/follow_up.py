"""The buttons under an answer: the way there, more, tomorrow."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

from bot.messages import Button, Pin
from bot.router import Router
from bot.turn import Turn
from handlers.answer import answer, page
from handlers.buttons import More, Route, Tomorrow
from handlers.find import tomorrow_of
from handlers.wording import full_address
from knowledge.service import Service

router = Router()


def directions_url(service: Service) -> str:
    """Walking directions to a service that has coordinates, from wherever the person is."""
    query = urlencode(
        {"engine": "fossgis_osrm_foot", "route": f";{service.latitude:.6f},{service.longitude:.6f}"}, safe=";,"
    )
    return f"https://www.openstreetmap.org/directions?{query}"


@router.button(Route)
def route(turn: Turn, button: Route) -> None:
    """The place on the map, for the phone's own navigation, and a link."""
    t = turn.texts.t
    service = turn.knowledge.index.get(button.service)
    if service is None:
        turn.say(t("This place is no longer in the directory. Ask again for what you need."))
        return
    if service.confidential or service.latitude is None or service.longitude is None:
        phone = service.phone or "115"
        turn.say(t("The exact place is not shown. Call {phone}.", phone=phone))
        return
    pin = Pin(service.latitude, service.longitude, service.name, full_address(turn.texts, service) or service.name)
    turn.say("", [Button(t("🚶 Directions"), url=directions_url(service))], pin=pin)


@router.button(More)
def more(turn: Turn, button: More) -> None:
    search = turn.memory.search
    if not _is_current(turn, button.search):
        return
    answer(turn, replace(search, offset=search.offset + page(search)))


@router.button(Tomorrow)
def tomorrow(turn: Turn, button: Tomorrow) -> None:
    search = turn.memory.search
    if not _is_current(turn, button.search):
        return
    start, end = tomorrow_of(search, turn.now)
    answer(turn, replace(search, start=start, end=end, offset=0))


def _is_current(turn: Turn, number: int) -> bool:
    """Whether the button belongs to the last search; says so when it does not."""
    search = turn.memory.search
    if search.number == number and search.categories and search.position is not None:
        return True
    turn.say(turn.texts.t("That search is too old, I no longer know where you were. Ask me again in a few words."))
    return False
