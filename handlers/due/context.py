"""One piece of due work: its moment, its connection, and the messages it has sent."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from bot.messages import OUTGOING, Button, Outgoing, Reply
from bot.texts import Texts, texts
from knowledge.participation.quiet import Quiet
from storage import due, people, roles
from storage.addressees import addressees
from storage.due import Due
from storage.outbox import BULK, LIVE, NewRow
from storage.sessions import Listing

Rows = Sequence[Sequence[Button]]
Message = Callable[[Texts], tuple[str, Rows]]
"""A text with its buttons, in the language it is called with."""


@dataclass(slots=True)
class Context:
    connection: Connection
    now: datetime
    """Aware, in the city's time zone."""
    quiet: Quiet
    due: Due
    admins: Collection[tuple[str, str]]
    """(platform, user id) of administrators by the settings."""
    rows: list[NewRow] = field(default_factory=list)

    def tell(
        self, person_id: int, message: Message, *, wanted: bool = True, expires_at: datetime | None = None
    ) -> bool:
        """As `tell_each`, one person; whether they can be told."""
        return bool(self.tell_each({person_id: message}, wanted=wanted, expires_at=expires_at))

    def hold(self, until: datetime) -> None:
        """It is done then, not now."""
        due.hold(self.connection, self.due, until)

    def tell_each(
        self,
        messages: dict[int, Message],
        *,
        wanted: bool = True,
        bulk: bool = False,
        expires_at: datetime | None = None,
    ) -> list[int]:
        """Sends people each their message; who gets one. `wanted`: it concerns what they signed up for (their place, a date
        that moved, a reminder), and goes also to those who want nothing else sent on its own. `bulk`: behind answers, like
        all that is not wanted. `expires_at`: of no use afterwards."""
        told = addressees(self.connection, messages)
        sent: list[int] = []
        for person_id, message in messages.items():
            to = told.get(person_id)
            if to is None or to.account.chat is None or not (wanted or to.alerts):
                continue
            words = texts(to.language, self.quiet.zone)
            text, buttons = message(words)
            reply = Reply(words.laid_out(text), buttons=tuple(tuple(row) for row in buttons if row))
            outgoing = Outgoing(to.account.platform, to.account.chat, reply)
            body = OUTGOING.dump_json(outgoing).decode()
            self.rows.append(
                NewRow(outgoing.platform, outgoing.lane, body, BULK if bulk or not wanted else LIVE, expires_at)
            )
            sent.append(person_id)
        return sent

    def tell_staff(self, about: Listing, message: Message) -> None:
        """Whoever made the activity, or all staff where that is nobody any more."""
        maker = about.activity.created_by
        if maker is None or not self.tell(maker, message):
            self.tell_team(message)

    def tell_team(self, message: Message) -> None:
        """All staff and administrators."""
        named = people.people(self.connection, list(self.admins)) if self.admins else {}
        everybody = {*roles.people_with(self.connection, ("staff", "admin")), *(one.id for one in named.values())}
        self.tell_each(dict.fromkeys(sorted(everybody), message))
