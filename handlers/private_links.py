"""Addresses of single documents: nobody can guess them, and they are of no use an hour later. Nothing is kept of them."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.turn import Turn
from storage.secret import secret

PATH = "/private/"
LIFE = timedelta(hours=1)
CERTIFICATE, CODE = "certificate", "code"
"""What is to be had: the certificate of a qualification, the picture of a session's code; each with its number."""
_SIGNATURE_BYTES = 18


@dataclass(frozen=True, slots=True)
class Asked:
    what: str
    number: int
    person_id: int
    """Who asked for it."""


def link(turn: Turn, what: str, number: int) -> str:
    """ "" where the outside does not reach the bot."""
    if not turn.public_url:
        return ""
    asked = Asked(what, number, turn.person.id)
    return f"{turn.public_url}{PATH}{signed(asked, secret(turn.connection), turn.now)}"


def signed(asked: Asked, key: bytes, now: datetime) -> str:
    words = f"{asked.what}.{asked.number}.{asked.person_id}.{int((now + LIFE).timestamp())}"
    return f"{words}.{_signature(words, key)}"


def opened(token: str, key: bytes, now: datetime) -> Asked | None:
    """What a token is good for; None for one that is forged or too old."""
    words, _, signature = token.rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature(words, key).encode()):
        return None
    what, number, person_id, until = words.split(".")
    return Asked(what, int(number), int(person_id)) if now.timestamp() < int(until) else None


def _signature(words: str, key: bytes) -> str:
    digest = hmac.new(key, words.encode(), hashlib.sha256).digest()[:_SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(digest).decode()
