"""/alerte grand froid: an announcement prepared for a bad day, with its level and end."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.forms import NotUnderstood
from bot.messages import Button
from bot.router import Router
from bot.texts import texts
from bot.turn import Turn
from handlers.announcements.buttons import Alert
from handlers.announcements.drafting import Open, ask, note, within
from handlers.announcements.naming import moment_name
from handlers.announcements.planning import BadMoment, moment_to_come, wrong
from handlers.announcements.preview import ask_confirmed, show
from handlers.staff.access import allowed
from knowledge.announcements.audience import Audience, HasRole
from knowledge.announcements.content import Choice, Content, Words
from knowledge.announcements.prepared import Template, template, templates
from knowledge.participation.recurrence import localised
from knowledge.text import plain
from storage import announcements
from storage.announcements import Announcement
from storage.roles import Role

router = Router()

A_WEEK = timedelta(days=7)
"""Seen from so long before, a day has its date: what is "tomorrow" now may not be when it is read."""


@router.command("alerte", "alert")
def alert(turn: Turn) -> None:
    held = allowed(turn, "staff")
    if held is None:
        return
    _, _, words = turn.incoming.text.partition(" ")
    found = template(words) if words.strip() else None
    if found is not None:
        _ask_level(turn, found)
        return
    said = turn.texts.t("I have no alert called “{words}”.", words=words.strip()[:60]) + "\n" if words.strip() else ""
    rows = [[Button(one.words(one.title, turn.texts.language), Alert(one.id, -1).pack())] for one in templates()]
    turn.say(said + turn.texts.t("Which alert?"), *rows)


@router.button(Alert)
def chosen(turn: Turn, button: Alert) -> None:
    """A template, then its level."""
    held = allowed(turn, "staff")
    found = template(button.template)
    if held is None:
        return
    if found is None or button.level >= len(found.level):
        turn.say(turn.texts.t("This form is closed. A new one: /annonce"))
    elif button.level < 0:
        _ask_level(turn, found)
    else:
        _ask_until(turn, Open("until", turn.texts.language, about=f"{found.id} {button.level}"))


def _ask_level(turn: Turn, one: Template) -> None:
    rows = [
        [Button(one.words(level, turn.texts.language), Alert(one.id, number).pack())]
        for number, level in enumerate(one.level)
    ]
    title = one.words(one.title, turn.texts.language)
    turn.say(turn.texts.t("{title}: which level?", title=title), *rows)


def _ask_until(turn: Turn, one: Open, said: str = "") -> None:
    ask(turn, one, turn.texts.t("Until when? For example “Sunday 10:00”, or “not known”."), said=said)


def until(turn: Turn, one: Open, held: Role) -> None:
    """The end of the alert: the draft is made."""
    name, _, level = one.about.partition(" ")
    found = template(name)
    if found is None or not level.isdecimal() or not held.at_least("staff"):
        turn.say(turn.texts.t("This form is closed. A new one: /annonce"))
        return
    ends: datetime | None = None
    try:
        if not _not_known(turn):
            ends = localised(moment_to_come(turn, turn.incoming.text), turn.texts.zone)
    except BadMoment as error:
        _ask_until(turn, one, wrong(turn, error))
        return
    except NotUnderstood:
        _ask_until(turn, one)
        return
    _make(turn, held, found, int(level), ends)


def _not_known(turn: Turn) -> bool:
    return plain(turn.incoming.text) in ("inconnu", "pas connu", "on ne sait pas", "not known", "unknown", "")


def _make(turn: Turn, held: Role, one: Template, level: int, ends: datetime | None) -> None:
    words: dict[str, Words] = {}
    for language in one.text:
        spoken = texts(language, turn.texts.zone)
        end = spoken.t("until {when}", when=moment_name(spoken, ends, ends - A_WEEK)) if ends is not None else ""
        labels = tuple(one.words(label, language) for label in one.buttons)
        words[language] = Words(one.written(language, level, end), labels)
    new = Announcement(
        within(held, Audience(HasRole("volunteer"))),
        Content("fr", words, buttons=tuple(Choice() for _ in one.buttons)),
        kind=one.kind,
        author_id=turn.person.id,
        label=f"{one.words(one.title, 'fr')}, {one.words(one.level[level], 'fr')}",
        expires_at=ends,
    )
    known = announcements.create(turn.connection, new, turn.now)
    note(turn, known, "created")
    show(turn, known)
    if one.urgent:
        ask_confirmed(turn, known)
