"""What is made ready once and kept for the next start, as Python keeps its modules: words, names of places.

It is kept beside the files that it is made of; where those may not be written to, in the user's cache folder, or in
one of the user's own among the temporary files. A kept thing is good while the files that it is made of, and the code
that made it, are the same.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from array import array
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from importlib.resources.abc import Traversable
from pathlib import Path

_PROGRAM = "solidarity-bot"
_PRIVATE = 0o700
_OTHERS = 0o022
"""Rights of others to write."""


class Shelf:
    """The kept things that are made of files in the folder `beside`."""

    def __init__(self, beside: Traversable) -> None:
        self._folders = tuple(_folders(beside))

    def take(self, name: str, print_: bytes) -> bytes | None:
        """What is kept under `name` with a fingerprint that begins with `print_`, None where there is none."""
        for folder in self._folders:
            with contextlib.suppress(OSError, ValueError):
                kept, content = (folder / name).read_bytes().split(b"\n", 1)
                if kept.startswith(print_) and _is_ours(folder):
                    return content
        return None

    def has(self, name: str, print_: bytes) -> bool:
        """Whether `take` finds something."""
        for folder in self._folders:
            with contextlib.suppress(OSError), (folder / name).open("rb") as file:
                if file.read(len(print_)) == print_ and _is_ours(folder):
                    return True
        return False

    def keep(self, name: str, print_: bytes, content: bytes) -> bool:
        """Whether `content` could be kept, in place of what was."""
        return any(_written(folder, name, print_ + b"\n" + content) for folder in self._folders)

    def throw_away(self, name: str) -> None:
        for folder in self._folders:
            with contextlib.suppress(OSError):
                (folder / name).unlink()


def as_text(numbers: array[int]) -> str:
    """`numbers` as text, for a file."""
    return b64encode(numbers.tobytes()).decode("ascii")


def from_text(code: str, text: str) -> array[int]:
    """`code`: of the array's kind of numbers."""
    return array(code, b64decode(text))


def fingerprint(files: Iterable[Traversable]) -> bytes:
    """Tells whether any of `files` was changed: by name, size and time, as Python does for its modules."""
    digest = blake2b(digest_size=16)
    for file in files:
        with contextlib.suppress(OSError):  # an installation without sources: its version changes the folder
            if isinstance(file, Path):
                state = file.stat()
                digest.update(f"{file.name}\0{state.st_size}\0{state.st_mtime_ns}\0".encode())
            else:
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest().encode()


def _folders(beside: Traversable) -> Iterator[Path]:
    if isinstance(beside, Path):
        yield beside / "__pycache__"
    place = blake2b(str(beside).encode(), digest_size=6).hexdigest()
    if (cache := _cache_folder()) is not None:
        yield cache / _PROGRAM / place
    user = os.getuid() if sys.platform != "win32" else "kept"
    with contextlib.suppress(OSError):  # no folder for temporary files at all
        yield Path(tempfile.gettempdir()) / f"{_PROGRAM}-{user}" / place


def _cache_folder() -> Path | None:
    with contextlib.suppress(RuntimeError):  # nobody's home
        if sys.platform == "win32":
            return Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        if sys.platform == "darwin":
            return Path.home() / "Library" / "Caches"
        return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return None


def _is_ours(folder: Path) -> bool:
    """Whether nobody else can have written what a folder among the temporary files holds."""
    if sys.platform == "win32" or folder.name == "__pycache__":
        return True
    state = folder.lstat()
    return state.st_uid == os.getuid() and not state.st_mode & _OTHERS


def _written(folder: Path, name: str, content: bytes) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE if folder.name != "__pycache__" else 0o777)
        if not _is_ours(folder):
            return False
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(content)
        Path(file.name).chmod(0o644)
        Path(file.name).replace(folder / name)
    except OSError:
        return False
    return True
