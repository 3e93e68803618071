"""From the settings to a device: the one that is kept, or a new one."""

from __future__ import annotations

import asyncio
import logging
import secrets
import string
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from nio import AsyncClient, AsyncClientConfig
from nio.store import SqliteStore

from bot.adapters.adapter import Fatal
from bot.adapters.matrix.errors import DEAD_TOKEN
from bot.adapters.matrix.homeserver import Answer, CutOffError, Homeserver, NotSentError, route
from bot.adapters.matrix.vault import KEYS, Secrets, Vault

log = structlog.get_logger(__name__)

PAUSES_S = (1, 2, 4, 8, 16, 32, 60)
TOKEN_REFUSED = (
    "matrix: the homeserver refuses the access token of device {device}: it was logged out, or its password changed. Move "
    "{folder} away (keep it until all is well) and set [matrix] password or a new access_token: the bot then logs in as a "
    "new device"
)
NO_LOGIN = "matrix: the homeserver refuses to log {user} in ({reason}): check [matrix] user and password"
OTHER_TOKEN = (
    "matrix.access_token: it is of device {new}, the keys in {folder} are of device {old}. Take it out of the settings to go "
    "on as {old}, or move the folder away to start as {new}"
)
USED_DEVICE = (
    "matrix.access_token: its device {device} already has keys, which are not in {folder}. Make a token of a device without "
    "any, or set [matrix] password instead"
)


@dataclass(frozen=True, slots=True)
class Account:
    """The settings of the account."""

    homeserver: str
    user: str
    store: Path
    passphrase: str
    password: str = ""
    access_token: str = ""
    device_name: str = "solidarity-bot"


@dataclass(slots=True)
class Device:
    """A device that is logged in: its calls, its keys, its secrets."""

    homeserver: Homeserver
    client: AsyncClient
    vault: Vault
    secrets: Secrets
    new: bool
    """It has never been used before."""

    async def close(self) -> None:
        await self.client.close()
        if self.client.store is not None:
            self.client.store.database.close()
        await self.homeserver.close()


async def log_in(account: Account) -> Device:
    """Goes on as the device that is kept, or becomes a new one. Waits for a homeserver that is out of reach; raises Fatal
    for what only a person can mend."""
    vault = Vault(account.store, account.passphrase)
    homeserver = Homeserver(account.homeserver)
    try:
        kept = vault.read()
        if kept is None:
            kept, client = await _new_device(account, vault, homeserver)
            return Device(homeserver, client, vault, kept, new=True)
        if account.access_token and account.access_token != kept.access_token:
            kept = await _other_token(account, vault, homeserver, kept)
        homeserver.token = kept.access_token
        return Device(homeserver, _client(account.homeserver, vault, kept), vault, kept, new=False)
    except BaseException:
        await homeserver.close()
        raise


async def _new_device(account: Account, vault: Vault, homeserver: Homeserver) -> tuple[Secrets, AsyncClient]:
    """Keys first, then the login, then the record of it: a crash in between leaves a device without keys, which nobody
    writes to, and the next start makes another."""
    vault.prepare()
    vault.forget_keys()
    if account.access_token:
        homeserver.token = account.access_token
        user_id, device_id = await _whoami(homeserver)
        if await _has_keys(homeserver, user_id, device_id):
            raise Fatal(USED_DEVICE.format(device=device_id, folder=vault.folder))
        kept = Secrets(user_id, device_id, account.access_token)
    else:
        kept = await _with_password(account, homeserver)
    client = _client(account.homeserver, vault, kept, fresh=True)
    vault.write(kept)
    homeserver.token = kept.access_token
    log.info("matrix.new_device", device=kept.device_id)
    return kept, client


