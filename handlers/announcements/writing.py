"""What is said: the message with its picture, document or place; buttons; other languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.messages import Button, File, Kind, Position
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.announcements import labels
from handlers.announcements.buttons import Draft, Part
from handlers.announcements.drafting import Open, ask, audience_of, change, close, note, within
from handlers.announcements.labels import BadButton
from handlers.announcements.naming import moment_name
from handlers.announcements.preview import show
from handlers.staff.access import allowed
from knowledge.announcements.content import Attached, Content, Spot, Words
from storage import announcements, attachments, sessions
from storage.announcements import Announcement
from storage.roles import Role

LONGEST = 3000
"""Characters of a message: it stays one message on every platform."""
MAX_PICTURE, MAX_DOCUMENT = 10, 20
"""MB: what Telegram takes as a picture, and what it lets a bot fetch."""
MB = 1 << 20
LABEL_WORDS = 40
SHOWN_SESSIONS = 6


def ask_message(turn: Turn, one: Open, said: str = "") -> None:
    question = turn.texts.t("Your message?")
    hint = turn.texts.t("A text, a photo, a document or a place; *bold* and [words](https://…) are shown so.")
    ask(turn, replace(one, step="message"), f"{question}\n{hint}", said=said)


def message(turn: Turn, one: Open, held: Role) -> None:
    """The first draft, or a new message in place of a draft's."""
    text = _typed(turn)
    if len(text) > LONGEST:
        ask_message(turn, one, _too_long(turn))
        return
    attached, wrong = _attached(turn) if turn.incoming.file is not None else (None, "")
    if wrong:
        ask_message(turn, one, wrong)
        return
    place = _spot(turn.incoming.position) if turn.incoming.kind is Kind.POSITION else None
    if not text and attached is None and place is None:
        ask_message(turn, one)
        return
    if one.draft:
        _rewrite(turn, one, text, attached, place)
        return
    audience = audience_of(one)
    if audience is None:  # a form that another version of the bot kept
        close(turn)
        turn.say(turn.texts.t("This form is closed. A new one: /annonce"))
        return
    content = Content(one.language, {one.language: Words(text)}, attached, place)
    new = Announcement(
        within(held, audience),
        content,
        author_id=turn.person.id,
        team="" if held.at_least("staff") else held.organisation,
        label=title_of(turn, text),
    )
    known = announcements.create(turn.connection, new, turn.now)
    note(turn, known, "created")
    show(turn, known)


def _typed(turn: Turn) -> str:
    """With the marks that the platform keeps apart from the words."""
    return (turn.incoming.marked or turn.incoming.text).strip()


def title_of(turn: Turn, text: str) -> str:
    """The beginning of the first line; the day for one without words."""
    line = text.split("\n", 1)[0].replace("*", "").strip()
    if not line:
        return moment_name(turn.texts, turn.now, turn.now)
    return line if len(line) <= LABEL_WORDS else line[: LABEL_WORDS - 1].rsplit(" ", 1)[0] + "…"


def _rewrite(turn: Turn, one: Open, text: str, attached: Attached | None, place: Spot | None) -> None:
    """What was sent takes the place of what it is: words of the words, a picture of the picture."""

    def written(known: Announcement) -> dict[str, Any]:
        old = known.content
        words = dict(old.words)
        if text:
            words[old.default_language] = replace(words[old.default_language], text=text)
        content = replace(old, words=words, attachment=attached or old.attachment, place=place or old.place)
        return {"content": content} | ({"label": title_of(turn, text)} if text else {})

    write(turn, one, written)


def write(turn: Turn, one: Open, values: Callable[[Announcement], dict[str, Any]]) -> None:
    """Changes the draft that the question is about, then shows it."""
    from handlers.announcements.drafting import draft_of  # noqa: PLC0415

    found = draft_of(turn, one.draft, one.version)
    if found is None:
        return
    changed = change(turn, found[1], **values(found[1]))
    if changed is not None:
        show(turn, changed)


def _too_long(turn: Turn) -> str:
    return turn.texts.t("{count} signs at most, please.", count=LONGEST)


def _attached(turn: Turn) -> tuple[Attached | None, str]:
    """What was sent, kept; or what is wrong with it."""
    file = turn.incoming.file
    assert file is not None
    most = MAX_PICTURE if file.picture else MAX_DOCUMENT
    too_big = turn.texts.t("That is over {most} MB, too much to be sent. A smaller one, please.", most=most)
    if file.size > most * MB:
        return None, too_big
    content = turn.fetch(file)
    if content is None:
        return None, turn.texts.t("I could not fetch that. Send it once more, please.")
    if len(content) > most * MB:
        return None, too_big
    number = _keep(turn, file, content)
    return Attached(number, file.picture, file.name, file.media_type), ""


def _keep(turn: Turn, file: File, content: bytes) -> int:
    there = file.reference if turn.incoming.platform == "telegram" else None
    kind = "photo" if file.picture else "document"
    return attachments.add(
        turn.connection,
        kind,
        file.name,
        file.media_type,
        content,
        turn.now,
        created_by=turn.person.id,
        telegram_file=there,
    )


