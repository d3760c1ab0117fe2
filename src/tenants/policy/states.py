"""What each state of a tenant lets whom do."""

from typing import Literal

State = Literal["opening", "open", "suspended", "ended", "erased"]

TO_PAY = frozenset({"licences.read", "invoices.read"})
TO_KEEP_PRIVACY = frozenset(
    {"privacy.read", "privacy.write", "erasures.write", "promises.read", "audit.read", "agenda.read"}
)
TO_TAKE_ALONG = frozenset(
    {"exports.ask", "tenant.settings", "classes.read", "students.read", "record.read", "results.read"}
)

_OPEN: dict[str, frozenset[str] | None] = {
    "open": None,
    "suspended": TO_PAY | TO_KEEP_PRIVACY | {"exports.ask"},
    "ended": TO_PAY | TO_KEEP_PRIVACY | TO_TAKE_ALONG,
    "opening": frozenset(),
    "erased": frozenset(),
}
_OPEN_IN_A_CIRCLE: dict[str, frozenset[str] | None] = _OPEN | {
    "suspended": frozenset({"exports.ask"}),
    "ended": frozenset({"family.read", "exports.ask"}),
}
_NEXT: dict[str, frozenset[str]] = {
    "opening": frozenset({"open"}),
    "open": frozenset({"suspended", "ended"}),
    "suspended": frozenset({"open", "ended"}),
    "ended": frozenset({"open", "erased"}),
    "erased": frozenset(),
}

_BY_HAND: dict[str, frozenset[str]] = {"opening": frozenset({"open"}), "ended": frozenset({"open"})}


def rights_open(state: str) -> frozenset[str] | None:
    """Return the rights that still work in a state, None for all of them.

    While suspended the administrator keeps invoices, payment, the privacy centre and the export of all data;
    after the end also reads what there is, without changing it. Raises KeyError for a state there isn't.
    Source: terms of sale, articles 19, 21.1 and 21.2.
    """
    return _OPEN[state]


def rights_open_in_circle(state: str) -> frozenset[str] | None:
    """Return the rights that still work in a circle of a shared tenant, None for all of them.

    Its administrator pays and reads invoices as the buyer, on the public host; here they take along and have
    deleted what there is, while suspended too, and after the end also read it. Raises KeyError for a state
    there isn't.
    """
    return _OPEN_IN_A_CIRCLE[state]


def may_become(state: str, wanted: str) -> bool:
    """Return whether a tenant may pass from one state to another; an erased one never comes back."""
    return wanted in _NEXT[state]


def may_become_by_hand(state: str, wanted: str) -> bool:
    """Return whether a person may say by a mere word that a tenant passes from one state to another.

    Access stops and comes back for a cause, and a tenant ends by its contracts; what is left goes on its day
    or on its controller's word: each has its own act. Source: terms of sale, articles 19 to 21.
    """
    return wanted in _BY_HAND.get(state, frozenset())
