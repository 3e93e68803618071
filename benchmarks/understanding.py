"""How long one sentence takes to understand, beside a plain fuzzy search over the labels of categories.

    python -m benchmarks.understanding

The baseline is rapidfuzz's WRatio of the sentence with every French and English label: it finds a category at best,
no place, no time, no danger.
"""

from __future__ import annotations

import csv
import resource
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from importlib.resources import files
from zoneinfo import ZoneInfo

from rapidfuzz import fuzz, process

from knowledge.gazetteer import Gazetteer
from knowledge.understanding import Understanding

NOW = datetime(2026, 1, 14, 15, 0, tzinfo=ZoneInfo("Europe/Paris"))
ROUNDS = 200

SENTENCES = {
    "short": [
        "douche gare du nord demain matin",
        "laverie vers bastille",
        "où manger ce soir ?",
        "free shower near republique",
        "bagagerie 18e samedi après 14h",
        "toilettes",
        "et demain ?",
        "a doctor without appointment tomorrow morning",
    ],
    "with typos": [
        "duche gar du nor demin matin",
        "lavrie vers basstille",
        "bagajerie republiqe",
        "dentsite gratui ver nation",
        "free showr near republik",
    ],
    "long": [
        "Bonjour, voilà je vous explique, je suis avec ma mère qui a 82 ans, on vient d'arriver à Paris et on cherche un endroit "
        "au frais pour se poser cet après-midi, si possible pas trop loin de la place d'Italie, merci beaucoup",
    ],
    "other languages": [
        "dónde puedo ducharme cerca de République mañana por la mañana",
        "onde posso comer hoje à noite perto da Gare du Nord",
        "unde pot spăla hainele sâmbătă în arondismentul 18",
        "где поесть сегодня вечером у метро Сталинград",
        "де можна помитися біля Північного вокзалу",
        "أين آكل اليوم قرب غار دي نور",
        "win nel9a makla f barbes",
        "کجا دوش بگیرم نزدیک گار دو نور",
        "ډوډۍ چیرته ده",
    ],
    "danger": ["mon pote respire plus aidez moi", "a man is attacking me with a knife at barbes metro"],
}


def main() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    gazetteer = Gazetteer.load()
    between = time.perf_counter()
    understanding = Understanding.load(gazetteer)
    loaded = time.perf_counter()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"load: gazetteer {1000 * (between - started):.0f} ms, understanding {1000 * (loaded - between):.0f} ms")
    print(f"memory of both, French and English: {(after - before) / 1024:.1f} MB")
    started = time.perf_counter()
    for sentence in SENTENCES["other languages"]:
        understanding.understand(sentence, NOW)
    took = 1000 * (time.perf_counter() - started)
    print(
        f"all ten languages called for: {took:.0f} ms, {(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024:.1f} MB"
    )
    text = files("knowledge.data").joinpath("categories.csv").read_text(encoding="utf-8")
    labels = [row[key].lower() for row in csv.DictReader(text.splitlines()) for key in ("label_fr", "label_en")]
    print(f"{'microseconds a sentence':<24}{'p50':>8}{'p99':>8}{'labels only, p50':>20}{'ratio':>8}")
    for name, sentences in SENTENCES.items():
        times = timings(lambda sentence: understanding.understand(sentence, NOW), sentences)
        plain = timings(lambda sentence: process.extractOne(sentence, labels, scorer=fuzz.WRatio), sentences)
        p50, base = statistics.median(times), statistics.median(plain)
        p99 = statistics.quantiles(times, n=100)[98]
        print(f"{name:<24}{p50:>8.0f}{p99:>8.0f}{base:>20.0f}{p50 / base:>8.2f}")


def timings(work: Callable[[str], object], sentences: list[str]) -> list[float]:
    """Microseconds of every call; the first round warms the caches of words up, as a running bot's are."""
    times = []
    for turn in range(ROUNDS + 1):
        for sentence in sentences:
            started = time.perf_counter_ns()
            work(sentence)
            if turn:
                times.append((time.perf_counter_ns() - started) / 1000)
    return times


if __name__ == "__main__":
    main()
