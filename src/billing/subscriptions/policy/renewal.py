"""How a subscription goes on: by itself or by express agreement, announced in time, at a price that was
told.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from billing.catalogue.policy.catalogue import AUTOMATIC
from billing.money.policy.calendar_months import add_months
from contracts.policy.clauses import keeps
from contracts.policy.profiles import Renewal


@dataclass(frozen=True, slots=True)
class Term:
    """A half-open period of a subscription: `ends_on` is the first day after it."""

    starts_on: date
    ends_on: date
    position: int = 1


@dataclass(frozen=True, slots=True)
class Announcement:
    """A price and the terms that apply to it, as a notice told them."""

    sent_on: date
    unit_net_cents: int
    terms_version: str = ""


@keeps("LG-S14.2a", "LG-S14.1")
def next_term(term: Term, *, activated_on: date, months: int) -> Term:
    """Return the identical period that follows.

    Its days are counted from the activation, so a 31st stays a 31st.
    """
    ends_on = add_months(activated_on, months * (term.position + 1))
    return Term(term.ends_on, ends_on, term.position + 1)


@keeps("LG-S14.2f", "LG-S14.2a")
def renews_automatically(renewal: str, *, terminated_on: date | None, ends_on: date) -> bool:
    """Return whether a term that ends on this day is followed by another without anybody's word.

    A fixed term never is; an automatic one unless it was terminated, for that day at the latest.
    """
    return renewal == AUTOMATIC and (terminated_on is None or terminated_on > ends_on)


@keeps("MC-1s")
def is_last_term(ends_on: date, *, access_until: date | None) -> bool:
    """Return whether a term that ends on this day is the last one of a product withdrawn from sale.

    `access_until` is the first day on which nobody is owed access but to the end of their term, at least 6
    months after it was announced; None where the product stays.
    """
    return access_until is not None and access_until <= ends_on


@keeps("MC-1s")
def access_ends_on(
    term: Term,
    *,
    activated_on: date,
    months: int,
    renewal: str,
    access_until: date,
    stops_on: date | None = None,
) -> date:
    """Return the first day without access to a product withdrawn from sale, as the end of each term will see
    to it.

    A fixed or terminated term is the last; an automatic one renews until a term ends when access is owed no
    longer. `stops_on` is the day a termination takes effect.
    """
    while renews_automatically(renewal, terminated_on=stops_on, ends_on=term.ends_on) and not is_last_term(
        term.ends_on, access_until=access_until
    ):
        term = next_term(term, activated_on=activated_on, months=months)
    return term.ends_on


@keeps("LG-S14.2n")
def notice_due_on(term: Term, *, renewal: Renewal) -> date:
    """Return the last day on which the renewal at the end of this term can be announced.

    The profile's days (30) before the end. A term too short for that (a month) is announced on its first day
    at the latest, that is during the period before.
    """
    last_day = term.ends_on - timedelta(days=renewal.notice_days)
    return min(last_day, term.starts_on) if _is_short(term, renewal) else last_day


@keeps("LG-S14.2n", "LG-S14.2f")
def told_by(term: Term, *, renewal: Renewal, is_fixed: bool) -> date:
    """Return the last day on which the client is told what happens at the end of a term."""
    return end_told_by(term, renewal=renewal) if is_fixed else notice_due_on(term, renewal=renewal)


@keeps("LG-S14.2n")
def notice_leaves_on(term: Term, *, renewal: Renewal, is_fixed: bool) -> date:
    """Return the day on which the notice leaves: so early that a bounce can still be mended."""
    return told_by(term, renewal=renewal, is_fixed=is_fixed) - timedelta(days=renewal.ahead_days)


@keeps("LG-S14.2f")
def end_told_by(term: Term, *, renewal: Renewal) -> date:
    """Return the last day on which a client is told that a fixed term ends by itself: the profile's days (30)
    before it, of a term too short for that its middle.
    """
    days = (term.ends_on - term.starts_on).days
    return term.ends_on - timedelta(days=min(renewal.notice_days, days - days // 2))


def _is_short(term: Term, renewal: Renewal) -> bool:
    return (term.ends_on - term.starts_on).days < 2 * renewal.notice_days


@keeps("LG-S14.2n")
def announced_in_confirmation(term: Term, *, renewal: Renewal) -> bool:
    """Return whether the order confirmation itself is the notice: the first term, when it is a short one."""
    return term.position == 1 and _is_short(term, renewal)


@keeps("LG-S14.2n")
def is_in_time(renews_on: date, *, told_on: date, renewal: Renewal) -> bool:
    """Return whether what is told on a day can apply from a renewal, so many days before it at least."""
    return told_on <= renews_on - timedelta(days=renewal.notice_days)


@keeps("LG-S14.2n", "LG-S6.1")
def applies_at(
    renews_on: date,
    *,
    current: Announcement,
    announced: Iterable[Announcement],
    renewal: Renewal,
) -> Announcement:
    """Return the price and terms that apply from a renewal.

    The last told in time, else today's.

    Without a notice in time the old price and the old terms renew.
    """
    in_time = [each for each in announced if is_in_time(renews_on, told_on=each.sent_on, renewal=renewal)]
    return max(in_time, key=lambda each: each.sent_on, default=current)


@keeps("LG-S14.2n")
def overcharged(quantity: int, *, asked_cents: int, told_cents: int) -> int:
    """Return what a renewal asked too much of so many: more than the unit price told in time, in cents.

    One that asked less stays: a lower price needs no notice.
    """
    return quantity * max(0, asked_cents - told_cents)


@dataclass(frozen=True, slots=True)
class NewTerms:
    """New terms of sale a client was told of: when, from which day they are in force, which version."""

    sent_on: date
    in_force_on: date
    version: str


@keeps("LG-S30")
def with_new_terms(
    told: Announcement, renews_on: date, announced: Iterable[NewTerms], *, notice_days: int
) -> Announcement:
    """Return what applies from a renewal once the client was told of new terms besides.

    The last ones told at least so many days (the profile's: 30) before it, after what was told of the price,
    and in force by then.
    """
    binding = [
        each
        for each in announced
        if each.sent_on <= renews_on - timedelta(days=notice_days)
        and each.in_force_on <= renews_on
        and each.sent_on >= told.sent_on
    ]
    last = max(binding, key=lambda each: each.sent_on, default=None)
    return told if last is None else replace(told, terms_version=last.version)


@keeps("MC-11", "LG-S15")
def price_of_one_more(change: str, *, current_cents: int, list_cents: int | None) -> int:
    """Return the unit price of what is added to a subscription that runs, in cents without VAT for a term.

    Where the profile's new prices wait for the end of the initial period only ("initial_period"), a new
    registration costs the list price of today; elsewhere, and where it has left the list, as much as the
    others.
    """
    return current_cents if change != "initial_period" or list_cents is None else list_cents


@keeps("MC-11", "LG-S14.2n")
def price_to_announce(change: str, *, current_cents: int, list_cents: int | None) -> int:
    """Return the unit price a renewal announces, in cents without VAT, from the profile's rule for new
    prices.

    `change`: "announced_renewal" and "initial_period" go to the list price in force at the renewal (a
    promotional price is no list price, so it ends with the initial period); "free" is nothing;
    "free_or_quoted" keeps what was quoted. A product that has left the list keeps its price. Raises
    ValueError on a rule there isn't.
    """
    if change not in {"announced_renewal", "initial_period", "free", "free_or_quoted"}:
        raise ValueError(f"no rule for new prices {change!r}")
    if change == "free":
        return 0
    if change == "free_or_quoted" or list_cents is None:
        return current_cents
    return list_cents
