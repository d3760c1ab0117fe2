"""The agreement's own figures about erasure, for the pages of its clauses and the tests."""

from datetime import UTC, date, datetime, timedelta

from contracts.policy.cases import DAY, DAYS, TEXT, case
from dpa.policy.asking import ErasureOutcome, ErasureTerms, own_account
from dpa.policy.erasure import erasure_clock, forgotten_by_backups_on
from dpa.policy.retention import ends_on, kept_for

HOUR = timedelta(hours=1)
BEFORE_THE_CHANGE = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)


def _wish(who: str, *, kind: str = "guardian", family: bool = False) -> str:
    """Return what becomes of somebody's wish to delete their own account."""
    promise = ErasureTerms(who=who, takes_children=family, subjects=frozenset({kind}))
    return str(own_account(kind=kind, administers=family, promises=[promise]).how)


case(
    "LG-DBr",
    "Asked for on the day before clocks change: gone within how many real hours?",
    "Demandé la veille du changement d’heure : effacé en combien d’heures réelles ?",
    lambda: (
        (
            erasure_clock(asked_at=BEFORE_THE_CHANGE, hours=24, undo_hours=12, alarm_hours=18).due_at
            - BEFORE_THE_CHANGE
        )
        // HOUR
    ),
    24,
    TEXT,
)
case(
    "LG-DBr",
    "Erased on 31 August 2026: the last backup that may hold it is gone on",
    "Effacé le 31 août 2026 : la dernière sauvegarde qui peut le contenir disparaît le",
    lambda: forgotten_by_backups_on(erased_on=date(2026, 8, 31), months=6, configured=True),
    date(2027, 2, 28),
    DAY,
)
case(
    "LG-DBr",
    "Left on 4 July 2026, subscription ended on 1 September: two years from whichever comes first",
    "Parti le 4 juillet 2026, abonnement fini le 1er septembre : deux ans à partir du premier des deux",
    lambda: ends_on(left_on=date(2026, 7, 4), last_trace_on=None, ended_on=date(2026, 9, 1), days=730),
    date(2028, 7, 3),
    DAY,
)
case(
    "LG-D5",
    "The contract promises 730 days, the controller set 365",
    "Le contrat promet 730 jours, le responsable en a fixé 365",
    lambda: kept_for(promised_days=730, controller_days=365),
    365,
    DAYS,
)
case(
    "LG-U4",
    "A nursery parent wishes to delete their own account, where the profile says that the user may",
    "Un parent de crèche veut supprimer son compte, là où le profil dit que l’utilisateur le peut",
    lambda: _wish("user"),
    str(ErasureOutcome.CARRIED_OUT),
    TEXT,
)
case(
    "LG-U4",
    "The same at a school, where the controller decides",
    "Le même dans une école, où le responsable décide",
    lambda: _wish("controller"),
    str(ErasureOutcome.REQUEST),
    TEXT,
)