def _spot(position: Position | None) -> Spot | None:
    return Spot(position.latitude, position.longitude) if position is not None else None


def ask_place(turn: Turn, one: Open, said: str = "") -> None:
    ask(
        turn,
        replace(one, step="place"),
        turn.texts.t("Which place? Send a position, or write an address."),
        _none(turn, one, "place"),
        said=said,
    )


def place(turn: Turn, one: Open, _held: Role) -> None:
    words = " ".join(turn.incoming.text.split())
    spot = _spot(turn.incoming.position) if turn.incoming.kind is Kind.POSITION else None
    if spot is None and words:
        known = turn.knowledge.gazetteer.look_up(words) or turn.geocode(words)
        found = next(iter(known), None)
        spot = Spot(found.latitude, found.longitude, words[:100], "") if found is not None else None
    if spot is None:
        ask_place(turn, one, turn.texts.t("I do not find that place."))
        return
    write(turn, one, lambda known: {"content": replace(known.content, place=spot)})


def ask_file(turn: Turn, one: Open, said: str = "") -> None:
    ask(
        turn,
        replace(one, step="file"),
        turn.texts.t("Send the photo or document."),
        _none(turn, one, "file"),
        said=said,
    )


def file(turn: Turn, one: Open, _held: Role) -> None:
    if turn.incoming.file is None:
        ask_file(turn, one)
        return
    attached, wrong = _attached(turn)
    if wrong:
        ask_file(turn, one, wrong)
        return
    write(turn, one, lambda known: {"content": replace(known.content, attachment=attached)})


def ask_buttons(turn: Turn, one: Open, said: str = "") -> None:
    t = turn.texts.t
    text = t(
        "The buttons, one a line, three at most: words alone are an answer; with a link after them they lead there. For "
        "signing up tap a date."
    )
    rows = [
        [Button(label, Part("date", str(number), one.draft, one.version).pack())] for number, label in _coming(turn)
    ]
    ask(turn, replace(one, step="buttons"), text, *rows, _none(turn, one, "buttons"), said=said)


def _coming(turn: Turn) -> list[tuple[int, str]]:
    """The next dates to sign up for."""
    found = sessions.upcoming(turn.connection, turn.now, limit=SHOWN_SESSIONS)
    return [
        (
            each.session.id,
            f"{each.activity.words(each.activity.title, turn.texts.language)}, "
            f"{moment_name(turn.texts, each.session.starts_at, turn.now)}",
        )
        for each in found
    ]


def buttons(turn: Turn, one: Open, _held: Role) -> None:
    try:
        taps, names = labels.read(turn.incoming.text)
    except BadButton as error:
        ask_buttons(turn, one, labels.wrong(turn.texts, error))
        return
    write(turn, one, lambda known: {"content": labels.with_buttons(known.content, taps, names)})


def ask_words(turn: Turn, one: Open, language: str, said: str = "") -> None:
    """In one more language."""
    text = turn.texts.t("The message in {language}?", language=LANGUAGES[language])
    ask(turn, replace(one, step="words", about=language), text, _none(turn, one, f"words.{language}"), said=said)


def words(turn: Turn, one: Open, _held: Role) -> None:
    text = _typed(turn)
    if not text or len(text) > LONGEST:
        ask_words(turn, one, one.about, _too_long(turn))
        return

    def written(known: Announcement) -> dict[str, Any]:
        old = known.content.words.get(one.about, Words(""))
        return {"content": replace(known.content, words={**known.content.words, one.about: replace(old, text=text)})}

    found = announcements.by_id(turn.connection, one.draft)
    if found is not None and found.content.buttons and found.version == one.version and allowed(turn) is not None:
        changed = change(turn, found, **written(found))
        if changed is not None:
            ask_labels(turn, replace(one, version=changed.version))
        return
    write(turn, one, written)


def ask_labels(turn: Turn, one: Open, said: str = "") -> None:
    """Of the buttons, in that language."""
    text = turn.texts.t("And the words on the buttons in {language}, one a line?", language=LANGUAGES[one.about])
    skip = Button(turn.texts.t("Skip"), Draft("show", one.draft, one.version).pack())
    ask(turn, replace(one, step="labels"), text, [skip], said=said)


def button_words(turn: Turn, one: Open, _held: Role) -> None:
    lines = [line.strip() for line in turn.incoming.text.splitlines() if line.strip()]
    found = announcements.by_id(turn.connection, one.draft)
    wanted = len(found.content.buttons) if found is not None else 0
    if len(lines) != wanted or any(len(line) > labels.LONGEST for line in lines):
        ask_labels(turn, one, turn.texts.tn("{count} line, please.", "{count} lines, please.", wanted))
        return

    def written(known: Announcement) -> dict[str, Any]:
        old = known.content.words[one.about]
        named = replace(old, labels=tuple(lines))
        return {"content": replace(known.content, words={**known.content.words, one.about: named})}

    write(turn, one, written)


def _none(turn: Turn, one: Open, what: str) -> list[Button]:
    return [Button(turn.texts.t("None"), Part(what, "-", one.draft, one.version).pack())]
