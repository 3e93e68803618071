"""Off it goes: checked once more, confirmed by name when it is urgent."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from bot.turn import Turn
from handlers.announcements.drafting import Open, change, close, draft_of, note, once, outdated, scope
from handlers.announcements.planning import allowed_to_send, too_late
from handlers.announcements.preview import ask_confirmed, card, duration, show
from handlers.announcements.progress import beat
from handlers.announcements.running import show_running
from knowledge.announcements.kinds import State, Status
from knowledge.text import plain
from storage import announcements, attachments, audiences, profiles
from storage.announcements import Announcement, Changed, NotPossible
from storage.recipients import Counts
from storage.roles import Role

NO_NAMES = frozenset({"oui", "non", "yes", "no", "ok", "envoyer", "envoyer maintenant", "send", "send now", "annuler"})


def send(turn: Turn, held: Role, known: Announcement) -> None:
    """Now, or in the morning; nothing for nobody."""
    if known.status not in (Status.DRAFT, Status.SCHEDULED):
        outdated(turn, known)
        return
    if not allowed_to_send(turn, held, known):
        return
    counted = audiences.forecast(turn.connection, known.audience, known.kind, scope(turn))
    expired = known.expires_at is not None and known.expires_at <= turn.now
    if expired or not (counted.reached or counted.groups):
        card(turn, known, too_late(turn) if expired else "")
        return
    if known.urgent and known.confirmed_by is None:
        ask_confirmed(turn, known)
        return
    _go(
        turn,
        known,
        Counts(Counter({State.QUEUED: counted.reached + counted.groups}), Counter(), Counter()),
        duration(turn, known, counted),
    )


def _go(turn: Turn, known: Announcement, expected: Counts, left: timedelta) -> None:
    quiet = turn.reach.quiet
    close(turn)
    try:
        if known.rule:  # once by hand, besides the times it goes out by itself
            known = announcements.create(turn.connection, once(known), turn.now)
        if quiet is not None and quiet.holds(turn.now) and not known.urgent:
            known = announcements.plan(turn.connection, known, quiet.over(turn.now))
            note(turn, known, "scheduled")
            card(turn, known)
            return
        known = announcements.start(turn.connection, known, turn.now)
    except (Changed, NotPossible):
        outdated(turn, announcements.by_id(turn.connection, known.id) or known)
        return
    if known.content.attachment is not None:
        attachments.used(turn.connection, known.content.attachment.number, turn.now)
    note(turn, known, "sending")
    beat(turn.connection, known, expected, left, turn.now, turn.texts.zone)
    if known.author_id != turn.person.id:  # it is its author who is shown how it goes
        show_running(turn, known)


def confirmed(turn: Turn, one: Open, _held: Role) -> None:
    """A name was written, that of who confirms where the bot knows it: urgent from now on."""
    found = draft_of(turn, one.draft, one.version)
    if found is None:
        return
    known, typed = found[1], plain(turn.incoming.text)
    name = plain(profiles.profile(turn.connection, turn.person.id).name)
    fits = typed == name if name else len(typed) >= 2 and typed not in NO_NAMES and not typed.isdecimal()
    if not fits:
        ask_confirmed(turn, known)
        return
    changed = change(turn, known, urgent=True, confirmed_by=turn.person.id)
    if changed is not None:
        note(turn, changed, "urgent")
        show(turn, changed)
