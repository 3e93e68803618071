"""Typed button payloads: what a tap brings back, checked against 64 bytes when made and against forgery when read."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar, Self

from bot.messages import MAX_PAYLOAD_BYTES


class BadPayload(ValueError):
    """Not a payload this program made."""


@dataclass(frozen=True, slots=True)
class Payload:
    """Base of all payloads: `prefix` names the handler, fields (str or int) follow, separated by colons."""

    prefix: ClassVar[str]

    def pack(self) -> str:
        names: tuple[str, ...] = self.__slots__
        packed = ":".join([self.prefix, *(str(getattr(self, name)) for name in names)])
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
                    _number(value) if field.type in (int, "int") else value
                    for field, value in zip(named, values, strict=True)
                )
            )
        except ValueError:
            raise BadPayload(packed) from None


def _number(value: str) -> int:
    """Raises ValueError for none, and for one that no database can hold."""
    number = int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError(value)
    return number
