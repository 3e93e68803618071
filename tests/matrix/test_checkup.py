"""`doctor` says of Matrix what is right and what to mend."""

from __future__ import annotations

import pytest

from bot.adapters.matrix.vault import KEYS
from bot.doctor import Finding, examine
from tests.matrix.running import Bots

pytestmark = pytest.mark.xdist_group("synapse")


async def of_matrix(bots: Bots, **settings: object) -> dict[str, Finding]:
    found = await examine(bots.configured(**settings))
    return {finding.what: finding for finding in found if finding.what.startswith("matrix")}


async def test_all_is_well(bots: Bots) -> None:
    before = await of_matrix(bots)
    assert before["matrix store"].good
    async with bots.running():
        pass
    found = await of_matrix(bots)
    assert {what for what, finding in found.items() if finding.good} == {
        "matrix", "matrix store", "matrix token", "matrix device",
    }  # fmt: skip
    assert "verified" in found["matrix device"].says


async def test_what_to_mend(bots: Bots) -> None:
    async with bots.running() as bot:
        token = bot.adapter._open.device.secrets.access_token
    wrong = await of_matrix(bots, passphrase="another")
    assert "matrix.passphrase" in wrong["matrix store"].says
    away = await of_matrix(bots, homeserver="http://127.0.0.1:9")
    assert "check the network" in away["matrix"].says
    bots.account.token = token
    await bots.account.call("POST", "logout", body={})
    refused = await of_matrix(bots)
    assert "new device" in refused["matrix token"].says
    (bots.store / KEYS).unlink()
    lost = await of_matrix(bots)
    assert "new device" in lost["matrix store"].says
    assert not lost["matrix store"].good
