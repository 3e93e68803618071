"""What came of an announcement: in figures, as a picture, who answered what, and all of it as a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.messages import Button, Media, Reply, strong
from bot.spreadsheet import sheet
from bot.turn import Turn
from handlers.announcements.buttons import Run
from handlers.announcements.chart import Bar, picture
from handlers.announcements.drafting import mine, note
from handlers.announcements.naming import moment_name
from handlers.announcements.outcome import label
from handlers.announcements.running import show_running
from knowledge.announcements.kinds import State
from storage import attachments, profiles, recipients
from storage.announcements import Announcement
from storage.recipients import Counts, Recipient

LISTED = 60
"""Names in one message; all of them are in the file."""
REPORT_KEPT = timedelta(days=1)


def asked(turn: Turn, button: Run) -> None:
    found = mine(turn, button.announcement)
    if found is None:
        return
    known = found[1]
    match button.what:
        case "report":
            _report(turn, known)
        case "answers":
            _answers(turn, known)
        case "csv":
            _file(turn, known)
        case _:
            show_running(turn, known)


def _report(turn: Turn, known: Announcement) -> None:
    """The chart, with its words under it."""
    counts = recipients.counts(turn.connection, known.id)
    ends, choices = list(_ends(turn, counts)), list(_choices(turn, known, counts))
    lines = [strong(turn.texts.apart(known.label))]
    if known.started_at is not None:
        lines.append(turn.texts.t("Sent: {ended}.", ended=moment_name(turn.texts, known.started_at, turn.now)))
    lines += [f"{bar.sign} {said}" for bar, said in ends]
    if choices:
        lines += ["", turn.texts.tn("{count} answer", "{count} answers", counts.choices.total())]
        lines += [f"{bar.sign} {said}" for bar, said in choices]
    row = [Button(turn.texts.t("All as a file"), Run("csv", known.id).pack())]
    if choices:
        row.insert(0, Button(turn.texts.t("Who answered"), Run("answers", known.id).pack()))
    copy = Button(turn.texts.t("Copy"), Run("copy", known.id).pack())
    drawn = picture([[bar for bar, _ in group] for group in (ends, choices) if group])
    number = _keep(turn, "photo", "chart.png", "image/png", drawn)
    turn.say("\n".join(lines), row, [copy], media=Media(number, True, "chart.png", "image/png"))


def _ends(turn: Turn, counts: Counts) -> Iterator[tuple[Bar, str]]:
    """What became of all who are meant, in its colour; who got it always."""
    tn, by = turn.texts.tn, counts.by_state
    named = {
        State.DELIVERED: ("🟩", tn("{count} received", "{count} received", by[State.DELIVERED])),
        State.BLOCKED: ("🟥", tn("{count} stopped the bot", "{count} stopped the bot", by[State.BLOCKED])),
        State.GONE: ("🟧", tn("{count} is gone", "{count} are gone", by[State.GONE])),
        State.FAILED: ("🟫", tn("{count} failed", "{count} failed", by[State.FAILED])),
        State.UNCERTAIN: ("🟨", tn("{count} uncertain", "{count} uncertain", by[State.UNCERTAIN])),
        State.EXPIRED: ("🟪", tn("{count} too late, not sent", "{count} too late, not sent", by[State.EXPIRED])),
        State.CANCELLED: ("⬛", tn("{count} not sent", "{count} not sent", by[State.CANCELLED])),
    }
    for state, (sign, said) in named.items():
        if by[state] or state is State.DELIVERED:
            yield Bar(sign, by[state]), said


def _choices(turn: Turn, known: Announcement, counts: Counts) -> Iterator[tuple[Bar, str]]:
    signs = iter(("🟦", "🟪", "🟨"))
    for number, tap in enumerate(known.content.buttons):
        if tap.what == "choice":
            name = turn.texts.apart(label(known.content, number))
            yield Bar(next(signs), counts.choices[number]), f"{name}: {counts.choices[number]}"


def _answers(turn: Turn, known: Announcement) -> None:
    """Who chose what, by the name they gave, first to answer first."""
    lines = [strong(turn.texts.apart(known.label))]
    for number, tap in enumerate(known.content.buttons):
        if tap.what != "choice":
            continue
        found = recipients.answers(turn.connection, known.id, number)
        names = ", ".join(_name(turn, one) for one in found[:LISTED])
        more = "…" if len(found) > LISTED else ""
        lines.append(f"{strong(turn.texts.apart(label(known.content, number)))} ({len(found)}): {names or '—'}{more}")
    if len(lines) == 1:
        lines.append(turn.texts.t("Nobody was asked anything."))
    turn.say("\n".join(lines), [Button(turn.texts.t("All as a file"), Run("csv", known.id).pack())])


def _name(turn: Turn, one: Recipient) -> str:
    name = profiles.profile(turn.connection, one.person_id).name if one.person_id is not None else ""
    return turn.texts.apart(name or turn.texts.t("Number {number}", number=one.id))


def _file(turn: Turn, known: Announcement) -> None:
    """A line a recipient; who asked to be forgotten has a line without a name."""
    content = sheet(
        ("number", "name", "group", "state", "reason", "platform", "language", "sent_at", "answer", "answered_at"),
        (_row(turn, known, one) for one in recipients.all_of(turn.connection, known.id)),
    )
    name = f"announcement-{known.id}.csv"
    number = _keep(turn, "document", name, "text/csv", content)
    note(turn, known, "exported")
    turn.replies.append(
        Reply(turn.texts.t("All who were meant, one a line."), media=Media(number, False, name, "text/csv"))
    )


def _row(turn: Turn, known: Announcement, one: Recipient) -> list[object]:
    name = profiles.profile(turn.connection, one.person_id).name if one.person_id is not None else ""
    answer = label(known.content, one.choice) if one.choice is not None else ""
    return [
        one.id, name, one.destination, str(one.state), one.reason, one.platform, one.language, _when(turn, one.ended_at),
        answer, _when(turn, one.answered_at),
    ]  # fmt: skip


def _when(turn: Turn, moment: datetime | None) -> str:
    return moment.astimezone(turn.texts.zone).isoformat(timespec="seconds") if moment is not None else ""


def _keep(turn: Turn, kind: str, name: str, media_type: str, content: bytes) -> int:
    """Only until it is sent: there are names in it, which people may want forgotten."""
    moment = turn.now - attachments.KEEP + REPORT_KEPT
    return attachments.add(turn.connection, kind, name, media_type, content, moment, created_by=turn.person.id)
