"""Audiences in words: "formés, 10e ou 18e, sauf anglophones". Pure.

"sauf" binds least, then commas, "ou" and "et"; "et pas", "et non" leave out the one condition that follows; parentheses
group; "bénévoles formés du 10e" asks all three. Conditions of one kind side by side ("10e, 18e", "10e et
18e", and in "formés et 10e ou 18e") mean either of them: nobody is meant who is in both.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.announcements.audience import (
    AllOf,
    AnyOf,
    Everybody,
    HasRole,
    InDistrict,
    Near,
    Node,
    Not,
    OnPlatform,
    Qualified,
    Seen,
    SignedUp,
    Skilled,
    Speaks,
)
from knowledge.frame import Place
from knowledge.text import plain

DAYS = {"jour": 1, "jours": 1, "day": 1, "days": 1, "semaine": 7, "semaines": 7, "week": 7, "weeks": 7, "mois": 30,
        "month": 30, "months": 30, "an": 365, "ans": 365, "year": 365, "years": 365}  # fmt: skip
LANGUAGES = {
    "fr": "francais francophones? french", "en": "anglais anglophones? english", "ar": "arabe arabophones? arabic",
    "es": "espagnol hispanophones? spanish", "pt": "portugais lusophones? portuguese", "ro": "roumain romanian",
    "ru": "russe russophones? russian", "uk": "ukrainien ukrainian", "fa": "persan farsi dari persian", "ps": "pachto pashto",
}  # fmt: skip
SKILLS = {
    "first_aid": "premiers secours|secouristes?|first aid", "cooking": "cuisine|cuisiniers?|cooking|cooks?",
    "driving": "permis|conducteurs?|driving|drivers?", "care": "soins?|soignants?|health care|nurses?",
    "law": "droit|juristes?|law|lawyers?",
}  # fmt: skip
ROLES = {
    "volunteer": "(?:tous les |all )?(?:volontaires|benevoles|volunteers)", "partner": "partenaires?|partners?",
    "staff": "salaries|staff", "admin": "admins?|administrateurs?|administrators?",
    "visitor": "visiteurs?|visitors?",
}  # fmt: skip
STATES = {
    "coming": "inscrits?|signed up", "waiting": "en attente|liste d attente|waiting",
    "attended": "presents?|venus|ont participe|attended|came",
}  # fmt: skip


class NotAnAudience(ValueError):
    """Words that name nobody; `words` are those not understood."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True, slots=True)
class Named:
    """What words may name besides the fixed ones."""

    activities: Sequence[tuple[int, str]] = ()
    """(number, title)"""
    saved: Sequence[tuple[str, Node]] = ()
    place: Callable[[str], Place | None] = lambda _words: None


Reader = Callable[[re.Match[str]], Node]


def _fixed() -> Iterator[tuple[str, Reader]]:
    yield "tout le monde|tous|toutes|everybody|everyone|all", lambda _: Everybody()
    yield "formes?|formees|qualifies?|trained|qualified", lambda _: Qualified("")
    yield "formation (?:expiree|perimee|echue)|(?:training )?expired", lambda _: Qualified("", valid=False)
    yield "equipe|team", lambda _: AnyOf((HasRole("staff"), HasRole("admin")))
    for role, words in ROLES.items():
        yield words, lambda _, role=role: HasRole(role)  # type: ignore[misc]
    for language, words in LANGUAGES.items():
        either = words.replace(" ", "|")
        yield f"(?:en |in )?(?:{either})", lambda _, language=language: Speaks(language)  # type: ignore[misc]
        yield (
            f"(?:qui )?(?:parlent?|parlant|speak|speaking) (?:{either})",
            lambda _, language=language: Speaks(language, offers=True),  # type: ignore[misc]
        )
    for skill, words in SKILLS.items():
        yield words, lambda _, skill=skill: Skilled(skill)  # type: ignore[misc]
    yield "(?:sur |on )?(telegram|matrix)", lambda found: OnPlatform(found[1])
    yield (
        r"(?:dans le |in the )?(?:75)?0?([1-9]|1\d|20)(?: ?(?:e|er|eme|ieme|th|st|nd|rd))?(?: arrondissement| district)?",
        lambda found: InDistrict((f"750{int(found[1]):02d}",)),
    )
    yield (
        rf"(?:actifs?|active|vus|seen) (?:depuis |since |(?:in )?the last |for )?(\d{{1,3}}) ({'|'.join(DAYS)})",
        lambda found: Seen(days=int(found[1]) * DAYS[found[2]]),
    )
    yield (
        rf"(?:silencieux|inactifs?|silent|inactive|absents?) (?:depuis |since |(?:in )?the last |for )?(\d{{1,3}}) ({'|'.join(DAYS)})",
        lambda found: Seen(days=int(found[1]) * DAYS[found[2]], silent=True),
    )


