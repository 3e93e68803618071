"""What the bot may send on its own: seen, stopped and taken up again with one tap each."""

from __future__ import annotations

from bot.messages import Button
from bot.router import Router
from bot.texts import Texts
from bot.turn import Turn
from handlers.activity_buttons import EditProfile
from handlers.linking import choice
from handlers.notification_buttons import Again, NoMore, Notifications, StopAll, Want
from handlers.privately import in_private
from storage import accounts, opt_outs, people
from storage.opt_outs import KINDS, MISSION

router = Router()


def kind_name(texts: Texts, kind: str) -> str:
    return {
        opt_outs.ANNOUNCEMENT: texts.t("Announcements of the team"),
        opt_outs.MISSION: texts.t("Missions that fit me"),
        opt_outs.ALERT: texts.t("Weather and urgent needs"),
        opt_outs.DIGEST: texts.t("The missions of the week"),
    }[kind]


@router.command("notifications")
def notifications(turn: Turn) -> None:
    if in_private(turn):
        _show(turn)


@router.button(Notifications)
def notifications_tapped(turn: Turn, _button: Notifications) -> None:
    notifications(turn)


def _show(turn: Turn, said: str = "") -> None:
    t = turn.texts.t
    unwanted = opt_outs.unwanted(turn.connection, turn.person.id) if turn.person.alerts else frozenset(KINDS)
    rows = [
        [
            Button(
                f"{'☐' if kind in unwanted else '☑'} {kind_name(turn.texts, kind)}",
                Want(kind, int(kind in unwanted)).pack(),
            )
        ]
        for kind in KINDS
    ]
    more = [] if MISSION in unwanted else [Button(t("Which missions"), EditProfile("missions").pack())]
    if unwanted != frozenset(KINDS):
        more.append(Button(t("Stop all"), StopAll().pack()))
    text = t(
        "This is what I send on my own: tap to change it. Reminders of what you signed up for always come, and I always answer."
    )
    linked = accounts.accounts_of(turn.connection, turn.person.id)
    turn.say(f"{said}\n{text}" if said else text, *rows, more, choice(turn, linked))


@router.button(Want)
def want(turn: Turn, button: Want) -> None:
    """What is no kind changes nothing."""
    if not in_private(turn):
        return
    if button.kind in KINDS:
        if button.on:
            accept(turn, button.kind)
        elif turn.person.alerts:
            opt_outs.refuse(turn.connection, turn.person.id, [button.kind], turn.now)
    _show(turn)


def accept(turn: Turn, kind: str) -> None:
    """After everything was stopped, this kind alone."""
    if not turn.person.alerts:
        opt_outs.refuse(turn.connection, turn.person.id, KINDS, turn.now)
        turn.person = people.change(turn.connection, turn.person, alerts=True)
    opt_outs.accept(turn.connection, turn.person.id, [kind])


@router.button(NoMore)
def no_more(turn: Turn, button: NoMore) -> None:
    """At once, without asking whether they are sure."""
    if not in_private(turn):
        return
    if button.kind not in KINDS:
        _show(turn)
        return
    t = turn.texts.t
    opt_outs.refuse(turn.connection, turn.person.id, [button.kind], turn.now)
    turn.say(
        t("Noted, no more of this: {kind}. The rest stays.", kind=kind_name(turn.texts, button.kind)),
        [
            Button(t("Send them again"), Again(button.kind).pack()),
            Button(t("What I get"), Notifications().pack()),
            Button(t("Stop all"), StopAll().pack()),
        ],
    )


@router.button(Again)
def again(turn: Turn, button: Again) -> None:
    if not in_private(turn):
        return
    if button.kind not in KINDS:
        resume(turn)
        return
    accept(turn, button.kind)
    _show(turn, turn.texts.t("Noted: you get this again. {kind}.", kind=kind_name(turn.texts, button.kind)))


@router.command("stop")
@router.intent("stop_alerts")
def stop(turn: Turn) -> None:
    """All but what one signed up for; the kinds stay as they were for when it is taken up again."""
    turn.person = people.change(turn.connection, turn.person, alerts=False)
    t = turn.texts.t
    turn.say(
        t(
            "Done: I send nothing more on my own, but reminders of what you signed up for. I still answer when you write. To "
            "get the rest again: /reprendre"
        ),
        [Button(t("Send them again"), Again("").pack())],
    )


@router.button(StopAll)
def stop_all(turn: Turn, _button: StopAll) -> None:
    stop(turn)


@router.command("reprendre", "resume", "alertes", "alerts")
@router.intent("start_alerts")
def resume(turn: Turn) -> None:
    """As it was before; whoever had stopped every kind gets them all."""
    turn.person = people.change(turn.connection, turn.person, alerts=True)
    if opt_outs.unwanted(turn.connection, turn.person.id) >= frozenset(KINDS):
        opt_outs.accept(turn.connection, turn.person.id, KINDS)
    said = turn.texts.t("Done: you will get alerts when there are any. To stop them: /stop")
    if turn.incoming.private:
        _show(turn, said)
    else:
        turn.say(said)
