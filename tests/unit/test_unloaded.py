"""What is kept out of memory stays out, and works where somebody does import it."""

from __future__ import annotations

import subprocess
import sys

BIG = ("httpx", "rich", "twisted", "cryptography", "telegram.ext._application", "nio", "alembic", "geopy", "asyncpg", "greenlet",
       "multiprocessing", "concurrent.futures.process")  # fmt: skip


def run(code: str) -> str:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()


def test_a_telegram_bot_does_without_what_it_does_not_use() -> None:
    assert run(f"import sys, bot.serve; print([name for name in {BIG} if name in sys.modules])") == "[]"


def test_afterwards_the_packages_load_whole() -> None:
    code = (
        "import bot.serve, httpx, telegram.ext; from bot.adapters.telegram.library import Updater; "
        "print(httpx.AsyncClient.__name__, telegram.ext.Application.__name__, telegram.ext.Updater is Updater)"
    )
    assert run(code) == "AsyncClient Application True"
