"""The first steps with a sentence: its words, its language, its place, its spelling, and what the lexicon knows of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from knowledge.gazetteer import Gazetteer, Spot
from knowledge.gazetteer.spots import surest_first
from knowledge.gazetteer.words import place_words
from knowledge.understanding import address, places
from knowledge.understanding.days import date_tokens
from knowledge.understanding.language import DEFAULT, Detected, LanguageFinder
from knowledge.understanding.lexicon import ALWAYS, Language, Lexicon
from knowledge.understanding.matcher import Hit, longest
from knowledge.understanding.places import Where
from knowledge.understanding.sentence import Sentence, joined, read, written_out
from knowledge.understanding.spelling import Spelling
from knowledge.understanding.time_words import without_false_durations, without_pauses

_NAME_WITH_DATE = 3
"""Words of the shortest name that may hold a date."""
_ABOUT = frozenset({"vers", "around", "about"})
"""Words before an hour and before a district alike."""


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence read: `hits` are what the lexicon makes of its words, those of the place left out."""

    sentence: Sentence
    language: str
    certain: bool
    """Whether the words tell the language."""
    spoken: Language
    """Whose words the sentence is made of."""
    hits: tuple[Hit, ...]
    where: Where
    mended: tuple[str, ...]
    """Notes on spelling."""

    def of(self, *kinds: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.entry.kind in kinds]

    @property
    def unexplained(self) -> int:
        """How many words are neither of the lexicon, nor of the place, nor little words."""
        return self._left_over(self.hits, self.where.tokens)

    def explained_by(self, *kinds: str) -> bool:
        """Whether the sentence is made of these kinds of phrases and little words alone."""
        return not self._left_over(self.of(*kinds), ())

    def _left_over(self, hits: Iterable[Hit], others: Collection[int]) -> int:
        explained = {index for hit in hits for index in range(hit.start, hit.end)} | {*others}
        return sum(
            index not in explained and word not in self.spoken.words.function and not word.isdigit()
            for index, word in enumerate(self.sentence.words)
        )


