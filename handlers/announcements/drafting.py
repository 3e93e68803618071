"""What is being composed: the open question, kept for days; who may; the draft it is about."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from bot.memory import FORM
from bot.messages import Button
from bot.turn import Turn
from handlers.announcements.buttons import Draft, Part
from handlers.staff.access import allowed
from knowledge.announcements import audience as audiences
from knowledge.announcements.audience import AllOf, Audience, BadAudience, Node, OfAssociation
from storage import announcements, audit, forms
from storage.announcements import Announcement, Changed, NotPossible
from storage.audiences import Scope
from storage.forms import Form
from storage.roles import Role

NAME = "announcement"
"""Of the form, beside those of bot/forms.py."""


@dataclass(frozen=True, slots=True)
class Open:
    """The question that waits for its answer."""

    step: str
    language: str
    """Of the talk: what is written in others is no reason to change it."""
    draft: int = 0
    """The announcement's number; 0: there is none yet."""
    version: int = 0
    audience: str = ""
    """JSON of whom it is for so far, "" nobody."""
    but: bool = False
    """The next condition is one to leave out."""
    about: str = ""
    """What the question is about: a language, a template."""


def opened(turn: Turn) -> Open | None:
    """None when nothing is being composed in this talk, or by this person."""
    kept = forms.form_of(turn.connection, turn.incoming.conversation)
    if kept is None or kept.person_id != turn.person.id or kept.name != NAME:
        return None
    try:
        values: dict[str, Any] = json.loads(kept.answers)
        one = Open(**values)
    except (TypeError, ValueError):  # another version of the bot wrote it
        return None
    if one.language != turn.texts.language:
        turn.speak(one.language)
        turn.person = replace(turn.person, language=one.language)
    return one


def keep(turn: Turn, one: Open) -> None:
    """The question is asked: in place of any other of this talk."""
    answers = json.dumps(asdict(one))
    forms.keep(turn.connection, Form(turn.incoming.conversation, turn.person.id, NAME, answers, one.step, turn.now))
    turn.remember(asking=FORM, about="", choices=(), misses=0)


def close(turn: Turn) -> None:
    """Nothing is asked any more. The draft stays."""
    forms.drop(turn.connection, turn.incoming.conversation)
    turn.remember(asking="", about="", choices=())


def scope(turn: Turn) -> Scope:
    return Scope(turn.now, turn.admins)


def within(held: Role, audience: Audience) -> Audience:
    """As far as this role may speak: partners to those of their own association's activities, and to no group."""
    if held.at_least("staff"):
        return audience
    own = OfAssociation(held.organisation)
    people = own if audience.people is None else audience.people
    return Audience(people if _fenced(people, own) else AllOf((own, people)))


def _fenced(people: Node, own: OfAssociation) -> bool:
    return people == own or (isinstance(people, AllOf) and own in people.of)


def may_send(held: Role, known: Announcement) -> bool:
    """Also for one that was drafted with other rights."""
    return held.at_least("staff") or within(held, known.audience) == known.audience


def mine(turn: Turn, number: int) -> tuple[Role, Announcement] | None:
    """An announcement that this person may see to; says so where they may not."""
    held = allowed(turn)
    if held is None:
        return None
    known = announcements.by_id(turn.connection, number) if number else None
    if known is None or not (held.at_least("staff") or (held.organisation and known.team == held.organisation)):
        turn.say(turn.texts.t("There is no such announcement that you may change. Yours: /annonces"))
        return None
    return held, known


def draft_of(turn: Turn, number: int, version: int) -> tuple[Role, Announcement] | None:
    """As `mine`, one that is still a draft or planned and as it was shown; otherwise shows how it is now."""
    found = mine(turn, number)
    if found is None:
        return None
    if found[1].version != version:
        outdated(turn, found[1])
        return None
    return found


def outdated(turn: Turn, known: Announcement) -> None:
    from handlers.announcements.preview import show  # noqa: PLC0415 - the card's buttons lead back here

    turn.say(turn.texts.t("Somebody changed this meanwhile. This is how it is now:"))
    show(turn, known)


def change(turn: Turn, known: Announcement, **values: Any) -> Announcement | None:
    """Writes into a draft; None, and shows how it is now, where somebody else was faster or it has gone out."""
    try:
        changed = announcements.change(turn.connection, known, **values)
    except (Changed, NotPossible):
        now = announcements.by_id(turn.connection, known.id)
        if now is not None:
            outdated(turn, now)
        return None
    note(turn, known, "changed")
    return changed


def once(known: Announcement) -> Announcement:
    """The same, to go out one time, when that is is still open."""
    return replace(
        known, send_at=None, expires_at=None, lifetime_minutes=None, rule="", first_start=None, progress=None, series_id=None,
        occurrence=None, started_at=None, ended_at=None,
    )  # fmt: skip


def note(turn: Turn, known: Announcement, what: str) -> None:
    """In the audit log."""
    audit.note(turn.connection, turn.now, what, announcement_id=known.id, actor_id=turn.person.id)


def audience_of(one: Open) -> Audience | None:
    try:
        return audiences.load(one.audience) if one.audience else None
    except BadAudience:
        return None


def ask(turn: Turn, one: Open, text: str, *rows: Sequence[Button], said: str = "") -> None:
    """Asks the question `one.step`; with what was wrong with the answer before."""
    keep(turn, one)
    t = turn.texts.t
    back = Draft("show", one.draft, one.version) if one.draft else Draft("drop", 0, 0)
    turn.say(f"{said}\n{text}" if said else text, *rows, [Button(t("Back") if one.draft else t("Cancel"), back.pack())])


def write(turn: Turn, one: Open, values: Callable[[Announcement], dict[str, Any]]) -> None:
    """Changes the draft that the question is about, then shows it."""
    from handlers.announcements.preview import show  # noqa: PLC0415 - the card's buttons lead back here

    found = draft_of(turn, one.draft, one.version)
    if found is None:
        return
    changed = change(turn, found[1], **values(found[1]))
    if changed is not None:
        show(turn, changed)


def none(turn: Turn, one: Open, what: str) -> list[Button]:
    """The row that takes it away."""
    return [Button(turn.texts.t("None"), Part(what, "-", one.draft, one.version).pack())]
