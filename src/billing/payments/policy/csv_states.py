"""Which lines of a bank's CSV are booked, where a column of their state says it."""

import re
from collections.abc import Iterable, Sequence

from billing.payments.policy.csv_sides import letters, words

#: Titles, their letters only, of such a column.
_TITLES = re.compile(
    r"(statut|etat|state|status|estado|stato)"
    r"(dela?|del|du)?(operation|mouvement|ecriture|transaction|paiement|operacion|movimiento|operazione)?"
    r"|(transaction|payment|operation|booking|buchungs|umsatz|zahlungs|transaktions|transactie)(status|state)"
)

_BOOKED_WORDS = """
ok book booked booking completed complete done settled posted cleared executed processed confirmed
success succeeded successful paid
comptabilise comptabilisee execute executee effectue effectuee traite traitee valide validee
termine terminee regle reglee paye payee reussi reussie confirme confirmee passe passee
gebucht ausgefuhrt uitgevoerd geboekt verwerkt
contabilizado contabilizada realizado realizada ejecutado ejecutada
contabilizzato contabilizzata eseguito eseguita
"""

#: What isn't booked yet, phrases by line.
_NOT_YET_PHRASES = """
pending
pdng
futr
planned
scheduled
waiting
processing
in progress
unbooked
not posted
to be booked
authorised
authorized
authorization
authorisation
en attente
en cours
a venir
a comptabiliser
a traiter
prevu
prevue
planifie
planifiee
programmee
en suspens
vorgemerkt
ungebucht
ausstehend
in bearbeitung
in behandeling
gereserveerd
pendiente
pendente
in attesa
"""

#: What won't be, or may mean anything else in a sentence.
_NEVER_WORDS = """
info refused rejected declined failed reverted cancelled canceled expired blocked
programme refuse refusee rejete rejetee echoue echouee echec annule annulee expire expiree bloque bloquee
autorise autorisee storniert abgelehnt anulado anulada rechazado rechazada annullato annullata
"""

_BOOKED = frozenset(_BOOKED_WORDS.split())
_NOT_YET = frozenset(_NOT_YET_PHRASES.strip().split("\n"))
_NOT_BOOKED = _NOT_YET | frozenset(_NEVER_WORDS.split())
_JOINED = frozenset(phrase.replace(" ", "") for phrase in _NOT_BOOKED)

_NO = frozenset(("non", "not", "no", "pas", "nicht", "noch", "niet", "nog"))

#: Words that may stand beside a state and change nothing of it.
_BESIDE_WORDS = """
umsatz buchung operation operations mouvement ecriture transaction statut etat status
de du la le l d est is
"""
_BESIDE = frozenset(_BESIDE_WORDS.split())

_YES_OR_NO = {
    **dict.fromkeys(("yes", "oui", "ja", "si", "true", "vrai", "wahr", "y", "o", "j", "x", "1"), True),
    **dict.fromkeys(("no", "non", "nein", "nee", "false", "faux", "falsch", "n", "0"), False),
}

_SHORT = 4  # words: more are a sentence about something else


def state_column(head: Sequence[str], among: Iterable[int], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the column that says what became of a line, None where it says nothing.

    Where no title says it, it is a column of which the title is a state and the cells say yes or no, or one
    in which nothing but states stand, and one of them isn't booked.
    """
    places = list(among)
    cells = {place: [row[place].strip() if place < len(row) else "" for row in rows] for place in places}
    titled = (place for place in places if _TITLES.fullmatch(letters(head[place])) and any(cells[place]))
    asked = (place for place in places if _asks(head[place], cells[place]))
    told = (place for place in places if _tells(cells[place]))
    return next((place for found in (titled, asked, told) for place in found), None)


def is_booked(state: str, title: str = "") -> bool | None:
    """Return whether a line of this state is booked; None where nobody can say."""
    answer = _YES_OR_NO.get(state.strip().casefold())
    asked = _whole(title)
    if answer is not None and asked is not None:
        return asked is answer
    spoken = words(state)
    if _whole(state) is None and _holds(spoken, _NOT_BOOKED - {"info"}):
        return None if (_BOOKED | _NO).intersection(spoken) else False
    return _whole(state)


def may_be_unbooked(cell: str) -> bool:
    """Return whether a cell under any title may say that its line isn't booked."""
    spoken = words(cell)
    return len(spoken) <= _SHORT and (_whole(cell) is False or _holds(spoken, _NOT_YET))


def _whole(cell: str) -> bool | None:
    """Return whether a cell says booked; None where it says anything else as well."""
    spoken = [word for word in words(cell) if word not in _BESIDE]
    plain = [word for word in spoken if word not in _NO]
    said = "".join(plain)
    if plain != spoken:
        return False if said in _BOOKED or "".join(spoken) in _JOINED else None
    return True if said in _BOOKED else False if letters(cell) in _JOINED or said in _JOINED else None


def _holds(spoken: Sequence[str], phrases: Iterable[str]) -> bool:
    """Return whether one of these phrases stands in what is spoken, as whole words."""
    text = f" {' '.join(spoken)} "
    return any(f" {phrase} " in text for phrase in phrases)


def _asks(title: str, cells: Sequence[str]) -> bool:
    """Return whether a title asks whether lines are booked, and cells answer yes or no."""
    said = {cell.casefold() for cell in cells if cell}
    answers = said & _YES_OR_NO.keys()
    return _whole(title) is not None and bool(answers) and (answers == said or any(map(letters, answers)))


def _tells(cells: Sequence[str]) -> bool:
    """Return whether all cells are states, and one of them isn't booked."""
    said = {_whole(cell) for cell in set(cells)}
    return False in said and None not in said
