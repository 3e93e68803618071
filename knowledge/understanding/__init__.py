"""From a sentence and a moment to a `Frame`: what the person wants, where, when, for whom."""

from knowledge.understanding.understanding import Understanding

__all__ = ["Understanding"]
