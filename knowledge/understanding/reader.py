"""The first steps with a sentence: its words, its language, its place, its spelling, and what the lexicon knows of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from knowledge.gazetteer import Gazetteer
from knowledge.understanding import address, places
from knowledge.understanding.days import date_tokens
from knowledge.understanding.language import Detected, Languages
from knowledge.understanding.lexicon import Lexicon, Words
from knowledge.understanding.matcher import Hit, longest
from knowledge.understanding.places import Where
from knowledge.understanding.sentence import Sentence, read
from knowledge.understanding.spelling import Spelling


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence read: `hits` are what the lexicon makes of its words, those of the place left out."""

    sentence: Sentence
    language: str
    certain: bool
    """Whether the words tell the language."""
    words: Words
    """Of the language that the sentence is made of."""
    hits: tuple[Hit, ...]
    where: Where
    mended: tuple[str, ...]
    """Notes on spelling."""

    def of(self, *kinds: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.entry.kind in kinds]

    @property
    def unexplained(self) -> int:
        """How many words are neither of the lexicon, nor of the place, nor little words."""
        explained = {index for hit in self.hits for index in range(hit.start, hit.end)} | self.where.tokens
        return sum(
            index not in explained and word not in self.words.function and not word.isdigit()
            for index, word in enumerate(self.sentence.words)
        )


class Reader:
    """Reads sentences. Which step comes first matters: names of places tell no language and are not mended, and words
    that the lexicon knows are no misspelled places."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        self._languages = Languages(lexicon)
        self._spelling = Spelling(lexicon)

    def read(self, text: str, hint: str | None) -> Said:
        """`hint`: the language of the person's device or choice."""
        sentence = read(text, self._lexicon.shorthand)
        found = self._lexicon.matcher.match(sentence.words)
        explained = {index for hit in found if hit.entry.kind != "cue" for index in range(hit.start, hit.end)}
        dates = date_tokens(sentence, found)
        known = {index for index, word in enumerate(sentence.words) if self._spelling.knows(word)}
        spots = self._gazetteer.spot(sentence.tokens, explained | known | dates)
        spots = [spot for spot in spots if dates.isdisjoint(range(spot.start, spot.end))]
        street = address.find(sentence, explained)
        named = {index for each in (*spots, *([street] if street else ())) for index in range(each.start, each.end)}
        detected = self._detect(sentence, found, named, hint)
        words, notes = self._spelling.mended(sentence.words, self._languages_to_mend_in(detected), named)
        if notes:
            sentence = Sentence(sentence.text, sentence.tokens, words)
            found = self._lexicon.matcher.match(words)
            if not detected.certain:
                detected = self._detect(sentence, found, named, hint)
        hits = longest(self._languages.own(found, sentence.words, detected.words))
        where = places.choose(sentence, spots, street, hits)
        return Said(
            sentence,
            detected.language,
            detected.certain,
            self._lexicon.words_of(detected.words),
            tuple(places.without(hits, where.tokens)),
            where,
            tuple(notes),
        )

    def _detect(self, sentence: Sentence, found: Sequence[Hit], named: Collection[int], hint: str | None) -> Detected:
        """The language told by the words that are no names of places."""
        return self._languages.detect(
            sentence.text,
            [word for index, word in enumerate(sentence.words) if index not in named],
            [hit for hit in found if hit.start not in named],
            hint,
        )

    def _languages_to_mend_in(self, detected: Detected) -> tuple[str, ...]:
        if detected.certain:
            return (detected.words,)
        return (detected.words, *(name for name in self._lexicon.labels if name != detected.words))
