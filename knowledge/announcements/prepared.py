"""Alerts prepared for bad days, as files that staff can read: templates/*.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from knowledge.announcements.kinds import Kind
from knowledge.text import plain

Said = Mapping[str, str]
"""Words by language; French is always there."""


class Template(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    names: tuple[str, ...]
    """What staff type to get it."""
    kind: Kind
    urgent: bool
    title: Said
    level: tuple[Said, ...] = Field(min_length=1)
    text: Said
    """With {level} and {until}."""
    buttons: tuple[Said, ...] = Field(max_length=3)

    def words(self, said: Said, language: str) -> str:
        return said.get(language) or said["fr"]

    def written(self, language: str, level: int, until: str) -> str:
        """`until`: the end in that language, as it stands after a comma."""
        text = self.text[language].format(level=self.words(self.level[level], language), until=until)
        return text.strip().replace(", .", ".")


@cache
def templates() -> tuple[Template, ...]:
    """By name. Raises ValueError for a file that is not as it must be, naming it."""
    found = []
    for file in sorted(files("knowledge.announcements").joinpath("templates").iterdir(), key=lambda one: one.name):
        if file.name.endswith(".toml"):
            try:
                values = tomllib.loads(file.read_text(encoding="utf-8"))
                found.append(Template(id=file.name.removesuffix(".toml"), **values))
            except ValueError as error:
                raise ValueError(f"{file.name}: {error}") from None
    return tuple(found)


def template(words: str) -> Template | None:
    """The one of this id, or that is called so."""
    wanted = plain(words)
    return next((one for one in templates() if wanted == one.id or wanted in map(plain, one.names)), None)
