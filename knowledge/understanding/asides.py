"""Services that a sentence names without asking for them: what another one is for, a body or a person told of."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.categories import categories as known
from knowledge.understanding import rules
from knowledge.understanding.lexicon_files import Words
from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence


@dataclass(frozen=True, slots=True)
class _ToldOf:
    bodies: frozenset[str]
    people: frozenset[str]
    roomy: frozenset[str]


@cache
def _told_of() -> _ToldOf:
    table = rules.load("services")["told_of"]
    return _ToldOf(frozenset(table["bodies"]), frozenset(table["people"]), frozenset(table["roomy"]))


@cache
def instead_of() -> dict[str, frozenset[str]]:
    """Services to those that they say more exactly."""
    return {exact: frozenset(vaguer) for exact, vaguer in rules.load("services")["instead_of"].items()}


def without_vaguer(sentence: Sentence, hits: Sequence[Hit], words: Words) -> list[Hit]:
    """Without the services that another one says more exactly, where no "and" stands between the two."""
    return [
        hit
        for hit in hits
        if not any(
            hit.id in instead_of().get(other.id, ()) and not _joined(sentence, hit, other, words.joins)
            for other in hits
        )
    ]


def _joined(sentence: Sentence, one: Hit, other: Hit, joins: Collection[str]) -> bool:
    first, second = sorted((one, other), key=lambda hit: hit.start)
    return any(word in joins for word in sentence.words[first.end : second.start])


def without_asides(sentence: Sentence, hits: Sequence[Hit], words: Words) -> list[Hit]:
    """Without what is named and not asked for; all of `hits` where nothing else were left."""
    left: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end)):
        before = [
            other
            for other in left
            if other.end <= hit.start
            and other.id != hit.id
            and not any(sentence.pause_after(index) for index in range(other.end - 1, hit.start))
        ]
        aside = _is_purpose(sentence, hit, before, words) or _is_body(sentence, hit, before, words)
        if not (aside or _is_own_person(sentence, hit, hits, words)):
            left.append(hit)
    return left or list(hits)


def _is_purpose(sentence: Sentence, hit: Hit, before: Sequence[Hit], words: Words) -> bool:
    """ "du wifi pour appeler ma mère"; "looking for", "apply for" are asking."""
    firm = [other for other in before if known()[other.id].parent and other.id not in _told_of().roomy]
    if not firm:
        return False
    start = max(other.end for other in firm)
    said = sentence.words
    if any(word in words.joins for word in said[start : hit.start]):
        return False
    return any(
        said[index] in words.purpose and said[index - 1] not in words.request for index in range(start, hit.start)
    )


def _is_body(sentence: Sentence, hit: Hit, before: Sequence[Hit], words: Words) -> bool:
    """ "téléphoner à la préfecture"."""
    if hit.id not in _told_of().bodies or not before:
        return False
    said, index = sentence.words, hit.start - 1
    while index > 0 and said[index] in words.determiners:
        index -= 1
    return index > 0 and said[index] in words.towards and said[index - 1] not in words.joins | words.reaching


def _is_own_person(sentence: Sentence, hit: Hit, hits: Sequence[Hit], words: Words) -> bool:
    """ "mon assistante sociale m'envoie"."""
    own = hit.id in _told_of().people and hit.start > 0 and sentence.words[hit.start - 1] in words.own
    return own and any(other.id != hit.id for other in hits)
