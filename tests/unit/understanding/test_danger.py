"""Danger must not be missed, and what only sounds like it must not raise an alarm."""

from __future__ import annotations

import pytest

from knowledge.emergency import emergency_numbers
from knowledge.understanding import rules
from tests.unit.understanding.conftest import Understand

DANGERS = {
    "15": [
        "il respire plus",
        "elle ne respire presque plus vite",
        "mon ami a fait une overdose il bouge plus",
        "ma copine a convulsé et elle est par terre",
        "un monsieur inconscient sur le quai",
        "il a perdu connaissance devant moi",
        "elle saigne beaucoup de la tête ça s'arrête pas",
        "il perd énormément de sang",
        "j'ai une grosse douleur dans la poitrine et le bras",
        "mon père fait une crise cardiaque",
        "je crois qu'il fait un avc, il parle bizarre",
        "ma femme est en train d'accoucher dans la rue",
        "elle a perdu les eaux",
        "elle a tres mal au ventre et elle est enceinte",
        "she is pregnant and has severe pain",
        "mon fils a bu de la javel",
        "il s'étouffe avec un morceau de pain",
        "il vient de se prendre un coup de couteau",
        "appelez une ambulance svp",
        "quelqu'un est par terre et il répond pas",
        "mon bebe est tout bleu",
        "j'arrive plus à respirer",
        "he is unconscious on the floor",
        "she's not breathing",
        "my friend overdosed",
        "there is so much blood everywhere",
        "I have chest pain and my left arm is numb",
        "she is having a seizure",
        "we need an ambulance",
        "someone was stabbed at gare du nord",
        "my wife is in labour, the baby is coming",
        "an old man collapsed in the street",
        "a man is lying on the ground and he doesn't answer",
        "he swallowed a whole box of pills",
        "il est en hypothermie",
        "un sdf gelé dehors il tremble de froid",
    ],
    "18": [
        "il y a le feu dans la cave",
        "ma tente a pris feu",
        "au feu",
        "ça brûle dans l'immeuble d'en face",
        "une voiture vient de renverser un piéton",
        "gros accident de moto porte d'orléans vite",
        "ça sent le gaz dans le couloir",
        "quelqu'un est tombé dans la seine",
        "the building is on fire",
        "a car hit a cyclist",
        "there's smoke coming out of the flat",
        "I smell gas",
        "someone fell into the river",
    ],
    "17": [
        "on m'attaque",
        "un homme me suit depuis le métro",
        "ils sont trois à le frapper",
        "il a sorti un couteau",
        "quelqu'un essaie de rentrer chez moi de force",
        "mon mari est en train de me frapper",
        "il veut me tuer",
        "y a une bagarre générale devant le foyer",
        "des coups de feu dans la rue",
        "someone is attacking me",
        "he has a gun and he is threatening us",
        "a man is following me",
        "they are beating him up right now",
        "someone is breaking into my flat",
        "my boyfriend is hitting me right now",
    ],
    "119": [
        "le voisin frappe ses enfants",
        "mon père me frappe",
        "une petite fille de 5 ans toute seule dans la rue la nuit",
        "je pense que mon élève est maltraité chez lui",
        "my neighbour beats his kids",
        "my dad hits me",
        "I found a child alone in the street",
        "the child has bruises all over",
    ],
    "3114": [
        "je veux mourir",
        "j'ai des idées suicidaires",
        "je vais me jeter sous le métro",
        "plus envie de vivre",
        "je pense à en finir",
        "mon pote parle de se suicider",
        "I want to kill myself",
        "I don't want to live anymore",
        "I'm thinking about suicide",
        "I just want to end it all",
    ],
    "3919": [
        "mon mari me bat",
        "mon ex me menace et me frappe",
        "mon conjoint est violent avec moi",
        "j'ai peur de mon mari",
        "mon copain me frappe quand il boit, je cherche de l'aide",
        "my husband beats me",
        "I am scared of my boyfriend, he hits me",
        "my partner is violent",
    ],
    "115": [
        "je suis à la rue ce soir",
        "j'ai nulle part où dormir",
        "on dort dehors cette nuit avec ma fille",
        "on sait pas où dormir ce soir",
        "je dors dans ma voiture ce soir il gèle",
        "on s'est fait mettre à la porte on a nulle part où aller",
        "un homme dort dehors sous la pluie ce soir boulevard magenta",
        "je suis dehors avec mon bébé",
        "I have nowhere to sleep tonight",
        "we are sleeping outside tonight with our children",
        "I got kicked out and I have nowhere to go",
        "there is a man sleeping outside in the cold tonight",
        "I'm homeless and it's freezing tonight, I'm on the street",
    ],
    "114": [
        "je suis sourd et on m'attaque",
        "I am deaf and my friend is unconscious",
        "je peux pas parler, il y a le feu",
    ],
    "112": ["au secours", "sos"],
}

