"""The directory's file: what is bundled, what is read, what is refused and why."""

from __future__ import annotations

import csv
import io
import json
import string
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.categories import categories
from knowledge.directory import (
    ReadResult,
    UnreadableDirectoryError,
    bundled_services,
    district_centres,
    read_services,
    to_geojson,
    write_services,
)
from knowledge.emergency import emergency_numbers
from knowledge.frame import NEEDS
from knowledge.service import Service

GOOD = {
    "id": "bath-1",
    "name": "Bains-douches",
    "category": "shower",
    "source": "staff",
    "licence": "ODbL 1.0",
    "confidence": "A",
}


def read(*rows: dict[str, str], columns: tuple[str, ...] = ()) -> ReadResult:
    """Reads a file of these rows, each of them GOOD with other cells."""
    filled = [{**GOOD, **row} for row in rows]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(columns) or list(dict.fromkeys(name for row in filled for name in row)))
    writer.writeheader()
    writer.writerows(filled)
    return read_services(out.getvalue())


class TestBundled:
    def test_every_row_is_taken(self) -> None:
        assert read_services(_bundled_bytes()).rejected == ()

    def test_is_written_as_an_export_writes_it(self) -> None:
        """A correction by way of an export changes the corrected lines only."""
        assert write_services(bundled_services()).encode() == _bundled_bytes()

    def test_every_service_says_where_it_comes_from(self) -> None:
        undated = [service.id for service in bundled_services() if not service.verified_on]
        assert undated == ["food-armee-barbes"], "its source is a page without a date"

    @pytest.mark.parametrize("word", ["/work", "find_string", "geocoded 2014", "u008D"])
    def test_no_traces_of_how_it_was_made(self, word: str) -> None:
        assert word not in _bundled_bytes().decode()

    def test_conditions_are_said_in_both_languages(self) -> None:
        assert [s.id for s in bundled_services() if s.conditions and set(s.conditions) != {"fr", "en"}] == []

    def test_positions_lie_in_paris(self) -> None:
        for service in bundled_services():
            if service.latitude is not None and service.longitude is not None:
                assert 48.80 < service.latitude < 48.91, service.id
                assert 2.22 < service.longitude < 2.48, service.id

    def test_doubtful_positions_are_not_verified(self) -> None:
        disputed = {service.id for service in bundled_services() if service.position_quality == "disputed"}
        assert disputed == {"ent-029", "ent-029-baby", "ent-085"}
        assert not any(service.verified for service in bundled_services() if service.id in disputed)

    def test_baths(self) -> None:
        baths = {service.id: service for service in bundled_services() if service.category == "shower"}
        assert len(baths) == 17
        assert {bath.last_entry_minutes for bath in baths.values()} == {30}
        closures = "Jan 01,May 01,Jul 14,Aug 15,Dec 25 off"
        unknown = {key for key, bath in baths.items() if not bath.opening_hours}
        assert unknown == {"bath-bd2", "bath-bd5", "bath-bd15"}
        assert all(bath.opening_hours.endswith(closures) for key, bath in baths.items() if key not in unknown)

    @pytest.mark.parametrize(
        ("service_id", "only", "admits", "refuses"),
        [
            ("ent-152", {"men"}, set(), set()),
            ("ent-159", set(), {"pets"}, set()),
            ("ent-041", set(), {"no_appointment", "undocumented"}, set()),
            ("ent-006", set(), set(), {"minors"}),
            ("ent-024", {"families"}, set(), set()),
            ("ent-171", {"minors"}, set(), set()),
            ("toilet-1", set(), {"free", "wheelchair"}, set()),
            ("food-1chorba", set(), set(), set()),
        ],
    )
    def test_who_is_admitted(self, service_id: str, only: set[str], admits: set[str], refuses: set[str]) -> None:
        service = next(service for service in bundled_services() if service.id == service_id)
        assert (set(service.only), set(service.admits), set(service.refuses)) == (only, admits, refuses)

    def test_a_second_service_stands_at_the_same_place(self) -> None:
        services = {service.id: service for service in bundled_services()}
        seconds = [service for service in services.values() if service.notes.startswith("second service of ")]
        assert len(seconds) == len(services) - 376
        for second in seconds:
            first = services[second.notes.removeprefix("second service of ").partition(";")[0]]
            assert (second.address, second.latitude, second.source) == (first.address, first.latitude, first.source)
            assert second.category != first.category


