"""What one sync brought, put into the inbox and the bot's own tables in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.adapters.matrix.choices import by_reaction, by_words, signs
from bot.adapters.matrix.receive import PLATFORM, Chosen, Happened, Heard, Upgraded
from bot.messages import OUTGOING, Incoming, Kind, Outgoing, Reply
from storage import matrix, outbox
from storage.matrix import Room, Said, Unread

FRESH = timedelta(minutes=2)
"""Signs are put under what was just said; under old messages nobody looks for them."""
BUSY = 5
"""When one sync brings more messages of the bot than this, many people talk to it at once, and signs would cost answers:
numbers and words choose as well."""
LONGEST_CHOICE = 80
"""Characters: longer words are no button's label."""


@dataclass(slots=True)
class Arrival:
    user_id: str
    token: str
    """How far has been read once this is kept."""
    happened: list[Happened] = field(default_factory=list)
    """In the order of each room."""
    rooms: dict[str, Room] = field(default_factory=dict)
    """Those that changed."""
    unread: list[Unread] = field(default_factory=list)
    now_read: list[str] = field(default_factory=list)
    more: list[Incoming] = field(default_factory=list)

    def keep(self, connection: Connection, now: datetime) -> Sequence[Incoming]:
        """Gives what is for the inbox."""
        matrix.have_read(connection, self.user_id, self.token)
        matrix.keep_rooms(connection, list(self.rooms.values()))
        matrix.keep_unread(connection, self.unread)
        matrix.now_read(connection, self.now_read)
        last = matrix.last_said(connection, self._may_choose())
        ours = [one for one in self.happened if isinstance(one, Said)]
        before = matrix.said(connection, [said.event_id for said in ours])
        matrix.say(connection, [said for said in ours if said.event_id not in before])
        _put_signs(connection, [said for said in ours if said.event_id not in before], now)
        known = before | {said.event_id: said for said in ours}
        known |= matrix.said(connection, self._referred() - known.keys())
        return [*self._incoming(known, last), *self.more]

    def _may_choose(self) -> set[str]:
        return {
            one.incoming.chat
            for one in self.happened
            if isinstance(one, Heard) and one.incoming.kind is Kind.TEXT and len(one.incoming.text) <= LONGEST_CHOICE
        }

    def _referred(self) -> set[str]:
        under = {one.under for one in self.happened if isinstance(one, Chosen)}
        return under | {one.answers for one in self.happened if isinstance(one, Heard) and one.answers}

    def _incoming(self, known: dict[str, Said], last: dict[str, Said]) -> list[Incoming]:
        """`last`, the last message with choices, moves on with what the bot says in between: a number means the choices
        seen when it was typed."""
        found: list[Incoming] = []
        for one in self.happened:
            match one:
                case Said(choices=choices) if choices:
                    last[one.room_id] = one
                case Heard(incoming=incoming, answers=answers) if incoming.addressed or answers in known:
                    found.append(_chosen_by_words(incoming, known.get(answers) or last.get(incoming.chat)))
                case Chosen(incoming=incoming, under=under) if under in known:
                    said = known[under]
                    payload = by_reaction(incoming.text, said.choices)
                    if payload is not None:
                        found.append(replace(incoming, text=payload, thread=said.thread, message_id=under))
                case Upgraded(incoming=incoming):
                    found.append(incoming)
        return found


def _chosen_by_words(incoming: Incoming, said: Said | None) -> Incoming:
    incoming = replace(incoming, addressed=True)
    if said is None or incoming.kind is not Kind.TEXT or not said.choices or said.thread != incoming.thread:
        return incoming
    if len(incoming.text) > LONGEST_CHOICE:
        return incoming
    payload = by_words(incoming.text, said.choices)
    return incoming if payload is None else replace(incoming, kind=Kind.BUTTON, text=payload)


def _put_signs(connection: Connection, ours: Sequence[Said], now: datetime) -> None:
    """Each message with choices once: it has just been seen for the first time."""
    if len(ours) > BUSY:
        return
    rows = []
    for said in ours:
        if said.choices and now - said.said_at < FRESH:
            outgoing = Outgoing(
                PLATFORM, said.room_id, Reply(reactions=signs(len(said.choices))), said.thread, reply_to=said.event_id
            )
            body = OUTGOING.dump_json(outgoing).decode()
            rows.append(outbox.NewRow(PLATFORM, outgoing.lane, body, outbox.TRIM, now + FRESH))
    outbox.add(connection, rows, now)
