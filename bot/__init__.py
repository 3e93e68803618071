"""The conversation core and its edges."""

from bot.unloaded import unloaded

with unloaded("rich"), unloaded("twisted"):
    import structlog as _structlog  # noqa: F401 - its first import decides
