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
    assert lines[2] == "row 4: kind: take formation, mission, café, débat, culture, collecte"
    assert lines[3] == "row 5: starts: a day and an hour, like 31/12/2026 18:30"
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


def test_everything_the_form_knows_comes_from_columns_too(command: Command, folder: Path) -> None:
    from datetime import datetime, timedelta

    soon = (datetime.now() + timedelta(days=30)).strftime("%d/%m/%Y")  # noqa: DTZ005
    (folder / "dates.csv").write_text(
        "kind;title;title_en;starts;address;postcode;capacity;minimum;opens;closes;skills;languages;description;bring_ar\n"
        f"mission;Petit-déjeuner;Breakfast;{soon} 07:00;8 rue de la Banque;75002;4;3;14 jours;24 h;cuisine;arabe, en;"
        "On sert le café.;قفازات\n"
        f"mission;À la gare;;{soon} 08:00;Gare du Nord;;4;;;;;;;\n"
        f"mission;Chez nous;;{soon} 10:00;La Fabrique de la Solidarité;;4;;;;;;;\n"
        f"mission;Nulle part;;{soon} 09:00;12 chemin perdu;;4;;;;;;;\n",
        encoding="utf-8",
    )
    done = command("activities", "import", "dates.csv", "--publish")
    assert done.code == 0
    assert done.out == (
        "row 5: address: not found on the map, so not found “near me” either\nread 4, added 4, already there 0, rejected 0\n"
    )
    breakfast, station, nowhere = (kept(folder)[title] for title in ("Petit-déjeuner", "À la gare", "Nulle part"))
    assert (breakfast["minimum"], breakfast["opens_minutes"], breakfast["closes_minutes"]) == (3, 14 * 1440, 1440)
    assert (breakfast["skills"], breakfast["languages"]) == ("cooking", "ar en")
    assert "Breakfast" in breakfast["title"]
    assert "قفازات" in breakfast["bring"]
    assert breakfast["service_id"] == "info-di02"
    ours = kept(folder)["Chez nous"]
    assert (ours["service_id"], ours["district"]) == ("info-di02", "75002")
    assert ours["address"] == "La Fabrique de la Solidarité, 8 rue de la Banque"
    assert station["latitude"] == pytest.approx(48.88, abs=0.01)
    assert (nowhere["latitude"], nowhere["address"]) == (None, "12 chemin perdu")


def kept(folder: Path) -> dict[str, dict[str, object]]:
    """Activities by their French title, as the database has them."""
    import json
    import sqlite3

    with sqlite3.connect(folder / "solidarity-bot.db") as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute("SELECT * FROM activity")]
    return {json.loads(row["title"])["fr"]: row for row in rows}


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("opens", "bientôt", "row 2: opens: write it like 14 days"),
        ("closes", "12", "row 2: closes: write it like 14 days"),
        ("minimum", "99", "row 2: minimum: fewer places than people needed"),
        ("minimum", "peu", "row 2: minimum: a number from 0 to 500"),
        ("skills", "magie", "row 2: skills: take first_aid, cooking"),
        ("languages", "klingon", "row 2: languages: take fr, en"),
        ("title_en", "x", "row 2: title_en: "),
        ("description", "x" * 801, "row 2: description: "),
        ("bring_ar", "x" * 301, "row 2: bring_ar: "),
        ("repeat", "parfois", "row 2: repeat: "),
        ("gives", "peut-être", "row 2: gives: "),
        ("minimum_age", "12", "row 2: minimum_age: "),
        ("charter", "bof", "row 2: charter: "),
        ("contact", "x" * 301, "row 2: contact: "),
        ("minutes", "5", "row 2: minutes: from 15 minutes to a day"),
        ("minutes", "longtemps", "row 2: minutes: write it like 2h30, 90 min"),
        ("capacity", "501", "row 2: capacity: a number from 1 to 500"),
        ("capacity", "zéro", "row 2: capacity: a number from 1 to 500"),
    ],
)
def test_each_bad_cell_is_named(command: Command, folder: Path, column: str, cell: str, said: str) -> None:
    from datetime import datetime, timedelta

    soon = (datetime.now() + timedelta(days=30)).strftime("%d/%m/%Y")  # noqa: DTZ005
    row = {
        "kind": "mission",
        "title": "Petit-déjeuner",
        "starts": f"{soon} 07:00",
        "address": "1 rue de Lyon",
        "capacity": "4",
    }
    row[column] = cell
    (folder / "dates.csv").write_text(f"{';'.join(row)}\n{';'.join(row.values())}\n", encoding="utf-8")
    tried = command("activities", "import", "dates.csv", "--dry-run")
    assert tried.code == 1
    assert tried.out.startswith(said)
    assert tried.out.splitlines()[-1] == "read 1, would add 0, already there 0, rejected 1"
