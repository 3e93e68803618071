"""/annonce: the commands, buttons and answers of those who announce."""

from __future__ import annotations

from collections.abc import Callable

from bot import forms
from bot.memory import FORM, WRITING
from bot.messages import Kind
from bot.router import Router
from bot.turn import Turn
from handlers.announcements import aim, alerts, enclosing, fixing, offering, planning, running, sending, writing
from handlers.announcements.buttons import Aim, Compose, Draft, Listed, Part, Run
from handlers.announcements.drafting import NAME, Open, close, draft_of, mine, opened
from handlers.announcements.preview import show
from handlers.staff.access import allowed
from knowledge.announcements.kinds import Status
from knowledge.text import plain
from storage import announcements
from storage.roles import Role

router = Router()

STEPS: dict[str, Callable[[Turn, Open, Role], None]] = {
    "audience": aim.typed,
    "save": aim.named,
    "message": writing.message,
    "file": enclosing.file,
    "place": enclosing.place,
    "buttons": offering.buttons,
    "words": writing.words,
    "labels": offering.button_words,
    "when": planning.said,
    "expires": planning.expiry,
    "title": fixing.title,
    "confirm": sending.confirmed,
    "until": alerts.until,
}
WORDS = ("message", "words", "buttons", "labels", "title", "save")
"""Steps whose answer others read."""
AWAY = frozenset({"retour", "back"})
OFF = frozenset({"annuler", "cancel"})


@router.command("annonce", "annoncer", "announce")
def compose(turn: Turn) -> None:
    """On with what is open, or a new one."""
    held = allowed(turn)
    if held is None:
        return
    kept = forms.half_filled(turn)
    if kept is not None and kept.name != NAME:
        turn.say(turn.texts.t("Another form is open: finish or cancel it first. {command}", command="/creer"))
        return
    one = opened(turn)
    known = announcements.by_id(turn.connection, one.draft) if one is not None and one.draft else None
    if known is not None and known.status in (Status.DRAFT, Status.SCHEDULED):
        show(turn, known, turn.texts.t("Your draft is still open. A new one: “cancel”, then /annonce"))
        return
    _, _, words = turn.incoming.text.partition(" ") if turn.incoming.kind is Kind.TEXT else ("", "", "")
    if one is not None and not one.draft and one.audience and not words.strip():
        aim.ask_whom(turn, one, held, turn.texts.t("Your form is still open: answer on, or start again."))
        return
    new = Open("audience", turn.texts.language)
    if words.strip():
        aim.read_words(turn, new, held, words)
    else:
        aim.ask_whom(turn, new, held)


@router.button(Compose)
def compose_tapped(turn: Turn, _button: Compose) -> None:
    compose(turn)


@router.command("annonces", "announcements")
def listed(turn: Turn) -> None:
    running.listed(turn)


@router.button(Listed)
def more_listed(turn: Turn, button: Listed) -> None:
    running.listed(turn, max(0, button.before))


def answered(turn: Turn) -> bool:
    """Takes words, a picture, a document or a position as the answer to the open question. False when there is none, or
    when somebody comes back after a long silence with a question of their own."""
    kept = forms.half_filled(turn)
    if kept is None or kept.name != NAME or not turn.incoming.private:
        return False
    words = plain(turn.incoming.text)
    if turn.incoming.file is None and forms.forgotten(turn, kept):
        return False
    one = opened(turn)
    held = allowed(turn)
    turn.frame = None  # what is written for others, in whatever language, says nothing of who writes it
    if one is None or held is None:
        close(turn)
        return held is None
    if words in OFF and turn.incoming.file is None:
        _cancelled(turn, one)
    elif words in AWAY and one.draft:
        found = mine(turn, one.draft)
        if found is not None:
            show(turn, found[1])
    else:
        STEPS.get(one.step, aim.typed)(turn, one, held)
    return True


def _cancelled(turn: Turn, one: Open) -> None:
    """Out of the question; of a draft the draft stays."""
    close(turn)
    said = turn.texts.t("All right, nothing is sent.")
    turn.say(said + (" " + turn.texts.t("Your draft stays: /annonces") if one.draft else ""))


@router.answer(WRITING)
def of_danger(turn: Turn) -> bool:
    """Words that read like a cry for help, answered as such, are kept where they are for others; so is a name, like Sam."""
    one = opened(turn)
    if one is None:
        return False
    name = one.step == "confirm" and len(turn.incoming.text.split()) == 1
    return (name or one.step in WORDS) and answered(turn)


@router.thing(FORM)
def sent(turn: Turn) -> bool:
    return answered(turn)


@router.button(Aim)
def aimed(turn: Turn, button: Aim) -> None:
    aim.tapped(turn, button)


@router.button(Draft)
def drafted(turn: Turn, button: Draft) -> None:
    if not button.announcement:
        close(turn)
        turn.say(turn.texts.t("All right, nothing is sent."))
        return
    number = button.announcement
    found = mine(turn, number) if button.what == "show" else draft_of(turn, number, button.version)
    if found is None:
        return
    held, known = found
    if button.what == "show" or known.status not in (Status.DRAFT, Status.SCHEDULED):
        show(turn, known)
    elif button.what == "send":
        sending.send(turn, held, known)
    elif button.what == "plan":
        planning.ask_when(turn, Open("when", turn.texts.language, known.id, known.version))
    elif button.what == "drop":
        fixing.drop(turn, known)
    elif button.what == "fix" or not fixing.part(turn, held, known, button.what):
        fixing.menu(turn, known)


@router.button(Part)
def part(turn: Turn, button: Part) -> None:
    found = draft_of(turn, button.announcement, button.version)
    if found is None:
        return
    held, known = found
    if known.status not in (Status.DRAFT, Status.SCHEDULED) or not fixing.chosen(turn, held, known, button):
        show(turn, known)


@router.button(Run)
def run(turn: Turn, button: Run) -> None:
    from handlers.announcements import report  # noqa: PLC0415 - loaded once somebody asks for one

    if not running.run(turn, button):
        report.asked(turn, button)
