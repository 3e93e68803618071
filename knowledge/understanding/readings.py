"""The likeliest ways to read a sentence that was not understood for sure, for buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from knowledge.frame import Reading
from knowledge.understanding.categories import Services
from knowledge.understanding.lexicon import Language

MOST = 3
LEAST_SCORE = 70
"""Of 100: under it, a resemblance of letters is an accident."""
HINT_SCORE = 0.7
NEAR_DANGER_SCORE = 0.5
"""For words of danger that are not enough for an alarm."""
SECOND_SCORE = 0.5


class Labels:
    """Every firm word for a service, to be compared with words that nobody knows."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        self._languages = languages

    def nearest(self, words: Sequence[str], language: str) -> list[Reading]:
        """Categories whose words look like those of the sentence, best first."""
        best: dict[str, float] = {}
        table = self._languages[language].labels() if language in self._languages else {}
        for word in dict.fromkeys(word for word in words if len(word) > 3):
            for name, score, _ in process.extract(
                word, table.keys(), scorer=fuzz.ratio, limit=MOST, score_cutoff=LEAST_SCORE
            ):
                category = table[name]
                best[category] = max(best.get(category, 0.0), score / 100)
        ranked = sorted(best.items(), key=lambda item: -item[1])[:MOST]
        return [Reading("find_service", (category,), round(score * 0.6, 2)) for category, score in ranked]


def of(services: Services, intent: str) -> tuple[Reading, ...]:
    """The readings of a sentence whose services have more than one sense or are only hinted at."""
    if intent != "find_service" or (services.firm and not services.others):
        return ()
    found = [Reading(intent, services.firm, 0.9)] if services.firm else []
    found += [Reading(intent, (id_,), round(HINT_SCORE - 0.05 * n, 2)) for n, id_ in enumerate(services.hinted)]
    found += [Reading(intent, (id_,), SECOND_SCORE) for id_ in services.others]
    return tuple(found[:MOST]) if len(found) > 1 else ()
