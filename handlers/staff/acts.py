"""What somebody of the team did, in words."""

from __future__ import annotations

import json

from bot.messages import strong
from bot.texts import SOURCE_LANGUAGE, Texts
from handlers.staff.members import role_name
from knowledge.participation.states import Event
from storage import audit
from storage.audit import Act


def title(texts: Texts, act: Act) -> str:
    """Of the activity or announcement that an act is about, "" for none."""
    if act.label:
        return act.label
    words = json.loads(act.title) if act.title else {}
    return str(words.get(texts.language) or words.get("fr") or words.get(SOURCE_LANGUAGE) or "")


def what(texts: Texts, act: Act) -> str:
    """In a few words, without what it is about."""
    t = texts.t
    if act.what == audit.ROLE:
        before, after = role_name(texts, act.before), role_name(texts, act.after)
        return t("role: {before} → {after}", before=before, after=after)
    if act.what == audit.INVITED:
        return t("invitation: {role}", role=role_name(texts, act.after))
    if act.what == "changed" and act.before != act.after:
        said = {"published": t("published"), "cancelled": t("cancelled")}.get(act.after)
        if said is not None:
            return said
    known = {
        "created": t("created"),
        "changed": t("changed"),
        "moved": t("date moved"),
        "called off": t("date cancelled"),
        "series edited": t("dates changed"),
        Event.ATTEND: t("marked as there"),
        Event.MISS: t("marked as not there"),
        Event.UNMARK: t("mark taken back"),
        Event.REMOVE: t("taken off the list"),
        "scheduled": t("scheduled"),
        "sending": t("sent"),
        "paused": t("paused"),
        "resumed": t("resumed"),
        "cancelled": t("cancelled"),
        "urgent": t("confirmed as urgent"),
        "answered": t("answered a volunteer"),
        "exported": t("exported"),
    }
    return known.get(act.what, act.what)


def line(texts: Texts, act: Act, who: str) -> str:
    """One act in one line: when, who, what, on what."""
    local = act.at.astimezone(texts.zone)
    said = f"{local:%d/%m} {texts.time(act.at)} · {who} · {what(texts, act)}"
    about = title(texts, act)
    if about:
        said += f" · {strong(texts.apart(about))}"
    if act.words:
        said += f" · {texts.apart(act.words)}"
    return said