class TestAccepted:
    def test_all_cells(self) -> None:
        cells = {
            "address": "6 rue Hermann-Lachapelle",
            "postcode": "75018",
            "latitude": "48.894437",
            "longitude": "2.350684",
            "position_quality": "approximate",
            "opening_hours": "Tu-Sa 12:00-18:00",
            "last_entry_minutes": "30",
            "phone": "01 46 06 46 47",
            "conditions_fr": "gratuit",
            "conditions_ar": "مجاني",
            "only": "women minors",
            "admits": "free, pets",
            "refuses": "men",
            "confidential": "yes",
            "closed_from": "2026-08-01",
            "closed_until": "2026-08-31",
            "closure_reason": "travaux",
            "verified_on": "2026-07",
            "notes": "à rappeler",
        }
        result = read(cells)
        assert result.rejected == ()
        assert result.services == (
            Service(
                id="bath-1",
                name="Bains-douches",
                category="shower",
                address="6 rue Hermann-Lachapelle",
                postcode="75018",
                latitude=48.894437,
                longitude=2.350684,
                position_quality="approximate",
                opening_hours="Tu-Sa 12:00-18:00",
                last_entry_minutes=30,
                phone="01 46 06 46 47",
                conditions={"fr": "gratuit", "ar": "مجاني"},
                only=frozenset({"women", "minors"}),
                admits=frozenset({"free", "pets"}),
                refuses=frozenset({"men"}),
                confidential=True,
                closed_from=date(2026, 8, 1),
                closed_until=date(2026, 8, 31),
                closure_reason="travaux",
                source="staff",
                licence="ODbL 1.0",
                verified_on="2026-07",
                confidence="A",
                notes="à rappeler",
            ),
        )

    def test_what_is_left_empty_is_not_known(self) -> None:
        (service,) = read({}).services
        assert (service.latitude, service.position_quality, service.opening_hours) == (None, "unknown", "")

    @pytest.mark.parametrize("verified_on", ["2026", "2026-07", "2026-07-14", ""])
    def test_dates_as_precise_as_the_source(self, verified_on: str) -> None:
        assert read({"verified_on": verified_on}).services[0].verified_on == verified_on

    @pytest.mark.parametrize(
        ("cell", "confidential"), [("oui", True), ("VRAI", True), ("non", False), ("FAUX", False), ("", False)]
    )
    def test_yes_and_no_of_a_french_spreadsheet(self, cell: str, confidential: bool) -> None:
        assert read({"confidential": cell}).services[0].confidential is confidential

    def test_file_of_a_french_spreadsheet(self) -> None:
        text = (
            "\ufeffid;name;category;latitude;longitude;source;licence;confidence\r\n"
            'a;"Repas; café";food_distribution;48,85;2,35;staff;ODbL;B\r\n'
            ";;;;;;;\r\n"
        )
        for source in (text, text.encode()):
            result = read_services(source)
            assert result.rejected == ()
            (service,) = result.services
            assert (service.name, service.latitude, service.longitude) == ("Repas; café", 48.85, 2.35)

    def test_path(self, tmp_path: Path) -> None:
        file = tmp_path / "services.csv"
        file.write_text(write_services([Service(id="a", name="b", category="shower", source="s", licence="l")]))
        assert [service.id for service in read_services(file).services] == ["a"]


