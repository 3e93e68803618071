"""The services asked for, in the order said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.categories import categories as known
from knowledge.understanding.asides import instead_of, without_asides, without_vaguer
from knowledge.understanding.lexicon_files import Words
from knowledge.understanding.matcher import Hit
from knowledge.understanding.sentence import Sentence

_AIM_WORDS = 2
"""After a word of purpose, words within which asking is the purpose itself: "while I look for work"."""


@dataclass(frozen=True, slots=True)
class Services:
    """`firm`: named as such; `hinted`: only circumstances were told ("j'ai froid"); `others`: second readings."""

    firm: tuple[str, ...]
    hinted: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def best(self) -> tuple[str, ...]:
        return self.firm or self.hinted[:1]


def find(sentence: Sentence, hits: Sequence[Hit], words: Words) -> Services:
    """The services named by `hits`, those of kind category, after the longest ones were kept.

    `words`: of the language of the sentence.
    """
    everything = (1 << len(sentence.words)) - 1
    alone = [hit for hit in hits if hit.entry.alone and hit.mask == everything]
    hits = alone or [hit for hit in hits if not hit.entry.alone]
    firm = _leaves_first([hit for hit in hits if not hit.entry.weak and hit.entry.rank == 1])
    if len({hit.id for hit in firm}) > 1:
        firm = [hit for hit in firm if not denied(sentence, hit.start, hit.end, words)] or firm
    if len({hit.id for hit in firm}) > 1:
        firm = without_vaguer(sentence, firm, words)
    if len({hit.id for hit in firm}) > 1:
        firm = without_asides(sentence, _asked_for(sentence, firm, words), words)
    ids = list(dict.fromkeys(hit.id for hit in firm))
    parents = {known()[id_].parent for id_ in ids}
    if len(ids) == 1:
        ids = [_told_exactly(ids[0], [hit.id for hit in hits if hit.entry.weak])]
    ids = [id_ for id_ in ids if id_ not in parents]
    hinted = dict.fromkeys(hit.id for hit in hits if hit.entry.weak and hit.id not in ids)
    others = dict.fromkeys(hit.id for hit in hits if hit.entry.rank > 1 and hit.id not in ids)
    return Services(tuple(ids), tuple(hinted), tuple(others))


def _told_exactly(service: str, hinted: Sequence[str]) -> str:
    """`service`, or the one hinted at that says it more exactly: a doctor for somebody pregnant."""
    if service != "general_practitioner":
        return service
    return next((id_ for id_ in hinted if service in instead_of().get(id_, ())), service)


def _leaves_first(hits: list[Hit]) -> list[Hit]:
    """Without the general words that share a word with a precise one: "mes droits AME"."""
    precise = [hit for hit in hits if known()[hit.id].parent]
    return [hit for hit in hits if known()[hit.id].parent or not any(hit.mask & leaf.mask for leaf in precise)]


def denied(sentence: Sentence, start: int, end: int, words: Words) -> bool:
    """Whether what is said at [start, end) is what is not wanted: "pas un hôpital", "بیمارستان نه"."""
    index = start - 1
    while index >= 0 and sentence.words[index] in words.articles and not sentence.pause_after(index):
        index -= 1
    if index >= 0 and sentence.words[index] in words.contrary and not sentence.pause_after(index):
        return True
    after = sentence.words[end] if end < len(sentence.words) else ""
    return after in words.contrary_after and not sentence.pause_after(end - 1)


def _asked_for(sentence: Sentence, hits: list[Hit], words: Words) -> list[Hit]:
    """Without the services of clauses that only tell something, where another clause asks for one.

    "J'ai perdu mon travail, je cherche une douche": the work is no question. "Je parle mal français, je veux apprendre":
    what is told says which general service is asked for.
    """
    clauses = _clauses(sentence, words)
    told = list(zip(clauses, sentence.words, strict=True))
    aims = {clause for n, (clause, word) in enumerate(told) if n and told[n - 1][0] != clause and word in words.purpose}
    asking = {clause for clause, word in told if word in words.request} - aims
    telling = {clause for clause, word in told if word in words.telling} - asking
    if not any(clauses[hit.start] in asking for hit in hits):
        wished = [hit for hit in hits if clauses[hit.start] not in telling]
        told_first = bool(telling) and all(clauses[hit.start] > min(telling) for hit in wished)
        return wished if told_first and any(known()[hit.id].parent for hit in wished) else hits
    asked = {hit.id for hit in hits if clauses[hit.start] not in telling}
    return [hit for hit in hits if clauses[hit.start] not in telling or known()[hit.id].parent in asked]


def _clauses(sentence: Sentence, words: Words) -> list[int]:
    """The number of the clause that each token belongs to."""
    numbers: list[int] = []
    clause, told, aim = 0, False, -_AIM_WORDS
    for index, word in enumerate(sentence.words):
        paused = word in words.breaks or (index > 0 and sentence.pause_after(index - 1))
        if index and (paused or (told and word in words.asking and index - aim > _AIM_WORDS)):
            clause, told = clause + 1, False
        told = told or word in words.telling
        aim = index if word in words.purpose else aim
        numbers.append(clause)
    return numbers
