"""What an answer of the homeserver means for the message that met it. Pure.

Source: Client-Server API, "Standard error response". Whatever was sent is sent again with the same transaction id, so that
what may have counted never counts twice.
"""

from __future__ import annotations

from bot.adapters.adapter import Delivered, Delivery, Refused, Retry, Stopped, Uncertain
from bot.adapters.matrix.homeserver import Answer

TOKEN_PAUSE_S = 60.0
MAX_REASON = 200

DEAD_TOKEN = ("M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED")
_GONE = ("M_FORBIDDEN", "M_NOT_FOUND", "M_UNKNOWN_ROOM", "M_NOT_JOINED", "M_GUEST_ACCESS_FORBIDDEN", "M_USER_SUSPENDED")
_NEVER = ("M_TOO_LARGE", "M_BAD_JSON", "M_NOT_JSON", "M_INVALID_PARAM", "M_UNRECOGNIZED", "M_BAD_ALIAS")


def delivery(answer: Answer) -> Delivery:
    """What became of the message, and what to do next."""
    if answer.good:
        event_id = answer.data.get("event_id")
        return Delivered(event_id) if isinstance(event_id, str) else Uncertain()
    if answer.status == 429 or answer.code == "M_LIMIT_EXCEEDED":
        return Retry(answer.retry_after, whole_platform=True)  # homeservers count an account's messages, not a room's
    if answer.code in DEAD_TOKEN:
        return Retry(TOKEN_PAUSE_S, whole_platform=True)  # whoever listens ends the program
    if answer.status >= 500:
        return Retry(answer.retry_after)
    if answer.code in _GONE:
        return Stopped(_reason(answer), gone=answer.code in ("M_NOT_FOUND", "M_UNKNOWN_ROOM"))
    if answer.code in _NEVER or answer.status == 413:
        return Refused(_reason(answer))
    if not answer.code:
        return Retry(answer.retry_after)  # not the homeserver's words: something on the way, which is mended some day
    return Refused(_reason(answer))


def _reason(answer: Answer) -> str:
    words = answer.data.get("error")
    return f"{answer.code} {words if isinstance(words, str) else ''}".strip()[:MAX_REASON] or f"status {answer.status}"
