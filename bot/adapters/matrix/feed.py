"""What the library is given of a sync: members, encryption, keys. It reads each event against a schema, which takes longer
than answering it; what people write goes past it."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any

import structlog
from nio import AsyncClient
from nio.responses import SyncResponse

log = structlog.get_logger(__name__)


class UnreadableError(Exception):
    """No sync as any homeserver makes them."""


async def feed(client: AsyncClient, data: Mapping[str, Any]) -> list[Any]:
    """Gives the messages from device to device, decrypted, after the library took in keys and rooms. Raises
    UnreadableError."""
    join = data.get("rooms", {}).get("join", {})
    rooms = {room_id: kept for room_id, info in join.items() if (kept := _of_interest(info))}
    known: dict[str, Any] = {room_id: {"state": {"events": []}} for room_id in join if room_id not in client.rooms}
    if not rooms and not known and not any(data.get(key) for key in ("to_device", "device_lists")):
        return []
    keys = {
        "to_device": data.get("to_device", {}),
        "device_lists": data.get("device_lists", {}),
        "device_one_time_keys_count": data.get("device_one_time_keys_count", {}),
    }
    response = _read({"next_batch": data["next_batch"], "rooms": {"join": known | rooms}, **keys})
    try:
        await _take(client, response)
    except Exception as error:
        log.error("matrix.room_unreadable", error=type(error).__name__)
        await _one_by_one(client, str(data["next_batch"]), known | rooms)
    return list(response.to_device_events)


def _read(data: Mapping[str, Any]) -> SyncResponse:
    response = SyncResponse.from_dict(data)
    if not isinstance(response, SyncResponse):
        raise UnreadableError
    return response


async def _take(client: AsyncClient, response: SyncResponse) -> None:
    client.next_batch = ""  # or the library would skip an answer that it has seen and we have not kept
    await client.receive_response(response)


async def _one_by_one(client: AsyncClient, token: str, rooms: Mapping[str, Any]) -> None:
    """A room that the library stumbles over spoils no other."""
    for room_id, info in rooms.items():
        with contextlib.suppress(Exception):
            await _take(client, _read({"next_batch": token, "rooms": {"join": {room_id: info}}}))


def _of_interest(info: Mapping[str, Any]) -> dict[str, Any]:
    """State, in the order it was changed; {} when there is none."""
    state = info.get("state", {}).get("events", [])
    timeline = [event for event in info.get("timeline", {}).get("events", []) if "state_key" in event]
    summary = info.get("summary")
    if not state and not timeline and not summary:
        return {}
    kept = {"state": {"events": state}, "timeline": {"events": timeline, "limited": False, "prev_batch": ""}}
    return kept | ({"summary": summary} if summary else {})
