"""The conversation core and its edges."""

from bot.unloaded import unloaded

with unloaded("rich"):
    import structlog as _structlog  # noqa: F401 - its first import decides
