"""Answers to missions that the bot asks people for."""

from __future__ import annotations

from bot.messages import Button
from bot.router import Router
from bot.turn import Turn
from handlers.activity_buttons import Browse
from handlers.participation_buttons import FewerAlerts, JoinMission, NotThisTime
from handlers.privately import in_private
from handlers.profile import fewer_choices
from handlers.sign_up import sign_up
from storage import alerts
from storage.signups import Refused

router = Router()


@router.button(JoinMission)
def come(turn: Turn, button: JoinMission) -> None:
    answer = sign_up(turn, button.session, 1)
    if answer is not None and not isinstance(answer, Refused):
        alerts.answer(turn.connection, button.session, turn.person.id, "coming", turn.now)


@router.button(NotThisTime)
def not_this_time(turn: Turn, button: NotThisTime) -> None:
    if not in_private(turn):
        return
    t = turn.texts.t
    alerts.answer(turn.connection, button.session, turn.person.id, "not_now", turn.now)
    turn.say(
        t("All right, another time. Thank you for answering."),
        [Button(t("See the missions"), Browse("missions").pack())],
    )


@router.button(FewerAlerts)
def fewer(turn: Turn, button: FewerAlerts) -> None:
    if in_private(turn):
        alerts.answer(turn.connection, button.session, turn.person.id, "fewer", turn.now)
        fewer_choices(turn)
