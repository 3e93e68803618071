"""The words of a message: the first draft, new words, other languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.messages import Kind
from bot.texts import LANGUAGES
from bot.turn import Turn
from handlers.announcements import enclosing, offering
from handlers.announcements.drafting import Open, ask, audience_of, change, close, none, note, within, write
from handlers.announcements.naming import moment_name
from handlers.announcements.preview import show
from handlers.staff.access import allowed
from knowledge.announcements.content import Attached, Content, Spot, Words
from storage import announcements
from storage.announcements import Announcement
from storage.roles import Role

LONGEST = 3000
"""Characters of a message: it stays one message on every platform."""
LABEL_WORDS = 40


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
    attached, wrong = enclosing.attached(turn) if turn.incoming.file is not None else (None, "")
    if wrong:
        ask_message(turn, one, wrong)
        return
    place = enclosing.spot(turn.incoming.position) if turn.incoming.kind is Kind.POSITION else None
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


def _too_long(turn: Turn) -> str:
    return turn.texts.t("{count} signs at most, please.", count=LONGEST)


def ask_words(turn: Turn, one: Open, language: str, said: str = "") -> None:
    """In one more language."""
    text = turn.texts.t("The message in {language}?", language=LANGUAGES[language])
    ask(turn, replace(one, step="words", about=language), text, none(turn, one, f"words.{language}"), said=said)


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
            offering.ask_labels(turn, replace(one, version=changed.version))
        return
    write(turn, one, written)
