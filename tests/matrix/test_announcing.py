"""Announcing from an encrypted room, before Synapse: a photo that only its readers can open, and how it goes."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from nio import AsyncClient
from nio.crypto.attachments import decrypt_attachment

from bot.pacing import utc_now
from storage import attachments, roles
from tests.matrix.running import Running
from tests.matrix.test_media import PNG, download
from tests.peers.matrix_device import device, encrypted_talk
from tests.peers.matrix_person import Person
from tests.peers.synapse import Synapse

pytestmark = pytest.mark.xdist_group("synapse")


@pytest.fixture
async def zoe(
    synapse: Synapse, session: aiohttp.ClientSession, tmp_path: Path
) -> AsyncIterator[tuple[Person, AsyncClient]]:
    async with device(synapse.url, session, tmp_path / "zoe") as zoe:
        yield zoe


async def test_a_sealed_photo_reaches_those_it_is_for(
    bot: Running, zoe: tuple[Person, AsyncClient], ada: Person, synapse: Synapse, session: aiohttp.ClientSession
) -> None:
    person, client = zoe
    await bot.database.write(lambda c: roles.set_role(c, "matrix", person.user_id, "staff", utc_now()))
    theirs = await ada.direct(bot.user_id)
    await theirs.has(bot.user_id)
    await theirs.says("/start")
    await theirs.hears("115")
    room = await encrypted_talk(person, client, bot.user_id)
    await room.says("!annonce")
    await room.hears("À qui ?")
    await room.says("tout le monde sauf l'équipe")
    await room.hears("1 personne le recevrait")
    await room.says("Continuer")
    await room.hears("Votre message ?")

    def reader(*_: Any) -> io.BytesIO:
        return io.BytesIO(PNG)

    uploaded, keys = await client.upload(reader, "image/png", "plan.png", encrypt=True, filesize=len(PNG))
    assert keys is not None
    file = {**keys, "url": uploaded.content_uri}  # type: ignore[union-attr]
    await room.says("**Ce soir** à 20 h", msgtype="m.image", filename="plan.png", file=file, info={"size": len(PNG)})
    await room.hears("1 personne le recevra")
    [preview] = [each for each in room.contents if each["msgtype"] == "m.image"]
    assert "url" not in preview
    sealed = await download(synapse.url, person.token, preview["file"]["url"], session)
    opened = decrypt_attachment(
        sealed, preview["file"]["key"]["k"], preview["file"]["hashes"]["sha256"], preview["file"]["iv"]
    )
    assert bytes(opened) == PNG
    await room.says("Envoyer maintenant")
    got = await theirs.hears("Ce soir à 20 h")
    assert "<b>Ce soir</b>" in got["content"]["formatted_body"]
    [image] = [e["content"] for e in theirs.events if e.get("content", {}).get("msgtype") == "m.image"]
    assert await download(synapse.url, ada.token, image["url"], session) == PNG
    await room.hears("1 reçu")
    edit = room.contents[-1]
    assert edit["m.relates_to"]["rel_type"] == "m.replace"
    kept = await bot.database.read(lambda c: attachments.content(c, 1))
    assert kept == PNG
