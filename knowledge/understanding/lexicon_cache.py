"""Languages made ready once and kept (knowledge/kept.py): reading a language of TOML takes half a second, reading it
ready a few thousandths.

A language that is not ready is made so by a child process, so that what it takes meanwhile is given back. A language
whose files cannot be used is read as it was when they last could.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from knowledge import preparing
from knowledge.kept import Shelf, fingerprint
from knowledge.understanding.lexicon_files import LexiconError, language_files
from knowledge.understanding.word_marks import WordMarks

_MADE_BY = (
    "lexicon", "lexicon_files", "lexicon_cache", "matcher", "phrases", "tree", "forms", "near_words", "word_marks", "symbols", "drawls",
)  # fmt: skip
_KNOWN = ("categories.csv",)
"""Files that say which ids a language may use."""

Packed = dict[str, Any]
"""A language as plain values."""
Words = tuple[Iterable[str], Iterable[str]]
"""All words that tell a language, and the little ones among them."""

log = logging.getLogger(__name__)


class Kept:
    """One language: `pack` makes it ready from its folder and says which words it has."""

    def __init__(self, folder: Traversable, pack: Callable[[Traversable], tuple[Packed, Words]]) -> None:
        self._folder = folder
        self._pack = pack
        self._shelf = Shelf(folder.parent if hasattr(folder, "parent") else folder)
        self._content: bytes | None = None
        """What could not be kept anywhere."""
        self._told = False

    def packed(self) -> Packed:
        found: Packed = json.loads(self._ready().split(b"\n", 1)[1])
        return found

    def telling(self) -> tuple[WordMarks, WordMarks]:
        """Marks of all words that tell the language, and of the little ones among them."""
        every, little = self._ready().split(b"\n", 1)[0].decode("ascii").split(" ")
        return WordMarks.read(every), WordMarks.read(little)

    def is_ready(self) -> bool:
        """Whether the language, or what is wrong with it, is known without reading its files."""
        print_ = self._print()
        return self._content is not None or any(self._shelf.has(n, print_) for n in (self._name, self._fault_name))

    def make(self) -> bytes:
        """The language made ready from its files, and kept, or what is wrong with it, which LexiconError tells."""
        print_ = self._print()
        try:
            packed, (words, little) = self._pack(self._folder)
        except LexiconError as error:
            self._shelf.keep(self._fault_name, print_, str(error).encode())
            raise
        telling = " ".join(WordMarks.of(each).written() for each in (words, little))
        text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
        content = telling.encode("ascii") + b"\n" + text.encode()
        self._shelf.throw_away(self._fault_name)
        self._content = None if self._shelf.keep(self._name, print_, content) else content
        return content

    def _ready(self) -> bytes:
        """Words that tell the language, and on a second line the whole of it. LexiconError where it cannot be used."""
        if (found := self._taken(self._print())) is not None:
            return found
        if self._fault() is None and preparing.may_wait_for(self._folder):
            preparing.wait(self.is_ready)
            if (found := self._taken(self._print())) is not None:
                return found
        try:
            if (fault := self._fault()) is not None:
                raise LexiconError(fault)
            return self.make()
        except LexiconError as error:
            if (last := self._shelf.take(self._name, _code())) is None:
                raise
            if not self._told:
                log.error("%s; the language is read as it was before", error)
            self._told = True
            return last

    def _taken(self, print_: bytes) -> bytes | None:
        return self._content or self._shelf.take(self._name, print_)

    def _fault(self) -> str | None:
        fault = self._shelf.take(self._fault_name, self._print())
        return fault.decode() if fault is not None else None

    @property
    def _name(self) -> str:
        return f"{self._folder.name}.json"

    @property
    def _fault_name(self) -> str:
        return f"{self._folder.name}.fault"

    def _print(self) -> bytes:
        return _code() + fingerprint(language_files(self._folder))


@cache
def _code() -> bytes:
    """A fingerprint of what makes languages ready."""
    here, above = files("knowledge.understanding"), files("knowledge")
    return fingerprint(
        (
            *(here.joinpath(f"{name}.py") for name in _MADE_BY),
            *(above.joinpath(name) for name in ("text.py", "letters.py", "frame.py", "kept.py")),
            *(above.joinpath("data", name) for name in _KNOWN),
        )
    )
