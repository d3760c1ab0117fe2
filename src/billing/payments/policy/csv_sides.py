"""Which column of a bank's CSV says debit or credit: by its title, or by what stands in it."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

#: What says debit and credit, as banks of several languages write them.
_DEBITS = """
D DB DR DT DBIT DEBIT DEBITS DEBITE DEBITED DEBITEUR DEBET S SOLL LASTSCHRIFT BELASTUNG AF AFSCHRIJVING UIT
DEBITO ADEBITO DARE CARGO DEBE WN RC OUT OUTGOING OUTFLOW WITHDRAWAL MONEYOUT PAIDOUT AUSGANG
SORTIE SORTANT DEPENSE RETRAIT DECAISSEMENT VIREMENTEMIS VIREMENTSORTANT Д ДТ ДЕБИТ ДЕБЕТ
"""
_CREDITS = """
C CR K KT CRDT CREDIT CREDITS CREDITE CREDITED CREDITEUR KREDIT H HABEN GUTSCHRIFT BIJ BIJSCHRIJVING
CREDITO ACREDITO AVERE ABONO HABER MA RD IN INCOMING INFLOW DEPOSIT MONEYIN PAIDIN RECEIVED RECEIPT EINGANG
ENTREE ENTRANT RECETTE VERSEMENT ENCAISSEMENT RECU VIREMENTRECU VIREMENTENTRANT К КТ КРЕДИТ
"""
#: What says debit only beside a word for credit: alone it may be said of money that came.
_DEBITS_BESIDE = "PAYMENT PAIEMENT SENT EMIS"

_SIDES = {
    **dict.fromkeys((*_DEBITS.split(), *_DEBITS_BESIDE.split(), "-", "\u2212", "\u2013"), -1),
    **dict.fromkeys((*_CREDITS.split(), "+"), 1),
}

#: Words that say how money moved, or yes or no, and never which way.
_NEITHER = """
VIREMENT VIREMENTS VIR CHEQUE CHEQUES CHQ CARTE CB ESPECES PRELEVEMENT PRLV SEPA INSTANTANE
TRANSFER CARD CHECK CASH WIRE UBERWEISUNG KARTE BAR YES NO OUI NON JA NEIN TRUE FALSE VRAI FAUX
"""

#: Titles, their letters only, under which such a sign stands.
_TITLES = re.compile(
    r"(code|indicateur)?"
    r"((sens|signe|sign|side)(dela?|del|du|comptable)?(operation|mouvement|ecriture|montant)?"
    r"|(debit|credit)(ou|or|et|and)?(debit|credit)(dc|cd)?)"
    r"|dc|cd|dk|kd|drcr|crdr|dbcr|crdb|sh|hs|(sollhaben|habensoll)(kennzeichen)?|afbij|bijaf|дткт"
    r"|cdtdbtind|(debitcredit|creditdebit)(indicator|indicateur)"
)

MINUS = re.compile("[-\u2212\u2013(]")

#: Words of a cell, among others, of which something left or was taken.
_LEFT_WORDS = """
EMIS EMISE EMISES SENT OUTGOING SORTANT SORTANTE PRELEVEMENT PRELEVEMENTS RETRAIT PAIEMENT WITHDRAWAL
WYCHODZACY WYCHODZACA OBCIAZENIE СПИСАНИЕ РАСХОД
"""

_FEW = 3  # different words, at most, where they say sides: a third for what is neither

_SHORT = 6  # words: more are a sentence about something else

_LONGEST_WORD = 15  # letters


def side_of(cell: str) -> int | None:
    """Return -1 for what says debit, 1 for credit, None for what says neither."""
    plain = cell.strip()
    return _SIDES.get(plain, _SIDES.get(letters(plain).upper()))


def side_column(
    head: Sequence[str], among: Iterable[int], rows: Sequence[Sequence[str]], *, signed: bool
) -> int | None:
    """Return the place of the column that says debit or credit, None where there is none.

    Where no title says it, it is the column in which nothing else stands; the one that says both comes first.
    Where no amount has a sign, it is one that may say it in words nobody knows: reading these is refused.
    """
    places = list(among)
    if named := [n for n in places if _TITLES.fullmatch(letters(head[n])) or head[n].strip() == "+/-"]:
        return named[0]
    cells = {place: [row[place].strip() for row in rows if place < len(row)] for place in places}
    said = {place: _said(set(cells[place]) - {""}) for place in places}
    if any(said.values()):
        return max((n for n in places if said[n]), key=lambda n: (len(said[n]), -n))
    return None if signed else next((n for n in places if _may_say(cells[n])), None)


def minus_reverses(debits: Iterable[str]) -> bool | None:
    """Return whether a minus before a debit takes it back: where other debits, no fewer, stand without one.

    None where most have a minus and some none: which of the two are taken back, nobody can say.
    """
    moved = [cell for cell in debits if re.search("[1-9]", cell)]
    below = sum(MINUS.search(cell) is not None for cell in moved)
    if below in (0, len(moved)):
        return False
    return True if below <= len(moved) - below else None


def letters(text: str) -> str:
    """Return the letters of a text, of whatever script, small and without accents."""
    return "".join(words(text))


def words(text: str) -> list[str]:
    """Return the words of a text, their letters only, small and without accents."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W\d_]+", "".join(sign for sign in plain if not unicodedata.combining(sign)))


def _said(cells: Collection[str]) -> frozenset[int]:
    """Return the sides that a column says; none where it says anything else, or nothing that would matter.

    Hyphens alone stand for nothing there; a column that never says debit changes no amount.
    """
    sides = {side for cell in cells if (side := side_of(cell)) is not None}
    sure = all(side_of(cell) is not None for cell in cells) and (1 in sides or any(map(_is_debit, cells)))
    hyphens = all(not letters(cell) for cell in cells) and 1 not in sides
    return frozenset(sides) if sure and -1 in sides and not hyphens else frozenset()


def _may_say(cells: Sequence[str]) -> bool:
    """Return whether a column may say sides, in words that nobody here knows.

    It does where a word for debit stands among others, and where few words come again and again.
    """
    known = set(cells) - {""}
    if all(side_of(cell) is not None for cell in known):
        return False
    if any(_is_debit(word) or _says_left(word) for cell in known for word in (cell, *_parts(cell))):
        return True
    telling = {cell for cell in known if _tells(cell)}
    again = len(known) < len(cells) - cells.count("") or any(side_of(cell) == 1 for cell in telling)
    return all(map(_is_one_word, known)) and again and len(telling) > 1 and len(known) <= _FEW


def _is_debit(cell: str) -> bool:
    """Return whether a word says debit, whatever stands beside it."""
    return letters(cell).upper() in _DEBITS.split()


def _says_left(word: str) -> bool:
    return word.upper() in _LEFT_WORDS.split()


def _is_one_word(cell: str) -> bool:
    """Return whether a cell is one word, or a sign without any letter or figure."""
    return len(cell) <= _LONGEST_WORD and (cell.isalpha() or not any(map(str.isalnum, cell)))


def _tells(cell: str) -> bool:
    """Return whether a cell says more than how money moves; hyphens stand for nothing."""
    plain = cell.strip("-\u2212\u2013.*/ ")
    return bool(plain) and letters(plain).upper() not in _NEITHER.split()


def _parts(cell: str) -> list[str]:
    """Return the words of a short cell ("debit card"); those of one letter say nothing there."""
    found = words(cell)
    return [word for word in found if len(word) > 1] if 1 < len(found) <= _SHORT else []
