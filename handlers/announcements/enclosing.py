"""What a message carries besides words: a picture or document, a place."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.messages import File, Kind, Position, whole_characters
from bot.turn import Turn
from handlers.announcements.drafting import Open, ask, none, write
from knowledge.announcements.content import Attached, Spot
from storage import attachments
from storage.roles import Role

MAX_PICTURE, MAX_DOCUMENT = 10, 20
"""MB: what Telegram takes as a picture, and what it lets a bot fetch."""
MB = 1 << 20
LONGEST_NAME = 200
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}", re.ASCII)


def ask_file(turn: Turn, one: Open, said: str = "") -> None:
    ask(
        turn,
        replace(one, step="file"),
        turn.texts.t("Send the photo or document."),
        none(turn, one, "file"),
        said=said,
    )


def file(turn: Turn, one: Open, _held: Role) -> None:
    if turn.incoming.file is None:
        ask_file(turn, one)
        return
    found, wrong = attached(turn)
    if wrong:
        ask_file(turn, one, wrong)
        return
    write(turn, one, lambda known: {"content": replace(known.content, attachment=found)})


def attached(turn: Turn) -> tuple[Attached | None, str]:
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
    return _kept(turn, file, content), ""


def _kept(turn: Turn, file: File, content: bytes) -> Attached:
    """Named as its sender named it, without what no database or server takes."""
    name = "".join(sign for sign in whole_characters(file.name) if sign.isprintable())[:LONGEST_NAME]
    media_type = file.media_type if _MEDIA_TYPE.fullmatch(file.media_type) else ""
    there = file.reference if turn.incoming.platform == "telegram" and len(file.reference) <= LONGEST_NAME else None
    kind = "photo" if file.picture else "document"
    number = attachments.add(
        turn.connection, kind, name, media_type, content, turn.now, created_by=turn.person.id, telegram_file=there
    )
    return Attached(number, file.picture, name, media_type)


def ask_place(turn: Turn, one: Open, said: str = "") -> None:
    ask(
        turn,
        replace(one, step="place"),
        turn.texts.t("Which place? Send a position, or write an address."),
        none(turn, one, "place"),
        said=said,
    )


def place(turn: Turn, one: Open, _held: Role) -> None:
    words = " ".join(turn.incoming.text.split())
    here = spot(turn.incoming.position) if turn.incoming.kind is Kind.POSITION else None
    if here is None and words:
        known = turn.knowledge.gazetteer.look_up(words) or turn.geocode(words)
        found = next(iter(known), None)
        here = Spot(found.latitude, found.longitude, words[:100], "") if found is not None else None
    if here is None:
        ask_place(turn, one, turn.texts.t("I do not find that place."))
        return
    write(turn, one, lambda known: {"content": replace(known.content, place=here)})


def spot(position: Position | None) -> Spot | None:
    return Spot(position.latitude, position.longitude) if position is not None else None
