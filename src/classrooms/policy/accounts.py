"""Which accounts an organisation's own people create."""

from collections.abc import Collection

from contracts.policy.clauses import keeps

_RIGHT = {
    "administrator": "people.write",
    "staff": "people.write",
    "teacher": "people.write",
    "child": "students.write",
    "import": "imports.write",
    "guardian": "invitations.write",
}


@keeps("LG-U3.1o")
def may_create(kind: str, *, rights: Collection[str]) -> bool:
    """Return whether someone with these rights creates accounts of this kind for the organisation.

    The authorised person's administrator account has them all: it opens staff, teachers' and children's
    accounts, one by one or by import. A teacher's account has none of them. Raises KeyError on an unknown
    kind.
    """
    return _RIGHT[kind] in rights
