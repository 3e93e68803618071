"""How long a sentence takes to understand in each language, beside a plain fuzzy search over the labels of categories.

    python -m benchmarks.understanding

`first` is the slowest first time of a sentence, in milliseconds: reading the language included, where it was not read
before. The baseline is rapidfuzz's WRatio of the sentence with every French and English label, which finds a category
at best, no place, no time, no danger; its memory and its load are those of the labels alone.
"""

from __future__ import annotations

import csv
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from knowledge.gazetteer import Gazetteer
from knowledge.understanding import Understanding

NOW = datetime(2026, 1, 14, 15, 0, tzinfo=ZoneInfo("Europe/Paris"))
ROUNDS = 100
_PAGE = 4096

SENTENCES = {
    "fr, en short": [
        "douche gare du nord demain matin",
        "laverie vers bastille",
        "où manger ce soir ?",
        "free shower near republique",
        "bagagerie 18e samedi après 14h",
        "toilettes",
        "et demain ?",
        "a doctor without appointment tomorrow morning",
    ],
    "fr, en with typos": [
        "duche gar du nor demin matin",
        "lavrie vers basstille",
        "bagajerie republiqe",
        "dentsite gratui ver nation",
        "free showr near republik",
    ],
    "fr long": [
        "Bonjour, voilà je vous explique, je suis avec ma mère qui a 82 ans, on vient d'arriver à Paris et on cherche un endroit "
        "au frais pour se poser cet après-midi, si possible pas trop loin de la place d'Italie, merci beaucoup",
    ],
    "fr, en danger": ["mon pote respire plus aidez moi", "a man is attacking me with a knife at barbes metro"],
    "es": [
        "dónde puedo ducharme cerca de République mañana por la mañana",
        "necesito ropa de invierno para mi hijo",
        "comida gratis cerca de la estación del Norte esta noche",
    ],
    "pt": [
        "onde posso comer hoje à noite perto da Gare du Nord",
        "preciso de um dentista sem seguro de saúde",
        "lavandaria no 18 no sábado depois das 14h",
    ],
    "ro": [
        "unde pot spăla hainele sâmbătă în arondismentul 18",
        "caut un loc unde să dorm cu copiii în seara asta",
        "medic gratuit lângă Gara de Est mâine dimineață",
    ],
    "ru": [
        "где поесть сегодня вечером у метро Сталинград",
        "нужен врач без документов завтра утром",
        "где постирать вещи возле Северного вокзала",
    ],
    "uk": [
        "де можна помитися біля Північного вокзалу",
        "потрібен юрист щодо документів у п'ятницю",
        "безкоштовний одяг для дитини у вісімнадцятому окрузі",
    ],
    "ar": [
        "أين آكل اليوم قرب غار دي نور",
        "win nel9a makla f barbes",
        "محتاج طبيب أسنان بلا تأمين غدا صباحا",
    ],
    "fa": [
        "کجا دوش بگیرم نزدیک گار دو نور",
        "فردا صبح دکتر رایگان می‌خواهم",
        "کلاس زبان فرانسه در منطقه ۱۹ کجاست",
    ],
    "ps": [
        "ډوډۍ چیرته ده",
        "زه یو ډاکټر ته اړتیا لرم سبا سهار",
        "ګار دو نور ته نږدې چیرته ځان مینځلی شم",
    ],
}


def main() -> None:
    text = files("knowledge.data").joinpath("categories.csv").read_text(encoding="utf-8")
    before, started = resident(), time.perf_counter()
    labels = [row[key].lower() for row in csv.DictReader(text.splitlines()) for key in ("label_fr", "label_en")]
    process.extractOne("douche", labels, scorer=fuzz.WRatio)
    print(f"labels alone: {1000 * (time.perf_counter() - started):.0f} ms, {resident() - before:.1f} MB")
    before, started = resident(), time.perf_counter()
    gazetteer = Gazetteer.load()
    places, at = resident(), time.perf_counter()
    print(f"names of places: {1000 * (at - started):.0f} ms, {places - before:.1f} MB")
    understanding = Understanding.load(gazetteer)
    print(
        f"understanding, French and English: {1000 * (time.perf_counter() - at):.0f} ms, {resident() - places:.1f} MB"
    )
    print(f"{'microseconds a sentence':<24}{'p50':>8}{'p99':>8}{'first, ms':>12}{'labels only, p50':>20}{'ratio':>8}")
    for name, sentences in SENTENCES.items():
        times, first = timings(lambda sentence: understanding.understand(sentence, NOW), sentences)
        plain, _ = timings(lambda sentence: process.extractOne(sentence, labels, scorer=fuzz.WRatio), sentences)
        p50, base = statistics.median(times), statistics.median(plain)
        p99 = statistics.quantiles(times, n=100)[98]
        print(f"{name:<24}{p50:>8.0f}{p99:>8.0f}{first / 1000:>12.1f}{base:>20.0f}{p50 / base:>8.2f}")
    print(f"memory of all, every language called for: {resident() - before:.1f} MB")


def resident() -> float:
    """Megabytes of this process in memory now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * _PAGE / 2**20


def timings(work: Callable[[str], object], sentences: list[str]) -> tuple[list[float], float]:
    """Microseconds of processor time of every call, and of clock time of the slowest first one. The first round warms
    the caches of words up, as a running bot's are; more spaces each time, so that no whole sentence is remembered."""
    times: list[float] = []
    first = 0.0
    for turn in range(ROUNDS + 1):
        for sentence in sentences:
            text = sentence + " " * turn
            started, worked = time.perf_counter_ns(), time.thread_time_ns()
            work(text)
            if turn:
                times.append((time.thread_time_ns() - worked) / 1000)
            else:
                first = max(first, (time.perf_counter_ns() - started) / 1000)
    return times, first


if __name__ == "__main__":
    main()
