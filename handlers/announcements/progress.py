"""Its author is shown how an announcement goes: one message, edited as it goes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.messages import OUTGOING, Button, Outgoing, Reply, strong
from bot.texts import Texts, texts
from handlers.announcements.buttons import Run
from handlers.announcements.outcome import answers, bar, ends, lasting
from knowledge.announcements.kinds import Status
from storage import announcements, outbox, recipients
from storage.addressees import addressees
from storage.announcements import Announcement
from storage.outbox import LIVE, NewRow
from storage.recipients import Counts

ANSWERS_EVERY = timedelta(seconds=15)
OF_USE = timedelta(seconds=30)
"""A message on how it goes that could not be sent for so long is old."""


def beat(
    connection: Connection, known: Announcement, counts: Counts, left: timedelta, now: datetime, zone: ZoneInfo
) -> Sequence[NewRow]:
    """Called every two seconds at most while it goes out, and once it is paused or has ended. What is said is in the outbox
    then; nothing when it reads as before, or when what was said last has not left yet."""
    author = known.author_id
    to = addressees(connection, [author]).get(author) if author is not None else None
    if to is None or to.account.chat is None:
        return []
    words = texts(to.language, zone)
    text, row = say(words, known, counts, left)
    shown = json.loads(known.progress) if known.progress else {}
    over = known.status is not Status.SENDING
    if shown.get("said") == [text, known.status]:
        return []
    status, message = outbox.message_of(connection, shown["row"]) if shown else ("", None)
    waits = status in ("queued", "sending")
    if shown and not message and not over and waits:
        return []
    if shown.get("edit") and not over and outbox.message_of(connection, shown["edit"])[0] in ("queued", "sending"):
        return []
    reply = Reply(words.laid_out(text), buttons=(tuple(row),), edits=message or "")
    outgoing = Outgoing(to.account.platform, to.account.chat, reply)
    body = OUTGOING.dump_json(outgoing).decode()
    expires = now + OF_USE if message and not over else None
    number = outbox.add_one(connection, NewRow(outgoing.platform, outgoing.lane, body, LIVE, expires), now)
    kept: dict[str, object] = {**shown, "edit": number} if message else {"row": number}
    kept |= {"said": [text, known.status], "at": now.isoformat()}
    announcements.note_progress(connection, known.id, json.dumps(kept))
    return []


def answered(connection: Connection, known: Announcement, now: datetime, zone: ZoneInfo) -> None:
    """Somebody answered one that has gone out: its author sees the new count, now and then."""
    shown = json.loads(known.progress) if known.progress else {}
    if known.status is Status.DONE and "at" in shown and now - datetime.fromisoformat(shown["at"]) >= ANSWERS_EVERY:
        beat(connection, known, recipients.counts(connection, known.id), timedelta(0), now, zone)


def say(words: Texts, known: Announcement, counts: Counts, left: timedelta) -> tuple[str, list[Button]]:
    """How it goes, and what can be done."""
    t = words.t
    title = strong(words.apart(known.label))
    done, of = counts.ended, counts.meant
    everybody = of or "…"  # nobody is written down yet
    ended = ", ".join(ends(words, counts))
    match known.status:
        case Status.SENDING:
            going = t("Sending… {done}/{all}", done=done, all=everybody)
            lines = [
                title,
                going,
                bar(done, of),
                t("about {time} left", time=lasting(words, left)) if done < of else "",
            ]
            row = [_button(t("Pause"), "pause", known), _button(t("Stop sending"), "stop", known)]
        case Status.PAUSED:
            lines = [title, t("Paused at {done}/{all}.", done=done, all=everybody), bar(done, of)]
            row = [
                _button(t("Go on"), "resume", known),
                _button(t("Correct"), "correct", known),
                _button(t("Stop sending"), "stop", known),
            ]
        case Status.CANCELLED:
            lines = [title, t("Stopped: {ended}.", ended=ended)]
            row = [_button(t("Report"), "report", known)]
        case _:
            lines = [title, t("Sent: {ended}.", ended=ended), answers(words, known.content, counts)]
            row = [_button(t("Report"), "report", known)]
    return "\n".join(line for line in lines if line), row


def _button(label: str, what: str, known: Announcement) -> Button:
    return Button(label, Run(what, known.id).pack())
