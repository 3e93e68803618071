from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from knowledge.frame import Frame
from knowledge.gazetteer import Gazetteer
from knowledge.understanding import Understanding
from knowledge.understanding.lexicon import Lexicon

NOW = datetime(2026, 1, 14, 15, 0, tzinfo=ZoneInfo("Europe/Paris"))
"""A Wednesday."""

Understand = Callable[[str], Frame]


@pytest.fixture(scope="session", autouse=True)
def _prepared() -> None:
    """Every language is ready before the first sentence, as after setting the bot up."""
    subprocess.run([sys.executable, "-m", "knowledge.understanding.prepare"], check=False)


@pytest.fixture(scope="session", autouse=True)
def _prepared() -> None:
    """Every language is ready before the first sentence, as after setting the bot up."""
    subprocess.run([sys.executable, "-m", "knowledge.understanding.prepare"], check=False)


@pytest.fixture(scope="session")
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return Lexicon.load()


@pytest.fixture(scope="session")
def understanding(gazetteer: Gazetteer) -> Understanding:
    return Understanding.load(gazetteer)


@pytest.fixture(scope="session")
def understand(understanding: Understanding) -> Understand:
    """Understands a sentence said at NOW."""
    return lambda text: understanding.understand(text, NOW)
