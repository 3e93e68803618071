"""The bot's own identity: three keys, of which one signs its device, so that programs show it as verified by its owner.

Source: Client-Server API, "Cross-signing". The library has none of it.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping
from typing import Any

import structlog
from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa

from bot.adapters.matrix.homeserver import Answer, Homeserver, route
from bot.adapters.matrix.login import Device

log = structlog.get_logger(__name__)

USAGES = ("master", "self_signing", "user_signing")


async def bootstrap(device: Device, password: str) -> None:
    """Makes the keys where there are none, and signs this device with them. Best effort: without, the bot works and programs
    warn that its device is not verified. Raises NotSentError or CutOffError."""
    kept, homeserver = device.secrets, device.homeserver
    known = await _query(homeserver, kept.user_id)
    seeds = kept.seeds or {usage: base64.b64encode(secrets.token_bytes(32)).decode() for usage in USAGES}
    ours = _public(seeds["master"])
    published = _key_of(known.get("master_keys", {}).get(kept.user_id, {}))
    if published != ours:
        if published and not password:
            log.warning("matrix.other_identity", advice="set [matrix] password once, so that the bot can make its own")
            return
        device.secrets = kept = device.vault.with_seeds(
            kept, seeds
        )  # before they are published: no crash can lose them
        if not await _publish(homeserver, kept.user_id, seeds, password):
            return
        known = await _query(homeserver, kept.user_id)
    keys = known.get("device_keys", {}).get(kept.user_id, {}).get(kept.device_id)
    if isinstance(keys, dict) and not _signed(keys, kept.user_id, _public(seeds["self_signing"])):
        await _sign(device, keys, seeds)


async def verified(homeserver: Homeserver, user_id: str, device_id: str) -> bool:
    """Whether the device is signed by its owner's key, as the homeserver has them."""
    known = await _query(homeserver, user_id)
    signer = _key_of(known.get("self_signing_keys", {}).get(user_id, {}))
    keys = known.get("device_keys", {}).get(user_id, {}).get(device_id, {})
    return bool(signer) and _signed(keys, user_id, signer)


async def _publish(homeserver: Homeserver, user_id: str, seeds: Mapping[str, str], password: str) -> bool:
    master = _described(user_id, "master", seeds)
    body: dict[str, Any] = {"master_key": master}
    for usage in USAGES[1:]:
        body[f"{usage}_key"] = sign(_described(user_id, usage, seeds), user_id, seeds["master"])
    path = route("keys", "device_signing", "upload")
    answer = await homeserver.call("POST", path, body)
    if answer.status == 401 and "session" in answer.data and password:
        answer = await homeserver.call("POST", path, body | {"auth": _with_password(user_id, password, answer)})
    if not answer.good:
        log.warning("matrix.identity_not_published", status=answer.status, code=answer.code)
    return answer.good


def _with_password(user_id: str, password: str, asked: Answer) -> dict[str, Any]:
    return {
        "type": "m.login.password",
        "identifier": {"type": "m.id.user", "user": user_id},
        "password": password,
        "session": asked.data["session"],
    }


async def _sign(device: Device, keys: dict[str, Any], seeds: Mapping[str, str]) -> None:
    """The owner's key signs the device, the device signs the owner's key."""
    user_id, device_id = device.secrets.user_id, device.secrets.device_id
    master = _described(user_id, "master", seeds)
    olm: Any = device.client.olm
    signature = olm.account.sign(_canonical(master))
    master["signatures"] = {user_id: {f"ed25519:{device_id}": signature}}
    signed = sign(keys, user_id, seeds["self_signing"])
    body = {user_id: {device_id: signed, _public(seeds["master"]): master}}
    answer = await device.homeserver.call("POST", route("keys", "signatures", "upload"), body)
    if not answer.good or answer.data.get("failures"):
        log.warning("matrix.device_not_signed", status=answer.status, code=answer.code)


async def _query(homeserver: Homeserver, user_id: str) -> Mapping[str, Any]:
    answer = await homeserver.call("POST", route("keys", "query"), {"device_keys": {user_id: []}})
    return answer.data if answer.good else {}


def sign(signed: Mapping[str, Any], user_id: str, seed: str) -> dict[str, Any]:
    """`signed` with this key's signature added to those it has."""
    bare = {key: value for key, value in signed.items() if key not in ("signatures", "unsigned")}
    signature = eddsa.new(_private(seed), "rfc8032").sign(_canonical(bare).encode())
    others = signed.get("signatures", {})
    mine = {**others.get(user_id, {}), f"ed25519:{_public(seed)}": _unpadded(signature)}
    return bare | {"signatures": {**others, user_id: mine}}


def _described(user_id: str, usage: str, seeds: Mapping[str, str]) -> dict[str, Any]:
    public = _public(seeds[usage])
    return {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{public}": public}}


def _private(seed: str) -> ECC.EccKey:
    return ECC.construct(curve="Ed25519", seed=base64.b64decode(seed))


def _public(seed: str) -> str:
    return _unpadded(_private(seed).public_key().export_key(format="raw"))


def _key_of(described: Mapping[str, Any]) -> str:
    return next(iter(described.get("keys", {}).values()), "")


def _signed(keys: Mapping[str, Any], user_id: str, public: str) -> bool:
    return f"ed25519:{public}" in keys.get("signatures", {}).get(user_id, {})


def _unpadded(value: bytes) -> str:
    return base64.b64encode(value).decode().rstrip("=")


def _canonical(value: Mapping[str, Any]) -> str:
    """Source: Matrix specification, appendices, "Canonical JSON"."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
