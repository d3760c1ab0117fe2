"""Accounting entries as French law wants them in a file: balanced, numbered without a gap, eighteen columns.

Source: article A47 A-1 of the French book of tax procedures (LPF).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

COLUMNS = (
    "JournalCode",
    "JournalLib",
    "EcritureNum",
    "EcritureDate",
    "CompteNum",
    "CompteLib",
    "CompAuxNum",
    "CompAuxLib",
    "PieceRef",
    "PieceDate",
    "EcritureLib",
    "Debit",
    "Credit",
    "EcritureLet",
    "DateLet",
    "ValidDate",
    "Montantdevise",
    "Idevise",
)

JOURNALS = {"VT": "Ventes", "BQ": "Banque"}

ACCOUNTS = {
    "411000": "Clients",
    "419100": "Clients – avances et acomptes",
    "445710": "TVA collectée",
    "512000": "Banque",
    "706000": "Prestations de services",
    "707000": "Ventes de marchandises",
    "708500": "Ports et frais facturés",
    "709000": "Rabais, remises et ristournes accordés",
}

BY_KIND = {"shipping": "708500", "cheque_fee": "708500", "discount": "709000", "deposit": "419100"}


class Unbalanced(ValueError):
    """Raised when the debits of an entry aren't its credits."""


@dataclass(frozen=True, slots=True)
class Sold:
    """A line of a document: what kind it is, goods or services, its net amount in cents."""

    kind: str
    nature: str
    net_cents: int


@dataclass(frozen=True, slots=True)
class Piece:
    """What an entry comes from: an issued document or credited money.

    Amounts in cents, signed as they are kept.
    """

    journal: str
    on: date
    reference: str
    label: str
    customer_key: str
    customer_name: str
    gross_cents: int
    vat_cents: int = 0
    lines: tuple[Sold, ...] = ()
    currency: str = "EUR"


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: positive cents are debit, negative ones credit."""

    account: str
    cents: int
    with_customer: bool = False


def account_of(line: Sold) -> str:
    """Return the account a line is booked on: a deposit waits on its own until the sale deducts it."""
    return BY_KIND.get(line.kind) or ("707000" if line.nature == "goods" else "706000")


def postings(piece: Piece) -> list[Posting]:
    """Return the two sides of an entry. Raises Unbalanced."""
    if piece.journal == "BQ":
        found = [
            Posting("512000", piece.gross_cents),
            Posting("411000", -piece.gross_cents, with_customer=True),
        ]
    else:
        found = [Posting("411000", piece.gross_cents, with_customer=True), *_sales(piece)]
        if piece.vat_cents:
            found.append(Posting("445710", -piece.vat_cents))
    if sum(each.cents for each in found):
        raise Unbalanced(piece.reference)
    return [each for each in found if each.cents]


def _sales(piece: Piece) -> list[Posting]:
    sums: dict[str, int] = {}
    for line in piece.lines:
        account = account_of(line)
        sums[account] = sums.get(account, 0) + line.net_cents
    return [Posting(account, -cents) for account, cents in sorted(sums.items())]


def entries(pieces: Iterable[Piece], *, valid_on: date) -> Iterable[Sequence[str]]:
    """Return the rows of the file after its header, in the order of their days.

    Each entry has the next number; a document of zero makes none.

    Raises Unbalanced before anything of the entry is given.
    """
    ordered = sorted(pieces, key=lambda each: (each.on, each.journal, each.reference))
    booked = ((piece, found) for piece in ordered if (found := postings(piece)))
    for number, (piece, found) in enumerate(booked, start=1):
        for posting in found:
            yield _row(number, piece, posting, valid_on)


def _row(number: int, piece: Piece, posting: Posting, valid_on: date) -> Sequence[str]:
    helper = (piece.customer_key, piece.customer_name) if posting.with_customer else ("", "")
    debit = max(posting.cents, 0)
    credit = max(-posting.cents, 0)
    foreign = (_amount(posting.cents), piece.currency) if piece.currency != "EUR" else ("", "")
    return tuple(
        _clean(cell)
        for cell in (
            piece.journal,
            JOURNALS[piece.journal],
            f"{number:06d}",
            f"{piece.on:%Y%m%d}",
            posting.account,
            ACCOUNTS[posting.account],
            *helper,
            piece.reference,
            f"{piece.on:%Y%m%d}",
            piece.label,
            _amount(debit),
            _amount(credit),
            "",
            "",
            f"{valid_on:%Y%m%d}",
            *foreign,
        )
    )


def _amount(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100},{abs(cents) % 100:02d}"


def _clean(cell: str) -> str:
    """Return a cell without what separates cells and rows."""
    return " ".join(cell.split())


def file_name(siren: str, closes_on: date) -> str:
    """Return the name the law gives the file."""
    return f"{siren}FEC{closes_on:%Y%m%d}.txt"


@dataclass(frozen=True, slots=True)
class Balance:
    """What one account adds up to over a period, in cents."""

    account: str
    label: str
    debit_cents: int
    credit_cents: int


def balances(pieces: Iterable[Piece]) -> list[Balance]:
    """Return the accounts of a period with their debits and credits; both add up to the same.

    Raises Unbalanced.
    """
    debits: dict[str, int] = {}
    credits: dict[str, int] = {}
    for piece in pieces:
        for posting in postings(piece):
            side = debits if posting.cents > 0 else credits
            side[posting.account] = side.get(posting.account, 0) + abs(posting.cents)
    return [
        Balance(account, ACCOUNTS[account], debits.get(account, 0), credits.get(account, 0))
        for account in sorted({*debits, *credits})
    ]


def file_text(pieces: Iterable[Piece], *, valid_on: date) -> str:
    """Return the file: a header, then one row per posting, cells between tabs. Raises Unbalanced."""
    return "\r\n".join("\t".join(row) for row in (COLUMNS, *entries(pieces, valid_on=valid_on))) + "\r\n"