class TestRejected:
    @pytest.mark.parametrize(
        ("cells", "reason"),
        [
            ({"id": ""}, "id: empty"),
            ({"id": "é"}, "id: only letters without accents"),
            ({"id": "two words"}, "id: only letters without accents"),
            ({"id": "a" * 49}, "id: longer than 48 bytes"),
            ({"name": " "}, "name: empty"),
            ({"category": "sauna"}, "category: unknown category 'sauna'"),
            ({"category": "hygiene"}, "category: 'hygiene' is a group, take one of: shower, laundry"),
            ({"latitude": "91", "longitude": "2"}, "latitude: "),
            ({"latitude": "48", "longitude": "181"}, "longitude: "),
            ({"latitude": "nan", "longitude": "2"}, "latitude: "),
            ({"latitude": "north", "longitude": "2"}, "latitude: "),
            ({"latitude": "48.8", "longitude": ""}, "longitude: empty although there is a latitude"),
            ({"latitude": "", "longitude": "2.3"}, "latitude: empty although there is a longitude"),
            ({"position_quality": "good"}, "position_quality: "),
            ({"opening_hours": "le matin"}, "opening_hours: not understood from 'le matin' on"),
            ({"opening_hours": "Mo-Fr sunrise-sunset"}, "opening_hours: hours that follow the sun"),
            ({"last_entry_minutes": "-5"}, "last_entry_minutes: "),
            ({"last_entry_minutes": "half an hour"}, "last_entry_minutes: "),
            ({"postcode": "75018 Paris 18e"}, "postcode: "),
            ({"only": "women dogs"}, "only: unknown need 'dogs'"),
            ({"admits": "dog"}, "admits: unknown need 'dog'"),
            ({"refuses": "dog"}, "refuses: unknown need 'dog'"),
            ({"admits": "pets", "refuses": "pets"}, "refuses: 'pets' is in admits too"),
            ({"confidential": "perhaps"}, "confidential: "),
            ({"closed_from": "31/12/2026"}, "closed_from: not a date like 2026-12-31"),
            ({"closed_from": "1700000000"}, "closed_from: not a date"),
            ({"closed_until": "2026-02-30"}, "closed_until: "),
            ({"closed_from": "2026-03-02", "closed_until": "2026-03-01"}, "closed_until: before closed_from"),
            ({"verified_on": "15/09/2025"}, "verified_on: not a date"),
            ({"verified_on": "2025-13"}, "verified_on: not a date"),
            ({"verified_on": "20250915"}, "verified_on: not a date"),
            ({"confidence": ""}, "confidence: empty"),
            ({"confidence": "E"}, "confidence: "),
            ({"source": ""}, "source: empty"),
            ({"licence": ""}, "licence: empty"),
            ({"conditions_en": "free"}, "conditions_fr: empty although"),
            ({"notes": "a\0b"}, "notes: has a control character in it"),
        ],
    )
    def test_reason_names_the_column_and_the_others_are_read(self, cells: dict[str, str], reason: str) -> None:
        result = read({"id": "first"}, {"id": "wrong", **cells}, {"id": "last"})
        assert [service.id for service in result.services] == ["first", "last"]
        (rejected,) = result.rejected
        assert rejected.row_number == 3
        assert rejected.id == cells.get("id", "wrong")
        assert rejected.reason.startswith(reason)

    def test_repeated_id(self) -> None:
        result = read({"name": "one"}, {"name": "two"})
        assert [service.name for service in result.services] == ["one"]
        assert result.rejected[0].reason == "id: another row has it already"

    def test_comma_without_quotes(self) -> None:
        text = "id,name,category,source,licence,confidence\na,6, rue X,shower,staff,ODbL,A\nb,n,shower,staff,ODbL,A\n"
        result = read_services(text)
        assert [service.id for service in result.services] == ["b"]
        assert result.rejected[0].reason == "7 cells for 6 columns: words with a ',' need quotes"

    def test_quote_that_does_not_close(self) -> None:
        text = (
            "id,name,category,source,licence,confidence\n"
            'a,"open,shower,staff,ODbL,A\n'
            'b,"name",shower,staff,ODbL,A\n'
            "c,n,shower,staff,ODbL,A\n"
        )
        result = read_services(text)
        assert [service.id for service in result.services] == ["c"]
        assert result.rejected[0].row_number == 2
        assert "quotes" in result.rejected[0].reason

    def test_quote_open_until_the_end(self) -> None:
        result = read_services('id,name,category,source,licence,confidence\na,"open,shower,staff,ODbL,A\n')
        assert len(result.rejected) == 1


class TestRefusedFiles:
    @pytest.mark.parametrize(
        ("source", "reason"),
        [
            ("", "no line of column names"),
            ("id,name,category,licence,confidence\n", "no column 'source'"),
            ("a,b\n1,2\n", "no column 'id'"),
            (",".join(GOOD) + ",opening_hour\n", "unknown column 'opening_hour'"),
            (",".join(GOOD) + ",phone,phone\n", "column 'phone' comes twice"),
            (",".join(GOOD).encode() + "\nété".encode("latin-1"), "not UTF-8"),
            (",".join(GOOD).encode("utf-16"), "not UTF-8"),
        ],
    )
    def test_says_what_to_mend(self, source: str | bytes, reason: str) -> None:
        with pytest.raises(UnreadableDirectoryError, match=reason):
            read_services(source)


