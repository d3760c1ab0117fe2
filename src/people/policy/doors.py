"""What opens to a child who is signed in: their own pages, and nothing an adult decides."""

from collections.abc import Iterable

CHILDS_PAGES = frozenset(
    {
        "people:home",
        "people:stay",
        "people:locked",
        "learning:results",
        "learning:student",
        "dpa:childs_notice",
        "contracts:terms_list",
        "contracts:terms_text",
        "account_login",
        "account_logout",
        "account_inactive",
        "set_language",
    }
)


def knows_guardians(guardians_see: Iterable[str]) -> bool:
    """Return whether guardians may ever see something, from what each profile lets them see at most."""
    return any(seen != "nothing" for seen in guardians_see)


def opens_to_a_child(name: str) -> bool:
    """Return whether an address opens to a child.

    No account to correct, no password, no second factor, no terms to accept, no deletion: those are of the
    adult who answers for them.
    """
    return name in CHILDS_PAGES
