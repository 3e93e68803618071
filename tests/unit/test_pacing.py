"""Pacing with a clock moved by the test: sleeping moves it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.messages import Limits
from bot.pacing import Pacer

START = datetime(2026, 11, 24, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ticking = Clock()

    async def sleep(seconds: float) -> None:
        ticking.now += timedelta(seconds=seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return ticking


async def test_never_above_the_rate_even_after_a_pause(clock: Clock) -> None:
    pacer = Pacer(Limits(text=4096), 25, clock)
    await pacer.turn()
    clock.now += timedelta(seconds=100)
    sent = []
    for _ in range(100):
        await pacer.turn()
        sent.append(clock.now)
    for start in sent:
        within = [moment for moment in sent if start <= moment < start + timedelta(seconds=1)]
        assert len(within) <= 25


async def test_late_ones_do_not_pile_up(clock: Clock) -> None:
    """A loop that was held up catches up, and stays within any second's share."""
    pacer = Pacer(Limits(text=4096), 100, clock)
    sent = []
    for number in range(600):
        await pacer.turn()
        sent.append(clock.now)
        if number == 200:
            clock.now += timedelta(seconds=0.13)
    for start in sent:
        assert sum(start <= moment < start + timedelta(seconds=1) for moment in sent) <= 100
    assert (sent[-1] - sent[0]).total_seconds() <= 599 / 100 * 1.15


async def test_many_waiting_at_once_keep_the_rate(clock: Clock) -> None:
    pacer = Pacer(Limits(text=4096), 10, clock)
    for _ in range(31):
        await pacer.turn()
    assert (clock.now - START).total_seconds() >= 2.9


def test_one_chat_once_a_second(clock: Clock) -> None:
    pacer = Pacer(Limits(text=4096, chat_interval=1.0), 25, clock)
    assert pacer.paced_until("telegram:1") is None
    pacer.note("telegram:1", private=True)
    assert pacer.paced_until("telegram:1") == START + timedelta(seconds=1)
    assert pacer.paced_until("telegram:2") is None


def test_a_group_twenty_times_a_minute(clock: Clock) -> None:
    pacer = Pacer(Limits(text=4096, chat_interval=1.0, group_per_minute=20), 25, clock)
    for _ in range(20):
        pacer.note("telegram:-5", private=False)
        clock.now += timedelta(seconds=1)
    until = pacer.paced_until("telegram:-5")
    assert until == START + timedelta(seconds=60)


async def test_silence_the_platform_asked_for_is_kept(clock: Clock) -> None:
    pacer = Pacer(Limits(text=4096), 25, clock)
    pacer.hold(30)
    await pacer.turn()
    assert clock.now >= START + timedelta(seconds=30)


def test_what_is_past_is_forgotten(clock: Clock) -> None:
    pacer = Pacer(Limits(text=4096, chat_interval=1.0, group_per_minute=20), 25, clock)
    for number in range(10_001):
        pacer.note(f"telegram:{number}", private=number % 2 == 0)
        clock.now += timedelta(seconds=1)
    assert len(pacer._lanes) < 10
    assert len(pacer._groups) < 100


async def test_what_may_leave_soon(clock: Clock) -> None:
    pacer = Pacer(Limits(text=4096), 25, clock)
    assert pacer.free(0.05) == 2
    await pacer.turn()
    assert pacer.free(0.05) == 1
    await pacer.turn()
    assert (pacer.free(0.05), round(pacer.busy(), 3)) == (1, 0.04)
    assert pacer.free(0.03) == 0
    clock.now += timedelta(seconds=10)
    assert pacer.free(0.05) == 3  # what may be made up for is two messages
    pacer.hold(0.2)
    assert pacer.free(0.05) == 0


async def test_many_a_second_leave_in_grains_at_the_same_pace(clock: Clock) -> None:
    pacer = Pacer(Limits(text=4096), 1000, clock)
    for _ in range(2001):
        await pacer.turn()
    assert 1.95 <= (clock.now - START).total_seconds() <= 2.05
