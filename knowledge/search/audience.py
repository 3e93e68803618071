"""Who is admitted where: needs as bits, and what the words of a sentence and of a service say about each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from knowledge.frame import NEEDS
from knowledge.service import Service

_BITS: Mapping[str, int] = MappingProxyType({need: 1 << bit for bit, need in enumerate(NEEDS)})
_OTHER = 1 << len(NEEDS)
"""Any word that is no need: no service is known to meet it, and a service only for it is open to nobody else."""

IMPLIES: Mapping[str, tuple[str, ...]] = MappingProxyType({"pregnant": ("women",)})
"""Who says the one may enter where the other is admitted."""

SHUTS_OUT: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "women": ("men", "couples", "families"),
        "men": ("women", "pregnant", "couples", "families"),
        "minors": ("women", "men", "pregnant", "young_adults", "seniors", "couples", "families"),
        "young_adults": ("minors", "seniors"),
        "seniors": ("minors", "young_adults", "families"),
        "families": ("couples",),
        "couples": ("families",),
    }
)
"""A place only for the first is never shown to who says one of the others, and not the first. Who says nothing that
contradicts it may be admitted: the place is kept, below those open to all in the same distance band, and its
condition is told. A woman or a man who is a minor is asked for as a minor."""


def bits(needs: Iterable[str]) -> int:
    """Needs as a bit mask."""
    mask = 0
    for need in needs:
        mask |= _BITS.get(need, _OTHER)
    return mask


def known_bits(needs: Iterable[str]) -> int:
    """Needs as a bit mask, words that are no need left out."""
    return bits(needs) & ~_OTHER


def implied_bits(needs: Iterable[str]) -> int:
    """The needs said and those they imply."""
    return bits(needs) | bits(implied for need in needs for implied in IMPLIES.get(need, ()))


def shut_out_bits(only: Iterable[str]) -> int:
    """Whom a place only for these never admits, unless they also are one of these."""
    groups = list(only)
    if not groups:
        return 0
    shut = [bits(SHUTS_OUT.get(group, ())) for group in groups]
    mask = shut[0]
    for other in shut[1:]:
        mask &= other
    return mask


def unknown_needs(needs: Iterable[str], service: Service) -> tuple[str, ...]:
    """The needs a place is not known to meet, sorted. A place only for women meets `women`."""
    return tuple(sorted(need for need in needs if need not in service.admits and need not in service.only))
