"""Keeps the catalogs complete: `python -m bot.catalogs update` collects texts from the code, `check` refuses gaps."""

from __future__ import annotations

import ast
import string
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from bot.texts import LANGUAGES, SOURCE_LANGUAGE
from knowledge.categories import categories
from knowledge.directory import bundled_services

ROOT = Path(__file__).parent.parent
LOCALES = Path(__file__).parent / "locales"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "t": None,
    "tn": (1, 2),
    "tc": ((1, "c"), 2),
    "gettext": None,
}
PACKAGES = ("bot", "handlers")


def collected(language: str) -> Catalog:
    """Every text of the code, every category's label, and the conditions of services where the directory itself does not
    say them in this language."""
    catalog = Catalog()
    for package in PACKAGES:
        for name, _line, message, _comments, context in extract_from_dir(
            ROOT / package, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            catalog.add(message, locations=[(f"{package}/{name}", 0)], context=context)
    for category in categories().values():
        catalog.add(category.label_en, locations=[("knowledge/data/categories.csv", 0)], context="category")
    for service in bundled_services():
        if language not in service.conditions and (words := service.conditions.get(SOURCE_LANGUAGE)):
            catalog.add(words, locations=[("knowledge/data/services.csv", 0)], context="conditions")
    return catalog


def _file(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "messages.po"


def _read(language: str) -> Catalog:
    with _file(language).open("rb") as file:
        return read_po(file, locale=language)


def update() -> None:
    """Adds new texts to each catalog, untranslated, and takes out those the code no longer has."""
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        template = collected(language)
        path = _file(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalog = _read(language) if path.exists() else Catalog(locale=language, project="solidarity-bot")
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=120, omit_header=False, sort_output=True, include_lineno=False)


def overlooked() -> Iterator[str]:
    """Texts that the collector does not see, such as those within an f-string."""
    known = {text for message in collected(SOURCE_LANGUAGE) for text in (_ids(message) if message.id else ())}
    for package in PACKAGES:
        for file in sorted((ROOT / package).rglob("*.py")):
            for text in _asked_for(ast.parse(file.read_text(encoding="utf-8"))):
                if text not in known:
                    yield f"{file.relative_to(ROOT)}: not collected, move it out of the f-string: {text!r}"


def _asked_for(tree: ast.AST) -> Iterator[str]:
    """First words of each call by name of `KEYWORDS` (of `tc`: the second)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            place = 1 if name == "tc" else 0
            text = node.args[place] if name in KEYWORDS and len(node.args) > place else None
            if isinstance(text, ast.Constant) and isinstance(text.value, str) and text.value:
                yield text.value


def problems() -> Iterator[str]:
    """Texts that are not collected or not translated, translations without text, placeholders that differ."""
    yield from overlooked()
    for language in LANGUAGES:
        if language == SOURCE_LANGUAGE:
            continue
        template = collected(language)
        catalog = _read(language)
        for message in template:
            if not message.id:
                continue
            translated = catalog.get(message.id, message.context)
            if translated is None or not _forms(translated) or not all(_forms(translated)):
                yield f"{language}: not translated: {message.id!r}"
                continue
            wanted = _placeholders(_ids(message))
            yield from (
                f"{language}: other placeholders than {sorted(wanted)}: {form!r}"
                for form in _forms(translated)
                if not _placeholders((form,)) <= wanted
                or (not message.pluralizable and _placeholders((form,)) != wanted)
            )
        known = {(message.id, message.context) for message in template}
        for message in catalog:
            if message.id and (message.id, message.context) not in known:
                yield f"{language}: no longer in the code: {message.id!r}"


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _placeholders(texts: tuple[str, ...]) -> set[str]:
    return {name for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


def main() -> None:
    if sys.argv[1:] == ["update"]:
        update()
        return
    found = list(problems())
    for problem in found:
        print(problem)
    if found:
        sys.exit(f"{len(found)} gaps in the catalogs: run `make texts`, then translate")
    print(f"catalogs complete: {', '.join(LANGUAGES)}")


if __name__ == "__main__":
    main()
