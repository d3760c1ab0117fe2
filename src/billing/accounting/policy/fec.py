"""The file of accounting entries that French law wants: numbered without a gap, eighteen columns.

Source: article A47 A-1 of the French book of tax procedures (LPF).
"""

import unicodedata
from collections.abc import Iterable
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

ENCODINGS = {"iso": "iso8859-15", "utf-8": "utf-8"}

#: What has no accent to lose: its nearest sign of the Western alphabet.
PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "–": "-",
        "—": "-",
        "‑": "-",
        "…": "...",
        "•": "-",
        "ł": "l",
        "Ł": "L",
        "đ": "d",
        "Đ": "D",
        "ħ": "h",
        "ı": "i",
        "ẞ": "SS",
        "\u2009": " ",
        "\u202f": " ",
        "\u2007": " ",
    }
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A validated entry's line as it is written to the file, amounts in cents: above zero is debit."""

    journal: str
    journal_label: str
    number: int
    on: date
    account: str
    account_label: str
    customer_key: str
    customer_name: str
    reference: str
    label: str
    cents: int
    letter: str
    lettered_on: date | None
    validated_on: date


def row_of(entry: Entry) -> tuple[str, ...]:
    """Return the eighteen cells of a line."""
    cells = (
        entry.journal,
        entry.journal_label,
        f"{entry.number:06d}",
        _day(entry.on),
        entry.account,
        entry.account_label,
        entry.customer_key,
        entry.customer_name,
        entry.reference,
        _day(entry.on),
        entry.label,
        _amount(max(entry.cents, 0)),
        _amount(max(-entry.cents, 0)),
        entry.letter,
        _day(entry.lettered_on),
        _day(entry.validated_on),
        "",
        "",
    )
    return tuple(_clean(cell) for cell in cells)


def _day(day: date | None) -> str:
    return f"{day:%Y%m%d}" if day else ""


def _amount(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _clean(cell: str) -> str:
    """Return a cell without what separates cells and rows."""
    return " ".join(cell.split())


def file_name(siren: str, closes_on: date) -> str:
    """Return the name the law gives the file."""
    return f"{siren}FEC{closes_on:%Y%m%d}.txt"


def file_text(entries: Iterable[Entry]) -> str:
    """Return the file: a header, then one row per line of the entries, cells between tabs."""
    return "\r\n".join("\t".join(row) for row in (COLUMNS, *map(row_of, entries))) + "\r\n"


def encoded(text: str, encoding: str) -> tuple[bytes, list[str]]:
    """Return the file as bytes, and the signs that this encoding doesn't have: their nearest stand for them.

    `encoding` is a key of ENCODINGS.
    """
    codec = ENCODINGS[encoding]
    text = unicodedata.normalize("NFC", text)
    strange = sorted({sign for sign in set(text) if not _has(codec, sign)})
    table = {ord(sign): _nearest(sign, codec) for sign in strange}
    return text.translate(table).encode(codec), strange


def _has(codec: str, sign: str) -> bool:
    try:
        sign.encode(codec)
    except UnicodeEncodeError:
        return False
    return True


def _nearest(sign: str, codec: str) -> str:
    """Return the sign without what the encoding lacks; "?" when nothing of it is left."""
    plain = unicodedata.normalize("NFKD", sign.translate(PLAIN)).translate(PLAIN)
    kept = "".join(each for each in plain if _has(codec, each) and not unicodedata.combining(each))
    return kept or ("" if unicodedata.category(sign) in {"Mn", "Cf"} else "?")


@dataclass(frozen=True, slots=True)
class Balance:
    """What one account adds up to over a period, in cents."""

    account: str
    label: str
    debit_cents: int
    credit_cents: int
