"""Write the files of a school that doesn't exist, the same at every run: `python -m demo.onde.generate`.

210 pupils in eight classes: accents, particles, brothers and sisters, two pairs of twins, a pupil in two
homes; then the same file some weeks later, with newcomers, a pupil who left, a change of class and a line
that can't be read.
"""

import csv
import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from unicodedata import combining, normalize

from demo.onde.names import BOYS, FAMILIES, FATHERS, GIRLS, MOTHERS, STREETS, YEAR, cut

HERE = Path(__file__).parent
CLASSES = (
    ("PS", "PS Coccinelles", 24),
    ("MS", "MS Hérissons", 26),
    ("GS", "GS Écureuils", 26),
    ("CP", "CP Tilleul", 25),
    ("CE1", "CE1 Érable", 27),
    ("CE2", "CE2 Chêne", 27),
    ("CM1", "CM1 Frêne", 28),
    ("CM2", "CM2 Hêtre", 27),
)
LEVELS = [level for level, _, _ in CLASSES]
CYCLES = {
    "PS": "CYCLE I",
    "MS": "CYCLE I",
    "GS": "CYCLE I",
    "CP": "CYCLE II",
    "CE1": "CYCLE II",
    "CE2": "CYCLE II",
}
PUPILS = cut(
    "Nom élève;Nom d'usage élève;Prénom élève;Date "
    "naissance;Sexe;INE;Adresse1;Cp1;Commune1;Pays1;Adresse2;Cp2;"
    "Commune2;Pays2; Cycle;Niveau;Libellé classe;Identifiant classe;Attestation fournie;Autorisation "
    "associations;"
    "Autorisation photo;Décision de passage"
)
CHILD = ["Nom d'usage enfant", "Nom de famille enfant", "Prénom enfant", "Classes enfants"]
GUARDIANS = (
    cut(
        "Civilité Responsable;Nom usage responsable;Nom responsable;Prénom responsable;Adresse "
        "responsable;CP responsable;"
        "Commune responsable;Pays;Courriel;Téléphone domicile;Téléphone travail;Téléphone portable"
    )
    + CHILD * 3
)


@dataclass(frozen=True)
class Pupil:
    """An invented pupil."""

    last_name: str
    first_name: str
    sex: str
    born_on: date
    place: int  # in CLASSES
    preferred_last_name: str = ""


@dataclass
class Family:
    """An invented family: one home, or two with an adult in each."""

    name: str
    street: str
    other_street: str = ""
    pupils: list[Pupil] = field(default_factory=list)


def families() -> list[Family]:
    """Return the families, always the same; places in classes are filled from the smallest children up."""
    dice = random.Random(210)  # noqa: S311
    names = FAMILIES[:]
    dice.shuffle(names)
    made = [Family(name, _street(dice)) for name in names]
    free = [place for place, (_, _, size) in enumerate(CLASSES) for _ in range(size)]
    first_names = {"F": _dealt(GIRLS, dice), "M": _dealt(BOYS, dice)}
    _twins(made[0], 0, "FF", first_names, free, dice)
    _twins(made[1], 4, "FM", first_names, free, dice)
    made[2].other_street = _street(dice)
    for turn in range(len(free)):
        family = made[2 + turn % (len(made) - 2)]
        family.pupils.append(_pupil(family, free.pop(dice.randrange(len(free))), first_names, dice))
    return [_apart(family) for family in made if family.pupils]


def _street(dice: random.Random) -> str:
    return f"{dice.randint(1, 80)} {dice.choice(STREETS)}"


def _dealt(names: list[str], dice: random.Random) -> list[str]:
    """Return first names to take from the end, each used about as often as the others."""
    dealt = [name for _ in range(5) for name in dice.sample(names, len(names))]
    return dealt


def _twins(
    family: Family,
    place: int,
    sexes: str,
    first_names: dict[str, list[str]],
    free: list[int],
    dice: random.Random,
) -> None:
    born_on = _birthday(place, dice)
    for sex in sexes:
        free.remove(place)
        family.pupils.append(Pupil(family.name, first_names[sex].pop(), sex, born_on, place))


def _pupil(family: Family, place: int, first_names: dict[str, list[str]], dice: random.Random) -> Pupil:
    sex = dice.choice("FM")
    return Pupil(family.name, first_names[sex].pop(), sex, _birthday(place, dice), place)


def _birthday(place: int, dice: random.Random) -> date:
    """Return a day of the year in which children of this level are born."""
    return date(YEAR - 3 - place, 1, 1) + timedelta(days=dice.randrange(365))


def _apart(family: Family) -> Family:
    """Give a used name of its own to a child born too close to another: two families live as one.

    Twins stay twins.
    """
    seen: set[date] = set()
    kept = []
    for pupil in sorted(family.pupils, key=lambda each: each.born_on):
        close = [day for day in seen if 0 < (pupil.born_on - day).days < 280]
        kept.append(replace(pupil, preferred_last_name=f"{family.name}-Roche") if close else pupil)
        seen.add(pupil.born_on)
    family.pupils = kept
    return family


