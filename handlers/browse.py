"""Trainings, missions, evenings, collections: what comes up, by kind, date, district or nearest first."""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz import fuzz

from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers import activity_topics as topics
from handlers.activity_buttons import Browse, NearMe, Together
from handlers.activity_topics import TOPICS, Wanted
from handlers.company import together
from handlers.factory import at_the_factory
from handlers.find import BROWSING
from handlers.participation_buttons import Dates
from handlers.replies import perhaps_an_answer
from handlers.sign_up import sign_up
from knowledge.frame import Place
from knowledge.geocoding import in_service_area
from knowledge.text import plain
from storage import activities, qualifications
from storage.sessions import Listing

router = Router()

MISSION = re.compile(r"\bmiss?i(?:on|un)|\bmiss[ao]|\bмисс|\bміс")
"""A mission by its name: who says so is not shown trainings first."""
NEAR = re.compile(
    r"\b(?:pres|proches?|autour|a cote) (?:de |d )(?:moi|chez moi|nous|ici)\b|\bnear (?:me|us|here)\b|\bcerca de mi\b"
)
NEARLY = 80
"""Percent of a label typed right."""
SHORT = 6
"""Words of an answer that only names a number."""


def heading(turn: Turn, topic: str) -> str:
    t = turn.texts.t
    return {
        "trainings": t("The Factory trains anyone who wants to help homeless people. Next trainings:"),
        "missions": t("Missions looking for volunteers:"),
        "collections": t("Next collections:"),
    }.get(topic, t("What comes up:"))


@router.intent("trainings")
@router.command("formations", "trainings")
def trainings(turn: Turn) -> None:
    browse(turn, _said(turn, "trainings"))


@router.intent("missions")
def missions(turn: Turn) -> None:
    _missions(turn)
    perhaps_an_answer(turn)


def _missions(turn: Turn) -> None:
    """Who has no training yet, and asks for no day or place, is shown the next trainings first."""
    wanted, words = _said(turn, "missions"), plain(turn.incoming.text)
    if wanted.near is None and not wanted.district and NEAR.search(words):
        _near(turn, wanted)
        return
    asks = wanted.narrowed or wanted.near is not None or MISSION.search(words)
    if not asks and not qualifications.of_person(turn.connection, turn.person.id):
        first = replace(wanted, topic="trainings")
        if found := topics.look(turn, first):
            _list(turn, first, found)
            if topics.look(turn, wanted):
                turn.say(
                    turn.texts.t("Or come to a mission."),
                    [Button(turn.texts.t("See the missions"), Browse("missions").pack())],
                )
            return
    browse(turn, wanted)


@router.command("missions")
def only_missions(turn: Turn) -> None:
    browse(turn, _said(turn, "missions"))


@router.intent("programme")
@router.command("programme", "program")
def programme(turn: Turn) -> None:
    browse(turn, _said(turn, "programme"))


@router.intent("collections")
@router.command("collectes", "collections")
def collections(turn: Turn) -> None:
    browse(turn, _said(turn, "collections"))
    perhaps_an_answer(turn)


def _said(turn: Turn, topic: str) -> Wanted:
    """The topic, with the day and place of the sentence; a command's are in the words after it."""
    frame = turn.frame
    if frame is None:
        words = turn.incoming.text.partition(" ")[2].strip()
        if not words:
            return Wanted(topic)
        frame = turn.knowledge.understanding.understand(words, turn.now, hint=turn.person.language)
    wanted = Wanted(topic)
    if frame.when is not None:
        wanted = replace(wanted, start=frame.when.start, end=frame.when.end)
        if frame.when.start == frame.when.end:
            wanted = replace(wanted, start=None, end=None)
    place = frame.place or next(iter(frame.places), None)
    return wanted if place is None else _at(turn, wanted, place)


def _at(turn: Turn, wanted: Wanted, place: Place) -> Wanted:
    """A whole arrondissement is its postcode; anything smaller is where to be near."""
    number = "".join(letter for letter in place.name.partition("e ")[0] if letter.isdigit())
    if place.kind == "arrondissement" and number:
        return replace(wanted, district=f"75{int(number):03d}", near=None)
    return replace(wanted, near=(place.latitude, place.longitude), district="")


def browse(turn: Turn, wanted: Wanted) -> None:
    """Lists; with nothing at that time or place says so and lists the rest; with nothing at all, says whom to ask."""
    t = turn.texts.t
    found = topics.look(turn, wanted)
    if found:
        _list(turn, wanted, found)
        return
    anything = replace(wanted, start=None, end=None, district="", offset=0)
    for other in (anything, replace(anything, topic="programme")):
        if found := topics.look(turn, other):
            _list(turn, other, found, t("Nothing more of that. Otherwise:"))
            return
    turn.remember(asking="", about="", misses=0)
    at_the_factory(turn)


