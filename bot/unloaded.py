"""Keeps parts of other libraries that the bot does not use out of memory: 12 MB and 100 ms of every start (ran)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from types import ModuleType


@contextmanager
def unloaded(package: str) -> Iterator[None]:
    """What is imported meanwhile does without `package`, as it would where that is not installed.

    structlog loads rich and twisted where it finds them, python-telegram-bot cryptography, for what is not used here.
    """
    with _in_place(package, None):
        yield


@contextmanager
def names_only(package: str) -> Iterator[None]:
    """What is imported meanwhile finds in `package` names for its annotations, and nothing that works.

    python-telegram-bot loads httpx for the HTTP class it uses when it is given no other; the bot gives its own.
    """
    with _in_place(package, _Names(package)):
        yield


@contextmanager
def parts_only(package: str) -> Iterator[None]:
    """What is imported meanwhile may import modules of `package` without all that its `__init__` imports.

    Of telegram.ext, the bot uses one module of some sixty.
    """
    parent, _, name = package.rpartition(".")
    spec = PathFinder.find_spec(package, sys.modules[parent].__path__ if parent else None)
    if spec is None:
        raise ModuleNotFoundError(f"no package {package}", name=name)
    with _in_place(package, module_from_spec(spec)):
        yield


class _Names(ModuleType):
    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


@contextmanager
def _in_place(package: str, module: ModuleType | None) -> Iterator[None]:
    """`module` stands for `package`, unless that is loaded already; afterwards it can be loaded as ever."""
    if sys.modules.get(package) is not None:
        yield
        return
    sys.modules[package] = module  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[package]
