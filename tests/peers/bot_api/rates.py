"""Telegram's limits on how fast a bot may write. They are not published exactly; these follow its FAQ.

Source: core.telegram.org/bots/faq, "My bot is hitting limits": about 30 messages a second in all, one a second in a
chat with short bursts allowed, 20 a minute in a group.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

EVERYWHERE = 0
"""The key of the limit on all chats together; no chat has this id."""
IN_FLIGHT = 0.5
"""Seconds in which calls that left before the refusal arrived are not held against the bot."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Messages per second in all, in a private chat, and per minute in a group; 0 lifts a limit."""

    overall: float = 30.0
    private: float = 1.0
    private_burst: int = 3
    group_per_minute: float = 20.0

    @classmethod
    def lifted(cls) -> Limits:
        return cls(0.0, 0.0, 0, 0.0)


@dataclass(slots=True)
class _Bucket:
    """Holds up to `size` messages and gains `rate` of them a second."""

    rate: float
    size: float
    level: float
    filled_at: float

    def wait(self, now: float) -> float:
        """Seconds until one message is allowed, 0 when it is now."""
        self.level = min(self.size, self.level + (now - self.filled_at) * self.rate)
        self.filled_at = now
        return 0.0 if self.level >= 1.0 else (1.0 - self.level) / self.rate


@dataclass(slots=True)
class Rates:
    """Says how long a message must wait, and counts each one that came too early as a violation."""

    limits: Limits
    violations: Counter[str]
    _buckets: dict[int, _Bucket] = field(default_factory=dict)
    _closed: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Where a 429 was answered: since and until when nothing may be sent."""

    def refuse(self, chat: int, private: bool, now: float) -> int:
        """Seconds to wait before the next message to this chat, 0 when this one may pass."""
        for key in (EVERYWHERE, chat) if self._closed else ():
            since, until = self._closed.get(key, (0.0, 0.0))
            if now < until:
                if now - since > IN_FLIGHT:
                    self.violations["flood: retry_after ignored"] += 1
                return math.ceil(until - now)
        buckets = self._buckets_of(chat, private, now)
        for key, bucket, reason in buckets:
            wait = bucket.wait(now)
            if wait > 0:
                self.violations[reason] += 1
                return self.close(key, wait, now)
        for _, bucket, _ in buckets:
            bucket.level -= 1.0
        return 0

    def close(self, key: int, seconds: float, now: float) -> int:
        """Lets nothing pass to this chat for a while: the whole seconds to announce as retry_after."""
        self._closed[key] = (now, now + seconds)
        return max(1, math.ceil(seconds))

    def _buckets_of(self, chat: int, private: bool, now: float) -> list[tuple[int, _Bucket, str]]:
        limits = self.limits
        wanted = [(EVERYWHERE, limits.overall, max(1.0, limits.overall), "flood: overall")]
        if private:
            wanted.append((chat, limits.private, limits.private_burst, "flood: chat"))
        else:
            wanted.append((chat, limits.group_per_minute / 60, limits.group_per_minute, "flood: group"))
        return [(key, self._bucket(key, rate, size, now), reason) for key, rate, size, reason in wanted if rate]

    def _bucket(self, key: int, rate: float, size: float, now: float) -> _Bucket:
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _Bucket(rate, size, size, now)
        return bucket
