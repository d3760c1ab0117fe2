"""Texts that are said otherwise as a whole where a school's words don't fit, by the English they translate.

A word's rule (`contracts.policy.words`) comes first. Here stands only what it would turn badly: the registers
and files that only schools have, and sentences that say who is asked.
"""

from typing import NamedTuple


class Otherwise(NamedTuple):
    """How a text is said, and where: in which of "nursery", "household", "practice"."""

    english: str
    french: str
    where: frozenset[str] = frozenset({"nursery", "household", "practice"})


_NURSERY = frozenset({"nursery"})
_FOLLOWED = frozenset({"nursery", "practice"})
_HOUSEHOLD = frozenset({"household"})

OTHERWISE: dict[str, Otherwise] = {
    "The CSV that ONDE exports: pupils, their class and level. Columns may come in any order.": Otherwise(
        "A CSV of the children: last name, first name, birth date. Columns may come in any order.",
        "Un CSV des enfants : nom, prénom, date de naissance. L’ordre des colonnes est libre.",
    ),
    "The file is empty. Export it again from ONDE.": Otherwise(
        "The file is empty. Export it again.",
        "Le fichier est vide. Exportez-le de nouveau.",
    ),
    "This isn’t a CSV file. In ONDE, export as CSV; don’t open it in a spreadsheet first.": Otherwise(
        "This isn’t a CSV file. Export the list as CSV.",
        "Ce n’est pas un fichier CSV. Exportez la liste au format CSV.",
    ),
    "The columns must be separated by semicolons, as ONDE writes them.": Otherwise(
        "The columns must be separated by semicolons.",
        "Les colonnes doivent être séparées par des points-virgules.",
    ),
    "This is an export of SIECLE, for collèges and lycées. Export the pupils from ONDE.": Otherwise(
        "This is an export of SIECLE, for collèges and lycées. Give a CSV of the children.",
        "C’est un export de SIECLE, celui des collèges et lycées. Donnez un CSV des enfants.",
    ),
    "This is a OneRoster file, which isn’t read yet. Export the pupils from ONDE.": Otherwise(
        "This is a OneRoster file, which isn’t read yet. Give a CSV of the children.",
        "C’est un fichier OneRoster, que nous ne lisons pas encore. Donnez un CSV des enfants.",
    ),
    "The line has %(found)s cells, and the file %(wanted)s columns: a semicolon too many shifts what "
    "follows. Correct it in ONDE, then export again.": Otherwise(
        "The line has %(found)s cells, and the file %(wanted)s columns: a semicolon too many shifts what "
        "follows. Correct it, then export again.",
        "La ligne a %(found)s cellules, et le fichier %(wanted)s colonnes : un point-virgule de trop décale "
        "la suite. Corrigez-le, puis exportez à nouveau.",
    ),
    "Drop the file that ONDE exports: classes and pupils come in together.": Otherwise(
        "Drop a CSV of the children, or add them one by one.",
        "Déposez un CSV des enfants, ou ajoutez-les un par un.",
    ),
    "Guardians come in with ONDE’s second file, or from a pupil’s page.": Otherwise(
        "Guardians come in with the second file of an import, or from a child’s page.",
        "Les responsables arrivent avec le second fichier d’un import, ou depuis la page d’un enfant.",
    ),
    "The same pupil is on line %(other)s already. If it is another child, say so below.": Otherwise(
        "The same child is on line %(other)s already. If it is another one, say so below.",
        "Le même enfant figure déjà ligne %(other)s. Si c’en est un autre, dites-le ci-dessous.",
    ),
    "As families know it: “CE1 – Classe de Mme Aubry”.": Otherwise(
        "As families know it: “Les Coccinelles”.",
        "Comme les familles la connaissent : « Les Coccinelles ».",
    ),
    "classes taught": Otherwise("sections looked after", "sections encadrées", _NURSERY),
    "Ask your administrator to say which classes you teach.": Otherwise(
        "Ask your administrator to say which sections you follow.",
        "Demandez à votre administrateur d’indiquer vos sections.",
        _NURSERY,
    ),
    "This page is for grown-ups. Ask your teacher, or who looks after you.": Otherwise(
        "This page is for grown-ups. Ask who looks after you.",
        "Cette page est pour les adultes. Demande à la personne qui s’occupe de toi.",
    ),
    "Invite teachers, parents or an auditor by e-mail.": Otherwise(
        "Invite parents or an auditor by e-mail.",
        "Invitez des parents ou un auditeur par e-mail.",
        _HOUSEHOLD,
    ),
    "Work: post, who teaches what": Otherwise(
        "Work: post, who follows whom",
        "Vie professionnelle : fonction, enfants suivis",
        _FOLLOWED,
    ),
}
