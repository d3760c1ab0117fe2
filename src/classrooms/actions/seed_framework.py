"""What a new tenant starts with: a small framework of competencies, cycles 1 to 3, and the school year."""

from datetime import datetime

from classrooms.actions.open_year import open_year
from classrooms.models import Competency
from tenants.models import Tenant

LANGUAGE = ("Langage", "Language")
NUMBERS = ("Nombres", "Numbers")
LIFE = ("Vivre ensemble", "Living together")
BODY = ("Corps et arts", "Body and arts")
READ = ("Lire", "Reading")
WRITE = ("Écrire", "Writing")
WORLD = ("Explorer le monde", "Exploring the world")

FRAMEWORK: dict[int, list[tuple[str, tuple[str, str], str, str]]] = {
    1: [
        ("1-lang-1", LANGUAGE, "Oser parler devant les autres", "Dares to speak in front of others"),
        ("1-lang-2", LANGUAGE, "Raconter une histoire entendue", "Retells a story"),
        (
            "1-lang-3",
            LANGUAGE,
            "Reconnaître son prénom et des lettres",
            "Recognises their first name and letters",
        ),
        ("1-num-1", NUMBERS, "Dénombrer jusqu’à dix objets", "Counts up to ten objects"),
        ("1-num-2", NUMBERS, "Ranger, comparer et trier", "Orders, compares and sorts"),
        ("1-live-1", LIFE, "Attendre son tour et partager", "Waits for their turn and shares"),
        ("1-live-2", LIFE, "S’habiller et ranger sans aide", "Dresses and tidies up without help"),
        ("1-body-1", BODY, "Courir, sauter, lancer avec assurance", "Runs, jumps and throws with confidence"),
        ("1-body-2", BODY, "Créer avec des couleurs et des sons", "Makes things with colours and sounds"),
    ],
    2: [
        ("2-read-1", READ, "Lire un texte court à voix haute", "Reads a short text aloud"),
        ("2-read-2", READ, "Dire ce qu’un texte raconte", "Tells what a text is about"),
        ("2-write-1", WRITE, "Écrire une phrase sans modèle", "Writes a sentence without a model"),
        ("2-write-2", WRITE, "Copier avec soin et relire", "Copies with care and checks it"),
        ("2-num-1", NUMBERS, "Compter et comparer jusqu’à mille", "Counts and compares up to a thousand"),
        ("2-num-2", NUMBERS, "Additionner et soustraire", "Adds and subtracts"),
        ("2-num-3", NUMBERS, "Résoudre un petit problème", "Solves a short problem"),
        ("2-world-1", WORLD, "Se repérer dans le temps et l’espace", "Finds their way in time and space"),
        ("2-live-1", LIFE, "Coopérer dans un groupe", "Works together in a group"),
    ],
    3: [
        ("3-read-1", READ, "Lire seul un livre et en parler", "Reads a book alone and talks about it"),
        ("3-read-2", READ, "Trouver ce que le texte ne dit pas", "Finds what a text leaves unsaid"),
        ("3-write-1", WRITE, "Écrire un texte construit", "Writes a text with a plan"),
        (
            "3-write-2",
            WRITE,
            "Corriger l’orthographe de son texte",
            "Corrects the spelling of their own text",
        ),
        ("3-num-1", NUMBERS, "Calculer avec des fractions simples", "Works with simple fractions"),
        ("3-num-2", NUMBERS, "Mesurer des longueurs et des aires", "Measures lengths and areas"),
        ("3-world-1", WORLD, "Mener une expérience et conclure", "Carries out an experiment and concludes"),
        ("3-live-1", LIFE, "Débattre en écoutant les autres", "Debates and listens to others"),
    ],
}


def seed_framework(tenant: Tenant, now: datetime) -> None:
    """Give a tenant the shipped competencies and its school year; what is there already stays."""
    open_year(tenant.today(now))
    rows = [
        Competency(
            code=code,
            cycle=cycle,
            domain_fr=domain[0],
            domain_en=domain[1],
            name_fr=french,
            name_en=english,
            position=position,
            is_shipped=True,
        )
        for cycle, items in FRAMEWORK.items()
        for position, (code, domain, french, english) in enumerate(items)
    ]
    Competency.objects.bulk_create(rows, ignore_conflicts=True)