class Reader:
    """Reads sentences. Which step comes first matters: names of places tell no language and are not mended, and words
    that the lexicon knows are no misspelled places."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        self._languages = LanguageFinder(lexicon)
        self._spelling = Spelling(lexicon)
        self._common = [lexicon.languages[name] for name in ALWAYS if name in lexicon.languages]
        self._look_up = cache(lambda name: tuple(gazetteer.look_up(name)))

    def read(self, text: str, hint: str | None) -> Said:
        """`hint`: the language of the person's device or choice."""
        sentence = read(text)
        names = self._languages.possible(sentence, hint)
        possible = [self._lexicon.languages[name] for name in names]
        sentence = written_out(sentence, _clear_shorthand(sentence, possible))
        found = _match(sentence.words, possible)
        detected = self._languages.detect(sentence, names, (), found, hint)
        own = self._in_words_of(sentence, detected)
        if own is not sentence:
            sentence, found = own, _match(own.words, possible)
        spots, street = self._places(sentence, found, detected, possible)
        named = {index for each in (*spots, *([street] if street else ())) for index in range(each.start, each.end)}
        announcing = _kinds_before(sentence, spots)
        if named:
            detected = self._languages.detect(sentence, names, named | announcing, found, hint)
        borrowed = {
            i for i, word in enumerate(sentence.words) if detected.words not in ALWAYS and self._is_borrowed(word)
        }
        words, notes = self._spelling.mended(sentence.words, self._to_mend_in(detected, possible), named | borrowed)
        if notes:
            sentence = Sentence(sentence.text, sentence.tokens, words)
            found = _match(words, possible)
            if not spots:
                spots = surest_first(self._translated(found))
            if not detected.certain:
                detected = self._languages.detect(sentence, names, named | announcing, found, hint)
        own_hits = self._languages.own(found, sentence.words, detected.words)
        hits = longest(without_pauses(sentence, without_false_durations(sentence, own_hits)))
        where = places.choose(sentence, spots, street, hits, self._spoken(detected).words)
        return Said(
            sentence,
            detected.language,
            detected.certain,
            self._spoken(detected),
            tuple(places.without(hits, where.tokens)),
            where,
            tuple(notes),
        )

    def _spoken(self, detected: Detected) -> Language:
        languages = self._lexicon.languages
        return languages.get(detected.words) or languages[DEFAULT]

    def _in_words_of(self, sentence: Sentence, detected: Detected) -> Sentence:
        """`sentence` without the shorthand of its language that others have as words."""
        language = self._spoken(detected)
        sentence = written_out(sentence, language.shorthand)
        return joined(sentence, language.words.joins_next, language.words.joins_previous)

    def _places(
        self, sentence: Sentence, found: Sequence[Hit], detected: Detected, possible: Sequence[Language]
    ) -> tuple[list[Spot], address.Address | None]:
        """Names of places and a street; words that the likely languages explain are none."""
        likely = [each for name in detected.likely if (each := self._lexicon.languages.get(name)) is not None]
        names = {each.name for each in likely}
        told = [hit for hit in found if hit.entry.language in names]
        explained = {
            index for hit in told if hit.entry.kind not in ("cue", "place") for index in range(hit.start, hit.end)
        }
        dates = date_tokens(sentence, told)
        known = {i for i, word in enumerate(sentence.words) if any(each.is_familiar(word) for each in likely)}
        pauses = {index for index in range(len(sentence.words)) if sentence.pause_after(index)}
        spots: list[Spot] = []
        borrowed = () if sentence.text.isascii() else (each.name for each in possible if each.name not in ALWAYS)
        for name in dict.fromkeys((self._spoken(detected).name, *detected.tied, *borrowed)):
            said = self._lexicon.languages[name].around_places
            spots = self._gazetteer.spot(sentence.tokens, explained | known | dates, said, pauses)
            if spots:
                break
        spots = surest_first((*spots, *self._translated(told)))
        spots = [spot for spot in spots if _is_no_time(sentence, spot, dates, told)]
        if not spots and (found_district := places.district_of_service(sentence, told)) is not None:
            number, start, end = found_district
            spots = [Spot(start, end, self._look_up(f"paris {number}e"), 1.0, True)]
        return spots, address.find(sentence, explained)

    def _translated(self, hits: Sequence[Hit]) -> Iterator[Spot]:
        """Names that a language has words of its own for: "Северный вокзал"."""
        for hit in hits:
            if hit.entry.kind == "place" and (places_ := self._look_up(hit.id)):
                yield Spot(hit.start, hit.end, places_, 1.0, True)

    def _is_borrowed(self, word: str) -> bool:
        """Whether `word` is a French or English one that means something: it is no misspelling of another language."""
        return word.isascii() and any(each.means(word) for each in self._common)

    def _to_mend_in(self, detected: Detected, possible: Sequence[Language]) -> tuple[str, ...]:
        if detected.certain:
            return (detected.words,)
        names = (each.name for each in possible if each.has_labels and each.name != detected.words)
        return (detected.words, *names)


def _kinds_before(sentence: Sentence, spots: Iterable[Spot]) -> set[int]:
    """French words that lead to a name though they are no part of it: "jardin du" before Luxembourg."""
    said = place_words()
    found: set[int] = set()
    for spot in spots:
        index = spot.start - 1
        while index >= 0 and sentence.words[index] in said.small:
            index -= 1
        if index >= 0 and sentence.words[index] in said.kinds:
            found.update(range(index, spot.start))
    return found


def _is_no_time(sentence: Sentence, spot: Spot, dates: Collection[int], hits: Iterable[Hit]) -> bool:
    """Whether a spot is neither a date, but for names that hold one ("8 Mai 1945"), nor "wednesday around 10"."""
    inside = [index for index in range(spot.start, spot.end) if index in dates]
    if inside and (spot.length < _NAME_WITH_DATE or spot.start - 1 in dates or spot.end in dates):
        return False
    if spot.start < 2 or sentence.words[spot.start - 1] not in _ABOUT or not sentence.words[spot.start].isdigit():
        return True
    return not any(hit.end == spot.start - 1 and hit.id.startswith(("weekday:", "day:", "part:")) for hit in hits)


def _match(words: Sequence[str], languages: Iterable[Language]) -> list[Hit]:
    return [hit for each in languages for matcher in (each.matcher, each.names) for hit in matcher.match(words)]


def _clear_shorthand(sentence: Sentence, languages: Sequence[Language]) -> dict[str, tuple[str, ...]]:
    """The shorthand of the sentence that means one thing, whatever the language."""
    clear: dict[str, tuple[str, ...]] = {}
    for word in set(sentence.words):
        written = {each.shorthand[word] for each in languages if word in each.shorthand}
        others = (each for each in languages if word not in each.shorthand)
        if len(written) == 1 and not any(each.is_familiar(word) for each in others):
            clear[word] = written.pop()
    return clear
