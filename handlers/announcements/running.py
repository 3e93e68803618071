"""Announcements that are there: listed, paused, stopped, copied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.messages import Button, strong
from bot.turn import Turn
from handlers.announcements import progress, writing
from handlers.announcements.buttons import Compose, Listed, Run
from handlers.announcements.drafting import Open, close, mine, note, once, scope, within
from handlers.announcements.naming import moment_name
from handlers.announcements.preview import counts, show
from handlers.staff.access import allowed
from knowledge.announcements.kinds import State, Status
from storage import announcements, audiences, rewording
from storage.announcements import Announcement, Changed, NotPossible
from storage.due import Schedule, schedule
from storage.roles import Role

PAGE = 8
REWORDED = (Status.PAUSED, Status.DONE)
"""When what it says can still be corrected."""
FROM = {
    "pause": {Status.SENDING}, "resume": {Status.PAUSED}, "stopped": {Status.SENDING, Status.PAUSED},
}  # fmt: skip
"""What an act is for: starting one that was never sent takes other checks than going on with it."""


def status_name(turn: Turn, known: Announcement) -> str:
    t = turn.texts.t
    match known.status:
        case Status.DRAFT:
            return t("draft")
        case Status.SCHEDULED:
            return t("scheduled: {when}", when=moment_name(turn.texts, known.send_at or turn.now, turn.now))
        case Status.SENDING:
            return t("being sent")
        case Status.PAUSED:
            return t("paused")
        case Status.CANCELLED:
            return t("cancelled")
    if known.rule:  # each of its times is listed on its own
        return t("done")
    return t("sent {when}", when=moment_name(turn.texts, known.started_at or turn.now, turn.now))


def listed(turn: Turn, before: int = 0) -> None:
    held = allowed(turn)
    if held is None:
        return
    t = turn.texts.t
    team = None if held.at_least("staff") else held.organisation
    found = announcements.latest(turn.connection, team=team, limit=PAGE + 1, before=before or None)
    page = found[:PAGE]
    lines = [
        f"{number}. {turn.texts.apart(one.label)} — {status_name(turn, one)}" for number, one in enumerate(page, 1)
    ]
    buttons = [Button(str(number), Run("show", one.id).pack()) for number, one in enumerate(page, 1)]
    rows = [buttons[i : i + 4] for i in range(0, len(buttons), 4)]
    last = [Button(t("New announcement"), Compose().pack())]
    if len(found) > PAGE:
        last.append(Button(t("More"), Listed(page[-1].id).pack()))
    turn.say("\n".join([t("Announcements:"), *lines]) if lines else t("There is none yet."), *rows, last)


def show_running(turn: Turn, known: Announcement) -> None:
    """How it goes, or went."""
    t, seen = turn.texts.t, counts(turn, known)
    more = [Button(t("Copy"), Run("copy", known.id).pack())]
    if known.rule and known.status is Status.DONE:
        turn.say(f"{strong(turn.texts.apart(known.label))}\n{status_name(turn, known)}", more)
        return
    text, row = progress.say(turn.texts, known, seen, timedelta(0))
    if known.status is Status.DONE:
        more.append(Button(t("Correct"), Run("correct", known.id).pack()))
    theirs = []
    if known.status in REWORDED and known.content.messages == 1 and seen.by_state[State.DELIVERED]:
        theirs = [Button(t("Change what people have"), Run("theirs", known.id).pack())]
    turn.say(text, row, more, theirs)


def run(turn: Turn, button: Run) -> bool:
    """What a button does; False for what there is not."""
    found = mine(turn, button.announcement)
    if found is None:
        return True
    held, known = found
    match button.what:
        case "show":
            show(turn, known)
        case "pause":
            _move(turn, known, "pause")
        case "resume":
            _move(turn, known, "resume")
        case "stop":
            _ask_stop(turn, known)
        case "stopped":
            _move(turn, known, "stopped")
        case "correct" if known.status in REWORDED:
            writing.ask_message(turn, Open("message", turn.texts.language, known.id, known.version))
        case "theirs" if known.status in REWORDED and known.content.messages == 1:
            _theirs(turn, known)
        case "copy":
            _copy(turn, held, known)
        case _:
            return False
    return True


def _ask_stop(turn: Turn, known: Announcement) -> None:
    if known.status not in FROM["stopped"]:
        show(turn, known)
        return
    t, seen = turn.texts.t, counts(turn, known)
    waiting = seen.waiting
    if not known.frozen:  # not everybody is written down yet
        expected = audiences.forecast(turn.connection, known.audience, known.kind, scope(turn))
        waiting = max(expected.reached + expected.groups - seen.ended, waiting)
    rest = turn.texts.tn("{count} person", "{count} people", waiting)
    turn.say(
        t("Stop it for good? {people} would not get it.", people=rest),
        [Button(t("Yes, stop"), Run("stopped", known.id).pack()), Button(t("No"), Run("show", known.id).pack())],
    )


def _move(turn: Turn, known: Announcement, what: str) -> None:
    """Pauses, goes on or stops; a tap that comes too late, or for one that has not begun, shows how it is."""
    if known.status not in FROM[what]:
        show(turn, known)
        return
    try:
        match what:
            case "pause":
                known = announcements.pause(turn.connection, known)
            case "resume":
                known = announcements.resume(turn.connection, known)
            case _:
                known = announcements.cancel(turn.connection, known, turn.now)
    except (Changed, NotPossible):
        show(turn, announcements.by_id(turn.connection, known.id) or known)
        return
    note(turn, known, {"pause": "paused", "resume": "resumed"}.get(what, "cancelled"))
    shown = known.progress
    progress.beat(turn.connection, known, counts(turn, known), timedelta(0), turn.now, turn.texts.zone)
    if shown is None or known.author_id != turn.person.id:  # else the message that shows it changes
        show_running(turn, known)


def _theirs(turn: Turn, known: Announcement) -> None:
    """The messages that people have are changed as well."""
    first = rewording.got(turn.connection, known.id, 0, 1)
    if first:
        schedule(turn.connection, Schedule.REWORD, [first[0].id], turn.now)
        note(turn, known, "changed")
    turn.say(turn.texts.t("The messages that people have are being changed."))


def _copy(turn: Turn, held: Role, known: Announcement) -> None:
    """A new draft with the same words for the same people; when and how urgent is asked anew."""
    close(turn)
    team = "" if held.at_least("staff") else held.organisation
    whom = within(held, known.audience)
    copied = replace(once(known), audience=whom, author_id=turn.person.id, team=team, urgent=False, confirmed_by=None)
    made = announcements.create(turn.connection, copied, turn.now)
    note(turn, made, "created")
    show(turn, made)
