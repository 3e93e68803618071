"""The conversation core and its edges."""

from bot.allocator import map_large_blocks
from bot.unloaded import unloaded

map_large_blocks()
with unloaded("rich"), unloaded("twisted"), unloaded("greenlet"):
    import structlog as _structlog  # noqa: F401 - its first import decides
