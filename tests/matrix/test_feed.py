"""What the library stumbles over spoils nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from nio import AsyncClient

from bot.knowledge import Knowledge
from tests.matrix.running import Bots
from tests.peers.homeserver import PASSWORD, USER, FakeHomeserver


@pytest.fixture
async def homeserver() -> AsyncIterator[FakeHomeserver]:
    async with FakeHomeserver().serve() as homeserver:
        yield homeserver


async def test_a_room_that_the_library_cannot_read(
    homeserver: FakeHomeserver, sqlite_url: str, tmp_path: Path, knowledge: Knowledge, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd, room = homeserver.room("@odd:fake.test"), homeserver.room()
    read = AsyncClient._handle_joined_state

    def stumble(client: AsyncClient, room_id: str, *more: object) -> None:
        if room_id == odd.id:
            raise ValueError("list.remove(x): x not in list")
        read(client, room_id, *more)

    monkeypatch.setattr(AsyncClient, "_handle_joined_state", stumble)
    bots = Bots(homeserver.url, None, sqlite_url, tmp_path / "store", knowledge, {"user": USER, "password": PASSWORD})
    async with bots.running():
        homeserver.says(room, "merci")
        await homeserver.until(lambda: bool(room.answers))
        await asyncio.sleep(0.1)
        homeserver.says(odd, "merci")
        await homeserver.until(lambda: bool(odd.answers))


async def test_events_that_make_no_sense_are_passed_over(
    homeserver: FakeHomeserver, sqlite_url: str, tmp_path: Path, knowledge: Knowledge
) -> None:
    room = homeserver.room()
    bots = Bots(homeserver.url, None, sqlite_url, tmp_path / "store", knowledge, {"user": USER, "password": PASSWORD})
    async with bots.running():
        for kind, content in (
            ("m.room.message", {}),
            ("m.room.message", {"msgtype": 3, "body": ["x"]}),
            ("m.room.message", {"msgtype": "m.text", "body": "x", "m.relates_to": "y"}),
            ("m.room.message", {"msgtype": "m.text", "body": "x\x00\ud800", "m.relates_to": {"rel_type": "m.replace"}}),
            ("m.room.encrypted", {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": 3}),
            ("m.room.encrypted", {}),
            ("m.reaction", {"m.relates_to": {"event_id": 3, "key": {}}}),
            ("m.sticker", {"m.relates_to": {"m.in_reply_to": []}}),
        ):  # fmt: skip
            homeserver.stream.add(room.id, room.person, kind, content)
        homeserver.says(room, "douche nation")
        await homeserver.until(lambda: any("Nation" in answer for answer in room.answers))
