"""Which lines of a bank's CSV are booked, where a column of their state says it."""

import re
from collections.abc import Iterable, Sequence

from billing.payments.policy.csv_sides import letters

#: Titles, their letters only, of such a column.
_TITLES = re.compile(
    r"(statut|etat|state|status)(dela?|del|du)?(operation|mouvement|ecriture|transaction|paiement)?"
    r"|(transaction|payment|operation|booking)(status|state)"
)

_BOOKED = frozenset(
    [
        "ok",
        "book",
        "booked",
        "booking",
        "completed",
        "complete",
        "done",
        "settled",
        "posted",
        "cleared",
        "executed",
        "processed",
        "confirmed",
        "success",
        "succeeded",
        "successful",
        "paid",
        "comptabilise",
        "comptabilisee",
        "execute",
        "executee",
        "effectue",
        "effectuee",
        "traite",
        "traitee",
        "valide",
        "validee",
        "termine",
        "terminee",
        "regle",
        "reglee",
        "paye",
        "payee",
        "reussi",
        "reussie",
        "confirme",
        "confirmee",
        "passe",
        "passee",
        "gebucht",
        "uitgevoerd",
    ]
)

_NOT_BOOKED = frozenset(
    [
        "pending",
        "pdng",
        "futr",
        "info",
        "planned",
        "scheduled",
        "waiting",
        "processing",
        "inprogress",
        "authorised",
        "authorized",
        "refused",
        "rejected",
        "declined",
        "failed",
        "reverted",
        "cancelled",
        "canceled",
        "expired",
        "blocked",
        "enattente",
        "encours",
        "avenir",
        "prevu",
        "prevue",
        "planifie",
        "planifiee",
        "programme",
        "programmee",
        "ensuspens",
        "refuse",
        "refusee",
        "rejete",
        "rejetee",
        "echoue",
        "echouee",
        "echec",
        "annule",
        "annulee",
        "expire",
        "expiree",
        "bloque",
        "bloquee",
        "autorise",
        "autorisee",
        "vorgemerkt",
        "storniert",
        "abgelehnt",
    ]
)


def state_column(head: Sequence[str], among: Iterable[int], rows: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the column that says what became of a line, None where it says nothing."""
    found = (place for place in among if _TITLES.fullmatch(letters(head[place])))
    return next((n for n in found if any(n < len(row) and row[n].strip() for row in rows)), None)


def is_booked(state: str) -> bool | None:
    """Return whether a line of this state is booked; None where nobody can say."""
    said = letters(state)
    return True if said in _BOOKED else False if said in _NOT_BOOKED else None
