"""Who may ask for which export, and while which state of the contract."""

from collections.abc import Collection

from contracts.policy.clauses import keeps

_OPEN_TO_ALL = frozenset({"open"})
_OPEN_TO_THE_ADMINISTRATOR = frozenset({"open", "ended"})


@keeps("LG-S21.1")
def kinds_offered(
    *, permissions: Collection[str], scope: str | None, state: str, circle: str | None = None
) -> frozenset[str]:
    """Return the kinds of export a person may ask for, from their rights, the reach of `students.read` and
    the tenant.

    The audit trail ("trail") goes along with the right to read it, to the end of the contract and after it;
    else as `_records_offered` says.
    """
    if "exports.ask" not in permissions:
        return frozenset()
    reads_trail = "audit.read" in permissions and state in _OPEN_TO_THE_ADMINISTRATOR and circle is None
    records = _records_offered(permissions=permissions, scope=scope, state=state, circle=circle)
    return records | ({"trail"} if reads_trail else frozenset())


def _records_offered(
    *, permissions: Collection[str], scope: str | None, state: str, circle: str | None
) -> frozenset[str]:
    """Return the kinds of export of what is kept about pupils that a person may ask for.

    During the term the client exports their data from the application: the administrator, who also decides on
    deletions and requests, all of it ("school") and of anybody ("person"), who works with classes one of
    them or a pupil ("class", "student"), a guardian what is shared of their own children ("children"). The
    end of the contract leaves the administrator's exports; a suspension, which closes the pages of pupils,
    that of all of it. Of a shared tenant `circle` is the state of theirs: while it is suspended they take
    their own children's along.
    """
    if circle == "suspended":
        return frozenset({"children"})
    if state == "suspended":
        return frozenset({"school"} if "erasures.write" in permissions else ())
    if (
        {"students.read", "erasures.write"} <= set(permissions)
        and scope == "all"
        and state in _OPEN_TO_THE_ADMINISTRATOR
    ):
        return frozenset({"school", "class", "student", "person"})
    if state not in _OPEN_TO_ALL:
        return frozenset()
    kinds: set[str] = set()
    if "students.read" in permissions:
        kinds |= {"class", "student"}
    if "family.read" in permissions:
        kinds.add("children")
    return frozenset(kinds)
