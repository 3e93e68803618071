"""What the library is given of a sync: members, encryption, keys. It reads each event against a schema, which takes longer
than answering it; what people write goes past it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nio import AsyncClient
from nio.responses import SyncResponse


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
    response = SyncResponse.from_dict(
        {
            "next_batch": data["next_batch"],
            "rooms": {"join": known | rooms},
            "to_device": data.get("to_device", {}),
            "device_lists": data.get("device_lists", {}),
            "device_one_time_keys_count": data.get("device_one_time_keys_count", {}),
        }
    )
    if not isinstance(response, SyncResponse):
        raise UnreadableError
    client.next_batch = ""  # or the library would skip an answer that it has seen and we have not kept
    await client.receive_response(response)
    return list(response.to_device_events)


def _of_interest(info: Mapping[str, Any]) -> dict[str, Any]:
    """State, in the order it was changed; {} when there is none."""
    state = info.get("state", {}).get("events", [])
    timeline = [event for event in info.get("timeline", {}).get("events", []) if "state_key" in event]
    summary = info.get("summary")
    if not state and not timeline and not summary:
        return {}
    kept = {"state": {"events": state}, "timeline": {"events": timeline, "limited": False, "prev_batch": ""}}
    return kept | ({"summary": summary} if summary else {})
