"""`ask`: one question, one answer, nothing kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

AT = "2026-11-24T13:00"
RESULT = {
    "id", "name", "category", "address", "latitude", "longitude", "distance_m", "walk_minutes", "status", "closes_at",
    "opens_at", "verified_on", "phone", "conditions",
}  # fmt: skip
FRAME = {"language", "intent", "categories", "place", "when", "needs", "numbers"}


def test_in_words(command: Command) -> None:
    ended = command("ask", "douche gare du nord", "--at", AT)
    assert (ended.code, ended.err) == (0, "")
    assert "Les Amiraux" in ended.out
    assert not any("\ue000" <= character <= "\uf8ff" for character in ended.out)


def test_as_data(command: Command) -> None:
    ended = command("ask", "douche gare du nord", "--at", AT, "--json")
    assert ended.code == 0
    answer = json.loads(ended.out)
    assert list(answer) == ["frame", "results", "text"]
    assert set(answer["frame"]) == FRAME
    assert answer["frame"]["intent"] == "find_service"
    assert answer["results"]
    for result in answer["results"]:
        assert set(result) == RESULT
        assert result["status"] in {"open", "closing_soon", "opens_later", "closed", "unknown"}
        assert result["name"] in answer["text"]
    nearest = answer["results"][0]
    assert nearest["closes_at"] == "2026-11-24T18:00:00+01:00"
    assert isinstance(nearest["distance_m"], int)
    assert len(ended.out.splitlines()) == 1


def test_from_where_one_stands_and_in_the_language_of_the_phone(command: Command) -> None:
    ended = command("ask", "shower", "--near", "48.8443,2.3743", "--at", AT, "--lang", "en", "--json")
    answer = json.loads(ended.out)
    assert answer["frame"]["language"] == "en"
    assert answer["results"][0]["distance_m"] < 1500


def test_a_moment_with_an_offset_is_that_moment(command: Command) -> None:
    here = command("ask", "douche bastille", "--at", "2026-11-24T13:00", "--json")
    elsewhere = command("ask", "douche bastille", "--at", "2026-11-24T17:00+05:00", "--json")
    assert json.loads(here.out)["results"] == json.loads(elsewhere.out)["results"]


@pytest.mark.parametrize("text", ["", " ", "/start", "/", "il ne respire plus", "\udcff douche", "x" * 5000, "--"])
def test_whatever_is_asked_is_answered(command: Command, text: str) -> None:
    ended = command("ask", "--json", "--at", AT, "--", text)
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["text"]


def test_it_leaves_no_file_behind(command: Command, folder: Path) -> None:
    assert command("ask", "douche bastille").code == 0
    assert list(folder.iterdir()) == []


def test_it_answers_from_the_database_where_there_is_one(command: Command, folder: Path) -> None:
    assert command("migrate").code == 0
    header = command("directory", "export").out.splitlines()[0]
    cells = dict.fromkeys(header.split(","), "")
    cells |= {
        "id": "test-1", "name": "Un seul lieu", "category": "shower", "address": "1 rue du Test", "postcode": "75012",
        "latitude": "48.853", "longitude": "2.369", "position_quality": "exact", "opening_hours": "24/7",
        "source": "test", "licence": "ODbL 1.0", "verified_on": "2026-11-01", "confidence": "A",
    }  # fmt: skip
    (folder / "one.csv").write_text(f"{header}\n{','.join(cells.values())}\n", encoding="utf-8")
    assert "added 1," in command("directory", "import", "one.csv").out
    answer = json.loads(command("ask", "douche bastille", "--at", AT, "--json").out)
    assert [result["name"] for result in answer["results"]] == ["Un seul lieu"]
