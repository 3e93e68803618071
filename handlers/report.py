"""Something in the directory is wrong: kept for staff, with the words of whoever saw it."""

from __future__ import annotations

from bot.messages import Button, strong
from bot.router import Router
from bot.turn import Turn
from handlers.buttons import Wrong, WrongBecause, WrongPlace
from storage.reports import add_report

router = Router()

WORDS = "report"
REASONS = ("closed", "hours", "address", "refused")
MAX_WORDS = 1000


@router.intent("report_error")
def report(turn: Turn) -> None:
    """ "The address you gave me is wrong": about which place?"""
    shown = turn.memory.search.shown
    if shown:
        _which(turn, shown)
    else:
        _what(turn, "")


@router.button(Wrong)
def wrong(turn: Turn, button: Wrong) -> None:
    search = turn.memory.search
    if search.number == button.search and search.shown:
        _which(turn, search.shown)
    else:
        _what(turn, "")


def _which(turn: Turn, shown: tuple[str, ...]) -> None:
    known = [service for service_id in shown if (service := turn.knowledge.index.get(service_id)) is not None]
    if len(known) == 1:
        _what(turn, known[0].id)
        return
    turn.say(
        turn.texts.t("Which place is wrong?"),
        *([Button(service.name, WrongPlace(service.id).pack())] for service in known),
    )


@router.button(WrongPlace)
def wrong_place(turn: Turn, button: WrongPlace) -> None:
    _what(turn, button.service)


def _what(turn: Turn, service_id: str) -> None:
    t = turn.texts.t
    service = turn.knowledge.index.get(service_id) if service_id else None
    if service is None:
        turn.remember(asking=WORDS, about="")
        turn.say(t("What is wrong, and where? Write it in a few words, I pass it on to the team."))
        return
    turn.remember(asking=WORDS, about=service.id)
    labels = {
        "closed": t("Closed for good"),
        "hours": t("Wrong hours"),
        "address": t("Wrong address"),
        "refused": t("They turned us away"),
    }
    buttons = [Button(labels[reason], WrongBecause(reason, service.id).pack()) for reason in REASONS]
    turn.say(
        t("What is wrong about {name}? Tap, or write it in a few words.", name=strong(service.name)),
        buttons[:2],
        buttons[2:],
    )


@router.button(WrongBecause)
def wrong_because(turn: Turn, button: WrongBecause) -> None:
    if button.reason not in REASONS or turn.knowledge.index.get(button.service) is None:
        turn.say(turn.texts.t("What is wrong, and where? Write it in a few words, I pass it on to the team."))
        turn.remember(asking=WORDS, about="")
        return
    _keep(turn, button.service, button.reason)


@router.answer(WORDS)
def words(turn: Turn) -> bool:
    """Anything but a new question is the report."""
    assert turn.frame is not None
    asks = turn.frame.intent == "find_service" and turn.frame.categories and (turn.frame.place or turn.frame.readings)
    if asks or turn.frame.intent in ("human", "help", "language", "greeting", "refine"):
        turn.remember(asking="", about="")
        return False
    _keep(turn, turn.memory.about, turn.incoming.text[:MAX_WORDS])
    return True


def _keep(turn: Turn, service_id: str, what: str) -> None:
    add_report(turn.connection, service_id or None, turn.person.id, what, turn.now)
    turn.remember(asking="", about="")
    turn.say(
        turn.texts.t(
            "Thank you, noted: the team will check it. Shall I look for another place? Just write what you need."
        )
    )
