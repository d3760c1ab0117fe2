"""How long accounting documents are kept: ten years, whoever is erased meanwhile."""

from datetime import date
from uuid import NAMESPACE_URL, UUID, uuid5

from contracts.policy.clauses import keeps

YEARS = 10


@keeps("LG-U4")
def kept_until(issued_on: date) -> date:
    """Return the first day on which a document may be destroyed.

    Ten years after the end of its financial year.

    Our financial year is the calendar year. Source: code de commerce, art. L123-22; what the law wants kept
    is kept apart and minimal when a person is erased.
    """
    return date(issued_on.year + YEARS + 1, 1, 1)


def year_id(year: int) -> UUID:
    """Return the id under which the documents of a financial year are promised to be kept."""
    return uuid5(NAMESPACE_URL, f"preau:documents:{year}")
