"""What a person finds on one platform they find on every other: the same talks, each platform's limits, each kind of failure."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.adapters.adapter import Adapter
from bot.adapters.console import Console
from bot.adapters.console import render as render_for_console
from bot.adapters.matrix.render import LIMITS as MATRIX
from bot.adapters.matrix.render import render as render_for_matrix
from bot.adapters.telegram.render import LIMITS as TELEGRAM
from bot.adapters.telegram.render import render as render_for_telegram
from bot.knowledge import Knowledge
from bot.logs import set_up_logs
from bot.messages import Button, Outgoing, Pin, Reply
from knowledge.directory import bundled_services
from tests.contract.platforms import PLATFORMS, Failure, OnMatrix, OnTelegram, Platform, settled

TALKS = {
    "a question, more of it, another day": [
        ("says", "douche gare du nord", "Gare du Nord"),
        ("presses", "Plus", "D’autres"),
        ("says", "et demain matin ?", "demain"),
        ("says", "merci", "Avec plaisir"),
    ],
    "the way there is a place on the map": [
        ("says", "douche gare du nord", "Gare du Nord"),
        ("presses", "Itinéraire 1", "rue"),
    ],
    "a position, then what for": [
        ("shares", (48.8809, 2.3553), "Que cherchez-vous près d’ici"),
        ("presses", "Toilettes", "votre position"),
    ],
    "a question, then a position": [
        ("says", "où laver mon linge", "près d’où"),
        ("shares", (48.8665, 2.3722), "votre position"),
    ],
    "danger comes first": [("says", "il respire plus aidez moi", "15 (SAMU)")],
    "commands": [
        ("says", "/aide", "Je connais"),
        ("says", "/mesdonnees", "tout ce que je garde"),
        ("says", "/effacer", "Dois-je oublier tout"),
        ("presses", "Non", "rien n’est changé"),
    ],
}
FAILURES = [failure for failure in Failure if failure not in (Failure.REFUSED, Failure.GONE)]


@pytest.fixture(scope="module", autouse=True)
def logs() -> None:
    set_up_logs(quiet=True)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return Knowledge.of(bundled_services())


@pytest.fixture
async def platform(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path, knowledge: Knowledge,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Platform]:  # fmt: skip
    monkeypatch.setattr("bot.outbox.BACK_OFF_S", (0.1, 0.2, 0.4, 0.8))
    file = tmp_path / "solidarity-bot.db"
    shutil.copy(migrated_sqlite, file)
    async with PLATFORMS[request.param](f"sqlite:///{file}", knowledge, tmp_path) as platform:
        yield platform


@pytest.mark.parametrize("platform", list(PLATFORMS), indirect=True)
@pytest.mark.parametrize("talk", TALKS.values(), ids=TALKS)
async def test_the_same_talk(platform: Platform, talk: list[tuple[str, object, str]]) -> None:
    for act, what, answer in talk:
        if act == "shares":
            await platform.shares(*what)  # type: ignore[misc]
        else:
            await getattr(platform, act)(what)
        await platform.hears(answer)


@pytest.mark.parametrize("platform", ["telegram", "matrix"], indirect=True)
@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.name)
async def test_a_message_that_failed_comes_in_its_place(platform: Platform, failure: Failure) -> None:
    platform.fails(failure)
    for place in ("Gare du Nord", "Bastille"):
        await platform.says(f"douche {place}")
    heard = await settled(platform, 2)
    once = failure is not Failure.CUT_AFTER or platform.exactly_once
    assert len(heard) == 2 if once else len(heard) <= 3
    assert "Gare du Nord" in heard[0]
    assert "Bastille" in heard[-1]


@pytest.mark.parametrize("platform", ["telegram", "matrix"], indirect=True)
async def test_a_message_refused_holds_up_no_other(platform: Platform) -> None:
    platform.fails(Failure.REFUSED)
    await platform.says("douche gare du nord")
    await platform.says("douche bastille")
    heard = await settled(platform, 1)
    assert len(heard) == 1
    assert "Bastille" in heard[0]


@pytest.mark.parametrize("platform", ["telegram", "matrix"], indirect=True)
async def test_who_is_gone_is_heard_when_they_come_back(platform: Platform) -> None:
    await platform.says("merci")
    await platform.hears("Avec plaisir")
    platform.fails(Failure.GONE)
    if isinstance(platform, OnTelegram):
        platform.user.unblocks()
    elif isinstance(platform, OnMatrix):
        await platform.says("douche gare du nord")
        await platform.homeserver.until(lambda: bool(platform.homeserver.faults.met))
        await asyncio.sleep(0.3)
    await platform.says("douche bastille")
    await platform.hears("Bastille")


LONG = Reply(
    "\n\n".join("paragraphe " + "é" * 700 for _ in range(40)),
    ((Button("Un", "pick:a"), Button("Deux", "pick:b")),),
    Pin(48.8, 2.3, "Un lieu", "1 rue d’Ici"),
)


def test_each_platform_s_limits() -> None:
    """Nothing is lost, nothing is too long, the same reply is written the same way twice."""
    words = LONG.text.count("paragraphe")
    sent = [call for call in render_for_telegram(Outgoing("telegram", "1", LONG)) if hasattr(call, "plain")]
    assert sum(call.plain.count("paragraphe") for call in sent) == words
    assert all(len(call.html or "") <= TELEGRAM.text for call in sent)
    assert render_for_telegram(Outgoing("telegram", "1", LONG)) == render_for_telegram(Outgoing("telegram", "1", LONG))
    events = [
        e.content for e in render_for_matrix(Outgoing("matrix", "!r", LONG)) if e.content["msgtype"] == "m.notice"
    ]
    assert sum(content["body"].count("paragraphe") for content in events) == words
    assert all(len(content["formatted_body"]) <= MATRIX.text + 500 for content in events)
    assert render_for_matrix(Outgoing("matrix", "!r", LONG)) == render_for_matrix(Outgoing("matrix", "!r", LONG))
    printed = render_for_console(Outgoing("console", "ada", LONG), bold=False)
    assert printed.text.count("paragraphe") == words
    assert len(printed.text) <= Console.limits.text


def test_each_platform_keeps_the_contract() -> None:
    from bot.adapters.matrix import MatrixAdapter
    from bot.adapters.telegram import TelegramAdapter

    wanted = {name for name in vars(Adapter) if not name.startswith("_")} | {"name", "limits"}
    for adapter in (TelegramAdapter, MatrixAdapter):
        assert {name for name in wanted if not hasattr(adapter, name)} == set()
