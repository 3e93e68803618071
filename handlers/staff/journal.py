"""What the team did: the latest, of one person, on one day; and all of it as a file."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.journal_files import as_csv
from bot.messages import Button, Media
from bot.router import Router
from bot.turn import Turn
from handlers.staff import acts, reading
from handlers.staff.access import allowed, role_of_person
from handlers.staff.member_buttons import Journal, JournalFile, JournalPeople
from handlers.staff.members import named, role_name
from knowledge.participation.quiet import local_moment
from knowledge.text import plain
from storage import attachments, audit, profiles, roles

router = Router()

PAGE = 10
RECENT = timedelta(days=365)
FILE_KEPT = timedelta(days=1)
MOST_PEOPLE = 20
YESTERDAY = ("hier", "yesterday")
"""Nobody asks for a shower of yesterday: the words of time look ahead."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC).date()


@router.command("journal")
def journal(turn: Turn) -> None:
    """The latest acts; with a day ("/journal 24/11", "/journal hier"), those of that day."""
    _, _, words = turn.incoming.text.partition(" ")
    if not words.strip():
        _show(turn, Journal(0, 0, 0))
        return
    if allowed(turn, "staff") is None:
        return
    day = _day(turn, words)
    if day is None:
        turn.say(turn.texts.t("I need a day, for example “{example}”.", example="/journal 24/11"))
        return
    _show(turn, Journal(0, 0, day))


def _day(turn: Turn, words: str) -> int | None:
    """Days since 1970. A day without its year is the last such day, not the next."""
    if plain(words) in YESTERDAY:
        return (turn.now.date() - EPOCH).days - 1
    try:
        said = reading.day_of_record(turn, words)
    except ValueError:
        return None
    if said > turn.now.date() and str(said.year) not in words:
        said = said.replace(year=said.year - 1) if (said.month, said.day) != (2, 29) else said - timedelta(days=365)
    return max(0, (said - EPOCH).days)


@router.button(Journal)
def journal_tapped(turn: Turn, button: Journal) -> None:
    _show(turn, button)


def _show(turn: Turn, asked: Journal) -> None:
    if allowed(turn, "staff") is None:
        return
    t = turn.texts.t
    day = None
    if asked.day:
        local = EPOCH + timedelta(days=min(max(asked.day, 0), 40000))
        midnight = datetime.min.time()
        zone = turn.texts.zone
        day = (local_moment(local, midnight, zone), local_moment(local + timedelta(days=1), midnight, zone))
    found = audit.acts(turn.connection, PAGE + 1, before=asked.before or None, actor=asked.actor or None, day=day)
    page = found[:PAGE]
    who = _names(turn, {one.actor_id for one in page})
    heading = t("What the team did:")
    lines = [acts.line(turn.texts, one, who[one.actor_id]) for one in page] or [t("Nothing is noted.")]
    buttons = []
    if len(found) > PAGE:
        buttons.append(Button(t("Earlier"), Journal(page[-1].id, asked.actor, asked.day).pack()))
    if asked.actor or asked.day or asked.before:
        buttons.append(Button(t("The latest"), Journal(0, 0, 0).pack()))
    today = (turn.now.date() - EPOCH).days
    buttons.append(Button(t("Today"), Journal(0, 0, today).pack()))
    buttons.append(Button(t("By person"), JournalPeople().pack()))
    turn.say("\n".join([heading, *lines]), buttons, [Button(t("All as a file"), JournalFile().pack())])


@router.button(JournalFile)
def as_file(turn: Turn, _button: JournalFile) -> None:
    """Kept only until it is sent: there are names in it."""
    if allowed(turn, "staff") is None:
        return
    name, media_type = f"journal-{turn.now:%Y-%m-%d}.csv", "text/csv"
    content = as_csv(turn.connection, turn.texts.zone)
    moment = turn.now - attachments.KEEP + FILE_KEPT
    number = attachments.add(turn.connection, "document", name, media_type, content, moment, created_by=turn.person.id)
    audit.note(turn.connection, turn.now, "exported", actor_id=turn.person.id)
    turn.say(turn.texts.t("What the team did:"), media=Media(number, False, name, media_type))


@router.button(JournalPeople)
def people(turn: Turn, _button: JournalPeople) -> None:
    if allowed(turn, "staff") is None:
        return
    t = turn.texts.t
    numbers = audit.actors(turn.connection, turn.now - RECENT)[:MOST_PEOPLE]
    who = _names(turn, set(numbers))
    buttons = [Button(who[number], Journal(0, number, 0).pack()) for number in numbers]
    text = t("Whose acts?") if buttons else t("Nothing is noted.")
    turn.say(text, *(buttons[i : i + 2] for i in range(0, len(buttons), 2)))


def _names(turn: Turn, numbers: set[int | None]) -> dict[int | None, str]:
    """As the team knows them; who has no role any more goes by the name they gave, or by their number."""
    members = {one.person_id: named(one) for one in roles.members(turn.connection)}
    names: dict[int | None, str] = {}
    for number in numbers:
        if number is None:
            names[number] = turn.texts.t("command line, or erased")
            continue
        name = members.get(number) or profiles.profile(turn.connection, number).name
        if not name:
            held = role_of_person(turn.connection, turn.admins, number)
            name = f"{role_name(turn.texts, held.role) if held else turn.texts.t('no role')} {number}"
        names[number] = name
    return names
