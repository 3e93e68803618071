"""Reads a call's arguments: native values of a JSON body, or the strings of a form."""

from __future__ import annotations

import json
from typing import Any

from tests.peers.bot_api.errors import bad_request

Arguments = dict[str, Any]


def text(arguments: Arguments, name: str) -> str:
    value = arguments.get(name)
    return "" if value is None else str(value)


def required(arguments: Arguments, name: str) -> str:
    value = text(arguments, name)
    if not value:
        raise bad_request(f'Parameter "{name}" is required')
    return value


def integer(arguments: Arguments, name: str, default: int = 0, low: int | None = None, high: int | None = None) -> int:
    """Telegram clamps figures rather than refusing them."""
    try:
        value = int(arguments.get(name) or default)
    except ValueError:
        value = 0
    if low is not None:
        value = max(low, value)
    return value if high is None else min(high, value)


def flag(arguments: Arguments, name: str) -> bool:
    return str(arguments.get(name, "")).lower() in {"true", "1", "yes"}


def structure(arguments: Arguments, name: str, what: str) -> Any:
    """A nested value, which forms carry as JSON text. None when absent."""
    value = arguments.get(name)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request(f"Can't parse {what} JSON object") from None


def coordinate(arguments: Arguments, name: str, limit: float) -> float:
    value = text(arguments, name).strip()
    if not value:
        raise bad_request(f"{name} is empty")
    try:
        degrees = float(value)
    except ValueError:
        raise bad_request("Wrong location specified") from None
    if not -limit <= degrees <= limit:
        raise bad_request("Wrong location specified")
    return degrees
