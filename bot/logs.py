"""Logs as structured lines on standard error. Never a text, a name, a position or a token."""

from __future__ import annotations

import asyncio
import logging
import sys
import traceback
from types import TracebackType
from typing import Any

import structlog
from structlog.typing import EventDict

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


def set_up_logs(*, quiet: bool = False) -> None:
    """`quiet` shows warnings and worse only, for commands that talk to a person."""
    level = logging.WARNING if quiet else logging.INFO
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_WhereOnly("%(levelname)s %(name)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)
    renderer = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else structlog.processors.JSONRenderer()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _say_where,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def note_unhandled(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """For the event loop: its own handler quotes the exception. See `where`."""
    structlog.get_logger().error(context["message"], exc_info=context.get("exception"))


def where(error: BaseException) -> str:
    """What kind of error, and the way through the code to it; also of what caused it.

    Its message stays out: errors of the database, of parsers and of Telegram's library quote what people wrote.
    """
    lines: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(lines) < 10:
        frames = traceback.extract_tb(cause.__traceback__)
        way = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
        lines.append(f"{type(cause).__name__} at {way}" if way else type(cause).__name__)
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "; caused by ".join(lines)


def _say_where(_logger: Any, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["exception"] = where(error)
    return event


class _WhereOnly(logging.Formatter):
    """For libraries: asyncio's and aiohttp's loggers write tracebacks."""

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's own name
        return where(ei[1]) if ei[1] is not None else ""