def _list(turn: Turn, wanted: Wanted, found: list[Listing], said: str = "") -> None:
    """Shown, and remembered, so that "the second one" is understood."""
    shown = ".".join(str(one.session.id) for one in found[: topics.SHOWN])
    _remember(turn, wanted, shown)
    topics.show(turn, wanted, found, said or heading(turn, wanted.topic))


def _remember(turn: Turn, wanted: Wanted, shown: str = "") -> None:
    """The topic, the sessions on the list, from when until when."""
    start, end = wanted.minutes
    turn.remember(asking=BROWSING, about=f"{wanted.topic} {shown or '-'} {start} {end}", misses=0)


def _shown(turn: Turn) -> str:
    return [*turn.memory.about.split(" "), ""][1]


def _at_that_time(turn: Turn, wanted: Wanted) -> Wanted:
    """At the time of the list before, unless another one is said."""
    times = turn.memory.about.split(" ")[2:4]
    if wanted.start or len(times) < 2 or not all(one.isdecimal() for one in times):
        return wanted
    kept = topics.unpacked(Browse(wanted.topic, 0, int(times[0]), int(times[1])), turn.now)
    return replace(wanted, start=kept.start, end=kept.end)


def _topic(turn: Turn, otherwise: str) -> str:
    topic = turn.memory.about.partition(" ")[0]
    return topic if topic in TOPICS else otherwise


def _several(turn: Turn) -> bool:
    """The button's words, typed."""
    label = plain(turn.texts.t("We are several"))
    return fuzz.ratio(plain(turn.incoming.text), label) >= NEARLY


def _number_said(turn: Turn) -> int | None:
    """The session of "inscris-moi au 2", "2": short words that end with the number of one on the list. "Le 2 décembre" is a
    day."""
    words = plain(turn.incoming.text).split()
    shown = [int(one) for one in _shown(turn).split(".") if one.isdecimal()]
    numbers = [int(word) for word in words if word.isdecimal()]
    if (
        not words
        or len(words) > SHORT
        or len(numbers) != 1
        or not words[-1].isdecimal()
        or not 1 <= numbers[0] <= len(shown)
    ):
        return None
    return shown[numbers[0] - 1]


@router.button(Browse)
def more(turn: Turn, button: Browse) -> None:
    if button.topic not in TOPICS:
        button = Browse("programme")
    browse(turn, topics.unpacked(button, turn.now))


@router.button(Dates)
def dates(turn: Turn, button: Dates) -> None:
    """More dates of one activity; others of its kind when it has none."""
    activity = activities.activity_by_id(turn.connection, button.activity)
    topic = "programme"
    if activity is not None:
        topic = next((name for name, kinds in TOPICS.items() if activity.kind in kinds), topic)
        found = topics.look(turn, Wanted(topic, activity=activity.id))
        if found:
            description = turn.texts.apart(activity.words(activity.description, turn.texts.language))
            _list(turn, Wanted(topic), found, description)
            return
    browse(turn, Wanted(topic))


@router.button(NearMe)
def near_me(turn: Turn, button: NearMe) -> None:
    """At the time of the list it is under, while that is the last one."""
    wanted = Wanted(button.topic if button.topic in TOPICS else "missions")
    last = turn.memory.asking == BROWSING and turn.memory.about.partition(" ")[0] == wanted.topic
    _near(turn, _at_that_time(turn, wanted) if last else wanted)


def _near(turn: Turn, wanted: Wanted) -> None:
    here = turn.incoming.position or turn.memory.search.position
    if here is not None:
        browse(turn, replace(wanted, near=(here.latitude, here.longitude)))
        return
    _remember(turn, wanted)
    turn.say(
        turn.texts.t("Near where? Send your position, or write a station or an arrondissement."), ask_position=True
    )


@router.answer(BROWSING)
def narrowed(turn: Turn) -> bool:
    """One of the list, or a day or place: "inscris-moi au 2", "ce week-end", "dans le 18e"."""
    frame = turn.frame
    session = _number_said(turn)
    if session is not None and frame is not None and not (frame.place or frame.categories):
        sign_up(turn, session, 1)
        return True
    if _several(turn):
        together(turn, Together(_shown(turn)))
        return True
    if frame is None or frame.categories or frame.needs or frame.intent not in ("refine", "unknown"):
        return False
    topic = _topic(turn, "programme")
    wanted = _at_that_time(turn, Wanted(topic))
    if NEAR.search(plain(turn.incoming.text)) and frame.place is None:
        _near(turn, wanted)
        return True
    wanted = _said(turn, topic)
    if not wanted.narrowed and wanted.near is None:
        return False
    browse(turn, _at_that_time(turn, wanted))
    return True


def positioned(turn: Turn) -> bool:
    """A position shared after a list asks for what is near; False when no list waits for one."""
    position = turn.incoming.position
    if turn.memory.asking != BROWSING or position is None:
        return False
    if not in_service_area(position.latitude, position.longitude):
        return False
    wanted = Wanted(_topic(turn, "missions"), near=(position.latitude, position.longitude))
    browse(turn, _at_that_time(turn, wanted))
    return True
