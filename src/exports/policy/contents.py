"""What an export holds, as the ordered steps that build it."""

from collections.abc import Collection, Sequence

from contracts.policy.clauses import keeps

NOTE = "note"


class LeftOut(Exception):
    """Raised when something held about people would not be in the export that promises everything."""


@keeps("LG-DCp")
def steps(*, people: Sequence[str], tables: Sequence[str], held: Collection[str], whole: bool) -> list[str]:
    """Return the steps that build an export, in order.

    One per person, one per table, then the note that explains it.

    Everything is exportable: a `whole` export raises LeftOut when a table that is `held` has no step. A step
    is named by what it holds, so that a build that was interrupted goes on at the step it had reached, and
    does none twice.
    """
    if whole and (missing := sorted(set(held) - set(tables))):
        raise LeftOut(", ".join(missing))
    return (
        [f"person:{person}" for person in dict.fromkeys(people)]
        + [f"table:{table}" for table in tables]
        + [NOTE]
    )
