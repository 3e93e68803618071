"""Questions answered per second on Matrix, beside a bare matrix-nio echo bot.

    python -m benchmarks.matrix

On a fake homeserver with 50 questions in flight, where the bots are what is slow, and on Synapse, where Synapse is. Ours
answers with everything on: durable inbox and outbox, understanding, search. Figures of one run only are comparable.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import psutil
from rich.console import Console
from rich.table import Table

from benchmarks.telegram import QUESTIONS
from tests.peers.homeserver import PASSWORD, USER
from tests.peers.matrix_person import PASSWORD as PERSONS_PASSWORD
from tests.peers.matrix_person import Person, Room
from tests.peers.synapse import Synapse

ROOT = Path(__file__).parents[1]
PATIENCE_S = 60.0
CONFIG = """\
[matrix]
homeserver = "{url}"
user = "{user}"
password = "{password}"
passphrase = "benchmark"
store = "{folder}/store"
messages_per_second = 1000000

[storage]
url = "sqlite:///{folder}/bench.db"

[geocoding]
url = ""

[health]
listen = ""
"""
ECHO, TASKS, OURS = "nio echo", "nio echo, a task each", "ours"
IN_FLIGHT = 50
ON_SYNAPSE = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Answers a second, milliseconds, MB; processor time an answer, which tells more where others use the machine too."""

    per_second: float
    cpu: float
    p50: float
    p95: float
    memory: float


@contextlib.contextmanager
def running(name: str, url: str, user: str, password: str) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory() as folder, Path(folder, "log").open("w") as log:
        if name == OURS:
            config = Path(folder, "config.toml")
            config.write_text(CONFIG.format(url=url, user=user, password=password, folder=folder), encoding="utf-8")
            command = [sys.executable, "-m", "bot", "run", "--config", str(config)]
        else:
            command = [sys.executable, "-m", "benchmarks.nio_echo", url, user, password]
            command += ["concurrent"] if name == TASKS else []
        with subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log) as process:
            try:
                yield process
            except BaseException:
                print(Path(folder, "log").read_text()[-2000:], file=sys.stderr)
                raise
            finally:
                process.terminate()


def on_fake(name: str, count: int, in_flight: int) -> Figures:
    command = [sys.executable, "-m", "tests.peers.homeserver"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as fake:
        try:
            assert fake.stdout is not None
            url, control = fake.stdout.readline().split()
            _post(f"{control}/load", questions=QUESTIONS, count=count)
            with running(name, url, USER, PASSWORD) as process:
                _until(lambda: _post(f"{control}/synced")["synced"] > 2)
                before = _cpu(process)
                _post(f"{control}/start", in_flight=in_flight)
                _until(lambda: _post(f"{control}/result")["finished"])
                result = _post(f"{control}/result")
                used = (_cpu(process) - before) / count * 1000
                memory = psutil.Process(process.pid).memory_info().rss / 1e6
            return _figures(count / result["seconds"], used, result["delays"], memory)
        finally:
            fake.terminate()


def _post(url: str, **given: Any) -> Any:
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(given).encode(), method="POST")) as response:
        return json.load(response)


def _until(condition: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.1)


def _cpu(process: subprocess.Popen[bytes]) -> float:
    """Seconds."""
    times = psutil.Process(process.pid).cpu_times()
    return float(times.user + times.system)


def _figures(per_second: float, cpu: float, delays: list[float], memory: float) -> Figures:
    centiles = statistics.quantiles((delay * 1000 for delay in delays), n=100)
    return Figures(per_second, cpu, centiles[49], centiles[94], memory)


A_MINUTE = 18
"""Questions a room: the bot asks whoever sends more than 20 a minute to wait."""


async def on_synapse(name: str, count: int, in_flight: int) -> Figures:
    synapse = Synapse.start()
    try:
        async with aiohttp.ClientSession() as session:
            account = await Person.register(synapse.url, session, "bot")
            person = await Person.register(synapse.url, session, "person")
            rooms = [await person.direct(account.user_id) for _ in range(in_flight)]
            with running(name, synapse.url, account.user_id, PERSONS_PASSWORD) as process:
                for room in rooms:
                    await room.has(account.user_id, within=30)
                await asyncio.sleep(1)
                await asyncio.gather(*(_ask(room, "merci") for room in rooms))
                began, before = time.perf_counter(), _cpu(process)
                share = min(count // in_flight, A_MINUTE)
                delays = await asyncio.gather(*(_talk(room, share, number) for number, room in enumerate(rooms)))
                seconds = time.perf_counter() - began
                used = (_cpu(process) - before) / (share * in_flight) * 1000
                memory = psutil.Process(process.pid).memory_info().rss / 1e6
            await person.stop()
        return _figures(share * in_flight / seconds, used, [delay for each in delays for delay in each], memory)
    finally:
        synapse.stop()


async def _talk(room: Room, count: int, start: int) -> list[float]:
    return [await _ask(room, QUESTIONS[(start * 7 + number) % len(QUESTIONS)]) for number in range(count)]


async def _ask(room: Room, question: str) -> float:
    began = time.perf_counter()
    await room.says(question)
    await room.hears(within=PATIENCE_S)
    return time.perf_counter() - began


def show(title: str, found: dict[str, list[Figures]]) -> None:
    table = Table(title=title)
    for column in ("bot", "answers/s", "ratio", "CPU ms", "p50 ms", "p95 ms", "memory MB"):
        table.add_column(column, justify="left" if column == "bot" else "right")
    base = statistics.median(figures.per_second for figures in found[ECHO])
    for name, runs in found.items():
        each = [
            statistics.median(values)
            for values in zip(*((r.per_second, r.cpu, r.p50, r.p95, r.memory) for r in runs), strict=True)
        ]
        table.add_row(name, f"{each[0]:,.1f}", f"{each[0] / base:.2f}", *(f"{value:,.1f}" for value in each[1:]))
    Console(width=110).print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description="Questions a second on Matrix, beside a bare echo bot.")
    parser.add_argument("--questions", type=int, default=3000, help="on the fake homeserver")
    parser.add_argument("--on-synapse", type=int, default=300, help="on Synapse, 0 for none")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each bot, in turns; the median counts")
    options = parser.parse_args()
    fake: dict[str, list[Figures]] = {name: [] for name in (ECHO, TASKS, OURS)}
    real: dict[str, list[Figures]] = {name: [] for name in (ECHO, OURS)}
    for _ in range(options.rounds):
        for name, runs in fake.items():
            runs.append(on_fake(name, options.questions, IN_FLIGHT))
        for name, runs in real.items() if options.on_synapse else ():
            runs.append(asyncio.run(on_synapse(name, options.on_synapse, ON_SYNAPSE)))
    show(f"On a fake homeserver, {IN_FLIGHT} questions in flight", fake)
    if options.on_synapse:
        show(f"On Synapse, {ON_SYNAPSE} questions in flight", real)


if __name__ == "__main__":
    main()
