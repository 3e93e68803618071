"""Button payloads: what is packed comes back, what was not packed here is refused."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.payloads import BadPayload, Payload


@dataclass(frozen=True, slots=True)
class Sample(Payload):
    prefix: ClassVar[str] = "sample"
    number: int
    name: str


@given(st.integers(-(2**63), 2**63 - 1), st.text(max_size=10))
def test_packed_comes_back(number: int, name: str) -> None:
    sample = Sample(number, name)
    try:
        packed = sample.pack()
    except ValueError:
        return
    assert len(packed.encode()) <= 64
    assert Sample.unpack(packed) == sample


@given(st.text())
def test_anything_else_is_refused_or_read_back_the_same(text: str) -> None:
    try:
        sample = Sample.unpack(text)
    except BadPayload:
        return
    assert Sample.unpack(sample.pack()) == sample


@pytest.mark.parametrize(
    "forged",
    ["", "sample", "sample:1", "sample:x:y", "other:1:y", "sample:1.5:y", "SAMPLE:1:y", "sample:9223372036854775808:y"],
)
def test_forged(forged: str) -> None:
    with pytest.raises(BadPayload):
        Sample.unpack(forged)


def test_too_long_is_refused_when_made() -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        Sample(1, "é" * 40).pack()
