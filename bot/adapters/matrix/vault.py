"""The token, the device and the seeds of its keys, in one file, sealed by a passphrase."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from Crypto.Cipher import AES

from bot.adapters.adapter import Fatal

FILE, KEYS = "account.json", "keys.db"
VERSION = 1

WRONG_PASSPHRASE = (
    "matrix.passphrase: it does not open {file}; set SOLIDARITY_BOT__MATRIX__PASSPHRASE to the one it was made with"
)
DAMAGED = "matrix.store: {file} is damaged; put the last backup of the whole folder in its place"
LOST = (
    "matrix.store: {folder} has a token but no keys ({keys} is missing), and keys cannot be made again for a device that "
    "had some. Put the last backup of the whole folder in its place, or move the folder away: the bot then logs in as a new "
    "device, once [matrix] password or a new access_token is set"
)


@dataclass(frozen=True, slots=True)
class Secrets:
    """All that makes this device itself."""

    user_id: str
    device_id: str
    access_token: str
    pickle_key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    """Opens the keys in the file beside."""
    seeds: dict[str, str] = field(default_factory=dict)
    """Cross-signing: master, self_signing, user_signing, each 32 bytes in Base64."""


class Vault:
    """A folder for one device: this file, and the library's store of keys."""

    def __init__(self, folder: Path, passphrase: str) -> None:
        self.folder = folder
        self._passphrase = passphrase

    @property
    def file(self) -> Path:
        return self.folder / FILE

    @property
    def keys(self) -> Path:
        return self.folder / KEYS

    def read(self) -> Secrets | None:
        """What is kept, None before the first login. Raises Fatal: a wrong passphrase, lost keys, a damaged file."""
        if not self.file.exists():
            return None
        try:
            kept = json.loads(self.file.read_text(encoding="utf-8"))
            opened = self._open(kept)
        except ValueError as error:
            message = WRONG_PASSPHRASE if "MAC" in str(error) else DAMAGED
            raise Fatal(message.format(file=self.file)) from None
        except (KeyError, OSError, TypeError):
            raise Fatal(DAMAGED.format(file=self.file)) from None
        if not self.keys.exists():
            raise self.lost()
        return opened

    def lost(self) -> Fatal:
        return Fatal(LOST.format(folder=self.folder, keys=KEYS))

    def write(self, kept: Secrets) -> None:
        """In one step: a crash leaves what was there before, or this."""
        self.prepare()
        salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
        cipher = AES.new(self._key(salt), AES.MODE_GCM, nonce=nonce)
        plain = {name: value for name, value in asdict(kept).items() if name not in _SHOWN}
        cipher.update(_bound(kept.user_id, kept.device_id))
        sealed, tag = cipher.encrypt_and_digest(json.dumps(plain).encode())
        shown = {"version": VERSION, "user_id": kept.user_id, "device_id": kept.device_id}
        closed = {"salt": salt, "nonce": nonce, "tag": tag, "sealed": sealed}
        new = self.file.with_suffix(".new")
        with new.open("w", encoding="utf-8") as file:
            json.dump(shown | {name: base64.b64encode(value).decode() for name, value in closed.items()}, file)
            file.flush()
            os.fsync(file.fileno())
        new.chmod(0o600)
        new.replace(self.file)

    def prepare(self) -> None:
        """A folder that nobody else looks into. Raises Fatal when it cannot be made."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with contextlib.suppress(OSError):
                self.folder.chmod(0o700)
        except OSError as error:
            raise Fatal(f"matrix.store: {self.folder} cannot be made: {error.strerror}") from None

    def forget_keys(self) -> None:
        """Keys of a login that was never finished: nobody has seen them."""
        for file in self.folder.glob(f"{KEYS}*"):
            file.unlink()

    def with_seeds(self, kept: Secrets, seeds: dict[str, str]) -> Secrets:
        changed = replace(kept, seeds=seeds)
        self.write(changed)
        return changed

    def _open(self, kept: dict[str, Any]) -> Secrets:
        salt, nonce, tag, sealed = (base64.b64decode(kept[name]) for name in ("salt", "nonce", "tag", "sealed"))
        cipher = AES.new(self._key(salt), AES.MODE_GCM, nonce=nonce)
        cipher.update(_bound(kept["user_id"], kept["device_id"]))
        plain = json.loads(cipher.decrypt_and_verify(sealed, tag))
        return Secrets(user_id=kept["user_id"], device_id=kept["device_id"], **plain)

    def _key(self, salt: bytes) -> bytes:
        return hashlib.scrypt(self._passphrase.encode(), salt=salt, n=2**15, r=8, p=1, maxmem=2**26, dklen=32)


_SHOWN = ("user_id", "device_id")


def _bound(user_id: str, device_id: str) -> bytes:
    """What is readable cannot be changed either."""
    return f"{user_id}\n{device_id}".encode()
