"""An announcement to thousands through Telegram: on a bad day at the permitted rate, and as fast as it goes.

    python -m benchmarks.announcements [day|speed]

`day`: 3,500 people at 25 a second on a strict fake Bot API, 5 % blocked, 1 % gone, random 429 and 500, connections cut
after the message counted, the program killed five times, people asking questions meanwhile. `speed`: the rate set to
1,000 a second, beside a bare loop of the same HTTP library that keeps nothing, each on one core in turns, the fake on
another or with `--one-core` on the same. Figures of one run only are comparable.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.telegram import QUESTIONS
from knowledge.announcements.kinds import State
from tests.announcements.crowd import by_state, outcome, prepare, start
from tests.peers.bot_api import TOKEN
from tests.peers.bot_api.remote import ROOT, Remote, started

FIRST = 10_001
FIRST_ASKING = 900_001
CONFIG = """\
[telegram]
token = "{token}"
api_url = "{url}"
messages_per_second = {rate}

[storage]
url = "{database}"

[geocoding]
url = ""

[health]
listen = ""
"""
FAULTS = [
    {"trouble": "flood", "method": "sendmessage", "probability": 0.005, "times": None},
    {"trouble": "error", "method": "sendmessage", "probability": 0.01, "times": None},
    {"trouble": "cut_after", "method": "sendmessage", "probability": 0.01, "times": None},
    {"trouble": "slow", "method": "sendmessage", "seconds": 0.05, "times": None},
]
FAULT_WAIT_S = 1.0
"""Asked for by each 429 of the faults, of one chat."""

WARM_S = 5.0
"""After which a program has started and told Telegram of its commands."""

FROZEN_S = 4.0
"""After which everybody meant is written down; who asks a question later is not among them."""


class Program:
    """The bot, started again after each kill; on these cores alone, if any are given."""

    def __init__(self, folder: Path, url: str, rate: float, cores: Sequence[int] = ()) -> None:
        self.database = f"sqlite:///{folder}/bench.db"
        self._config = folder / "config.toml"
        self._config.write_text(CONFIG.format(token=TOKEN, url=url, rate=rate, database=self.database))
        self._log = folder / "log"
        self._cores = cores
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "bot", "run", "--config", str(self._config)]
            self.process = launch(command, self._cores, stdout=log, stderr=log)

    def kill(self) -> None:
        assert self.process is not None
        if self.process.poll() is not None:
            raise SystemExit(f"it ended by itself: {self._log.read_text()[-2000:]}")
        self.process.kill()
        self.process.wait()


def launch(command: list[str], cores: Sequence[int], **options: Any) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}, **options)
    if cores:
        os.sched_setaffinity(process.pid, cores)
    return process


@contextlib.contextmanager
def program(url: str, rate: float, cores: Sequence[int] = ()) -> Iterator[Program]:
    with tempfile.TemporaryDirectory() as folder:
        made = Program(Path(folder), url, rate, cores)
        try:
            yield made
        finally:
            if made.process is not None:
                made.process.kill()
                made.process.wait()


def finished(program: Program, number: int, seconds: float) -> dict[int, Any]:
    """Every recipient by chat, once it is done."""
    deadline = time.time() + seconds
    while time.time() < deadline:
        status, found = asyncio.run(outcome(program.database, number))
        if status == "done":
            return found
        time.sleep(0.5)
    raise SystemExit(f"not done: {Counter(one.state for one in found.values())}")


def day(people: int, rate: float, kills: int, questions_per_second: float) -> None:
    dice = random.Random(1)
    with started() as api, program(api.url, rate) as bot:
        crowd = api.control("crowd", first=FIRST, count=people, blocked=0.05, gone=0.01)
        number = asyncio.run(prepare(bot.database, range(FIRST, FIRST + people)))
        api.control("faults", add=FAULTS)
        expected = people / rate
        began = time.time()
        bot.start()
        api.control("wait", count=10, within=30)
        time.sleep(FROZEN_S)
        asked = int(questions_per_second * expected * 0.9)
        api.control(
            "load", questions=QUESTIONS, count=asked, chats=asked, first_chat=FIRST_ASKING, rate=questions_per_second
        )
        down: list[tuple[float, float]] = []
        for kill in range(kills):
            time.sleep(max(0.0, began + expected * (kill + 1) / (kills + 1) - time.time()) + dice.uniform(0, 1))
            sent = api.control("state")["sent"]
            bot.kill()
            killed = time.time()
            bot.start()
            api.control("wait", count=sent + 5, within=60)
            down.append((killed, time.time()))
        found = finished(bot, number, expected + 60)
        timings = api.control("timings", within=20)
        state = api.control("state")
        last = max(one.ended_at.timestamp() for one in found.values() if one.ended_at)
        report_day(found, state, timings, crowd, api.control("sent"), (last - began, rate, down))


def report_day(
    found: dict[int, Any],
    state: Any,
    timings: Any,
    crowd: Any,
    sent: list[Any],
    times: tuple[float, float, list[tuple[float, float]]],
) -> None:
    elapsed, rate, outages = times
    down = sum(end - begin for begin, end in outages)
    got = Counter(one["chat"] for one in sent if FIRST <= one["chat"] < FIRST_ASKING)
    ended = by_state(found)
    doubt = set(ended.get(State.UNCERTAIN, ()))
    missed = [chat for chat in ended[State.DELIVERED] if chat not in got]
    reached = set(got) | doubt | set(ended[State.BLOCKED]) | set(ended[State.GONE])
    met = Counter(trouble for _, trouble in state["faults_met"])
    other = len(sent) - sum(got.values())
    ideal = (len(found) + other) / rate
    delays = [answered - asked for asked, answered in timings["answered"]]
    centiles = statistics.quantiles(delays, n=100)
    alive = [
        answered - asked
        for asked, answered in timings["answered"]
        if not any(begin - 1 < asked < end for begin, end in outages)
    ]
    print(f"people {len(found)} {crowd}; at {rate:.0f}/s; faults met {dict(met)}; other messages {other}")
    print(f"outcomes { {s.value: len(c) for s, c in sorted(ended.items())} }")
    print(f"missed {len(missed) + len(set(found) - reached)}, twice {sum(count - 1 for count in got.values())}")
    print(f"elapsed {elapsed:.1f} s, ideal {ideal:.1f} s, down between kill and next message {down:.1f} s: "
          f"{elapsed / (ideal + down):.3f} of ideal and waits")  # fmt: skip
    print(
        f"questions {timings['planned']}, unanswered {timings['unanswered']}, p50 {centiles[49]:.2f} s, p95 {centiles[94]:.2f} s; "
        f"asked while it ran: p95 {statistics.quantiles(alive, n=100)[94]:.2f} s"
    )
    print(f"violations {state['violations']}")


@dataclass(frozen=True, slots=True)
class Pace:
    """Messages a second from the first to the last; seconds of the processor that each took in the sending program."""

    per_second: float
    processor: float


def speed(people: int, rounds: int, rate: float, *, one_core: bool) -> None:
    cores = sorted(os.sched_getaffinity(0))
    fake = cores[:1] if one_core else cores[-1:]  # else it keeps away from the core of the bot
    os.sched_setaffinity(0, fake)
    runs: dict[str, list[Pace]] = {"bare loop": [], f"ours at {rate:,.0f}/s": [], "ours without a limit": []}
    bare, paced, free = runs
    for _ in range(rounds):
        runs[bare].append(max((bare_loop(people, cores[:1], n) for n in (8, 32, 96)), key=lambda one: one.per_second))
        runs[paced].append(ours(people, cores[:1], rate))
        runs[free].append(ours(people, cores[:1], 1_000_000))
    loop = statistics.median(one.per_second for one in runs[bare])
    for name, found in runs.items():
        per_second = statistics.median(one.per_second for one in found)
        processor = statistics.median(one.processor for one in found)
        print(f"{name:22} {per_second:8,.0f}/s = {per_second / loop:.2f} of the loop; {processor * 1e6:4.0f} µs each")


def per_second(api: Remote) -> float:
    times = sorted(one["at"] for one in api.control("sent"))
    return (len(times) - 1) / (times[-1] - times[0])


def bare_loop(people: int, cores: Sequence[int], flight: int) -> Pace:
    with started("--no-limits") as api:
        api.control("crowd", first=FIRST, count=people)
        command = [sys.executable, "-m", "benchmarks.bare_loop", api.url, TOKEN, str(FIRST), str(people), str(flight)]
        with launch(command, cores, stdout=subprocess.PIPE, text=True) as process:
            seconds = float(process.communicate()[0])
        return Pace(per_second(api), seconds / people)


def ours(people: int, cores: Sequence[int], rate: float) -> Pace:
    """Started while the program runs, as staff do."""
    with started("--no-limits") as api, program(api.url, rate, cores) as bot:
        api.control("crowd", first=FIRST, count=people)
        number = asyncio.run(prepare(bot.database, range(FIRST, FIRST + people), start=False))
        bot.start()
        time.sleep(WARM_S)
        assert bot.process is not None
        sending = psutil.Process(bot.process.pid)
        before = sum(sending.cpu_times()[:2])
        asyncio.run(start(bot.database, number))
        api.control("wait", count=people, within=people / 100 + 30)
        processor = sum(sending.cpu_times()[:2]) - before
        ended = by_state(finished(bot, number, 30))
        if len(ended[State.DELIVERED]) != people:
            raise SystemExit(f"not all delivered: { {state: len(chats) for state, chats in ended.items()} }")
        return Pace(per_second(api), processor / people)


def main() -> None:
    parser = argparse.ArgumentParser(description="An announcement to thousands, on a bad day and as fast as it goes.")
    parser.add_argument("which", nargs="?", choices=["day", "speed"], help="both unless one is named")
    parser.add_argument("--people", type=int, default=3500)
    parser.add_argument("--rate", type=float, default=25, help="messages a second on the bad day")
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--questions", type=float, default=2.0, help="asked a second on the bad day")
    parser.add_argument("--rounds", type=int, default=3, help="of the measurement of speed; the median counts")
    parser.add_argument("--one-core", action="store_true", help="speed: the fake Bot API on the bot's core, too")
    options = parser.parse_args()
    if options.which != "speed":
        day(options.people, options.rate, options.kills, options.questions)
    if options.which != "day":
        speed(options.people, options.rounds, 1000, one_core=options.one_core)


if __name__ == "__main__":
    main()
