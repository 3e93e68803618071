"""`directory check`, `import`, `export`: the directory to and from files."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Command


def test_the_bundled_directory_is_good(command: Command) -> None:
    ended = command("directory", "check")
    assert ended.code == 0
    assert "0 rows rejected" in ended.out


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def written(folder: Path, table: list[dict[str, str]]) -> str:
    with (folder / "edited.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, table[0].keys())
        writer.writeheader()
        writer.writerows(table)
    return "edited.csv"


def test_what_is_exported_is_imported_without_a_change(command: Command, folder: Path) -> None:
    exported = command("directory", "export", "-o", "out")
    assert exported.out == "written to out/services.csv\n"
    first = command("directory", "import", "out/services.csv")
    assert first.code == 0
    assert "changed 0" in first.out
    again = command("directory", "import", "out/services.csv")
    count = len(rows((folder / "out/services.csv").read_text(encoding="utf-8")))
    assert again.out == f"read {count}, added 0, changed 0, unchanged {count}, rejected 0\n"


def test_a_bad_row_is_told_and_stops_nothing(command: Command, folder: Path) -> None:
    table = rows(command("directory", "export").out)[:5]
    table[1]["latitude"] = "north"
    table[2]["opening_hours"] = "when the sun shines"
    table[3]["name"] = "Nouveau nom"
    file = written(folder, table)
    ended = command("directory", "import", file)
    assert ended.code == 0
    told, counts = ended.out.splitlines()[:-1], ended.out.splitlines()[-1]
    assert [line.split(":")[0] for line in told] == [f"row 3 ({table[1]['id']})", f"row 4 ({table[2]['id']})"]
    assert counts.startswith("read 3,")
    assert counts.endswith("rejected 2")
    checked = command("directory", "check", file)
    assert checked.code == 1
    assert checked.out.splitlines()[:-1] == told


def test_a_change_is_counted_and_answered_from(command: Command, folder: Path) -> None:
    command("chat", stdin=b"")
    table = rows(command("directory", "export").out)
    table[0]["name"] = "Bains-douches du test"
    ended = command("directory", "import", written(folder, table[:1]))
    assert ended.out == "read 1, added 0, changed 1, unchanged 0, rejected 0\n"
    assert "Bains-douches du test" in command("directory", "export").out


@pytest.mark.parametrize("content", [b"", b"just words", b"\xff\xfe\x00\x01", b"a,b,c\n1,2,3\n", b"\x00" * 100])
def test_a_file_that_is_no_directory(command: Command, folder: Path, content: bytes) -> None:
    (folder / "other.csv").write_bytes(content)
    for name in ("check", "import"):
        ended = command("directory", name, "other.csv")
        assert ended.code == 1
        assert "other.csv" in ended.one_line()


def test_as_geojson(command: Command) -> None:
    found = json.loads(command("directory", "export", "--format", "geojson").out)
    assert found["type"] == "FeatureCollection"
    assert all(2 < feature["geometry"]["coordinates"][0] < 3 for feature in found["features"] if feature["geometry"])


def test_confidential_places_stay_out(command: Command, folder: Path) -> None:
    table = rows(command("directory", "export").out)[:1]
    secret = {**table[0], "id": "secret-1", "name": "Refuge", "address": "3 rue Secrète", "confidential": "yes"}
    imported = command("directory", "import", written(folder, [secret]))
    assert "rejected 0" in imported.out, imported.out
    for form in ("csv", "geojson"):
        assert "Secrète" not in command("directory", "export", "--format", form).out
