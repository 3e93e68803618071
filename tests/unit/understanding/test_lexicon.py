from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from pathlib import Path

import pytest

from knowledge.categories import categories
from knowledge.frame import NEEDS
from knowledge.understanding import lexicon_files, rules
from knowledge.understanding.lexicon import Lexicon, LexiconError
from knowledge.understanding.matcher import Entry
from knowledge.understanding.rules import Rule
from tests.unit.understanding.conftest import Understand

SAID_IN_FRENCH_ALONE = {"habitual_violence", "child_by_parent"}
"""Dangers told finer there; other languages have a coarser one for them."""
SAID_OF_THE_SENTENCE = {"category", "hint", "pregnant", "shelter_asked"}
"""Words of rules that no lexicon has."""


def labels() -> list[tuple[str, str]]:
    text = files("knowledge.data").joinpath("categories.csv").read_text(encoding="utf-8")
    return [(row[key], row["id"]) for row in csv.DictReader(text.splitlines()) for key in ("label_fr", "label_en")]


@pytest.mark.parametrize(("label", "category"), labels())
def test_every_label_is_understood(understand: Understand, label: str, category: str) -> None:
    assert category in understand(label).categories


def test_every_category_and_need_has_words_in_french_and_english() -> None:
    for language in ("fr", "en"):
        said = {entry.id for entry in _entries(language)}
        assert said >= set(categories()) | set(NEEDS), language


def test_every_cue_of_the_rules_has_words_in_french() -> None:
    needed = {cue for ways in _ways().values() for rule in ways for cue in rule.needed | rule.absent}
    needed.add(rules.load("danger")["deaf"]["cue"])
    assert not needed - SAID_OF_THE_SENTENCE - {entry.id for entry in _entries("fr")}


@pytest.mark.parametrize("language", ["ar", "en", "es", "fa", "fr", "ps", "pt", "ro", "ru", "uk"])
def test_every_intent_and_danger_can_be_said_in_every_language(language: str) -> None:
    said = {entry.id for entry in _entries(language)} | SAID_OF_THE_SENTENCE
    for name, ways in _ways().items():
        if name not in SAID_IN_FRENCH_ALONE:
            assert any(rule.needed <= said for rule in ways), name


def _ways() -> dict[str, list[Rule]]:
    """Intents and dangers with the rules for each."""
    intents, danger = rules.load("intents"), rules.load("danger")
    ways = [(f"{section} {name}", ways) for section, table in intents.items() for name, ways in table.items()]
    ways += [(each["id"], each["when"]) for each in danger["danger"]]
    return {name: [Rule.read(text) for text in texts] for name, texts in ways}


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("categories.toml", 'shower = ["bain"]\nlaundry = ["bain"]', "'bain' points to shower and to laundry"),
        ("categories.toml", 'shower = ["[bon] bain"]\nlaundry = ["bain"]', "'bain' points to shower and to laundry"),
        ("categories.toml", 'sauna = ["bain"]', "no category is called 'sauna'"),
        ("needs.toml", 'giants = ["géant"]', "no need is called 'giants'"),
        ("categories.toml", 'shower = ["(bain"]', "cannot read '(bain'"),
        ("categories.toml", '[often]\nshower = ["bain"]', "no section is called 'often'"),
        ("categories.toml", "shower = [", "fr/categories.toml"),
        ("categorys.toml", "", "no lexicon file has this name"),
    ],
)
def test_a_wrong_file_is_refused_with_its_name(tmp_path: Path, file: str, content: str, message: str) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / file).write_text(content, encoding="utf-8")
    with pytest.raises(LexiconError, match="fr/") as refused:
        Lexicon.load(tmp_path)
    assert message in str(refused.value)


def test_a_phrase_may_have_a_second_sense_when_it_is_said_which(tmp_path: Path) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "categories.toml").write_text('shower = ["bain"]\n[second]\nlaundry = ["bain"]')
    hits = Lexicon.load(tmp_path).languages["fr"].matcher.match(["bain"])
    assert {(hit.id, hit.entry.rank) for hit in hits} == {("shower", 1), ("laundry", 2)}


@cache
def _tables() -> dict[str, lexicon_files.Tables]:
    return lexicon_files.read_folder(files("knowledge.understanding").joinpath("lexicon"))


@cache
def _entries(language: str) -> list[Entry]:

    return [entry for entry, _ in lexicon_files.entries(language, _tables()[language])]
