"""Languages made ready once and kept beside their files, as Python keeps its modules: reading a language of TOML takes a
tenth of a second, reading it ready a few thousandths.

A kept language is used while its files, and the code that made it ready, are the same to the byte. Where nothing can be
written, each start reads the files.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Callable, Iterable
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from knowledge.understanding.lexicon_files import language_files
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


class Kept:
    """One language: `pack` makes it ready from its folder and says which words it has."""

    def __init__(self, folder: Traversable, pack: Callable[[Traversable], tuple[Packed, Words]]) -> None:
        self._folder = folder
        self._pack = pack

    def packed(self) -> Packed:
        if (parts := self._kept() or self._made_apart()) is None:
            return self._made()[0]
        found: Packed = json.loads(parts[1])
        return found

    def telling(self) -> tuple[WordMarks, WordMarks]:
        """Marks of all words that tell the language, and of the little ones among them."""
        parts = self._kept() or self._made_apart()
        if parts is None:
            return self._made()[1]
        every, little = parts[0].decode("ascii").split(" ")
        return WordMarks.read(every), WordMarks.read(little)

    def _kept(self) -> tuple[bytes, bytes] | None:
        """Both parts of the kept file, None where there is no good one."""
        path = _path(self._folder)
        if path is not None:
            with contextlib.suppress(OSError, ValueError):
                print_, telling, packed = path.read_bytes().split(b"\n", 2)
                return (telling, packed) if print_ == _fingerprint(self._folder) else None
        return None

    def _made_apart(self) -> tuple[bytes, bytes] | None:
        """Made ready by a child process, so that what it takes meanwhile is given back; None where that cannot be."""
        if not hasattr(os, "fork") or threading.active_count() > 1 or _path(self._folder) is None:
            return None
        if (child := os.fork()) == 0:
            with contextlib.suppress(BaseException):  # the parent meets the same fault and tells of it
                self._made()
            os._exit(0)
        os.waitpid(child, 0)
        return self._kept()

    def _made(self) -> tuple[Packed, tuple[WordMarks, WordMarks]]:
        packed, (words, little) = self._pack(self._folder)
        telling = WordMarks.of(words), WordMarks.of(little)
        path = _path(self._folder)
        if path is not None:
            text = json.dumps(packed, ensure_ascii=False, separators=(",", ":"))
            _keep(
                path,
                b"\n".join(
                    (
                        _fingerprint(self._folder),
                        " ".join(each.written() for each in telling).encode("ascii"),
                        text.encode(),
                    )
                ),
            )
        return packed, telling


def _path(folder: Traversable) -> Path | None:
    return folder.parent / "__pycache__" / f"{folder.name}.json" if isinstance(folder, Path) else None


def _keep(path: Path, content: bytes) -> None:
    with contextlib.suppress(OSError):
        path.parent.mkdir(exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(content)
        Path(file.name).replace(path)


def _fingerprint(folder: Traversable) -> bytes:
    digest = blake2b(_code(), digest_size=16)
    for file in language_files(folder):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest().encode()


@cache
def _code() -> bytes:
    """A digest of what makes languages ready."""
    digest = blake2b(digest_size=16)
    here, above = files("knowledge.understanding"), files("knowledge")
    for file in (
        *(here.joinpath(f"{name}.py") for name in _MADE_BY),
        *(above.joinpath(name) for name in ("text.py", "letters.py", "frame.py")),
        *(above.joinpath("data", name) for name in _KNOWN),
    ):
        with contextlib.suppress(OSError):  # an installation without sources: its version changes the folder
            digest.update(file.read_bytes())
    return digest.digest()
