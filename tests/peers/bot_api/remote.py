"""The fake as a process of its own, driven over HTTP: for benchmarks, which must not share its core."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Remote:
    url: str

    def control(self, path: str, **given: Any) -> Any:
        """One call of control.py. Blocks for its answer; raises urllib.error.HTTPError when it is refused."""
        request = urllib.request.Request(f"{self.url}/control/{path}", data=json.dumps(given).encode(), method="POST")
        with urllib.request.urlopen(request) as response:
            return json.load(response)


@contextlib.contextmanager
def started(*options: str) -> Iterator[Remote]:
    """A fake with these options of its command line, ended with the block."""
    command = [sys.executable, "-m", "tests.peers.bot_api", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield Remote(process.stdout.readline().strip())
        finally:
            process.terminate()
