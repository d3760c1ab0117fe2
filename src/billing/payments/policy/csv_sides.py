"""Which column of a bank's CSV says debit or credit: by its title, or by what stands in it."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

#: What says debit and credit, as banks of several languages write them.
_DEBITS = """
D DB DR DBIT DEBIT DEBITS DEBITEUR S SOLL LASTSCHRIFT BELASTUNG AF AFSCHRIJVING
DEBITO ADEBITO DARE CARGO OUT OUTGOING
SORTIE SORTANT DEPENSE
"""
_CREDITS = """
C CR CRDT CREDIT CREDITS CREDITEUR H HABEN GUTSCHRIFT BIJ BIJSCHRIJVING
CREDITO ACREDITO AVERE ABONO IN INCOMING
ENTREE ENTRANT RECETTE
"""
_SIDES = {
    **dict.fromkeys((*_DEBITS.split(), "-", "\u2212", "\u2013"), -1),
    **dict.fromkeys((*_CREDITS.split(), "+"), 1),
}

#: Titles, their letters only, under which such a sign stands.
_TITLES = re.compile(
    r"(sens|signe|sign|side)(dela?|del|du|comptable)?(operation|mouvement|ecriture|montant)?"
    r"|dc|cd|drcr|crdr|sh|hs|sollhaben|habensoll|(debit|credit)(ou|or|et|and)?(debit|credit)"
    r"|cdtdbtind|(debitcredit|creditdebit)(indicator|indicateur)"
)


def side_of(cell: str) -> int | None:
    """Return -1 for what says debit, 1 for credit, None for what says neither."""
    plain = cell.strip()
    return _SIDES.get(plain, _SIDES.get(letters(plain).upper()))


def side_column(head: Sequence[str], among: Iterable[int], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the column that says debit or credit, None where there is none.

    Where no title says it, it is the column in which nothing else stands; the one that says both comes first.
    """
    places = list(among)
    if named := [n for n in places if _TITLES.fullmatch(letters(head[n])) or head[n].strip() == "+/-"]:
        return named[0]
    said = {place: _said(place, rows) for place in places}
    return max((n for n in places if said[n]), key=lambda n: (len(said[n]), -n), default=None)


def letters(text: str) -> str:
    """Return the letters of a text, of whatever script, small and without accents."""
    return "".join(words(text))


def words(text: str) -> list[str]:
    """Return the words of a text, their letters only, small and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W\d_]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _said(place: int, rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """Return the sides that a column says; none where it says anything else, or nothing that would matter.

    Hyphens alone stand for nothing there; a column that never says debit changes no amount.
    """
    cells = {row[place].strip() for row in rows if place < len(row)} - {""}
    sides = {side for cell in cells if (side := side_of(cell)) is not None}
    sure = all(side_of(cell) is not None for cell in cells) and -1 in sides
    hyphens = all(not letters(cell) for cell in cells) and 1 not in sides
    return frozenset(sides) if sure and not hyphens else frozenset()
