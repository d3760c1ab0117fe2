"""What was invoiced, what recurs and what renews, read for the page that draws them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db.models import Prefetch, Sum
from django.db.models.functions import TruncMonth

from billing.accounting.models import JournalLine
from billing.accounting.policy.revenue import KINDS, MonthlyRecurringRevenue, TermRevenue, recurring
from billing.accounting.queries.terms import TermInvoiced, lines_invoiced, terms_invoiced
from billing.money.policy.calendar_months import add_months, subtract_months
from billing.subscriptions.models import RenewalNotice, Subscription, SubscriptionTerm


@dataclass(frozen=True, slots=True)
class Month:
    """What a month was invoiced without VAT, less what was credited, by kind of revenue, in cents."""

    month: date
    cents: dict[str, int]

    @property
    def total_cents(self) -> int:
        """Return the whole of it."""
        return sum(self.cents.values())


def invoiced(*, first: date, last: date) -> dict[str, list[Month]]:
    """Return by currency what the books say each month from `first` on was invoiced, net of credit notes.

    Deposits are no revenue.
    """
    rows = (
        JournalLine.objects.filter(entry__journal="sales", entry__on__range=(first, last))
        .exclude(kind="")
        .annotate(month=TruncMonth("entry__on"))
        .values_list("entry__currency", "month", "kind")
        .annotate(cents=-Sum("cents"))
        .order_by()
    )
    found: dict[str, dict[date, dict[str, int]]] = {}
    for currency, month, kind, cents in rows:
        found.setdefault(currency, {}).setdefault(month, dict.fromkeys(KINDS, 0))[kind] += cents
    return {
        currency: [Month(month, sums) for month, sums in sorted(by.items())]
        for currency, by in sorted(found.items())
    }


def recurring_by_currency(*, first: date, last: date) -> dict[str, list[MonthlyRecurringRevenue]]:
    """Return by currency what recurs a month as each month ended, net of discounts and credits."""
    rows = SubscriptionTerm.objects.filter(ends_on__gte=subtract_months(first, 1), starts_on__lte=last)
    terms = list(rows.select_related("subscription"))
    invoiced_of = terms_invoiced(terms)
    found: dict[str, list[TermRevenue]] = {}
    for term in terms:
        found.setdefault(term.currency, []).append(_running(term, invoiced_of[term.pk]))
    return {currency: recurring(known, first=first, last=last) for currency, known in sorted(found.items())}


def _running(term: SubscriptionTerm, invoiced: TermInvoiced) -> TermRevenue:
    ended_on = term.subscription.ended_on
    ends_on = min(term.ends_on, ended_on) if ended_on else term.ends_on
    return TermRevenue(
        str(term.subscription_id),
        term.starts_on,
        ends_on,
        invoiced.net_cents,
        term.subscription.term_months,
        invoiced.credits,
    )


@dataclass(frozen=True, slots=True)
class Renewal:
    """A term that ends within a year: what follows it, at which price, and how far the client has been told.

    `cents`: what the next term brings, excluding VAT; where nothing follows, what the one that ends brought,
    net of discounts and credits. `state`: "agreed", "announced", "to_announce", "terminated", "fixed" or
    "withdrawn"; the last three bring nothing more.
    """

    subscription: Subscription
    on: date
    cents: int
    currency: str
    state: str

    @property
    def goes_on(self) -> bool:
        """Return whether money follows."""
        return self.state in {"agreed", "announced", "to_announce"}


def renewals(today: date) -> list[Renewal]:
    """Return what comes to the end of its term within twelve months, the next first, in a bounded number of
    statements.
    """
    rows = (
        Subscription.objects.alive()
        .select_related("contract__tenant", "customer", "product__phaseout", "renewal_order")
        .prefetch_related(
            "terms",
            "terminations",
            Prefetch("notices", queryset=RenewalNotice.objects.told()),
            "renewal_order__lines__product",
        )
    )
    found = _net_of_what_ends(_as_agreed([_renewal(row) for row in rows]))
    until = add_months(today, 12)
    return sorted(
        (each for each in found if today <= each.on <= until), key=lambda each: (each.on, each.currency)
    )


def _as_agreed(found: list[Renewal]) -> list[Renewal]:
    """Return renewals, those that were agreed to with what their order comes to, net of its discount."""
    lines = {each.subscription.pk: _agreed_line(each.subscription) for each in found}
    invoiced = lines_invoiced([line for line in lines.values() if line is not None])
    return [
        replace(each, cents=invoiced[line.pk]) if (line := lines[each.subscription.pk]) is not None else each
        for each in found
    ]


def _net_of_what_ends(found: list[Renewal]) -> list[Renewal]:
    """Return renewals, those that bring nothing more with what their last term brought."""
    ending = {each.subscription.pk: _last_term(each.subscription) for each in found if not each.goes_on}
    invoiced_of = terms_invoiced(list(ending.values()))
    brought = {
        key: known.net_cents - sum(cents for _day, cents in known.credits)
        for key, term in ending.items()
        for known in [invoiced_of[term.pk]]
    }
    return [replace(each, cents=brought.get(each.subscription.pk, each.cents)) for each in found]


def _last_term(subscription: Any) -> SubscriptionTerm:
    last: SubscriptionTerm = max(subscription.terms.all(), key=lambda each: each.position)
    return last


def _renewal(subscription: Any) -> Renewal:
    term = _last_term(subscription)
    told = [each for each in subscription.notices.all() if each.renews_on == term.ends_on]
    last = max(told, key=lambda each: each.left_on, default=None)
    quantity = last.quantity if last else subscription.contract.licences or term.quantity
    price = last.unit_net_cents if last else term.unit_net_cents
    return Renewal(
        subscription, term.ends_on, quantity * price, term.currency, _state(subscription, term, bool(last))
    )


def _agreed_line(subscription: Any) -> Any:
    """Return the line of the order by which a fixed term goes on, None where nothing was agreed."""
    order = subscription.renewal_order
    lines = order.lines.all() if order else ()
    own = (line for line in lines if line.contract_id == subscription.contract_id)
    return next((line for line in own if line.licences_after is None and not line.product.option_of_id), None)


def _state(subscription: Any, term: SubscriptionTerm, is_announced: bool) -> str:
    if any(word.effective_on <= term.ends_on for word in subscription.terminations.all()):
        return "terminated"
    phaseout = getattr(subscription.product, "phaseout", None)
    if phaseout is not None and phaseout.access_until <= term.ends_on:
        return "withdrawn"
    if subscription.renewal_order_id is not None:
        return "agreed"
    if subscription.renewal == Subscription.Renewal.FIXED:
        return "fixed"
    return "announced" if is_announced else "to_announce"
