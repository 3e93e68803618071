"""Pictures, documents and messages that change, in the clear and in encrypted rooms, before Synapse."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from nio import AsyncClient
from nio.crypto.attachments import decrypt_attachment

from bot.messages import OUTGOING, Button, File, Media, Outgoing, Reply, formatted
from bot.pacing import utc_now
from storage import attachments, outbox
from tests.matrix.running import Bots, Running
from tests.peers.matrix_device import device, encrypted_talk
from tests.peers.matrix_person import Person
from tests.peers.synapse import Synapse

pytestmark = pytest.mark.xdist_group("synapse")

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 2000


@pytest.fixture
async def zoe(
    synapse: Synapse, session: aiohttp.ClientSession, tmp_path: Path
) -> AsyncIterator[tuple[Person, AsyncClient]]:
    async with device(synapse.url, session, tmp_path / "zoe") as zoe:
        yield zoe


async def kept(bot: Running) -> Media:
    number = await bot.database.write(lambda c: attachments.add(c, "photo", "plan.png", "image/png", PNG, utc_now()))
    return Media(number, True, "plan.png", "image/png")


async def say(bot: Running, room: str, reply: Reply) -> None:
    body = OUTGOING.dump_json(Outgoing("matrix", room, reply)).decode()
    row = outbox.NewRow("matrix", f"matrix:{room}", body)
    await bot.database.write(lambda c: outbox.add(c, [row], utc_now()))
    bot.application.senders["matrix"].wake()


async def download(url: str, token: str, uri: str, session: aiohttp.ClientSession) -> bytes:
    address = f"{url}/_matrix/client/v1/media/download/{uri.removeprefix('mxc://')}"
    async with session.get(address, headers={"Authorization": f"Bearer {token}"}) as response:
        assert response.status == 200
        return await response.read()


async def test_a_picture_then_its_words(
    bot: Running, bots: Bots, ada: Person, synapse: Synapse, session: aiohttp.ClientSession
) -> None:
    room = await ada.direct(bot.user_id)
    await room.has(bot.user_id)
    media = await kept(bot)
    reply = Reply(
        formatted("*Grand froid* & neige, [le plan](https://paris.fr)"), ((Button("Je viens", "x"),),), media=media
    )
    for _ in range(2):
        await say(bot, room.id, reply)
    said = await room.hears("Grand froid")
    assert said["content"]["formatted_body"].startswith(
        '<b>Grand froid</b> &amp; neige, <a href="https://paris.fr">le plan</a>'
    )
    await room.hears("Grand froid")
    images = [e["content"] for e in room.events if e.get("content", {}).get("msgtype") == "m.image"]
    assert len({each["url"] for each in images}) == 1
    assert len(images) == 2
    assert await download(synapse.url, ada.token, images[0]["url"], session) == PNG
    again = await bot.database.read(lambda c: attachments.by_id(c, media.attachment))
    assert again is not None
    assert again.matrix_file == images[0]["url"]


async def test_a_picture_in_an_encrypted_room_is_sealed(
    bot: Running, zoe: tuple[Person, AsyncClient], synapse: Synapse, session: aiohttp.ClientSession
) -> None:
    room = await encrypted_talk(*zoe, bot.user_id)
    await say(bot, room.room.id, Reply("ce soir", media=await kept(bot)))
    await room.hears("ce soir")
    [image] = [each for each in room.contents if each["msgtype"] == "m.image"]
    assert "url" not in image
    file = image["file"]
    sealed = await download(synapse.url, zoe[0].token, file["url"], session)
    assert PNG not in sealed
    assert bytes(decrypt_attachment(sealed, file["key"]["k"], file["hashes"]["sha256"], file["iv"])) == PNG


async def test_a_message_changes(bot: Running, ada: Person) -> None:
    room = await ada.direct(bot.user_id)
    await room.has(bot.user_id)
    await say(bot, room.id, Reply("Envoi… 1/9"))
    first = await room.hears("Envoi… 1/9")
    await say(bot, room.id, Reply("Envoi… 2/9", edits=first["event_id"]))
    edit = await room.hears("* Envoi… 2/9")
    assert edit["content"]["m.relates_to"] == {"rel_type": "m.replace", "event_id": first["event_id"]}
    assert edit["content"]["m.new_content"]["body"] == "Envoi… 2/9"


async def test_what_people_send_is_fetched_and_opened(bot: Running, zoe: tuple[Person, AsyncClient]) -> None:
    client = zoe[1]

    def reader(*_: Any) -> io.BytesIO:
        return io.BytesIO(PNG)

    uploaded, keys = await client.upload(reader, "image/png", "plan.png", encrypt=True, filesize=len(PNG))
    assert keys is not None
    sealed = {**keys, "url": uploaded.content_uri}  # type: ignore[union-attr]
    assert await bot.adapter.fetch(File(json.dumps(sealed), True, "plan.png", "image/png", len(PNG))) == PNG
    broken = sealed | {"hashes": {"sha256": "AAAA"}}
    assert await bot.adapter.fetch(File(json.dumps(broken), True, "", "", 0)) is None
    gone = {"url": f"{sealed['url']}x"}
    assert await bot.adapter.fetch(File(json.dumps(gone), True, "", "", 0)) is None
    assert await bot.adapter.fetch(File(json.dumps(sealed), True, "", "", 21 << 20)) is None
