"""Languages kept ready for the next start, and those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.gazetteer import Gazetteer
from knowledge.understanding import Understanding
from knowledge.understanding.lexicon import Lexicon, LexiconError, kept_languages
from tests.unit.understanding.conftest import NOW

WRONG = 'shower = ["(bain"]'


@pytest.fixture(autouse=True)
def _own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for language, word in (("fr", "bain"), ("ru", "душ"), ("es", "ducha")):
        (tmp_path / "lexicon" / language).mkdir(parents=True)
        say(tmp_path / "lexicon", language, f'shower = ["{word}"]')
    return tmp_path / "lexicon"


def say(folder: Path, language: str, content: str) -> None:
    (folder / language / "categories.toml").write_text(content, encoding="utf-8")


def understood(folder: Path, gazetteer: Gazetteer, text: str, hint: str | None = None) -> tuple[str, ...]:
    return Understanding(Lexicon.load(folder), gazetteer).understand(text, NOW, hint=hint).categories


def test_a_changed_file_is_read_anew(folder: Path, gazetteer: Gazetteer) -> None:
    assert understood(folder, gazetteer, "bain") == ("shower",)
    say(folder, "fr", 'laundry = ["bain"]')
    assert understood(folder, gazetteer, "bain") == ("laundry",)


@pytest.mark.parametrize("hint", [None, "ru", "es"])
def test_a_language_that_cannot_be_used_is_left_out(
    folder: Path, gazetteer: Gazetteer, caplog: pytest.LogCaptureFixture, hint: str
) -> None:
    for language in ("ru", "es"):
        say(folder, language, WRONG)
    assert understood(folder, gazetteer, "bain", hint) == ("shower",)
    assert understood(folder, gazetteer, "где душ", hint) == ()
    assert understood(folder, gazetteer, "ducha", hint) == ()
    assert "ru/categories.toml: cannot read '(bain'" in caplog.text


def test_a_language_that_was_good_before_is_read_as_it_was(
    folder: Path, gazetteer: Gazetteer, caplog: pytest.LogCaptureFixture
) -> None:
    assert understood(folder, gazetteer, "bain") == ("shower",)
    say(folder, "fr", WRONG)
    assert understood(folder, gazetteer, "bain") == ("shower",)
    assert "fr/categories.toml" in caplog.text


def test_without_french_nothing_starts(folder: Path) -> None:
    say(folder, "fr", WRONG)
    with pytest.raises(LexiconError, match=r"fr/categories.toml: cannot read '\(bain'"):
        Lexicon.load(folder)


def test_what_cannot_be_kept_beside_the_files_is_kept_elsewhere(folder: Path, tmp_path: Path) -> None:
    (folder / "__pycache__").write_text("no folder")
    kept_languages(folder)["fr"].make()
    assert kept_languages(folder)["fr"].is_ready()
    assert [file.name for file in (tmp_path / "cache").rglob("*.json")] == ["fr.json"]


def test_where_nothing_can_be_kept_the_files_are_read(
    folder: Path, gazetteer: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("knowledge.kept._written", lambda *_: False)
    assert understood(folder, gazetteer, "bain") == ("shower",)
    assert understood(folder, gazetteer, "где душ") == ("shower",)
