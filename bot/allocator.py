"""Has the C library give memory back: 2 MB of a running bot (ran)."""

from __future__ import annotations

import ctypes
import sys

_MMAP_THRESHOLD, _ARENA_MAX = -3, -8
"""Source: glibc, mallopt(3)."""
_LARGE = 512 * 1024


def map_large_blocks() -> None:
    """Blocks from 512 KiB on are mapped each for itself, and go back to the system when they are freed; otherwise the heap
    grows by the largest file ever read and stays so. One heap for all threads, as only one of them works at a time."""
    if sys.platform != "linux":
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries do without
    if mallopt is not None:
        mallopt(_MMAP_THRESHOLD, _LARGE)
        mallopt(_ARENA_MAX, 1)
