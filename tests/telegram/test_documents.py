"""Certificates and the code for the wall, as documents in the chat."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from pypdf import PdfReader
from sqlalchemy import func, select

from handlers.arrival_code import picture
from knowledge.participation.states import Event
from storage import attendance, roles, sessions
from storage.schema import attachment
from tests.dialogues.activities import publish
from tests.peers.bot_api import User
from tests.talk import PARIS
from tests.telegram.running import Running


async def trained(bot: Running, ada: User, name: str = "") -> None:
    """Ada was at a training."""
    now = datetime.now(PARIS)
    training = {
        "kind": "training", "title": "Aller vers", "minimum_age": 0, "gives": "volunteer", "gives_months": 24,
        "dates": [(now + timedelta(days=7)).isoformat()[:16]],
    }  # fmt: skip
    await bot.database.write(lambda c: publish(c, training, now))
    ada.says("/formations")
    await ada.hears("Aller vers")
    ada.presses("M’inscrire 1")
    await ada.hears("Quel nom")
    if name:
        ada.says(name)
        await ada.hears(f"Merci, {name}")
    await bot.database.write(lambda c: attendance.mark(c, 1, Event.ATTEND, None, now))
    ada.says("/moi")
    await ada.hears("🎓 Aller vers")


async def kept(bot: Running) -> int:
    return await bot.database.read(lambda c: c.execute(select(func.count()).select_from(attachment)).scalar_one())


async def test_a_certificate_for_who_was_there(bot: Running, ada: User) -> None:
    await trained(bot, ada, "Nadia")
    for _ in range(2):
        ada.presses("Mon attestation")
        sent = await ada.hears("a suivi la formation")
        assert sent.method == "senddocument"
        ada.says("/moi")
        await ada.hears("🎓 Aller vers")
    assert await kept(bot) == 1
    (file,) = bot.api.files.values()
    assert file.name == "certificate-1.pdf"
    text = PdfReader(io.BytesIO(file.content), strict=True).pages[0].extract_text()
    assert "Nadia" in text
    assert "Aller vers" in text
    assert not bot.api.violations


async def test_a_certificate_goes_with_its_person(bot: Running, ada: User) -> None:
    await trained(bot, ada)
    ada.presses("Mon attestation")
    await ada.hears("Quel nom")  # for the line that is still to be filled in by hand
    assert await kept(bot) == 1
    ada.says("/effacer")
    await ada.hears("oublier tout")
    ada.presses("Oui, oubliez-moi")
    await ada.hears("tout est oublié")
    assert await kept(bot) == 0


async def test_the_code_to_hang_on_the_wall_for_staff_alone(bot: Running, ada: User) -> None:
    now = datetime.now(PARIS)
    evening = {
        "kind": "cafe",
        "title": "Soirée café",
        "minimum_age": 0,
        "dates": [(now + timedelta(days=7)).isoformat()[:16]],
    }
    await bot.database.write(lambda c: publish(c, evening, now))
    ada.says("/programme")
    await ada.hears("Soirée café")
    ada.forges("qrcode:1")
    await ada.hears("réservé à l’équipe")
    await bot.database.write(lambda c: roles.set_role(c, "telegram", str(ada.id), "staff", now))
    ada.says("/equipe")
    await ada.hears("Soirée café")
    ada.presses("1")
    await ada.hears("0 sur 10")
    ada.presses("Date 1")
    await ada.hears("Code à taper")
    ada.presses("Code à scanner")
    told = await ada.hears("Affichez-le")
    about = await bot.database.read(lambda c: sessions.listing(c, 1))
    assert about is not None
    assert told.method == "sendphoto"
    assert f"https://t.me/{bot.api.username}?start=code_{about.session.code}" in told.text
    assert [file.content for file in bot.api.files.values()] == [picture(bot.api.username, about.session.code)]
    assert not bot.api.violations