_FIXED = tuple((re.compile(words), reader) for words, reader in _fixed())
_NEAR = re.compile(
    r"(?:(?:a moins de |within |a )?(\d{1,2}(?: \d)?|\d{3,4}) ?(km|m) (?:autour |around )?(?:de |du |des |d |of )"
    r"|(?:(?:tout )?pres |proches? |autour )(?:de |du |des |d )|(?:near|around) )(?:la |le |les |l |the )?(.+)"
)
_STATE = re.compile(
    f"({'|'.join(STATES.values())})(?: (?:a|au|aux|pour|de|du|to|for|of))?(?: (?:la|le|les|l|the))? (.+)"
)
_OPERATORS = {
    "et": "and", "and": "and", "avec": "and", "with": "and", ",": ",", "ou": "or", "or": "or", "sauf": "not", "hors": "not",
    "sans": "not", "except": "not", "but": "not", "but not": "not", "not": "not", "pas": "not", "mais pas": "not", "(": "(", ")": ")",
}  # fmt: skip
_SPLIT = re.compile(r"[,()]|\b(?:mais pas|but not|but|et|and|avec|with|ou|or|sauf|hors|sans|except|not|pas)\b", re.I)


_DECIMAL = re.compile(r"(\d),(\d ?k?m\b)")
_ARTICLE = re.compile(r"(?:l|la|le|les|the|du|des|de la|in the|of the|qui sont|ceux qui sont|those who are) ")
_NO = re.compile(r"non(?:\s+|$)", re.I)
LONGEST_PHRASE = 16
"""Words that are tried for conditions side by side."""


def read(words: str, named: Named) -> Node:
    """Raises NotAnAudience."""
    tokens = _tokens(words, named)
    if not tokens:
        raise NotAnAudience(words.strip())
    parser = _Parser(tokens, named)
    try:
        node = parser.whole()
    except NotAnAudience as error:
        raise NotAnAudience(words.strip() if error.words in _OPERATORS.values() else error.words) from None
    if parser.left():
        raise NotAnAudience(words.strip())
    return node


def _tokens(words: str, named: Named) -> list[str | Node]:
    """Operators, phrases; what has a name of its own is read first, for "et" may stand in it."""
    words = _DECIMAL.sub(r"\1.\2", words)
    found: list[str | Node] = []
    at = 0
    for match in _SPLIT.finditer(words):
        found += _phrase(words[at : match.start()])
        found.append(_OPERATORS[" ".join(match[0].lower().split())])
        at = match.end()
    found += _phrase(words[at:])
    return _joined(found, named)


def _phrase(words: str) -> list[str | Node]:
    words = words.strip(" .;:!")
    no = _NO.match(words)
    if no is not None:
        return ["not", *_phrase(words[no.end() :])]
    return [words] if words else []


def _joined(tokens: list[str | Node], named: Named) -> list[str | Node]:
    """ "Maraude et café" is one title: phrases around an "et" are put together where that names something."""
    at = 0
    while at + 2 < len(tokens):
        left, operator, right = tokens[at : at + 3]
        if (
            operator in ("and", ",")
            and isinstance(left, str)
            and isinstance(right, str)
            and left not in _OPERATORS.values()
        ):
            for word in ("et", "and", ""):
                whole = f"{left} {word} {right}" if word else f"{left} {right}"
                node = _by_name(plain(whole), named)
                if node is not None and _try(plain(right), named) is None:
                    tokens[at : at + 3] = [node]
                    break
        at += 1
    return tokens


class _Parser:
    def __init__(self, tokens: list[str | Node], named: Named) -> None:
        self._tokens = tokens
        self._named = named
        self._at = 0

    def left(self) -> list[str | Node]:
        return self._tokens[self._at :]

    def _next_is(self, *operators: str) -> bool:
        return self._at < len(self._tokens) and self._tokens[self._at] in operators

    def whole(self) -> Node:
        """A, sauf B."""
        node: Node = Everybody() if self._next_is("not") else self._listed()
        while self._next_is("not", ","):
            if self._next_is(","):
                if self._at + 1 >= len(self._tokens) or self._tokens[self._at + 1] != "not":
                    break
                self._at += 1
            self._at += 1
            node = joined(node, Not(self._either()))
        return node

    def _listed(self) -> Node:
        node = self._either()
        while self._next_is(","):
            following = self._tokens[self._at + 1] if self._at + 1 < len(self._tokens) else ""
            if following == "not":
                break
            self._at += 1
            node = added(node, self._either())
        return node

    def _either(self) -> Node:
        parts = [self._both()]
        while self._next_is("or"):
            self._at += 1
            parts.append(self._both())
        return either(parts)

    def _both(self) -> Node:
        node = self._perhaps_not()
        while self._next_is("and"):
            self._at += 1
            node = added(node, self._perhaps_not())
        return node

    def _perhaps_not(self) -> Node:
        """A, or within others "pas A", "pas 10e et 18e"."""
        if not self._next_is("not"):
            return self._alike()
        self._at += 1
        node = self._alike()
        while self._next_is("and") and _kinds(node) in ALTERNATIVES:
            before = self._at
            self._at += 1
            another = None if self._next_is("not") else self._alike()
            if another is None or _kinds(another) != _kinds(node):
                self._at = before
                break
            node = either([node, another])
        return Not(node)

    def _alike(self) -> Node:
        """One condition, or several of a kind: "10e ou 18e"."""
        node = self._one()
        while self._next_is("or") and _kinds(node) in ALTERNATIVES:
            before = self._at
            self._at += 1
            another = self._one()
            if _kinds(another) != _kinds(node):
                self._at = before
                break
            node = either([node, another])
        return node

    def _one(self) -> Node:
        if self._next_is("("):
            self._at += 1
            node = self.whole()
            if not self._next_is(")"):
                raise NotAnAudience("(")
            self._at += 1
            return node
        if self._at >= len(self._tokens):
            raise NotAnAudience(str(self._tokens[-1]))
        token = self._tokens[self._at]
        self._at += 1
        if not isinstance(token, str):
            return token
        found = _try(plain(token), self._named) or _side_by_side(plain(token).split(), self._named)
        if found is None:
            raise NotAnAudience(token)
        return found


