"""Where is the nearest...: from a sentence, a position or a follow-up to a search that can be answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.memory import Search
from bot.messages import Button, Position, strong
from bot.router import Router
from bot.turn import Turn
from handlers.answer import answer, call_115, is_shelter, page
from handlers.buttons import Choose, Pick
from handlers.labels import category_label, category_rows
from knowledge.categories import categories
from knowledge.frame import Frame, Place
from knowledge.geocoding import in_service_area

router = Router()

PLACE, NEED, BROWSING = "place", "need", "browse"
"""Names of the questions asked back: where, what, and which activity (see browse)."""
MAX_CHOICES = 4
COMPANY = frozenset(
    {"women", "men", "families", "minors", "young_adults", "couples", "pregnant", "seniors", "lgbt", "asylum",
     "undocumented", "wheelchair", "pets"}
)  # fmt: skip
"""Needs that say who is there: they hold for the next need as well, until others are said."""


@router.intent("find_service")
def find(turn: Turn) -> None:
    """A new need; place and company stay as they were unless they are said anew."""
    frame = _frame(turn)
    previous = turn.memory.search
    search = Search(
        number=previous.number + 1,
        categories=frame.categories or previous.categories,
        needs=frame.needs or tuple(need for need in previous.needs if need in COMPANY),
        position=previous.position,
        place=previous.place,
    )
    _place_then_answer(turn, _at(search, frame))


@router.intent("refine")
def refine(turn: Turn) -> None:
    """ "And tomorrow?", "farther", "with a dog", "rather near Bastille", or a bare place."""
    frame = _frame(turn)
    previous = turn.memory.search
    search = replace(
        previous,
        number=previous.number + 1,
        categories=frame.categories or previous.categories,
        needs=tuple(sorted({*previous.needs, *frame.needs})),
        offset=0,
        radius_m=None,
    )
    search = _at(search, frame)
    if frame.distance == "farther":
        search = replace(search, offset=previous.offset + page(previous))
    elif frame.distance == "closer":
        search = replace(search, radius_m=previous.nearest_m)
    _place_then_answer(turn, search)


def _at(search: Search, frame: Frame) -> Search:
    return search if frame.when is None else replace(search, start=frame.when.start, end=frame.when.end)


def _frame(turn: Turn) -> Frame:
    assert turn.frame is not None
    return turn.frame


def _place_then_answer(turn: Turn, search: Search) -> None:
    """Finds out where, asking back when it is not clear, then goes on."""
    frame = _frame(turn)
    if frame.places:
        _ask_which(turn, search, frame.places)
    elif frame.place is not None:
        go_on(turn, _near(search, frame.place))
    elif frame.address:
        _by_address(turn, search, frame.address)
    else:
        if turn.incoming.position is not None and search.position is None:
            search = replace(search, position=turn.incoming.position, place="")
        go_on(turn, search)


def _by_address(turn: Turn, search: Search, address: str) -> None:
    found = [place for place in turn.geocode(address) if in_service_area(place.latitude, place.longitude)]
    if not found:
        turn.remember(search=replace(search, position=None, place=""), asking=PLACE)
        turn.say(
            turn.texts.t(
                "I cannot find “{address}”. Send your position, or write a station, an arrondissement or the address in "
                "another way.",
                address=address,
            ),
            ask_position=True,
        )
    elif len(found) == 1:
        go_on(turn, _near(search, found[0]))
    else:
        _ask_which(turn, search, found)


def _ask_which(turn: Turn, search: Search, places: Sequence[Place]) -> None:
    choices = tuple(places[:MAX_CHOICES])
    turn.remember(search=search, asking=PLACE, choices=choices)
    turn.say(
        turn.texts.t("Which one do you mean?"),
        *([Button(place_label(turn, place), Choose(number).pack())] for number, place in enumerate(choices)),
    )


def place_label(turn: Turn, place: Place) -> str:
    t = turn.texts.t
    kinds = {
        "metro": t("metro"),
        "rer": t("RER"),
        "train": t("station"),
        "tram": t("tram"),
        "square": t("square"),
        "quartier": t("neighbourhood"),
        "landmark": t("place"),
    }
    kind = kinds.get(place.kind)
    return f"{place.name} ({kind})" if kind else place.name


def _near(search: Search, place: Place) -> Search:
    return replace(search, position=Position(place.latitude, place.longitude), place=place.name)


def go_on(turn: Turn, search: Search) -> None:
    """Answers, or asks for what is still missing: the place or the need."""
    t = turn.texts.t
    if search.position is not None and not in_service_area(search.position.latitude, search.position.longitude):
        turn.remember(search=replace(search, position=None, place=""), asking=PLACE)
        turn.say(
            t("I only know Paris and its near suburbs. Write a station, an address or an arrondissement of Paris."),
            ask_position=True,
        )
    elif not search.categories:
        turn.remember(search=search, asking=NEED, choices=(), misses=0)
        ask_need(turn, search)
    elif search.position is None:
        turn.remember(search=search, asking=PLACE, choices=(), misses=0)
        if is_shelter(search.categories):
            call_115(turn)
        names = ", ".join(category_label(turn.texts, category) for category in search.categories)
        turn.say(
            t(
                "{category}: near where? Send your position, or write a station, an address, an arrondissement.",
                category=strong(names),
            ),
            ask_position=True,
        )
    else:
        answer(turn, search)


def ask_need(turn: Turn, search: Search) -> None:
    """What is looked for here? With the most asked as buttons."""
    t = turn.texts.t
    if search.position is None:
        question = t("What are you looking for?")
    elif search.place:
        question = t("What are you looking for near {place}?", place=strong(search.place))
    else:
        question = t("What are you looking for near here?")
    turn.say(question, *category_rows(turn.texts))


@router.kind("position")
def position(turn: Turn) -> None:
    """A shared position answers the question asked before it, or asks what is needed there."""
    assert turn.incoming.position is not None
    if turn.memory.asking == BROWSING and _near_activities(turn):
        return
    previous = turn.memory.search
    waiting = turn.memory.asking == PLACE and previous.categories
    search = replace(
        previous if waiting else Search(number=previous.number + 1), position=turn.incoming.position, place=""
    )
    go_on(turn, search)


def _near_activities(turn: Turn) -> bool:
    from handlers import browse  # noqa: PLC0415 - few talks need it

    return browse.positioned(turn)


@router.answer(PLACE)
def place_answered(turn: Turn) -> bool:
    """Any words after "near where?" are a place, unless they ask for something of their own."""
    frame = _frame(turn)
    words = turn.incoming.text
    search = turn.memory.search
    picked = _picked_by_words(turn, words)
    if picked is not None:
        turn.remember(choices=(), asking="")
        go_on(turn, _near(search, picked))
        return True
    if frame.place is not None or frame.places or frame.address:
        if frame.intent not in ("refine", "find_service", "unknown"):
            return False
        if frame.categories:
            return False
        _place_then_answer(turn, _at(search, frame))
        return True
    numbered = (
        frame.intent == "report_error" and words[:1].isdigit()
    )  # "4 rue qui n'existe pas": an address all the same
    if (frame.intent not in ("unknown", "refine") and not numbered) or frame.when or frame.needs or frame.distance:
        return False
    places = turn.knowledge.gazetteer.look_up(words)
    if len(places) == 1:
        go_on(turn, _near(search, places[0]))
    elif places:
        _ask_which(turn, search, places)
    else:
        _by_address(turn, search, words[:200])
    return True


def _picked_by_words(turn: Turn, words: str) -> Place | None:
    """One of the places offered, by its number or its label."""
    choices = turn.memory.choices
    if words.strip().isdecimal() and 0 < int(words) <= len(choices):
        return choices[int(words) - 1]
    wanted = words.strip().casefold()
    return next((c for c in choices if wanted in (c.name.casefold(), place_label(turn, c).casefold())), None)


@router.answer(NEED)
def need_answered(turn: Turn) -> bool:
    """The label of a button, typed."""
    wanted = turn.incoming.text.strip().casefold()
    for category in categories():
        if wanted == category_label(turn.texts, category).casefold():
            pick(turn, Pick(category))
            return True
    return False


@router.button(Choose)
def choose(turn: Turn, button: Choose) -> None:
    choices = turn.memory.choices
    if not 0 <= button.number < len(choices):
        turn.say(turn.texts.t("This choice is too old. Where do you need it?"), ask_position=True)
        return
    turn.remember(choices=(), asking="")
    go_on(turn, _near(turn.memory.search, choices[button.number]))


@router.button(Pick)
def pick(turn: Turn, button: Pick) -> None:
    """A need picked from the buttons."""
    if button.category not in categories():
        turn.say(turn.texts.t("What are you looking for?"), *category_rows(turn.texts))
        return
    previous = turn.memory.search
    fresh = Search(
        number=previous.number + 1,
        categories=(button.category,),
        needs=previous.needs,
        position=previous.position,
        place=previous.place,
        start=previous.start if turn.memory.asking == NEED else None,
        end=previous.end if turn.memory.asking == NEED else None,
    )
    go_on(turn, fresh)


def tomorrow_of(search: Search, now: datetime) -> tuple[datetime, datetime]:
    """The day after the search's day, whole, on the local calendar."""
    day = (search.start or now).astimezone(now.tzinfo) + timedelta(days=1)
    start = day.replace(hour=0, minute=0, second=0, microsecond=0)
    return start, start.replace(hour=23, minute=59)
