"""`understand`: JSON Lines in, frames out; a bad line never stops the rest."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command

GOOD = b'{"id": "1", "text": "douche bastille", "at": "2026-03-29T14:30:00+02:00"}\n'


def test_from_standard_input_and_from_a_file(command: Command, folder: Path) -> None:
    piped = command("understand", stdin=GOOD)
    (folder / "questions.jsonl").write_bytes(GOOD)
    read = command("understand", "questions.jsonl")
    assert (piped.code, piped.err) == (read.code, read.err) == (0, "")
    assert piped.out == read.out
    frame = json.loads(piped.out)
    assert (frame["id"], frame["intent"], frame["categories"]) == ("1", "find_service", ["shower"])


def test_ids_come_back_as_they_are_and_blank_lines_are_passed_over(command: Command) -> None:
    lines = [json.dumps({"id": one, "text": "x"}) for one in ("a", 7, None, ["x"])]
    ended = command("understand", stdin="\n\n".join(lines).encode())
    assert [json.loads(line)["id"] for line in ended.out.splitlines()] == ["a", 7, None, ["x"]]


@pytest.mark.parametrize(
    "bad",
    [
        b"no json", b"[1]", b'"x"', b"{}", b'{"id": 1}', b'{"text": 5}', b'{"text": null}', b'{"text": "x", "at": "x"}',
        b'{"text": "x", "at": 5}', b'{"text": "x", "at": "9999-12-31T00:00:00"}', b"\xff\xfe{", b"[" * 100_000,
        b'{"text": "x"', b"\x00",
    ],
)  # fmt: skip
def test_a_bad_line_is_told_and_left_out(command: Command, bad: bytes) -> None:
    ended = command("understand", stdin=GOOD + bad + b"\n" + GOOD)
    assert ended.code == 1
    assert len(ended.out.splitlines()) == 2
    assert ended.err.splitlines()[0].startswith("solidarity-bot: line 2: ")
    assert ended.err.splitlines()[1] == "solidarity-bot: 1 lines could not be read"
    assert "Traceback" not in ended.err


@pytest.mark.parametrize("text", ["\ud800 douche", "a\u0000b", "😀" * 5000, "", "مرحبا", "\ue000douche\ue001"])
def test_any_text_has_a_frame(command: Command, text: str) -> None:
    ended = command("understand", stdin=json.dumps({"id": text, "text": text}).encode() + b"\n")
    assert ended.code == 0, ended.err
    assert json.loads(ended.out)["intent"]


def test_with_the_mark_that_some_editors_put_first(command: Command, folder: Path) -> None:
    (folder / "bom.jsonl").write_bytes(b"\xef\xbb\xbf" + GOOD)
    ended = command("understand", "bom.jsonl")
    assert ended.code == 0, ended.err
