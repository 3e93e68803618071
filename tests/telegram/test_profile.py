"""What Telegram shows beside the bot is set at its start, in each language."""

from __future__ import annotations

import pytest

from bot.knowledge import Knowledge
from bot.texts import LANGUAGES
from tests.peers.bot_api import FakeBotApi, Fault, Trouble
from tests.telegram.running import Running, running, until

KINDS = 3
"""Commands, short description, description."""


def complete(api: FakeBotApi) -> bool:
    return len(api.commands) + len(api.words) == KINDS * (1 + len(LANGUAGES))


async def test_commands_and_descriptions(bot: Running, api: FakeBotApi) -> None:
    await until(lambda: complete(api))
    for language in ("", *LANGUAGES):
        names = [command["command"] for command in api.commands["default", language]]
        assert {"start", "aide", "langue", "stop", "mesdonnees", "effacer"} <= set(names)
        assert api.words["description", language]
        assert api.words["short_description", language]
    assert api.commands["default", ""] == api.commands["default", "fr"] != api.commands["default", "en"]
    assert not api.violations


@pytest.mark.parametrize("trouble", [Trouble.ERROR, Trouble.CUT_BEFORE, Trouble.FLOOD])
async def test_set_all_the_same_when_telegram_stumbles(
    api: FakeBotApi, sqlite_url: str, knowledge: Knowledge, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.telegram.menu.PAUSES", (0.1, 0.1, 0.1))
    api.faults.add(*(Fault(trouble, method, seconds=0.5) for method in ("setmycommands", "setmydescription")))
    async with running(api, sqlite_url, knowledge):
        await until(lambda: complete(api), within=8)
