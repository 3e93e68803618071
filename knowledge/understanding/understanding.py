"""From a sentence to its frame: danger first, then what is wanted, where, when and for whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Literal

from knowledge.frame import Frame, Reading, When
from knowledge.gazetteer import Gazetteer
from knowledge.understanding import calendar, categories, needs, readings
from knowledge.understanding.categories import Services
from knowledge.understanding.danger import Danger, Dangers
from knowledge.understanding.intents import Asked, Intents
from knowledge.understanding.lexicon import Lexicon
from knowledge.understanding.matcher import SHELTER
from knowledge.understanding.reader import Reader, Said
from knowledge.understanding.readings import Labels
from knowledge.understanding.when import Moments

_BY_DAY = frozenset({"part:morning", "part:noon", "part:afternoon"})
"""Times that do not matter where somebody must be sheltered for the night."""
_FLOOR_OR_DISTRICT = 0.9
"""Score of a bare "au 4e", which is a floor as well."""
_ILL, _DEAF = "stroke", "deaf"
"""Somebody who suddenly cannot speak is ill; words that say so do not say that the person is mute."""
_CANCELS = frozenset({"cancel_signup", "cant_come"})
"""Cues of sentences that mean the time that they deny: "je ne viens pas samedi"."""
_ALL_THAT_IS_SAID = {"bare_trainings", "bare_programme"}
"""Cues that count where nothing else is said: "formations" are the Factory's, "formations en informatique" are not."""
_LONGEST_NIGHT = timedelta(hours=9)
_USUAL_KEPT = 1024
_WITH_NEEDS = ("find_service", "refine")


class Understanding:
    """Understands sentences. Load once, share between threads."""

    def __init__(self, lexicon: Lexicon, gazetteer: Gazetteer) -> None:
        self._reader = Reader(lexicon, gazetteer)
        self._moments = Moments()
        self._dangers = Dangers()
        self._intents = Intents()
        self._labels = Labels(lexicon.languages)
        self._usual: dict[tuple[str, str | None], Frame] = {}

    @classmethod
    def load(cls, gazetteer: Gazetteer) -> Understanding:
        """With the bundled lexicon. Raises LexiconError or RuleError for files that cannot be used."""
        return cls(Lexicon.load(), gazetteer)

    def understand(self, text: str, now: datetime, *, hint: str | None = None) -> Frame:
        """The frame of `text` said at `now` (aware). `hint`: the language of the person's device or choice.

        Every text has a frame; one that says nothing known has the intent `unknown`.
        """
        usual = self._usual.get((text, hint))
        if usual is not None:
            return usual
        said = self._reader.read(text, hint)
        if not said.sentence.tokens:
            return Frame(said.language, "unknown", language_certain=False)
        services = categories.find(said.sentence, said.of("category"), said.spoken.words)
        cues = {hit.id for hit in said.of("cue")}
        danger = self._danger(said, services)
        if danger is not None:
            return self._emergency(said, danger, services, now)
        frame = self._frame(said, services, cues, now)
        if _is_usual(said, frame):
            self._usual[text, hint] = frame
            if len(self._usual) > _USUAL_KEPT:
                del self._usual[next(iter(self._usual))]
        return frame

    def _danger(self, said: Said, services: Services) -> Danger | None:
        hits = said.of("danger")
        present = {hit.id for hit in hits}
        if not present:
            return None
        if _ILL in present:
            ill = [hit.mask for hit in hits if hit.id == _ILL]
            present -= {hit.id for hit in hits if hit.id == _DEAF and any(hit.mask & mask for mask in ill)}
        if any(id_ not in SHELTER for id_ in services.firm):
            present.add("category")
        if any(id_ not in SHELTER for id_ in services.hinted):
            present.add("hint")
        if not SHELTER.isdisjoint(services.firm):
            present.add("shelter_asked")
        present.update(hit.id for hit in said.of("need") if hit.id == "pregnant")
        return self._dangers.find(present)

    def _emergency(self, said: Said, danger: Danger, services: Services, now: datetime) -> Frame:
        """What else was asked for stands in `readings`: it is answered after the danger."""
        when: When | None = None
        wanted: tuple[str, ...] = ()
        if danger.shelter:
            when = _night(self._when(said, now, sleeping=True, passed_over=_BY_DAY))
            wanted = tuple(n for n in self._needs(said, ()) if n in self._dangers.shelter_needs)
        spot = said.where.spot
        return Frame(
            said.language,
            "emergency",
            place=said.where.place if spot is not None and (spot.marked or spot.score > _FLOOR_OR_DISTRICT) else None,
            when=when,
            needs=wanted,
            numbers=danger.numbers,
            places=said.where.candidates,
            address=said.where.address.text if said.where.address else None,
            readings=tuple(Reading("find_service", (id_,), 1.0) for id_ in services.firm if id_ not in SHELTER),
            language_certain=said.certain,
            why=(f"danger: {danger.because}", *_why(said)),
        )

    def _frame(self, said: Said, services: Services, cues: set[str], now: datetime) -> Frame:
        sleeping = bool(SHELTER & set(services.best))
        when = self._when(said, now, sleeping=sleeping, denied=_CANCELS.isdisjoint(cues))
        wanted = self._needs(said, services.best)
        distance: Literal["closer", "farther"] | None = (
            "closer" if "closer" in cues else "farther" if "farther" in cues else None
        )
        present = cues | ({"category"} if services.firm else set()) | ({"hint"} if services.hinted else set())
        if _ALL_THAT_IS_SAID & cues and not said.explained_by("cue", "time"):
            present -= _ALL_THAT_IS_SAID
        asked = Asked(
            firm=bool(services.firm),
            hinted=bool(services.hinted),
            somewhere=said.where.spot is not None or said.where.address is not None,
            sometime=when is not None,
            someone=bool(wanted),
            words=len(said.sentence.words),
            unexplained=said.unexplained,
            opens_as_follow_up=_opens_as_follow_up(said),
            distance=distance,
        )
        intent, because = self._intents.find(present, asked)
        chosen = services.best if intent == "find_service" else services.firm if intent == "refine" else ()
        likely = readings.of(services, intent)
        if intent == "unknown":
            likely = tuple(self._labels.nearest(said.sentence.words, said.language))
            if self._dangers.nearly({hit.id for hit in said.of("danger")}):
                likely = (Reading("emergency", (), readings.NEAR_DANGER_SCORE), *likely)
        return Frame(
            said.language,
            intent,
            categories=chosen,
            place=said.where.place,
            when=when if intent != "report_error" else None,
            needs=wanted if intent in _WITH_NEEDS else (),
            places=said.where.candidates,
            address=said.where.address.text if said.where.address else None,
            distance=distance if intent == "refine" else None,
            readings=likely,
            language_certain=said.certain,
            why=(*((f"intent: {because}",) if because else ()), *_why(said)),
        )

    def _needs(self, said: Said, services: Collection[str]) -> tuple[str, ...]:
        ages = needs.ages(said.sentence, said.of("age"), said.spoken.numbers)
        return needs.find(said.of("need"), ages, services)

    def _when(
        self, said: Said, now: datetime, *, sleeping: bool, passed_over: Collection[str] = (), denied: bool = True
    ) -> When | None:
        """`denied`: whether a time denied is not meant."""
        hits = [hit for hit in said.of("time", "idle time") if hit.id not in passed_over]
        return self._moments.read(
            said.sentence, hits, said.spoken, now, taken=said.where.tokens, sleeping=sleeping, denied=denied
        )


