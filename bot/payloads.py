"""Typed button payloads: what a tap brings back, checked against 64 bytes when made and against forgery when read."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, fields
from functools import cache
from typing import ClassVar, Self

from bot.messages import MAX_PAYLOAD_BYTES


class BadPayload(ValueError):
    """Not a payload this program made."""


@cache
def _names(payload: Hashable) -> tuple[str, ...]:
    """The fields of a payload class, looked up once."""
    return tuple(field.name for field in fields(payload))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Payload:
    """Base of all payloads: `prefix` names the handler, fields (str or int) follow, separated by colons."""

    prefix: ClassVar[str]

    def pack(self) -> str:
        packed = ":".join([self.prefix, *(str(getattr(self, name)) for name in _names(type(self)))])
        if len(packed.encode()) > MAX_PAYLOAD_BYTES:
            raise ValueError(f"payload over {MAX_PAYLOAD_BYTES} bytes: {packed}")
        return packed

    @classmethod
    def unpack(cls, packed: str) -> Self:
        """Raises BadPayload for anything `pack` does not make."""
        named = fields(cls)
        prefix, *values = packed.split(":", len(named)) if named else [packed]
        if prefix != cls.prefix or len(values) != len(named):
            raise BadPayload(packed)
        try:
            return cls(
                *(
                    int(value) if field.type in (int, "int") else value
                    for field, value in zip(named, values, strict=True)
                )
            )
        except ValueError:
            raise BadPayload(packed) from None
