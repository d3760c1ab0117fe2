"""Which column of a bank's CSV says whose account a line is of, where a file holds several."""

import re
from collections.abc import Iterable, Sequence

from billing.payments.policy.csv_sides import letters

#: Titles, their letters only, of the account the file is of; one of the other side has more words.
_TITLES = re.compile(
    r"(n|no|nr|num|numero|number|id|libelle|nom|name|iban|code)?(de|dela|del|du|of|the)?"
    r"(compte|account|konto|auftragskonto|kontonummer|rekening|rekeningnummer|cuenta|conto|счет|счёт)"
    r"(n|no|nr|num|numero|number|id|iban|name|nom|label)?"
    r"|iban(auftragskonto|compte|account)|cptlocal|comptelocal|ownaccount|bookingaccount"
)


def account_column(head: Sequence[str], among: Iterable[int], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the column that says the account of every line, None where none does.

    A column that leaves lines without is of the payers: not each of them says its account.
    """
    for place in among:
        if _TITLES.fullmatch(letters(head[place])) and all(
            place < len(row) and row[place].strip() for row in rows
        ):
            return place
    return None


def account_in(row: Sequence[str], place: int | None) -> str:
    """Return what tells the account of a line from the others of its file; empty where nothing does."""
    return "".join(re.findall(r"\w", row[place])).upper() if place is not None else ""