OTHER_LANGUAGES = [
    ("es", "mi amiga se desmayó y no respira", "15"),
    ("es", "hay un incendio en el edificio", "18"),
    ("es", "no tengo dónde dormir", "115"),
    ("es", "quiero morirme", "3114"),
    ("pt", "o meu pai não respira", "15"),
    ("pt", "meu marido me bate", "3919"),
    ("pt", "não temos onde dormir hoje", "115"),
    ("ro", "prietenul meu nu mai respiră", "15"),
    ("ro", "nu avem unde dormi", "115"),
    ("ru", "мой друг не дышит", "15"),
    ("ru", "нам негде ночевать", "115"),
    ("ru", "на меня напали", "17"),
    ("ru", "я не хочу больше жить", "3114"),
    ("uk", "він знепритомнів і не дихає", "15"),
    ("uk", "у будинку пожежа", "18"),
    ("ar", "صديقي فاقد الوعي", "15"),
    ("ar", "يوجد حريق في البناية", "18"),
    ("ar", "زوجي يضربني كل يوم", "3919"),
    ("ar", "ما عندي وين نام", "115"),
    ("fa", "پدرم سکته قلبی کرده", "15"),
    ("fa", "امشب جای خواب نداریم", "115"),
    ("fa", "می‌خواهم بمیرم", "3114"),
    ("ps", "زما ملګری بې هوشه دی", "15"),
    ("ps", "زه د خوب ځای نه لرم", "115"),
]

NO_DANGERS = [
    "je meurs de faim",
    "mon téléphone est mort",
    "je suis mort de fatigue",
    "cette migraine me tue",
    "j'ai les pieds en feu",
    "c'est quoi le 115 ?",
    "le 3919 c'est pour qui",
    "formation premiers secours",
    "le secours populaire est ouvert ?",
    "hébergement d'urgence",
    "contraception d'urgence",
    "halte de nuit ce soir",
    "je cherche un endroit pour dormir",
    "un foyer pour ce soir svp",
    "centre d'hébergement cette nuit",
    "je dormais dehors l'hiver dernier, maintenant j'ai un studio, un médecin ?",
    "je suis à la rue, où prendre une douche",
    "je dors dehors, où laver mes vêtements ?",
    "j'ai quitté mon mari violent, je cherche un avocat",
    "permanence pour femmes victimes de violences",
    "ma fille est malade, un pédiatre",
    "j'ai mal au dos à mourir, un kiné gratuit",
    "il fait un froid de canard",
    "la préfecture m'a tué avec ses papiers",
    "je crève de chaud",
    "j'ai eu un accident l'an dernier, je cherche un psy",
    "mon chien respire mal depuis hier, un véto ?",
    "feu tricolore en panne",
    "un feu d'artifice ce soir ?",
    "mon enfant a de la fièvre",
    "coup de main pour distribuer des repas",
    "je saigne un peu du doigt, une infirmière ?",
    "je suis sourd, vous avez un accueil en langue des signes ?",
    "on m'a volé mon sac hier",
    "mon fils se bat avec ses devoirs, aide scolaire",
    "nuit de la solidarité",
    "arrêter de boire",
    "salle de shoot",
    "la batterie de mon portable est morte",
    "my phone is dead",
    "I'm starving",
    "my feet are killing me",
    "what is the 115",
    "emergency shelter for women",
    "where can I sleep",
    "first aid training",
    "I used to sleep rough, now I need a job",
    "I left my abusive husband, I need a lawyer",
    "I'm dying for a coffee",
    "heart doctor please",
    "fire safety training",
    "freezing, any warm place to sit?",
    "I'm on the street, where can I get a shower",
    "is there a night shelter",
    "stop alcohol",
    "I had a car accident last year and need a psychologist",
    "he kicked the ball, where can we play football",
    "I got fired, need legal advice",
    "deaf people french class",
    "aide aux enfants",
    "j'ai besoin d'aide",
]


@pytest.mark.parametrize(
    ("text", "number"), [(text, number) for number, texts in DANGERS.items() for text in texts], ids=lambda value: value
)
def test_danger_gives_the_number_to_call_first(understand: Understand, text: str, number: str) -> None:
    frame = understand(text)
    assert (frame.intent, frame.numbers[:1]) == ("emergency", (number,)), frame.why


@pytest.mark.parametrize(("language", "text", "number"), OTHER_LANGUAGES)
def test_danger_is_understood_in_every_language(understand: Understand, language: str, text: str, number: str) -> None:
    frame = understand(text)
    assert (frame.language, frame.intent, frame.numbers[:1]) == (language, "emergency", (number,)), frame.why


@pytest.mark.parametrize("text", NO_DANGERS, ids=lambda value: value)
def test_what_sounds_like_danger_raises_no_alarm(understand: Understand, text: str) -> None:
    frame = understand(text)
    assert frame.intent != "emergency", frame.why


@pytest.mark.parametrize("text", ["douche svp il respire plus", "wifi? my friend is unconscious", "bonjour, au feu !"])
def test_danger_comes_before_the_rest_of_the_sentence(understand: Understand, text: str) -> None:
    assert understand(text).intent == "emergency"


def test_every_number_of_the_rules_has_a_purpose() -> None:
    numbers = {number for danger in rules.load("danger")["danger"] for number in danger["numbers"]}
    assert numbers <= set(emergency_numbers())


def test_who_must_be_sheltered_counts_and_other_needs_do_not(understand: Understand) -> None:
    frame = understand("je suis enceinte, on est à la rue ce soir avec mes enfants et mon chien")
    assert frame.needs == ("families", "pregnant")


def test_an_emergency_keeps_no_time_but_the_night(understand: Understand) -> None:
    assert understand("il respire plus depuis ce matin").when is None
    night = understand("nulle part où dormir ce soir").when
    assert night is not None
    assert (night.start.hour, night.end.hour) == (18, 23)
