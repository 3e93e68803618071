"""`staff` and `activities`: from the command line to what people see in the chat."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Command

HEADER = "kind;title;starts;minutes;repeat;address;postcode;capacity;gives\n"


def test_roles_are_given_listed_and_taken(command: Command) -> None:
    assert command("staff", "add", "telegram:123", "--role", "staff").code == 0
    assert command("staff", "add", "matrix:@a:b.org", "--role", "partner", "--organisation", "Aurore").code == 0
    assert command("staff", "list").out == "telegram:123\tstaff\nmatrix:@a:b.org\tpartner\tAurore\n"
    assert command("staff", "remove", "telegram:123").code == 0
    assert "123" not in command("staff", "list").out


def test_the_journal_says_what_the_team_did(command: Command, folder: Path) -> None:
    assert command("journal", "export").out.splitlines() == [
        "number;at;person;name;role;what;before;after;about;session;words"
    ]
    command("staff", "add", "telegram:123", "--role", "partner", "--organisation", "=Aurore")
    command("staff", "add", "telegram:123", "--role", "staff")
    command("staff", "add", "telegram:123", "--role", "staff")
    command("staff", "remove", "telegram:123")
    command("staff", "remove", "telegram:123")
    assert command("journal", "export", "-o", "journal.csv").out == "written to journal.csv\n"
    lines = (folder / "journal.csv").read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";", 5)[5] for line in lines[1:]] == [
        "role;;partner;;;'=Aurore", "role;partner;staff;;;", "role;staff;;;;",
    ]  # fmt: skip
    ended = command("journal", "export", "-o", "nowhere/journal.csv")
    assert ended.code == 2
    assert "cannot be written" in ended.one_line()


@pytest.mark.parametrize(
    "arguments",
    [
        ("add", "123"), ("add", "irc:123"), ("add", "telegram:"), ("add", "telegram:1", "--role", "king"),
        ("add", "telegram:1", "--role", "partner"), ("remove", "x"),
    ],
)  # fmt: skip
def test_what_is_no_role_is_refused_in_a_line(command: Command, arguments: tuple[str, ...]) -> None:
    ended = command("staff", *arguments)
    assert ended.code == 2
    ended.one_line()


def test_a_spreadsheet_is_tried_then_brought_in_then_changes_nothing(command: Command, folder: Path) -> None:
    file = folder / "dates.csv"
    file.write_bytes(
        (
            HEADER
            + "formation;Aller vers les sans-abri;08/12/2099 18:30;150;mois;8 rue de la Banque;75002;12;24\n"
            + "mission;Petit-déjeuner;05/01/2020 07:00;;;1 rue de Lyon;75011;4;\n"
            + "voyage;Ailleurs;05/01/2020 07:00;;;1 rue de Lyon;75011;4;\n"
            + "mission;Sans place;05/01/2020;;;1 rue de Lyon;75011;zéro;\n"
            + ";;;;;;;;\n"
        ).encode("cp1252")
    )
    tried = command("activities", "import", str(file), "--dry-run")
    assert tried.code == 1
    lines = tried.out.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == ["row 2", "row 3", "row 4", "row 5"]
    assert "starts" in lines[0]
    assert "more than a year ahead" in lines[0]
    assert "kind" in lines[2]
    assert lines[3].startswith("row 5: ")
    assert lines[-1] == "read 4, would add 0, already there 0, rejected 4"


def test_good_rows_are_added_once(command: Command, folder: Path) -> None:
    from datetime import datetime, timedelta

    soon = (datetime.now() + timedelta(days=30)).strftime("%d/%m/%Y")  # noqa: DTZ005
    file = folder / "dates.csv"
    file.write_text(f"{HEADER}mission;Petit-déjeuner;{soon} 07:00;;;1 rue de Lyon;75011;4;\n", encoding="utf-8")
    assert "would add 1" in command("activities", "import", str(file), "--dry-run").out
    assert "added 1" in command("activities", "import", str(file), "--publish").out
    assert "added 0, already there 1" in command("activities", "import", str(file)).out
    assert "Petit-déjeuner" in command("chat", stdin=b"/missions\n").out


def test_an_xlsx_is_read_as_well(command: Command, folder: Path) -> None:
    from datetime import datetime, timedelta

    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["kind", "title", "starts", "address", "capacity"])
    soon = (datetime.now() + timedelta(days=30)).replace(microsecond=0)  # noqa: DTZ005
    sheet.append(["debate", "Débat", soon, "8 rue de la Banque", 30])
    book.save(folder / "dates.xlsx")
    assert "added 1" in command("activities", "import", "dates.xlsx").out


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "kind,title,starts,address,capacity,hat\n"])
def test_what_is_no_such_file_is_said_in_a_line(command: Command, folder: Path, content: str) -> None:
    (folder / "dates.csv").write_text(content)
    ended = command("activities", "import", "dates.csv")
    assert ended.code == 1
    ended.one_line()
    (folder / "dates.xlsx").write_text(content)
    assert "not a spreadsheet" in command("activities", "import", "dates.xlsx").one_line()
    assert command("activities", "import", "none.csv").code == 2
