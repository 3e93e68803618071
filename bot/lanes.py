"""Chats that go away, come back or change their id."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from bot.messages import OUTGOING, Incoming, Kind
from storage import inbox, matrix, outbox, people, relays


def reopen(connection: Connection, incoming: Iterable[Incoming]) -> None:
    """Whoever writes can be written to again."""
    outbox.open_lanes(connection, list({one.lane for one in incoming if one.kind is not Kind.BLOCKED}))


def migrate(connection: Connection, platform: str, old: str, new: str) -> None:
    """The chat `old` goes on as `new`: what waits to be said goes there, and the talk goes on."""

    def readdress(body: str) -> str:
        return OUTGOING.dump_json(replace(OUTGOING.validate_json(body), chat=new)).decode()

    outbox.move_lane(connection, f"{platform}:{old}", f"{platform}:{new}", readdress)
    relays.move(connection, f"{platform}:{old}", f"{platform}:{new}")
    people.rename_conversations(connection, f"{platform}:{old}", f"{platform}:{new}")


def forget(connection: Connection, lane: str) -> None:
    """Deletes what was said in a chat, on either side, but for what still waits to be sent."""
    inbox.forget_lane(connection, lane)
    outbox.forget_lane(connection, lane)
    matrix.forget_room(connection, lane.partition(":")[2])
