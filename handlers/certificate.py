"""The certificate of a training as a document, in a person's language."""

from __future__ import annotations

from datetime import date, timedelta

from bot.texts import Texts
from storage.qualifications import Qualification
from storage.sessions import Listing

ISSUER = "La Fabrique de la Solidarité – Ville de Paris"
TO_FILL_IN = "." * 40
"""Where somebody without a name on the lists writes theirs."""
_OTHER_YEAR = date.min
"""Days are written with their year, as for a reader in years to come."""


def file_name(held: Qualification) -> str:
    """Tells nothing of the person."""
    return f"certificate-{held.id}.pdf"


def sentences(words: Texts, about: Listing, held: Qualification) -> list[str]:
    """What it certifies, and until when. `about`: the session that gave `held`."""
    training, session = about.activity, about.session
    minutes = (session.ends_at - session.starts_at) // timedelta(minutes=1)
    day = words.date(held.given_on.isoformat(), _OTHER_YEAR)
    said = [
        words.t(
            "took part in the training {title}, {when}.",
            title=training.words(training.title, words.language),
            when=f"{day}, {words.minutes(minutes)}",
        )
    ]
    if held.expires_on is not None:
        until = words.date(held.expires_on.isoformat(), _OTHER_YEAR)
        said.append(words.t("It is valid until {date}.", date=until))
    return said


def certificate(words: Texts, about: Listing, held: Qualification, name: str) -> bytes:
    """A PDF of one page."""
    from bot.pdf import Line, page  # noqa: PLC0415 - with what it takes only for whoever wants one

    took_part, *until = sentences(words, about, held)
    lines = [
        Line(words.t("Certificate"), 38, 30), Line(name or TO_FILL_IN, 28, 22), Line(took_part, 18, 8),
        *(Line(sentence, 14) for sentence in until), Line("", 30), Line(words.apart(about.activity.organiser), 14),
        Line(words.apart(f"{ISSUER} · N° {held.id}"), 12),
    ]  # fmt: skip
    return page(lines, right_to_left=words.right_to_left, language=words.language)
