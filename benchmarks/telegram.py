"""Questions answered per second through Telegram polling, beside a bare python-telegram-bot echo bot.

    python -m benchmarks.telegram

Both bots run as processes against the same fake Bot API, itself a process, one after the other in turns. Ours answers
with everything on: durable inbox and outbox, understanding, search. Figures of one run only are comparable.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from tests.peers.bot_api import TOKEN
from tests.peers.bot_api.remote import ROOT, Remote, started

PLACES = (
    "gare du nord", "gare de l'est", "gare de lyon", "gare d'austerlitz", "gare montparnasse", "gare saint-lazare",
    "bastille", "république", "nation", "châtelet", "les halles", "barbès", "stalingrad", "belleville", "place d'italie",
    "porte de clignancourt", "porte de la chapelle", "porte d'orléans", "porte de vincennes", "place de clichy",
    "pigalle", "père lachaise", "gambetta", "denfert-rochereau", "odéon", "hôtel de ville", "jaurès", "daumesnil",
    "18e", "75011",
)  # fmt: skip
NEEDS = (
    "douche {}", "où manger près de {}", "toilettes {}", "bagagerie {}", "accueil de jour {}", "laverie {}",
    "je cherche des vêtements vers {}", "fontaine à eau {}", "médecin gratuit {}", "shower near {}",
)  # fmt: skip
QUESTIONS = [need.format(place) for place, need in itertools.product(PLACES, NEEDS)]

CONFIG = """\
[telegram]
token = "{token}"
api_url = "{url}"
messages_per_second = 1000000

[storage]
url = "sqlite:///{folder}/bench.db"

[geocoding]
url = ""

[health]
listen = "127.0.0.1:{port}"
"""
PATIENCE = 60.0
"""Seconds a run may take before it is given up."""
REPEAT = 4
"""Seconds between two questions of one person in the open loop."""

Launch = Callable[[str, Path], list[str]]


def echo_command(url: str, _: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks.echo_bot", url, TOKEN]


def our_command(url: str, folder: Path) -> list[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = folder / "config.toml"
    config.write_text(CONFIG.format(token=TOKEN, url=url, folder=folder, port=port), encoding="utf-8")
    return [sys.executable, "-m", "bot", "run", "--config", str(config)]


BOTS: dict[str, Launch] = {"echo": echo_command, "ours": our_command}


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates in questions a second, delays in milliseconds, memory in MB."""

    per_second: float
    load: float
    p50: float
    p95: float
    memory_first: float
    """At the first answer; `memory`: under load."""
    memory: float
    start: float


@contextlib.contextmanager
def running(launch: Launch, api: Remote) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder, "log")
        with log.open("w") as output, subprocess.Popen(
            launch(api.url, Path(folder)), cwd=ROOT, stdout=output, stderr=output, env=os.environ | {"NO_COLOR": "1"}
        ) as process:  # fmt: skip
            try:
                yield process
            except BaseException:
                print(f"the bot's status: {process.poll()}, its last words: {log.read_text()[-2000:]}", file=sys.stderr)
                raise
            finally:
                process.terminate()


def throughput(launch: Launch, questions: int) -> float:
    """Answers a second from the first to the last of `questions` that wait when the bot starts, one a chat."""
    with started("--no-limits") as api:
        api.control("load", questions=QUESTIONS, count=questions, chats=questions)
        with running(launch, api) as process:
            timings = finish(api, process)
        times: list[float] = sorted(answered for _, answered in timings["answered"])
        return (len(times) - 1) / (times[-1] - times[0])


def behaviour(launch: Launch, rate: float, seconds: float) -> tuple[float, float, float, float, float]:
    """At `rate` questions a second in an open loop: p50 and p95 in ms, memory in MB at the first
    answer and at the end, first answer after start in ms."""
    with started("--no-limits") as api:
        api.control("load", questions=QUESTIONS, count=1, chats=1)
        began = time.time()
        with running(launch, api) as process:
            first = finish(api, process)["answered"][0][1] - began
            program = psutil.Process(process.pid)
            memory_first = program.memory_info().rss / 1e6
            api.control(
                "load",
                questions=QUESTIONS,
                count=int(rate * seconds),
                chats=int(rate * REPEAT),
                first_chat=2,
                rate=rate,
            )
            timings = finish(api, process)
            memory = program.memory_info().rss / 1e6
    delays = [(answered - asked) * 1000 for asked, answered in timings["answered"]]
    centiles = statistics.quantiles(delays, n=100)
    return centiles[49], centiles[94], memory_first, memory, first * 1000


def finish(api: Remote, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    """Waits until every question of the load is answered; a question left, or a rule broken, ends the benchmark."""
    deadline = time.time() + PATIENCE
    while (state := api.control("state"))["unanswered"] and process.poll() is None and time.time() < deadline:
        time.sleep(0.2)
    if state["unanswered"] or state["violations"]:
        raise SystemExit(f"{state['unanswered']} questions unanswered, violations: {state['violations']}")
    timings: dict[str, Any] = api.control("timings")
    return timings


def measure(names: list[str], questions: int, rounds: int, seconds: float) -> dict[str, Figures]:
    rates: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(rounds):
        for name in names:
            rates[name].append(throughput(BOTS[name], questions))
    found = {}
    for name in names:
        per_second = statistics.median(rates[name])
        load = per_second / 2
        found[name] = Figures(per_second, load, *behaviour(BOTS[name], load, seconds))
    return found


def show(found: dict[str, Figures]) -> None:
    table = Table(title="Questions through Telegram polling")
    for column in (
        "bot",
        "questions/s",
        "ratio",
        "p50 ms",
        "p95 ms",
        "at questions/s",
        "MB at first",
        "MB under load",
        "start to answer ms",
    ):
        table.add_column(column, justify="left" if column == "bot" else "right")
    for name, figures in found.items():
        ratio = figures.per_second / found["echo"].per_second if "echo" in found else float("nan")
        table.add_row(
            name, f"{figures.per_second:,.0f}", f"{ratio:.2f}", f"{figures.p50:.1f}", f"{figures.p95:.1f}",
            f"{figures.load:,.0f}", f"{figures.memory_first:.0f}", f"{figures.memory:.0f}", f"{figures.start:,.0f}",
        )  # fmt: skip
    Console(width=110).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="Questions a second through Telegram, beside a bare echo bot.")
    parser.add_argument("--questions", type=int, default=3000, help="waiting when the bot starts, one a chat")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each bot, in turns; the median counts")
    parser.add_argument("--seconds", type=float, default=8.0, help="length of the run at half load")
    parser.add_argument("--only", choices=sorted(BOTS), help="measure one bot")
    options = parser.parse_args()
    names = [options.only] if options.only else list(BOTS)
    show(measure(names, options.questions, options.rounds, options.seconds))


if __name__ == "__main__":
    main()
