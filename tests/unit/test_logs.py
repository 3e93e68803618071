"""Logs say what went wrong and where, never what people wrote: messages of errors quote it."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import note_unhandled, set_up_logs

SECRET = "Cosette, 48.8765"


@pytest.fixture
def err(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error, with logs set up as in earnest."""
    before = structlog.get_config()
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    monkeypatch.setattr(logging.root, "handlers", [])
    set_up_logs()
    yield written
    structlog.configure(**before)


def fail_with_a_cause() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise KeyError(SECRET) from error


def test_our_own(err: io.StringIO) -> None:
    try:
        fail_with_a_cause()
    except KeyError as error:
        structlog.get_logger().exception("it failed", message=7)
        structlog.get_logger().error("it failed", exc_info=error)
    lines = [json.loads(line) for line in err.getvalue().splitlines()]
    assert len(lines) == 2
    for line in lines:
        assert line["event"] == "it failed"
        assert line["exception"].startswith("KeyError at ")
        assert "fail_with_a_cause; caused by ValueError" in line["exception"]
        assert "Cosette" not in json.dumps(line)


def test_those_of_libraries(err: io.StringIO) -> None:
    try:
        fail_with_a_cause()
    except KeyError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    told = err.getvalue()
    assert "KeyError at " in told
    assert "Cosette" not in told


async def test_those_of_the_event_loop(err: io.StringIO) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(note_unhandled)

    async def fail() -> None:
        fail_with_a_cause()

    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    del task
    gc.collect()
    told = err.getvalue()
    assert "never retrieved" in told
    assert "KeyError at " in told
    assert "Cosette" not in told
