"""Is Matrix in order? For `doctor`: looks without changing anything, and may run beside the bot."""

from __future__ import annotations

import asyncio

from bot.adapters.adapter import Fatal
from bot.adapters.matrix.cross_signing import verified
from bot.adapters.matrix.errors import DEAD_TOKEN
from bot.adapters.matrix.homeserver import CutOffError, Homeserver, NotSentError, route
from bot.adapters.matrix.login import Account
from bot.adapters.matrix.vault import Secrets, Vault

TIMEOUT_S = 5.0

Checked = tuple[str, bool, str]
"""What was looked at, whether it is good, and what to mend."""

NEW_DEVICE = (
    "Move {folder} away (keep it until all is well) and set [matrix] password or a new access_token: the bot then logs in as "
    "a new device"
)


async def checkup(account: Account) -> list[Checked]:
    homeserver = Homeserver(account.homeserver, TIMEOUT_S)
    try:
        return await _checkup(account, homeserver)
    except (NotSentError, CutOffError):
        return [("matrix", False, f"no answer from {account.homeserver}: check the network and [matrix] homeserver")]
    finally:
        await homeserver.close()


async def _checkup(account: Account, homeserver: Homeserver) -> list[Checked]:
    versions = await homeserver.call("GET", route(version="versions"))
    if not versions.good or "versions" not in versions.data:
        return [("matrix", False, f"there is no homeserver at {account.homeserver}: check [matrix] homeserver")]
    found: list[Checked] = [("matrix", True, f"{account.homeserver} answers")]
    try:
        kept = await asyncio.to_thread(Vault(account.store, account.passphrase).read)
    except Fatal as error:
        return [*found, ("matrix store", False, str(error))]
    if kept is None:
        return [*found, ("matrix store", True, f"{account.store} is made when the bot starts first")]
    found.append(("matrix store", True, f"{account.store} opens, it holds token and keys"))
    return [*found, *await _device(account, homeserver, kept)]


async def _device(account: Account, homeserver: Homeserver, kept: Secrets) -> list[Checked]:
    homeserver.token = kept.access_token
    answer = await homeserver.call("GET", route("account", "whoami"))
    if answer.code in DEAD_TOKEN:
        mend = NEW_DEVICE.format(folder=account.store)
        return [("matrix token", False, f"the homeserver refuses it: the device was logged out. {mend}")]
    if not answer.good:
        return [("matrix token", False, f"the homeserver fails ({answer.code or answer.status}): try again later")]
    found: list[Checked] = [("matrix token", True, f"accepted, {kept.user_id}")]
    query = await homeserver.call("POST", route("keys", "query"), {"device_keys": {kept.user_id: [kept.device_id]}})
    if not query.data.get("device_keys", {}).get(kept.user_id, {}).get(kept.device_id):
        return [*found, ("matrix device", False, f"{kept.device_id} has published no keys yet: start the bot once")]
    if await verified(homeserver, kept.user_id, kept.device_id):
        return [*found, ("matrix device", True, f"{kept.device_id}, verified by its owner")]
    unverified = f"{kept.device_id} is not verified: set [matrix] password once and start the bot, which then signs it"
    return [*found, ("matrix device", False, unverified)]
