"""What an adult declares before they make, or open again, an account for a minor."""

from collections.abc import Mapping

from contracts.policy.clauses import keeps

VERSION = "2026-12-2"
OF_A_PARENT = "2026-12-parent"
TEXTS: Mapping[str, Mapping[str, str]] = {
    "2026-12-2": {
        "fr": (
            "Je déclare être majeur et avoir l’autorité nécessaire, au nom de mon établissement, pour ouvrir "
            "ces comptes de mineurs, et j’accepte pour eux les conditions d’utilisation."
        ),
        "en": (
            "I declare that I am of age, and that I have the authority, on behalf of my organisation, to "
            "open these accounts for minors, and I accept the terms of use for them."
        ),
    },
    "2026-12": {
        "fr": (
            "Je déclare être majeur et avoir l’autorité nécessaire, au nom de mon établissement, pour ouvrir "
            "ces comptes d’élèves mineurs, et j’accepte pour eux les conditions d’utilisation."
        ),
        "en": (
            "I declare that I am of age, and that I have the authority, on behalf of my school, to open "
            "these accounts for pupils who are minors, and I accept the terms of use for them."
        ),
    },
    "2026-12-parent": {
        "fr": (
            "Je déclare être majeur et exercer l’autorité parentale sur cet enfant, ou avoir l’accord de qui "
            "l’exerce, pour ouvrir son compte, et j’accepte pour lui les conditions d’utilisation."
        ),
        "en": (
            "I declare that I am of age, and that I hold parental authority over this child or have the "
            "agreement of whoever does, to open its account, and I accept the terms of use for it."
        ),
    },
    "2026-11": {
        "fr": (
            "Je déclare être majeur et avoir l’autorité nécessaire, au nom de mon établissement, pour ouvrir "
            "ces "
            "comptes d’élèves mineurs."
        ),
        "en": (
            "I declare that I am of age, and that I have the authority, on behalf of my school, to open "
            "these accounts "
            "for pupils who are minors."
        ),
    },
    "2026-11-parent": {
        "fr": (
            "Je déclare être majeur et exercer l’autorité parentale sur cet enfant, ou avoir l’accord de qui "
            "l’exerce, "
            "pour ouvrir son compte."
        ),
        "en": (
            "I declare that I am of age, and that I hold parental authority over this child or have the "
            "agreement of "
            "whoever does, to open its account."
        ),
    },
}


class NotDeclared(Exception):
    """Raised when an account for a minor would be opened by somebody who hasn't declared majority and
    authority.
    """


@keeps("LG-U3.3")
def declared(version: str, *, in_a_family: bool = False) -> str:
    """Return the version of the text that was declared: the one in use, and no other counts.

    Whoever creates, invites or activates an account for a minor declares majority and authority each time;
    without that the account can't be activated. Every kind of place has the same text; a parent speaks
    for their child, not on behalf of a school.
    Raises NotDeclared.
    """
    if version != (OF_A_PARENT if in_a_family else VERSION):
        raise NotDeclared(version)
    return version


def text_in(language: str, *, version: str = VERSION) -> str:
    """Return the text of a version, in French when there is none in a language. Raises KeyError."""
    texts = TEXTS[version]
    return texts.get(language[:2], texts["fr"])
