"""Languages made ready once and kept beside their files, as Python keeps its modules: reading ten languages of TOML
takes a second, reading them ready takes a few hundredths.

A kept language is used while its files, and the code that made it ready, are the same to the byte. Where nothing can be
written, each start reads the files.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from knowledge.understanding.lexicon_files import language_files

_MADE_BY = ("lexicon", "lexicon_files", "matcher", "phrases", "tree", "forms")
_KNOWN = ("categories.csv",)
"""Files that say which ids a language may use."""


def kept(folder: Traversable, make: Callable[[Traversable], dict[str, Any]]) -> dict[str, Any]:
    """What `make` makes of the language in `folder`, from the kept file when that is still good."""
    print_ = _fingerprint(folder)
    path = _path(folder)
    if path is None:
        return make(folder)
    with contextlib.suppress(OSError, ValueError):
        first, _, rest = path.read_bytes().partition(b"\n")
        if first == print_:
            found: dict[str, Any] = json.loads(rest)
            return found
    made = make(folder)
    _keep(path, print_ + b"\n" + json.dumps(made, ensure_ascii=False, separators=(",", ":")).encode())
    return made


def _path(folder: Traversable) -> Path | None:
    if not isinstance(folder, Path):
        return None
    return folder.parent / "__pycache__" / f"{folder.name}.json"


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
