"""Logs say what went wrong and where, never what people wrote: messages of errors quote it."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from bot.logs import note_unhandled, set_up_logs

SECRET = "Cosette, 48.8765"


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    before = structlog.get_config()
    monkeypatch.setattr(logging.root, "handlers", [])
    set_up_logs()
    yield
    structlog.configure(**before)


def fail_with_a_cause() -> None:
    try:
        int(SECRET)
    except ValueError as error:
        raise KeyError(SECRET) from error


@pytest.mark.usefixtures("logs")
def test_our_own(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        fail_with_a_cause()
    except KeyError as error:
        structlog.get_logger().exception("it failed", message=7)
        structlog.get_logger().error("it failed", exc_info=error)
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert len(lines) == 2
    for line in lines:
        assert line["event"] == "it failed"
        assert line["exception"].startswith("KeyError at ")
        assert "fail_with_a_cause; caused by ValueError" in line["exception"]
        assert "Cosette" not in json.dumps(line)


@pytest.mark.usefixtures("logs")
def test_those_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        fail_with_a_cause()
    except KeyError:
        logging.getLogger("aiohttp.server").exception("Error handling request")
    err = capsys.readouterr().err
    assert "KeyError at " in err
    assert "Cosette" not in err


@pytest.mark.usefixtures("logs")
async def test_those_of_the_event_loop(capsys: pytest.CaptureFixture[str]) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(note_unhandled)

    async def fail() -> None:
        fail_with_a_cause()

    task = asyncio.create_task(fail())
    await asyncio.wait({task})
    del task
    gc.collect()
    err = capsys.readouterr().err
    assert "never retrieved" in err
    assert "KeyError at " in err
    assert "Cosette" not in err
