"""Making an activity in the chat: begins the form, takes its answers."""

from __future__ import annotations

from bot import forms
from bot.forms import FormChoice, FormMove
from bot.memory import FORM
from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.announcements import compose
from handlers.announcements import drafting as announcement
from handlers.find import find, refine
from handlers.staff import activity_form
from handlers.staff.access import allowed
from handlers.staff.buttons import Create
from handlers.welcome import explain, human

router = Router()

KINDS = {activity_form.FORM.name: activity_form.FORM}


@router.command("creer", "create", "proposer")
def create(turn: Turn) -> None:
    """On with the form that is open, or a new one."""
    if allowed(turn) is None:
        return
    kept = forms.half_filled(turn)
    if kept is not None and kept.name == announcement.NAME:
        turn.say(turn.texts.t("Another form is open: finish or cancel it first. {command}", command="/annonce"))
        return
    if kept is None or kept.name not in KINDS:
        forms.start(turn, activity_form.FORM)
        return
    t = turn.texts.t
    turn.say(
        t("Your form is still open: answer on, or start again."),
        [Button(t("Start again"), FormMove(kept.step, "again").pack())],
    )
    forms.resume(turn, KINDS[kept.name], kept)


@router.button(Create)
def create_tapped(turn: Turn, _button: Create) -> None:
    create(turn)


@router.answer(FORM)
def answered(turn: Turn) -> bool:
    return turn.incoming.private and (forms.answered(turn, KINDS, otherwise) or compose.answered(turn))


def otherwise(turn: Turn) -> None:
    """The question of somebody who fills in a form, and needs something else meanwhile."""
    assert turn.frame is not None
    {"help": explain, "human": human, "refine": refine}.get(turn.frame.intent, find)(turn)


@router.button(FormChoice)
def chosen(turn: Turn, button: FormChoice) -> None:
    if not turn.incoming.private or not forms.choose(turn, KINDS, button):
        _closed(turn)


@router.button(FormMove)
def moved(turn: Turn, button: FormMove) -> None:
    if not turn.incoming.private or not forms.move(turn, KINDS, button):
        _closed(turn)


def _closed(turn: Turn) -> None:
    turn.say(turn.texts.t("This form is closed. A new one: /creer"))
