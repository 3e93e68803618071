"""End to end: what is said in an encrypted room is read there and nowhere else, across restarts and lost keys."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from nio import AsyncClient

from bot.adapters.adapter import Fatal
from bot.adapters.matrix.vault import FILE, KEYS
from bot.app import Application
from bot.serve import matrix
from storage.database import Database
from tests.matrix.running import Bots, Running
from tests.peers.matrix_device import EncryptedRoom, device, encrypted_talk
from tests.peers.matrix_person import PASSWORD, MatrixError, Person
from tests.peers.synapse import Synapse

pytestmark = pytest.mark.xdist_group("synapse")


@pytest.fixture
async def zoe(
    synapse: Synapse, session: aiohttp.ClientSession, tmp_path: Path
) -> AsyncIterator[tuple[Person, AsyncClient]]:
    async with device(synapse.url, session, tmp_path / "zoe") as zoe:
        yield zoe


def sent_by_the_bot(room: EncryptedRoom, bot: Running) -> list[dict[str, Any]]:
    return [e for e in room.room.events if e.get("sender") == bot.user_id and e["type"].startswith("m.room.")]


async def test_answers_are_encrypted_and_choices_work(bot: Running, zoe: tuple[Person, AsyncClient]) -> None:
    room = await encrypted_talk(*zoe, bot.user_id)
    await room.says("douche gare du nord")
    await room.hears("Gare du Nord")
    await room.says("1")
    await room.hears("📍")
    zoe[0].listen()
    await zoe[0].until(lambda: len(sent_by_the_bot(room, bot)) >= 4)
    kinds = {e["type"] for e in sent_by_the_bot(room, bot)} - {"m.room.member"}
    assert kinds == {"m.room.encrypted"}
    answer = next(e for e in sent_by_the_bot(room, bot) if e["type"] == "m.room.encrypted")
    await zoe[0].until(lambda: "2️⃣" in room.room.signs(answer["event_id"]))
    await room.room.reacts(answer["event_id"], "2️⃣")
    await room.hears("📍")


async def test_a_restart_keeps_the_keys(bots: Bots, zoe: tuple[Person, AsyncClient]) -> None:
    async with bots.running() as bot:
        room = await encrypted_talk(*zoe, bot.user_id)
        await room.says("douche gare du nord")
        await room.hears("Gare du Nord")
    await room.says("douche bastille")
    async with bots.running():
        await room.hears("Bastille")
        await room.says("douche nation")
        await room.hears("Nation")
    assert len(room.texts) == 3


async def test_the_bot_s_device_is_signed_by_its_owner(
    bots: Bots, zoe: tuple[Person, AsyncClient], synapse: Synapse
) -> None:
    async with bots.running() as bot:
        device_id = bot.adapter._open.device.secrets.device_id
        query = {"device_keys": {bot.user_id: []}}
        async with asyncio.timeout(10):
            while True:
                known = await zoe[0].call("POST", "keys", "query", body=query)
                keys = known["device_keys"][bot.user_id].get(device_id, {})
                if len(keys.get("signatures", {}).get(bot.user_id, {})) == 2:
                    break
                await asyncio.sleep(0.1)
    signer = next(iter(known["self_signing_keys"][bot.user_id]["keys"]))
    assert signer in keys["signatures"][bot.user_id]
    master = next(iter(known["master_keys"][bot.user_id]["keys"]))
    assert master in known["self_signing_keys"][bot.user_id]["signatures"][bot.user_id]


async def test_a_message_without_its_key_is_told_of_and_answered_when_it_comes(
    bot: Running, zoe: tuple[Person, AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.matrix.sync.KEY_GRACE", timedelta(seconds=0.1))
    monkeypatch.setattr("bot.adapters.matrix.sync.WATCHING_MS", 200)
    room = await encrypted_talk(*zoe, bot.user_id)
    person, client = zoe
    olm: Any = client.olm
    if client.should_query_keys:
        await client.keys_query()
    await client.keys_claim(client.get_missing_sessions(room.room.id))
    users = [bot.user_id]
    keys = list(olm.share_group_session_parallel(room.room.id, users, ignore_unverified_devices=True))
    olm.outbound_group_sessions[room.room.id].shared = True
    client.rooms[room.room.id].members_synced = True
    await room.says("douche gare du nord")
    await room.says("douche bastille")
    await room.hears("clé ne m’est pas parvenue")
    for number, (_, body) in enumerate(keys):
        await person.call("PUT", "sendToDevice", "m.room.encrypted", f"late-{number}", body=body)
    await room.hears("Gare du Nord")
    await room.hears("Bastille")
    assert len(room.texts) == 3


async def test_a_wrong_passphrase_is_refused(bots: Bots) -> None:
    async with bots.running():
        pass
    kept = (bots.store / FILE).read_text()
    assert bots.account.user_id in kept
    assert "syt_" not in kept
    with pytest.raises(Fatal, match=r"matrix\.passphrase"):
        await fails(bots, passphrase="another")


async def test_lost_keys_are_refused(bots: Bots) -> None:
    async with bots.running():
        pass
    (bots.store / KEYS).unlink()
    with pytest.raises(Fatal, match="new device"):
        await fails(bots)


async def test_a_token_refused_ends_the_program(bots: Bots) -> None:
    async with bots.running() as bot:
        device_id = bot.adapter._open.device.secrets.device_id
        auth = {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": bot.user_id},
            "password": PASSWORD,
        }
        with pytest.raises(MatrixError) as asked:
            await bots.account.call("DELETE", "devices", device_id, body={})
        auth["session"] = asked.value.data["session"]
        await bots.account.call("DELETE", "devices", device_id, body={"auth": auth})
        await asyncio.wait({bot.task}, timeout=40)
        with pytest.raises(BaseExceptionGroup) as ended:
            bot.task.result()
        assert ended.group_contains(Fatal, match="new device")


async def fails(bots: Bots, **settings: Any) -> None:
    """Raises what ends a start."""
    settings_ = bots.configured(**settings)
    application = Application(settings_, Database.open(bots.database_url), bots.knowledge)
    try:
        application.add(matrix(settings_, application.database), 1000)
        await application.run()
    finally:
        await application.close()
