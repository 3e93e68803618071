"""What is kept about a person, and their say over it: seeing it, being forgotten."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, timedelta

from bot import lanes
from bot.messages import Button, Media
from bot.router import Router
from bot.turn import Turn
from handlers import calendar
from handlers.buttons import Cancel, Erase
from handlers.certificate import file_name
from handlers.privately import in_private
from handlers.staff import acts
from storage import (
    accounts,
    alerts,
    announcements,
    attachments,
    audit,
    forms,
    opt_outs,
    own_sign_ups,
    participants,
    people,
    profiles,
    qualifications,
    recipients,
    roles,
    sessions,
)
from storage.reports import part_from_person, reports_of

router = Router()

LONGEST = 10_000
"""Signs: what is more comes as a file, not as a dozen messages."""
FILE, FILE_KEPT = "my-data.json", timedelta(days=1)


@router.command("mesdonnees", "mydata")
def my_data(turn: Turn) -> None:
    """Everything kept about this person, in words and as data."""
    if not in_private(turn):
        return
    t, person = turn.texts.t, turn.person
    reports = reports_of(turn.connection, person.id)
    search = turn.memory.search
    form = forms.form_of(turn.connection, turn.incoming.conversation)
    mine = profiles.profile(turn.connection, person.id)
    kept = {
        "platform": person.platform,
        "id": person.user_id,
        "linked_with": [
            one.platform for one in accounts.accounts_of(turn.connection, person.id) if one.id != person.account
        ],
        "alerts_first_on": accounts.preferred(turn.connection, person.id),
        "language": person.language,
        "language_chosen": person.language_chosen,
        "alerts": person.alerts,
        "not_wanted": sorted(opt_outs.unwanted(turn.connection, person.id)),
        "first_seen": person.created_at.date().isoformat(),
        "last_seen": person.seen_on.isoformat(),
        "sign_ups": _sign_ups(turn),
        "asked_for_missions": _asked(turn),
        "role": held.role if (held := roles.role_of(turn.connection, person.id)) else None,
        "form": form.answers if form is not None and form.person_id == person.id else None,
        "announcements": _announced(turn),
        "acts": _acts(turn),
        "trainings": [
            {"name": q.name, "on": q.given_on.isoformat(), "until": q.expires_on.isoformat() if q.expires_on else None}
            for q in qualifications.of_person(turn.connection, person.id)
        ],
        "profile": _profile(mine) if profiles.has_profile(turn.connection, person.id) else None,
        "calendar": profiles.has_calendar(turn.connection, person.id),
        "last_search": {"categories": search.categories, "needs": search.needs, "near": search.place or None},
        "reports": [
            {"service": r.service_id, "words": r.words, "on": r.created_at.date().isoformat()} for r in reports
        ],
    }
    written = json.dumps(kept, ensure_ascii=False, indent=1)
    long = len(written) > LONGEST
    media = _as_file(turn, written) if long else None
    lines = [
        t("This is all I keep about you:"),
        *([] if long else [written]),
        t(
            "Your last search and position are forgotten two hours after your last message; your messages as soon "
            "as they are answered. To be forgotten altogether: /effacer"
        ),
        t("Do you also write to me from another app (Telegram, Matrix)? Link the two: /lier"),
    ]
    turn.say("\n".join(lines), media=media)


def _as_file(turn: Turn, written: str) -> Media:
    """Kept for a day at most, and not longer than the person."""
    media_type = "application/json"
    moment = turn.now - attachments.KEEP + FILE_KEPT
    number = attachments.add(
        turn.connection, "document", FILE, media_type, written.encode(), moment, created_by=turn.person.id
    )
    return Media(number, False, FILE, media_type)


def _sign_ups(turn: Turn) -> list[dict[str, object]]:
    words = own_sign_ups.words_of(turn.connection, turn.person.id)
    return [
        {
            "title": one.listing.activity.words(one.listing.activity.title, turn.texts.language),
            "starts": one.listing.session.starts_at.astimezone(turn.texts.zone).isoformat(timespec="minutes"),
            "state": one.sign_up.state.value,
            "people": one.sign_up.seats,
            "rating": one.sign_up.rating,
            "words": words.get(one.sign_up.id, ""),
        }
        for one in own_sign_ups.all_sign_ups(turn.connection, turn.person.id)
    ]


def _asked(turn: Turn) -> list[dict[str, object]]:
    asked = alerts.asked_of(turn.connection, turn.person.id)
    about = sessions.listings(turn.connection, [number for number, _ in asked])
    return [
        {
            "title": about[number].activity.words(about[number].activity.title, turn.texts.language),
            "asked": one.asked_at.astimezone(turn.texts.zone).date().isoformat(),
            "answer": one.answer,
        }
        for number, one in asked
        if number in about
    ]


def _announced(turn: Turn) -> list[dict[str, object]]:
    """Announcements they got, or were to get. `answer`: the number of the button they tapped, from 0."""
    found: list[dict[str, object]] = []
    for one in recipients.of_person(turn.connection, turn.person.id):
        known = announcements.by_id(turn.connection, one.announcement_id)
        found.append(
            {
                "label": known.label if known is not None else "",
                "state": one.state.value,
                "on": one.ended_at.date().isoformat() if one.ended_at else None,
                "answer": one.choice,
            }
        )
    return found


def _acts(turn: Turn) -> list[str]:
    """What they did, and what was done to what is theirs, a line each."""
    zone = turn.texts.zone
    return [
        " · ".join(
            part
            for part in (
                one.at.astimezone(zone).isoformat(timespec="minutes"),
                one.what,
                " → ".join(state for state in (one.before, one.after) if state),
                acts.title(turn.texts, one),
                one.words,
            )
            if part
        )
        for one in audit.own_acts(turn.connection, turn.person.id)
    ]


def _profile(mine: profiles.Profile) -> dict[str, object]:
    """Every field: a set as a sorted list, a day as it is written."""
    kept: dict[str, object] = {}
    for each in fields(mine):
        value = getattr(mine, each.name)
        if each.name == "person_id":
            continue
        kept[each.name] = sorted(value) if isinstance(value, frozenset) else value
        if isinstance(value, date):
            kept[each.name] = value.isoformat()[:10]
    return kept


@router.command("effacer", "erase")
def erase(turn: Turn) -> None:
    if not in_private(turn):
        return
    t = turn.texts.t
    turn.say(
        t(
            "Shall I forget everything about you: language, alerts, last search, profile, sign-ups? Your places go to others. "
            "Reports on places stay, without your name."
        ),
        [Button(t("Yes, forget me"), Erase().pack()), Button(t("No"), Cancel().pack())],
    )


@router.button(Erase)
def erase_now(turn: Turn, _button: Erase) -> None:
    if not in_private(turn):
        return
    held = qualifications.of_person(turn.connection, turn.person.id)
    for name in (FILE, calendar.FILE, *map(file_name, held)):
        attachments.forget_named(turn.connection, turn.person.id, name)
    participants.erase(turn.connection, turn.person.id, turn.now)
    part_from_person(turn.connection, turn.person.id)
    chats = {turn.incoming.lane, *(one.lane for one in accounts.accounts_of(turn.connection, turn.person.id))}
    accounts.forget_codes(turn.connection, turn.person.id)
    people.erase(turn.connection, turn.person)
    for lane in sorted(chats):
        lanes.forget(turn.connection, lane)
    turn.erased = True
    turn.say(turn.texts.t("Done: everything is forgotten. You can write to me again whenever you like."))
