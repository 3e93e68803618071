"""The steps that lead from a sentence to a frame, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from knowledge.frame import Frame, When
from knowledge.gazetteer import Gazetteer, Spot
from knowledge.understanding import address, categories, needs, places, readings
from knowledge.understanding.categories import Services
from knowledge.understanding.days import figures
from knowledge.understanding.danger import Danger, Dangers
from knowledge.understanding.intents import Asked, Intents
from knowledge.understanding.language import DEFAULT, Languages
from knowledge.understanding.lexicon import Lexicon
from knowledge.understanding.matcher import Hit, longest
from knowledge.understanding.places import Where
from knowledge.understanding.readings import Labels
from knowledge.understanding.sentence import Sentence, read
from knowledge.understanding.spelling import Spelling
from knowledge.understanding.when import Moments

_SHELTER = frozenset({"shelter", "emergency_accommodation", "night_stop"})
_LONGEST_NIGHT = timedelta(hours=9)
_WITH_NEEDS = ("find_service", "refine")


@dataclass(frozen=True, slots=True)
class _Read:
    """A sentence once its language, its place and its words are known."""

    sentence: Sentence
    language: str
    certain: bool
    hits: list[Hit]
    where: Where
    mended: list[str]

    def of(self, *kinds: str) -> list[Hit]:
        return [hit for hit in self.hits if hit.entry.kind in kinds]


class Understanding:
    """Understands sentences. Load once, share between threads."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self._lexicon = lexicon
        self._gazetteer = gazetteer
        self._languages = Languages(lexicon)
        self._spelling = Spelling(lexicon)
        self._moments = Moments(lexicon.numbers, lexicon.hour_words)
        self._dangers = Dangers()
        self._intents = Intents()
        self._labels = Labels(lexicon.labels)

    @classmethod
    def load(cls, gazetteer: Gazetteer) -> Understanding:
        """With the bundled lexicon. Raises LexiconError or RuleError for files that cannot be used."""
        return cls(Lexicon.load(), gazetteer)

    def understand(self, text: str, now: datetime, *, hint: str | None = None) -> Frame:
        """The frame of `text` said at `now` (aware). `hint`: the language of the person's device or choice.

        Every text has a frame; one that says nothing known has the intent `unknown`.
        """
        sentence = read(text, self._lexicon.shorthand)
        if not sentence.tokens:
            return Frame(hint or DEFAULT, "unknown", language_certain=False)
        said = self._read(sentence, hint)
        services = categories.find(said.sentence, said.of("category"), self._lexicon.words_of(said.language))
        cues = {hit.id for hit in said.of("cue")}
        danger = self._danger(said, services)
        if danger is not None:
            return self._emergency(said, danger, now)
        return self._frame(said, services, cues, now)

    def _read(self, sentence: Sentence, hint: str | None) -> _Read:
        matcher = self._lexicon.matcher
        found = matcher.match(sentence.words)
        explained = {index for hit in found if hit.entry.kind != "cue" for index in range(hit.start, hit.end)}
        dates = {index for first in figures(sentence) for index in (first, first + 1)}
        taken = explained | dates | {i for i, word in enumerate(sentence.words) if self._spelling.knows(word)}
        spots = [s for s in self._gazetteer.spot(sentence.tokens, taken) if not dates.issuperset(range(s.start, s.end))]
        street = address.find(sentence, explained)
        named = _tokens(spots, street)
        language, certain = self._languages.detect(
            sentence.text,
            [word for index, word in enumerate(sentence.words) if index not in named],
            [hit for hit in found if hit.start not in named],
            hint,
        )
        words, notes = self._spelling.mended(sentence.words, language, named)
        if notes:
            sentence = Sentence(sentence.text, sentence.tokens, words)
            found = matcher.match(words)
        hits = longest(self._languages.own(found, sentence.words, language))
        where = places.choose(sentence, spots, street, hits)
        return _Read(sentence, language, certain, places.without(hits, where.tokens), where, notes)

    def _danger(self, said: _Read, services: Services) -> Danger | None:
        present = {hit.id for hit in said.of("danger")}
        if not present:
            return None
        if any(id_ not in _SHELTER for id_ in services.firm):
            present.add("category")
        if any(id_ not in _SHELTER for id_ in services.hinted):
            present.add("hint")
        return self._dangers.find(present)

    def _emergency(self, said: _Read, danger: Danger, now: datetime) -> Frame:
        when, wanted = None, ()
        if danger.shelter:
            when = _night(self._when(said, now, sleeping=True))
            wanted = tuple(n for n in needs.find(said.sentence, said.of("need"), ()) if n in self._dangers.shelter_needs)
        return Frame(
            said.language,
            "emergency",
            place=said.where.place,
            when=when,
            needs=wanted,
            numbers=danger.numbers,
            places=said.where.candidates,
            address=said.where.address.text if said.where.address else None,
            language_certain=said.certain,
            why=(f"danger: {danger.because}", *_why(said)),
        )

    def _frame(self, said: _Read, services: Services, cues: set[str], now: datetime) -> Frame:
        sleeping = bool(_SHELTER & set(services.best))
        when = self._when(said, now, sleeping=sleeping)
        wanted = needs.find(said.sentence, said.of("need"), services.best)
        distance: Literal["closer", "farther"] | None = (
            "closer" if "closer" in cues else "farther" if "farther" in cues else None
        )
        present = cues | ({"category"} if services.firm else set()) | ({"hint"} if services.hinted else set())
        asked = Asked(
            firm=bool(services.firm),
            hinted=bool(services.hinted),
            somewhere=said.where.spot is not None or said.where.address is not None,
            sometime=when is not None,
            someone=bool(wanted),
            words=len(said.sentence.words),
            unexplained=self._unexplained(said),
            opens_as_follow_up=any(hit.id == "opener" and hit.start == 0 for hit in said.of("cue")),
            distance=distance,
        )
        intent, because = self._intents.find(present, asked)
        chosen = services.best if intent == "find_service" else services.firm if intent == "refine" else ()
        likely = readings.of(services, intent)
        if intent == "unknown":
            likely = tuple(self._labels.nearest(said.sentence.words, said.language))
        return Frame(
            said.language,
            intent,
            categories=chosen,
            place=said.where.place,
            when=when,
            needs=wanted if intent in _WITH_NEEDS else (),
            places=said.where.candidates,
            address=said.where.address.text if said.where.address else None,
            distance=distance if intent == "refine" else None,
            readings=likely,
            language_certain=said.certain,
            why=(*((f"intent: {because}",) if because else ()), *_why(said)),
        )

    def _unexplained(self, said: _Read) -> int:
        """How many words are neither of the lexicon, nor of the place, nor little words."""
        little = self._lexicon.words_of(said.language).function
        explained = {index for hit in said.hits for index in range(hit.start, hit.end)} | said.where.tokens
        return sum(
            index not in explained and word not in little and not word.isdigit()
            for index, word in enumerate(said.sentence.words)
        )

    def _when(self, said: _Read, now: datetime, *, sleeping: bool) -> When | None:
        return self._moments.read(
            said.sentence, said.of("time", "idle time"), now, taken=said.where.tokens, sleeping=sleeping
        )


def _tokens(spots: Sequence[Spot], street: address.Address | None) -> set[int]:
    named = {index for spot in spots for index in range(spot.start, spot.end)}
    return named | set(range(street.start, street.end)) if street is not None else named


def _night(when: When | None) -> When | None:
    """`when` if it is an evening or a night."""
    return when if when is not None and timedelta() < when.end - when.start <= _LONGEST_NIGHT else None


def _why(said: _Read) -> tuple[str, ...]:
    notes = [f"{hit.entry.kind} {hit.id}: {hit.entry.phrase}" for hit in said.of("category", "need", "time")]
    if said.where.spot is not None:
        notes.append(f"place: {said.where.spot.places[0].name} ({said.where.spot.score:.2f})")
    if said.where.address is not None:
        notes.append(f"address: {said.where.address.text}")
    return (*notes, *(f"spelling: {note}" for note in said.mended))
