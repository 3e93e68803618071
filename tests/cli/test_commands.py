"""The command line as an operator uses it: exit codes, one clear line, and what is printed."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, cwd: Path, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=cwd, input=given, capture_output=True, text=True, timeout=60, check=False,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(Path(__file__).parents[2]), "LANG": "C.UTF-8", **environment},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "config", "code", "says"),
    [
        (["run"], "[telegram]\ntokken = 'x'", 2, "telegram.tokken"),
        (["run"], "[bot]\ntimezone = 'Mars'", 2, "bot.timezone"),
        (["run"], "not toml", 2, "not valid TOML"),
        (["run"], "", 2, "telegram"),
        (["run", "--config", "nowhere.toml"], "", 2, "config.example.toml"),
        (["run"], "[storage]\nurl = 'sqlite:///x.db?mode=ro'", 2, "storage"),
        (["ask", "douche", "--near", "here"], "", 2, "--near"),
        (["ask", "douche", "--near", "95,2"], "", 2, "--near"),
        (["ask", "douche", "--at", "soon"], "", 2, "--at"),
        (["ask", "douche", "--at", "0001-01-01"], "", 2, "--at"),
        (["ask", "douche", "--lang", "xx"], "", 2, "--lang"),
        (["understand", "nowhere.jsonl"], "", 2, "nowhere.jsonl"),
        (["directory", "import", "x.csv", "--format", "tar"], "", 2, "--format"),
        (["directory", "check", "nowhere.csv"], "", 2, "nowhere.csv"),
        (["migrate"], "[storage]\nurl = 'sqlite:////proc/no/where.db'", 1, "database"),
        (["backup", "/proc/no/where.db"], "", 1, "backup"),
    ],
)
def test_what_is_wrong_is_one_clear_line(
    tmp_path: Path, arguments: list[str], config: str, code: int, says: str
) -> None:
    if config:
        (tmp_path / "config.toml").write_text(config, encoding="utf-8")
    answer = run(*arguments, cwd=tmp_path)
    assert (answer.returncode, says in answer.stderr) == (code, True), answer.stderr
    assert "Traceback" not in answer.stderr
    assert len(answer.stderr.strip().splitlines()) == 1


def test_a_question_as_data(tmp_path: Path) -> None:
    answer = run("ask", "douche gare du nord", "--at", "2026-11-24T13:00", "--json", cwd=tmp_path)
    told = json.loads(answer.stdout)
    assert set(told) == {"frame", "results", "text"}
    assert told["frame"]["categories"] == ["shower"]
    assert told["frame"]["place"]["name"] == "Gare du Nord"
    first = told["results"][0]
    assert {
        "id", "name", "category", "address", "latitude", "longitude", "distance_m", "walk_minutes", "status",
        "closes_at", "opens_at", "verified_on", "phone", "conditions",
    } <= set(first)  # fmt: skip
    assert (first["status"], first["closes_at"]) == ("open", "2026-11-24T18:00:00+01:00")
    assert list(tmp_path.iterdir()) == [], "a question leaves nothing behind"


def test_near_is_where_nothing_else_is_said(tmp_path: Path) -> None:
    answer = run("ask", "toilettes", "--near", "48.8530,2.3690", "--at", "2026-11-24T13:00", "--json", cwd=tmp_path)
    results = json.loads(answer.stdout)["results"]
    assert results
    assert all(result["distance_m"] < 1500 for result in results)


def test_sentences_to_frames_and_bad_lines_named(tmp_path: Path) -> None:
    lines = '{"id": 1, "text": "douche"}\nnonsense\n\n{"id": 2, "text": "thanks", "at": "2026-11-24T13:00:00+01:00"}\n'
    answer = run("understand", cwd=tmp_path, given=lines)
    frames = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [(frame["id"], frame["intent"]) for frame in frames] == [(1, "find_service"), (2, "thanks")]
    assert "line 2" in answer.stderr
    assert answer.returncode == 1


def test_a_talk_through_a_pipe_is_remembered_and_interrupted_answers_are_shown(tmp_path: Path) -> None:
    first = run("chat", cwd=tmp_path, given="douche gare du nord\n1\n/mesdonnees\n")
    assert first.returncode == 0
    assert "Bains-douches" in first.stdout
    assert "48.8" in first.stdout
    assert '"near": "Gare du Nord"' in first.stdout
    again = run("chat", cwd=tmp_path, given="et demain ?\n")
    assert "Gare du Nord" in again.stdout
    other = run("chat", "--as", "bob", cwd=tmp_path, given="et demain ?\n")
    assert "Gare du Nord" not in other.stdout


def test_the_directory_out_and_in_again_changes_nothing(tmp_path: Path) -> None:
    assert run("directory", "check", cwd=tmp_path).returncode == 0
    written = run("directory", "export", "-o", "out", cwd=tmp_path)
    assert written.returncode == 0, written.stderr
    run("directory", "import", "out/services.csv", cwd=tmp_path)
    again = run("directory", "import", "out/services.csv", cwd=tmp_path)
    assert "added 0, changed 0" in again.stdout
    file = tmp_path / "out" / "services.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("shower", "sauna", 1), encoding="utf-8")
    broken = run("directory", "import", "out/services.csv", cwd=tmp_path)
    assert "category" in broken.stdout
    assert "rejected 1" in broken.stdout


def test_migrate_and_backup(tmp_path: Path) -> None:
    assert run("migrate", cwd=tmp_path).stdout == "migrated\n"
    assert run("migrate", cwd=tmp_path).stdout == "already up to date\n"
    assert run("backup", "copy.db", cwd=tmp_path).returncode == 0
    assert (tmp_path / "copy.db").stat().st_size > 0


def test_the_doctor_says_what_to_mend(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(
        "[telegram]\ntoken = '1:x'\napi_url = 'http://127.0.0.1:9'\n[geocoding]\nurl = ''", encoding="utf-8"
    )
    answer = run("doctor", cwd=tmp_path)
    assert answer.returncode == 1
    assert "api_url" in answer.stdout
    assert "database: sqlite, up to date" in answer.stdout
