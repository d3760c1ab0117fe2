"""What may stand together in one cart, and what that makes of its order."""

from collections.abc import Iterable
from dataclasses import dataclass

from billing.catalogue.policy.catalogue import FIXED, TERM_MONTHS
from contracts.policy.clauses import keeps

ONLINE = ("card", "sepa_debit")


class TermsDiffer(ValueError):
    """Raised when two subscriptions of a cart don't run the same way: each needs an order of its own."""


@dataclass(frozen=True, slots=True)
class Item:
    """A product in a cart; only a subscription has a term, a renewal, a trial and an offer."""

    is_subscription: bool
    term_months: int = 0
    renewal: str = ""
    trial_days: int = 0
    offer: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """How the subscriptions of an order run: so many months, then "fixed" or "automatic"; of which offer."""

    months: int = TERM_MONTHS
    renewal: str = FIXED
    offer: str = ""


def common_term(items: Iterable[Item]) -> Term:
    """Return how the subscriptions of a cart run together; an order without one has the default.

    Raises TermsDiffer.
    """
    found = {Term(item.term_months, item.renewal, item.offer) for item in items if item.is_subscription}
    if len(found) > 1:
        raise TermsDiffer
    return found.pop() if found else Term()


@keeps("LG-S14.3")
def trial_days(items: Iterable[Item], *, method: str) -> int:
    """Return the days of trial of an order: when all it holds may be tried, and it is paid online.

    A thing that ships is paid now, so nothing is tried in the same order; the shortest trial counts.
    """
    days = [item.trial_days if item.is_subscription else 0 for item in items]
    return min(days, default=0) if trial_is_open_to(online=True, method=method) else 0


@keeps("LG-S6.2", "LG-S14.3")
def offered_methods(
    allowed: Iterable[str], items: Iterable[Item], *, consumer: bool, can_pay_online: bool, currency: str
) -> tuple[str, ...]:
    """Return how a cart may be paid, in the order shown: what all its products allow.

    Where cards are taken a SEPA debit is too, in euros. A consumer with a trial pays online only; where the
    house has no account at a provider nobody does.
    """
    found = set(allowed)
    found |= {"sepa_debit"} if "card" in found else set()
    found -= {"sepa_debit"} if currency != "EUR" else set()
    found -= set() if can_pay_online else set(ONLINE)
    if consumer and trial_days(items, method="card"):
        found &= set(ONLINE)
    return tuple(method for method in ("card", "sepa_debit", "transfer", "cheque") if method in found)


@keeps("LG-S14.3")
def trial_is_open_to(*, online: bool, method: str) -> bool:
    """Return whether a client may have a trial.

    They subscribed online with an online method, never by cheque.
    """
    return online and method in {"card", "sepa_debit"}
