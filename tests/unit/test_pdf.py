"""The page of a certificate: letters in their order, whole and joined, in every language, as a reader of PDFs finds them."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from bot.pdf import Line, page
from bot.shaping import visual
from bot.texts import LANGUAGES, texts
from tests.talk import PARIS


@pytest.mark.parametrize(
    ("text", "right_to_left", "left_to_right"),
    [
        ("Attestation (2 h)", False, "Attestation (2 h)"),
        ("شارك(ت) في", True, "يف (ت)كراش"),
        ("في \u2068Aller vers (1)\u2069، 8 ديسمبر", True, "ربمسيد 8 ،Aller vers (1) يف"),
        ("«\u2068Aller vers\u2069»", True, "«Aller vers»"),
        ("Élodie (أحمد)", False, "Élodie (دمحأ)"),
        ("[(أب)]", True, "[(بأ)]"),
    ],
)
def test_the_order_on_the_page(text: str, right_to_left: bool, left_to_right: str) -> None:
    """Source: Unicode Annex 9."""
    assert visual(text, right_to_left=right_to_left) == left_to_right


def read(document: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(document), strict=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_is_lost(language: str) -> None:
    words = texts(language, PARIS)
    sentence = words.t("took part in the training {title}, {when}.", title="Aller vers", when="8.12.2026")
    text = sentence.translate(dict.fromkeys((0x200F, 0x2068, 0x2069, 0x200C)))
    document = read(page([Line(sentence, 10)], right_to_left=words.right_to_left, language=language))
    found = document.pages[0].extract_text()
    letters = sorted(letter for letter in text if letter.isalnum())
    assert sorted(letter for letter in found if letter.isalnum()) == letters
    assert document.trailer["/Root"]["/Lang"] == language


def test_letters_of_arabic_are_joined() -> None:
    """One that stands alone is another glyph than in a word; lam and alif are one."""

    def glyphs(text: str) -> list[bytes]:
        stream = read(page([Line(text, 20)], right_to_left=True, language="ar")).pages[0].get_contents()
        assert stream is not None
        return re.findall(rb"<(....)> Tj", stream.get_data())

    assert len(set(glyphs("ه ه ه"))) == 2  # and the space
    assert len(set(glyphs("ههه"))) == 3
    assert len(glyphs("لا")) == 1


def test_what_the_font_has_not_is_written_in_latin_letters_or_left_out() -> None:
    document = read(page([Line("Ада 李明 🙂 \u200d\u0007 ۍ", 20)], right_to_left=False, language="fr"))
    assert document.pages[0].extract_text().split() == ["Ада", "LiMing", "ی"]


def test_long_lines_are_broken_inside_the_frame() -> None:
    one = page([Line("Aller vers les personnes sans abri " * 6, 20)], right_to_left=False, language="fr")
    assert len(read(one).pages[0].extract_text().splitlines()) > 2


def test_nothing_at_all_is_a_page() -> None:
    assert len(read(page([Line("", 20)], right_to_left=False, language="fr")).pages) == 1