def _is_usual(said: Said, frame: Frame) -> bool:
    """Whether the sentence is made of words of the lexicon and a place alone ("douche gare du nord") and asks for no
    time: many people ask the same, it always means the same, and nothing in it is about anybody, so that its frame may
    be kept. A sentence with any other word, a name or an address, is not remembered."""
    timeless = frame.when is None and all(hit.id.startswith("link:") for hit in said.of("time", "idle time"))
    return timeless and not (said.unexplained or said.mended or said.where.address or said.of("age"))


def _opens_as_follow_up(said: Said) -> bool:
    """Whether the sentence begins with "et", "plutôt"..., greetings aside, or with an "and" written on its first word."""
    cues = said.of("cue")
    first = max((hit.end for hit in cues if hit.id == "greeting" and hit.start == 0), default=0)
    if any(hit.id == "opener" and hit.start == first for hit in cues):
        return True
    words, word = said.spoken.words, said.sentence.words[min(first, len(said.sentence.words) - 1)]
    return word[0] in words.joined_openers and not said.spoken.is_familiar(word)


def _night(when: When | None) -> When | None:
    """`when` if it is an evening or a night; of a whole day, its night."""
    if when is not None and when == calendar.whole_day(when.start.date()):
        return calendar.part_of(when.start.date(), "night")
    return when if when is not None and timedelta() < when.end - when.start <= _LONGEST_NIGHT else None


def _why(said: Said) -> tuple[str, ...]:
    phrases = {(hit.entry.kind, hit.id): hit.entry.phrase for hit in said.of("category", "need", "time")}
    notes = [f"{kind} {id_}: {phrase}" for (kind, id_), phrase in phrases.items()]
    if said.where.spot is not None:
        notes.append(f"place: {said.where.spot.places[0].name} ({said.where.spot.score:.2f})")
    if said.where.address is not None:
        notes.append(f"address: {said.where.address.text}")
    return (*notes, *(f"spelling: {note}" for note in said.mended))