async def _with_password(account: Account, homeserver: Homeserver) -> Secrets:
    device_id = "".join(secrets.choice(string.ascii_uppercase) for _ in range(10))
    answer = await patiently(
        homeserver,
        "POST",
        route("login"),
        {
            "type": "m.login.password",
            "identifier": {"type": "m.id.user", "user": account.user},
            "password": account.password,
            "device_id": device_id,
            "initial_device_display_name": account.device_name,
        },
    )
    if not answer.good:
        raise Fatal(NO_LOGIN.format(user=account.user, reason=answer.code or f"status {answer.status}"))
    return Secrets(str(answer.data["user_id"]), str(answer.data["device_id"]), str(answer.data["access_token"]))


async def _other_token(account: Account, vault: Vault, homeserver: Homeserver, kept: Secrets) -> Secrets:
    homeserver.token = account.access_token
    user_id, device_id = await _whoami(homeserver)
    if (user_id, device_id) != (kept.user_id, kept.device_id):
        raise Fatal(OTHER_TOKEN.format(new=device_id, old=kept.device_id, folder=vault.folder))
    changed = replace(kept, access_token=account.access_token)
    vault.write(changed)
    return changed


async def _whoami(homeserver: Homeserver) -> tuple[str, str]:
    answer = await patiently(homeserver, "GET", route("account", "whoami"))
    user_id, device_id = answer.data.get("user_id"), answer.data.get("device_id")
    if not answer.good or not isinstance(user_id, str) or not isinstance(device_id, str):
        raise Fatal("matrix.access_token: the homeserver refuses it; make another, or set [matrix] password instead")
    return user_id, device_id


async def _has_keys(homeserver: Homeserver, user_id: str, device_id: str) -> bool:
    answer = await patiently(homeserver, "POST", route("keys", "query"), {"device_keys": {user_id: [device_id]}})
    known = answer.data.get("device_keys", {})
    return bool(isinstance(known, dict) and known.get(user_id, {}).get(device_id))


async def patiently(homeserver: Homeserver, method: str, path: str, body: dict[str, object] | None = None) -> Answer:
    """The first answer that says yes or no: what is out of reach or too busy is asked again. Raises Fatal for an address
    that is no homeserver's."""
    failures = 0
    while True:
        pause: float | None = None
        try:
            answer = await homeserver.call(method, path, body)
            if answer.status != 429 and answer.status < 500:
                if not answer.code and not answer.good:
                    raise Fatal(f"matrix.homeserver: there is no homeserver at {homeserver.url}")
                return answer
            pause = answer.retry_after
        except (NotSentError, CutOffError):
            pass
        seconds = pause if pause is not None else PAUSES_S[min(failures, len(PAUSES_S) - 1)]
        log.warning("matrix.unreachable_at_start", again_in_s=seconds)
        await asyncio.sleep(seconds)
        failures += 1


def refused(device: Device) -> Fatal:
    return Fatal(TOKEN_REFUSED.format(device=device.secrets.device_id, folder=device.vault.folder))


def is_refused(code: str) -> bool:
    return code in DEAD_TOKEN


def _client(url: str, vault: Vault, kept: Secrets, *, fresh: bool = False) -> AsyncClient:
    """The library's client, which never tries anything again by itself: it would let later messages overtake earlier ones.

    Raises Fatal when the keys are not this device's."""
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # below, it logs what people write and who they are
    config = AsyncClientConfig(
        store=SqliteStore, store_name=KEYS, pickle_key=kept.pickle_key, store_sync_tokens=False, max_timeouts=0,
        max_limit_exceeded=0,
    )  # fmt: skip
    if not fresh:
        store = SqliteStore(kept.user_id, kept.device_id, str(vault.folder), kept.pickle_key, KEYS)
        try:
            known = store.load_account() is not None
        except Exception:
            known = False
        finally:
            store.database.close()
        if not known:
            raise vault.lost()
    client = AsyncClient(url, kept.user_id, kept.device_id, store_path=str(vault.folder), config=config)
    client.restore_login(kept.user_id, kept.device_id, kept.access_token)
    return client
