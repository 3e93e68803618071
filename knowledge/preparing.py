"""The child processes that make everything ready where nothing is kept yet (understanding/prepare.py)."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from threading import Lock

_LONGEST = 60.0
_PAUSE = 0.01
_AGAIN = 10.0
"""Seconds: for which somebody waits; between two looks; before children are started again, for files changed since."""
_CHILD = "SOLIDARITY_BOT_PREPARES"
"""Set in the environment of the children, which wait for nobody."""
_SHARES: tuple[tuple[str, ...], ...] = (("--first",), ("--others",))
"""What each child makes ready."""


class _Children:
    def __init__(self) -> None:
        self.lock = Lock()
        self.processes: list[subprocess.Popen[bytes]] = []
        self.started = float("-inf")

    def are_running(self) -> bool:
        return any(process.poll() is None for process in self.processes)


_children = _Children()


def may_wait() -> bool:
    """Whether children can be started."""
    return _CHILD not in os.environ and Path(sys.executable or "").name.startswith(("python", "pypy"))


def may_wait_for(folder: Traversable) -> bool:
    """Whether children make what is in `folder` ready: the bundled languages alone."""
    bundled = files("knowledge.understanding").joinpath("lexicon")
    return may_wait() and isinstance(folder, Path) and folder.parent == bundled


def is_running() -> bool:
    """Whether the children are at work."""
    return _children.are_running()


def wait(until: Callable[[], bool]) -> None:
    """Waits for the children to have made ready what `until` asks for, or for their end."""
    _start()
    ends = time.monotonic() + _LONGEST
    while not until() and is_running() and time.monotonic() < ends:
        time.sleep(_PAUSE)


def _start() -> None:
    with _children.lock:
        if _children.are_running() or time.monotonic() - _children.started < _AGAIN:
            return
        _children.started = time.monotonic()
        root = str(Path(str(files("knowledge"))).parent)
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
        try:
            _children.processes = [
                subprocess.Popen(  # noqa: S603 - this very program
                    [sys.executable, "-m", "knowledge.understanding.prepare", *share],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": path, _CHILD: "1"},
                )
                for share in _SHARES
            ]
        except OSError:
            return
