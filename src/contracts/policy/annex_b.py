"""Annex B: the categories of personal data, whom they are about, and the fields each category may hold."""

from collections.abc import Iterable, Mapping
from enum import StrEnum


class Category(StrEnum):
    """A category of personal data, as annex B lists them."""

    IDENTIFICATION = "identification"  # names, birth date, handedness
    CONTACT = "contact"  # e-mail address, phone
    PROFESSIONAL = "professional"  # profile, post, who teaches what
    EDUCATION = "education"  # class, group, level, school year
    LEARNING = "learning"  # outputs, photos, observations, results, progress
    SUPPORT = "support"  # tickets and their messages
    CONNECTION = "connection"  # credentials, sessions, activity logs, device settings
    CONSENT = "consent"  # terms accepted, information given, consents and requests
    SOCIAL = "social"  # age group, sector, motivations (open platforms)


SUBJECTS = frozenset({"student", "guardian", "teacher", "administrator", "professional", "learner"})

FIELDS: Mapping[str, Category] = {
    "first_name": Category.IDENTIFICATION,
    "last_name": Category.IDENTIFICATION,
    "birth_on": Category.IDENTIFICATION,
    "handedness": Category.IDENTIFICATION,
    "username": Category.IDENTIFICATION,
    "gender": Category.SOCIAL,
    "age_group": Category.SOCIAL,
    "sector": Category.SOCIAL,
    "motivations": Category.SOCIAL,
    "email": Category.CONTACT,
    "phone": Category.CONTACT,
    "postcode": Category.CONTACT,
    "profile": Category.PROFESSIONAL,
    "class": Category.EDUCATION,
    "group": Category.EDUCATION,
    "level": Category.EDUCATION,
    "outputs": Category.LEARNING,
    "results": Category.LEARNING,
    "progress": Category.LEARNING,
    "support": Category.SUPPORT,
    "credentials": Category.CONNECTION,
    "logs": Category.CONNECTION,
    "device_settings": Category.CONNECTION,
    "consents": Category.CONSENT,
}


def union(annexes: Iterable[Mapping[str, frozenset[str]]]) -> dict[str, frozenset[str]]:
    """Return per subject every field that at least one of these annexes allows."""
    together: dict[str, frozenset[str]] = {}
    for annex in annexes:
        for subject, fields in annex.items():
            together[subject] = together.get(subject, frozenset()) | fields
    return together