def student_rows(everyone: list[Family]) -> list[list[str]]:
    """Return the lines of the pupils' file, by class and name."""
    rows = [
        (pupil.place, pupil.last_name, _pupil_row(number, pupil, family))
        for number, (pupil, family) in _all(everyone)
    ]
    return [row for _, _, row in sorted(rows)]


def _all(everyone: list[Family]) -> list[tuple[int, tuple[Pupil, Family]]]:
    return list(enumerate((pupil, family) for family in everyone for pupil in family.pupils))


def _pupil_row(number: int, pupil: Pupil, family: Family) -> list[str]:
    level, label, _ = CLASSES[pupil.place]
    second = (
        [family.other_street, "00001", "VILLENEUVE-LES-TILLEULS", "FRANCE"]
        if family.other_street
        else [""] * 4
    )
    return [
        pupil.last_name,
        pupil.preferred_last_name,
        pupil.first_name,
        f"{pupil.born_on:%d/%m/%Y}",
        pupil.sex,
        f"{number:09d}ZZ",
        family.street,
        "00001",
        "VILLENEUVE-LES-TILLEULS",
        "FRANCE",
        *second,
        CYCLES.get(level, "CYCLE III"),
        level,
        label,
        str(40_000 + pupil.place),
        "O",
        "O",
        "N" if number % 17 == 0 else "O",
        "",
    ]


def guardian_rows(everyone: list[Family]) -> list[list[str]]:
    """Return the lines of the guardians' file.

    Two adults a family, sometimes one, never more than three children.
    """
    dice = random.Random(2)  # noqa: S311
    rows = []
    for number, family in enumerate(everyone):
        for rank, adult in enumerate(_adults(number, dice)):
            rows.append(_guardian_row(number, rank, adult, family))
    return rows


def _adults(number: int, dice: random.Random) -> list[tuple[str, str]]:
    both = [("MME", dice.choice(MOTHERS)), ("M.", dice.choice(FATHERS))]
    return both[:1] if number % 6 == 5 else both


def _guardian_row(number: int, rank: int, adult: tuple[str, str], family: Family) -> list[str]:
    street = family.other_street if rank and family.other_street else family.street
    email = f"{plain(adult[1])}.{plain(family.name)}@famille.example"
    phones = ["", "", f"00 00 00 {number % 100:02d} {rank:02d}"]
    children = [_child_cells(pupil) for pupil in family.pupils[:3]]
    cells = [cell for child in children for cell in child] + [""] * 4 * (3 - len(children))
    home = [street, "00001", "VILLENEUVE-LES-TILLEULS", "FRANCE"]
    return [adult[0], "", family.name, adult[1], *home, email, *phones, *cells]


def _child_cells(pupil: Pupil) -> list[str]:
    return [pupil.preferred_last_name, pupil.last_name, pupil.first_name, CLASSES[pupil.place][1]]


def plain(name: str) -> str:
    """Return a name as an address has it: small letters of the alphabet and hyphens."""
    letters = normalize("NFKD", name.replace("ı", "i")).lower().replace(" ", "-")
    return "".join(
        letter
        for letter in letters
        if letter.isascii() and (letter.isalpha() or letter == "-") and not combining(letter)
    )


def later(rows: list[list[str]]) -> list[list[str]]:
    """Return the file some weeks later: two newcomers, three gone, one moved up a class, one unreadable
    birthday.
    """
    rows = [row[:] for row in rows]
    oldest = [number for number, row in enumerate(rows) if row[16] == CLASSES[-1][1]]
    moved = 60
    unreadable = 130
    gone = (12, *oldest[:2])
    rows[moved][15:18] = rows[moved + 30][15:18]
    rows[unreadable][3] = "31/02/2019"
    newcomers = [rows[5][:], rows[100][:]]
    for row, last_name, first_name in zip(
        newcomers, ("Vandevyvère", "Ôkubo"), ("Lénaïg", "Haru"), strict=True
    ):
        row[0] = last_name
        row[1] = ""
        row[2] = first_name
        row[5] = "999999999ZZ"
    return [row for number, row in enumerate(rows) if number not in gone] + newcomers


def as_file(header: list[str], rows: list[list[str]]) -> bytes:
    """Return a file as ONDE writes it."""
    text = StringIO()
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig")


if __name__ == "__main__":
    invented = families()
    pupils = student_rows(invented)
    (HERE / "eleves.csv").write_bytes(as_file(PUPILS, pupils))
    (HERE / "responsables.csv").write_bytes(as_file(GUARDIANS, guardian_rows(invented)))
    (HERE / "eleves-six-semaines-plus-tard.csv").write_bytes(as_file(PUPILS, later(pupils)))
