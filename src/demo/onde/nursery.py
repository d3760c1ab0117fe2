"""The list of a small nursery that doesn't exist, in the same shape as a school's."""

import random
from datetime import date, timedelta

from demo.onde.generate import CHILD, GUARDIANS, PUPILS, as_file, plain
from demo.onde.names import BOYS, FAMILIES, FATHERS, GIRLS, MOTHERS

SECTIONS = (("Grande section", 2), ("Petite section", 1))
CHILDREN = 18


def nursery_files(today: date) -> tuple[bytes, bytes]:
    """Return the children's and the parents' file; the children are one or two years old today."""
    dice = random.Random(18)  # noqa: S311
    children = []
    parents = []
    for number, family in enumerate(dice.sample(FAMILIES, CHILDREN)):
        section, age = SECTIONS[number % 2]
        first_name = dice.choice(GIRLS if number % 3 else BOYS)
        born_on = today - timedelta(days=365 * age + dice.randrange(20, 340))
        cells = {"Nom élève": family, "Prénom élève": first_name, "Date naissance": f"{born_on:%d/%m/%Y}"}
        children.append([(cells | {"Libellé classe": section}).get(name, "") for name in PUPILS])
        parents.append(_parent(family, first_name, section, dice.choice(MOTHERS if number % 4 else FATHERS)))
    return as_file(PUPILS, children), as_file(GUARDIANS, parents)


def _parent(family: str, child: str, section: str, first_name: str) -> list[str]:
    cells = {"Nom responsable": family, "Prénom responsable": first_name}
    cells["Courriel"] = f"{plain(first_name)}.{plain(family)}@famille.example"
    adult = [cells.get(name, "") for name in GUARDIANS[: -3 * len(CHILD)]]
    return [*adult, "", family, child, section, *[""] * 2 * len(CHILD)]
