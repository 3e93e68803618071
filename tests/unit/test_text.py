from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.text import plain, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Châtelet-les-Halles", "chatelet les halles"),
        ("L’œuf, 18º", "l oeuf 18o"),
        ("Șapte ţări", "sapte tari"),
        ("Сім'я хоче їсти", "сімя хоче їсти"),
        ("Ёлка 18-й", "елка 18 й"),
        ("cироп", "сироп"),
        ("مُسْتَشْفَى الدائرة ١٨", "مستشفی الدایره 18"),
        ("می‌خواهم كجا ۷", "میخواهم کجا 7"),
        ("چېرته؟ ډوډۍ، ګار", "چیرته دودی گار"),
        ("ماء", "ماء"),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.text())
def test_tokens_stand_where_they_say(text: str) -> None:
    found = tokens(text)
    assert [token.start for token in found] == sorted(token.start for token in found)
    assert all(token.word and token.start < token.end for token in found)


@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert plain(plain(text)) == plain(text)
