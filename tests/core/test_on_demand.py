"""Topics that few talks need are loaded once somebody comes to one, and none is forgotten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import handlers

FOLDER = Path(handlers.__file__).parent


def test_every_topic_is_loaded_at_once_or_on_demand() -> None:
    with_router = {
        ".".join(file.relative_to(FOLDER).with_suffix("").parts)
        for file in FOLDER.rglob("*.py")
        if "\nrouter = Router()" in file.read_text(encoding="utf-8")
    }
    at_once = {topic.__name__.removeprefix("handlers.") for topic in handlers.TOPICS}
    assert with_router == at_once | set(handlers.ON_DEMAND)


def test_a_start_does_without_those_on_demand() -> None:
    code = (
        "import sys, bot.serve, handlers; "
        "print([name for name in handlers.ON_DEMAND if f'handlers.{name}' in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_commands_are_all_known_to_platforms_that_ask() -> None:
    assert {"aide", "lier", "effacer", "formations", "inscriptions", "equipe"} <= handlers.commands()
