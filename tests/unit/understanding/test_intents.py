from __future__ import annotations

import pytest

from tests.unit.understanding.conftest import Understand

INTENTS = {
    "find_service": [
        "douche",
        "où manger",
        "toilettes gare du nord",
        "i need a doctor",
        "j'ai faim",
        "formations professionnelles",
    ],
    "trainings": [
        "quand est la prochaine formation bénévole",
        "m'inscrire à une formation maraude",
        "volunteer training dates",
        "Formations",
        "les formations ce week-end",
        "Trainings",
    ],
    "missions": [
        "je veux être bénévole",
        "vous avez besoin de bénévoles ?",
        "how can I volunteer",
        "participer à une maraude",
    ],
    "programme": [
        "le programme du café solidaire",
        "what's on at the solidarity cafe",
        "y a une conférence bientôt ?",
        "programme",
        "le programme samedi",
        "the programme",
    ],
    "collections": ["où donner des vêtements", "je veux faire un don", "where can I donate clothes", "trier les dons"],
    "rooms": ["réserver une salle", "une salle pour notre association", "book a meeting room"],
    "projects": ["proposer un projet", "j'ai une idée à soumettre", "I want to submit a project"],
    "night": ["nuit de la solidarité", "compter les sans-abri", "night of solidarity"],
    "my_signups": ["à quoi je suis inscrit", "mes inscriptions", "what am I signed up for"],
    "cancel_signup": [
        "je ne peux plus venir",
        "annuler mon inscription",
        "je peux pas venir à la formation",
        "cancel my shift",
    ],
    "stop_alerts": ["stop", "je ne veux plus recevoir de messages", "unsubscribe", "no more notifications"],
    "start_alerts": ["prévenez-moi des nouvelles missions", "activer les alertes", "notify me of new missions"],
    "refine": [
        "et demain ?",
        "plus loin",
        "plus près",
        "avec un chien",
        "plutôt vers Bastille",
        "Gare du Nord",
        "et pour une laverie ?",
        "bonjour, et demain ?",
        "what about sunday",
        "anything closer?",
        "autre chose",
    ],
    "report_error": ["l'adresse est fausse", "ce lieu n'existe plus", "wrong address", "it has closed down"],
    "human": ["parler à quelqu'un", "je veux un humain", "can I talk to a person"],
    "language": ["parlez-vous anglais ?", "change language", "english please"],
    "help": ["comment ça marche", "que peux-tu faire", "c'est quoi le 115 ?", "aide", "what can you do"],
    "greeting": ["bonjour", "salut !", "hi", "good morning"],
    "thanks": ["merci", "merci beaucoup c'est gentil", "thank you so much", "merci pour la douche"],
    "unknown": ["", "???", "asdfgh", "qui a gagné le match", "the capital of australia", "🙂🙂"],
}


@pytest.mark.parametrize(("text", "intent"), [(text, intent) for intent, texts in INTENTS.items() for text in texts])
def test_intent(understand: Understand, text: str, intent: str) -> None:
    frame = understand(text)
    assert frame.intent == intent, frame.why


@pytest.mark.parametrize(
    ("text", "distance"),
    [
        ("plus loin", "farther"),
        ("plus près", "closer"),
        ("anything closer?", "closer"),
        ("further away", "farther"),
        ("et demain", None),
    ],
)
def test_distance_of_a_follow_up(understand: Understand, text: str, distance: str | None) -> None:
    assert understand(text).distance == distance


def test_a_follow_up_may_name_another_service(understand: Understand) -> None:
    frame = understand("et pour une laverie ?")
    assert (frame.intent, frame.categories) == ("refine", ("laundry",))
