"""Text -> parts of HTML."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.markup import MAX_TEXT, Part, parts, units
from bot.messages import LINK_OFF, LINK_ON, LINK_TO, STRONG_OFF, STRONG_ON, formatted, link, strong

LIMIT = 40

likely = st.sampled_from("ab é<>&\n \n😀" + STRONG_ON + STRONG_OFF)
written = st.text(alphabet=st.one_of(likely, st.characters(exclude_categories=["Cs"])), max_size=300)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n ", []),
        (strong(""), []),
        ("a & b <c>", [Part("a &amp; b &lt;c&gt;", "a & b <c>")]),
        (f"{strong('Les Amiraux')} — 22 min", [Part("<b>Les Amiraux</b> — 22 min", "Les Amiraux — 22 min")]),
        (f"x{STRONG_ON}open", [Part("x<b>open</b>", "xopen")]),
        (f"x{STRONG_OFF}stray", [Part("xstray", "xstray")]),
        (f"{STRONG_ON}a{STRONG_ON}b{STRONG_OFF}c", [Part("<b>ab</b>c", "abc")]),
        (
            f"see {link('our <page>', 'https://a.example/?b=1&c=2')} now",
            [
                Part(
                    'see <a href="https://a.example/?b=1&amp;c=2">our &lt;page&gt;</a> now',
                    "see our <page> (https://a.example/?b=1&c=2) now",
                )
            ],
        ),
        (
            strong(f"a {link('b', 'https://b.example')}"),
            [Part('<b>a </b><b><a href="https://b.example">b</a></b>', "a b (https://b.example)")],
        ),
        (f"a{LINK_ON}b{LINK_OFF}c{LINK_TO}d", [Part("abcd", "abcd")]),
        (f"{LINK_ON}https://b.example{LINK_TO}b", [Part('<a href="https://b.example">b</a>', "b (https://b.example)")]),
        ("\ud83d\ude00 pair", [Part("😀 pair", "😀 pair")]),
        ("half \ud83d pair", [Part("half \ufffd pair", "half \ufffd pair")]),
    ],
)
def test_one_part(text: str, expected: list[Part]) -> None:
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("*Ce soir*, 20 h", f"{strong('Ce soir')}, 20 h"),
        ("[le plan](https://paris.fr/plan)", link("le plan", "https://paris.fr/plan")),
        ("*[le plan](https://paris.fr/plan)*", strong(link("le plan", "https://paris.fr/plan"))),
        ("**Ce soir**, 20 h", f"{strong('Ce soir')}, 20 h"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("*open", "*open"),
        ("a*b*c", "a*b*c"),
        ("**", "**"),
        ("*one\ntwo*", "*one\ntwo*"),
        ("<b>&*x*</i>", f"<b>&{strong('x')}</i>"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ('[x](https://a.example/"onclick)', '[x](https://a.example/"onclick)'),
    ],
)
def test_what_staff_type(typed: str, expected: str) -> None:
    assert formatted(typed) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "one two\n\nthree four\nfive six seven eight nine",
            ["one two", "three four", "five six seven eight nine"],
            id="paragraph, then line",
        ),
        pytest.param(
            "one two three\nfour five six seven eight nine",
            ["one two three", "four five six seven eight nine"],
            id="line",
        ),
        pytest.param(
            "one two three four five six seven eight nine",
            ["one two three four five six seven", "eight nine"],
            id="word",
        ),
        pytest.param("a" * 70, ["a" * 33, "a" * 33, "a" * 4], id="no end at all"),
        pytest.param("😀" * 22, ["😀" * 16, "😀" * 6], id="surrogate pairs"),
        pytest.param("&" * 10, ["&" * 6, "&" * 4], id="escapes"),
        pytest.param(
            f"one two three four {strong('five six seven eight')}",
            ["one two three four", "five six seven eight"],
            id="before a strong part",
        ),
    ],
)
def test_where_long_texts_are_cut(text: str, expected: list[str]) -> None:
    assert [part.plain for part in parts(text, LIMIT)] == expected


def test_a_strong_part_too_long_for_one_message_is_strong_in_each() -> None:
    found = [part.html for part in parts(strong("a" * 60), LIMIT)]
    assert all(re.fullmatch("<b>a+</b>", part) for part in found)
    assert "".join(found).count("a") == 60


def test_only_a_strong_part_that_fits_nowhere_is_cut() -> None:
    text = f"{strong('one two')} {strong('three four five')} {strong('six seven')}"
    assert [part.html for part in parts(text, LIMIT)] == [
        "<b>one two</b>", "<b>three four five</b>", "<b>six seven</b>"
    ]  # fmt: skip


@pytest.mark.parametrize("letter", ["a", "é", "😀", "<"])
def test_a_text_of_the_longest_message_stays_whole(letter: str) -> None:
    count = MAX_TEXT // units(html.escape(letter))
    assert len(parts(letter * count)) == 1
    assert len(parts(letter * (count + 1))) == 2


@given(written)
def test_any_text_comes_out_whole_in_parts_that_fit(text: str) -> None:
    found = parts(text, LIMIT)
    for part in found:
        assert 0 < units(part.html) <= LIMIT
        assert part.plain.strip()
        # well formed, `b` alone, and showing `plain`
        assert html.unescape(re.sub("</?b>", "", part.html)) == part.plain
        assert re.fullmatch("(<b>[^<]+</b>|[^<]+)+", part.html)
    seen = re.sub(f"[{STRONG_ON}{STRONG_OFF}]", "", text)
    assert "".join("".join(part.plain.split()) for part in found) == "".join(seen.split())


@given(st.text(alphabet="ab <>&\n" + STRONG_ON + STRONG_OFF, max_size=200))
def test_what_is_strong_stays_strong(text: str) -> None:
    assert _strong_letters(parts(text, LIMIT)) == _strong_letters(parts(text, 10_000))


def _strong_letters(found: list[Part]) -> str:
    markup = "".join(part.html for part in found)
    return "".join("".join(html.unescape(stretch).split()) for stretch in re.findall("<b>(.*?)</b>", markup, re.DOTALL))