_words = st.text('aé ,;"\n=€عم🚿', max_size=20).map(str.strip)
_needs = st.frozensets(st.sampled_from(NEEDS))
_days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@st.composite
def services(draw: st.DrawFn) -> Service:
    position = draw(st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180)))
    admits = draw(_needs)
    closed = sorted(draw(st.lists(_days, min_size=2, max_size=2)))
    spoken = draw(st.dictionaries(st.sampled_from(["en", "ar"]), _words.filter(bool)))
    with_conditions = bool(spoken) or draw(st.booleans())
    return Service(
        id=draw(st.text(string.ascii_letters + string.digits + "-_", min_size=1, max_size=48)),
        name=draw(_words.filter(bool)),
        category=draw(st.sampled_from([c.id for c in categories().values() if c.parent])),
        address=draw(_words),
        postcode=draw(st.sampled_from(["", "75018"])),
        latitude=position and position[0],
        longitude=position and position[1],
        position_quality=draw(st.sampled_from(["exact", "approximate", "disputed"])) if position else "unknown",
        opening_hours=draw(st.sampled_from(["", "24/7", "Mo-Fr 08:00-12:00,14:00-18:00"])),
        last_entry_minutes=draw(st.integers(0, 240)),
        phone=draw(_words),
        conditions={"fr": "gratuit", **spoken} if with_conditions else {},
        only=draw(_needs),
        admits=admits,
        refuses=draw(_needs) - admits,
        confidential=draw(st.booleans()),
        closed_from=draw(st.none() | st.just(closed[0])),
        closed_until=draw(st.none() | st.just(closed[1])),
        closure_reason=draw(_words),
        source=draw(_words.filter(bool)),
        licence=draw(_words.filter(bool)),
        verified_on=draw(st.sampled_from(["", "2014", "2014-10", "2025-09-15"])),
        confidence=draw(st.sampled_from(["A", "B", "C", "D"])),
        notes=draw(_words),
    )


@given(st.lists(services(), max_size=5, unique_by=lambda service: service.id))
def test_what_is_written_is_read_back(written: list[Service]) -> None:
    result = read_services(write_services(written))
    assert result.rejected == ()
    assert list(result.services) == written


@given(st.text('ab1,;"\n\r\t\0é ', max_size=80))
def test_rows_of_noise_never_stop_the_reading(noise: str) -> None:
    header = ",".join(GOOD)
    last = ",".join(GOOD.values())
    result = read_services(f"{header}\n{noise}\n{last}\n")
    if '"' not in noise and "\0" not in noise:
        assert [service.id for service in result.services] == ["bath-1"]


class TestGeoJson:
    SERVICE = Service(
        id="a",
        name="n",
        category="shower",
        address="6 rue X",
        postcode="75018",
        latitude=48.89,
        longitude=2.35,
        admits=frozenset({"pets", "free"}),
        closed_from=date(2026, 8, 1),
        conditions={"fr": "gratuit"},
        notes="secret",
    )

    def test_feature(self) -> None:
        (feature,) = to_geojson([self.SERVICE])["features"]
        assert feature["geometry"] == {"type": "Point", "coordinates": [2.35, 48.89]}
        assert feature["properties"]["admits"] == ["free", "pets"]
        assert feature["properties"]["closed_from"] == "2026-08-01"
        assert feature["properties"]["conditions"] == {"fr": "gratuit"}

    def test_staff_notes_stay_inside(self) -> None:
        assert "secret" not in json.dumps(to_geojson([self.SERVICE]))

    def test_confidential_place_stays_inside(self) -> None:
        hidden = Service(
            id="a", name="n", category="night_stop", address="6 rue X", postcode="75018", latitude=48.89,
            longitude=2.35, phone="115", confidential=True,
        )  # fmt: skip
        text = json.dumps(to_geojson([hidden]))
        assert '"115"' in text
        for trace in ("rue X", "75018", "48.89", "2.35"):
            assert trace not in text

    def test_bundled_directory_is_json(self) -> None:
        collection = json.loads(json.dumps(to_geojson(bundled_services())))
        assert collection["type"] == "FeatureCollection"
        assert len(collection["features"]) == len(bundled_services())


def test_district_centres() -> None:
    centres = district_centres()
    assert sorted(centres) == [f"750{number:02}" for number in range(1, 21)]
    assert all(48.8 < latitude < 48.91 and 2.2 < longitude < 2.5 for latitude, longitude in centres.values())


def test_emergency_numbers() -> None:
    numbers = emergency_numbers()
    assert list(numbers) == ["15", "17", "18", "112", "114", "115", "119", "3919", "3114"]
    assert all(number.hours == "24/7" for number in numbers.values())
    assert not numbers["114"].channel.startswith("voice")


def _bundled_bytes() -> bytes:
    return files("knowledge.data").joinpath("services.csv").read_bytes()