def _try(words: str, named: Named) -> Node | None:
    for pattern, reader in _FIXED:
        match = pattern.fullmatch(words)
        if match is not None:
            return reader(match)
    bare = _ARTICLE.sub("", words, count=1)
    return _by_name(words, named) or _near(words, named) or (_try(bare, named) if bare != words else None)


def _side_by_side(words: Sequence[str], named: Named) -> Node | None:
    """ "benevoles formes du 10e": conditions with nothing between them; None unless every word belongs to one."""
    if len(words) > LONGEST_PHRASE:
        return None
    for at in range(len(words) - 1, 0, -1):
        first = _try(" ".join(words[:at]), named)
        rest = None if first is None else _try(" ".join(words[at:]), named) or _side_by_side(words[at:], named)
        if first is not None and rest is not None:
            return added(first, rest)
    return None


def _by_name(words: str, named: Named) -> Node | None:
    for name, node in named.saved:
        if plain(name) == words:
            return node
    match = _STATE.fullmatch(words)
    if match is None:
        return None
    state = next(state for state, said in STATES.items() if re.fullmatch(said, match[1]))
    fitting = [number for number, title in named.activities if match[2] == plain(title)] or [
        number for number, title in named.activities if match[2] in plain(title)
    ]
    return SignedUp(state, activity_id=fitting[0]) if fitting else None  # type: ignore[arg-type]


def _near(words: str, named: Named) -> Node | None:
    match = _NEAR.fullmatch(words)
    place = named.place(match[3]) if match is not None else None
    if match is None or place is None:
        return None
    distance = float(match[1].replace(" ", ".")) if match[1] else 1.0
    metres = distance if match[2] == "m" else distance * 1000
    return Near(place.latitude, place.longitude, metres, place.name)


def _kinds(node: Node) -> str:
    """What side by side means either: the kind of its conditions, "" where they are of several."""
    if isinstance(node, AnyOf):
        kinds = {_kinds(part) for part in node.of}
        return kinds.pop() if len(kinds) == 1 else ""
    return "" if isinstance(node, AllOf | Not) else node.what


ALTERNATIVES = frozenset({"district", "speaks", "platform", "role", "signed_up", "near"})


def added(node: Node, one: Node) -> Node:
    """`node` and one condition more: another of a kind that is there already means either of them."""
    kind = _kinds(one)
    if kind not in ALTERNATIVES:
        return joined(node, one)
    parts: list[Node] = list(node.of) if isinstance(node, AllOf) else [node]
    for number, part in enumerate(parts):
        if _kinds(part) == kind:
            parts[number] = either([part, one])
            return parts[0] if len(parts) == 1 else AllOf(tuple(parts))
    return joined(node, one)


def joined(node: Node, one: Node) -> Node:
    """Both; everybody asks nothing."""
    if isinstance(node, Everybody):
        return one if not isinstance(one, Not) else AllOf((node, one))
    if isinstance(one, Everybody) or one == node:
        return node
    mine = node.of if isinstance(node, AllOf) else (node,)
    theirs = one.of if isinstance(one, AllOf) else (one,)
    return AllOf((*mine, *(part for part in theirs if part not in mine)))


def either(parts: Sequence[Node]) -> Node:
    """Any of them; districts are one condition."""
    flat: list[Node] = []
    for part in parts:
        flat += part.of if isinstance(part, AnyOf) else [part]
    districts = [part for part in flat if isinstance(part, InDistrict)]
    others: list[Node] = [part for part in dict.fromkeys(flat) if not isinstance(part, InDistrict)]
    if districts:
        codes = sorted({code for part in districts for code in part.districts})
        others.append(InDistrict(tuple(codes)))
    return others[0] if len(others) == 1 else AnyOf(tuple(others))
