"""Bring what renewed by itself to what its client was told in time: a notice that came back told nothing."""

from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice
from billing.invoicing.policy.credit import NothingCredited
from billing.invoicing.queries.credits import left_of, still_owed
from billing.money.policy.days import paris_day
from billing.orders.models import OrderLine
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.subscriptions.models import Subscription, SubscriptionOption, SubscriptionTerm
from billing.subscriptions.policy.renewal import overcharged
from billing.subscriptions.queries.subscriptions import option_prices_told, told_for
from contracts.policy.clauses import keeps
from tenants.actions.tell_terms import note_terms_bounce
from tenants.models import TermsNotice

REASON = "notice_bounced"

Prices = dict[UUID | None, int]  # of one, by product, in cents without VAT

_WHY = gettext_lazy("The notice of this renewal never arrived: the earlier price goes on.")


@transaction.atomic
@keeps("LG-S14.2n", "LG-S30")
def apply_told_renewal(*, subscription: Subscription, by: Actor, now: datetime) -> list[Invoice]:
    """Return the credit notes of what was asked beyond the prices that were told in time.

    Of each term that began by itself; its terms of sale are those that were told too, and the client reads
    so. What was paid of it is given back. As often as wanted: what is right already stays.
    """
    if subscription.renewal != Subscription.Renewal.AUTOMATIC:
        return []
    notes = []
    terms = list(subscription.terms.order_by("position"))
    for before, term in zip(terms, terms[1:], strict=False):
        notes += _bring(subscription, before, term, by, now)
    return notes


@transaction.atomic
@keeps("LG-S30")
def note_bounce_of_terms(
    *, subscription: Subscription, notice: TermsNotice, by: Actor, now: datetime, today: date
) -> None:
    """Keep that the notice of new terms came back: told again, they bind no renewal they began with."""
    note_terms_bounce(notice=notice, by=by, now=now, today=today)
    apply_told_renewal(subscription=subscription, by=by, now=now)


def _bring(
    subscription: Subscription, before: SubscriptionTerm, term: SubscriptionTerm, by: Actor, now: datetime
) -> list[Invoice]:
    told = told_for(subscription, before)
    cents = min(told.unit_net_cents, term.unit_net_cents)
    options = _options(subscription, before, term)
    same = cents == term.unit_net_cents and str(term.terms_version or "") == told.terms_version
    if same and not options:
        return []
    prices: Prices = {subscription.product_id: cents, **options}
    notes = _credit(term, prices, by, now)
    term.restate(unit_net_cents=cents, terms_version=told.terms_version or None)
    for product, price in options.items():
        rows = SubscriptionOption.objects.filter(subscription=subscription, product=product, order=term.order)
        rows.update(unit_net_cents=price)
    facts = {"starts_on": str(term.starts_on), "unit_net_cents": cents, "terms": told.terms_version}
    log_action("subscription.renewal_restated", by=by, on=subscription, at=now, facts=facts)
    key = f"renewal-restated:{term.id}:{now.isoformat()}"
    enqueue_message("billing/renewal_restated", ids={"term": term.id}, now=now, key=key)
    wake_worker()
    return notes


def _options(subscription: Subscription, before: SubscriptionTerm, term: SubscriptionTerm) -> Prices:
    """Return the options of a term that cost more than was told of them, with the price that holds."""
    told = option_prices_told(subscription, before)
    earlier = OrderLine.objects.filter(order=before.order, product__option_of__isnull=False)
    known = dict(earlier.values_list("product_id", "unit_net_cents"))
    found: Prices = {}
    for product, cents in (
        _sold(term).filter(product__option_of__isnull=False).values_list("product_id", "unit_net_cents")
    ):
        right = told.get(str(product), known.get(product, cents))
        if right < cents:
            found[product] = right
    return found


def _sold(term: SubscriptionTerm) -> QuerySet[OrderLine]:
    return OrderLine.objects.filter(
        order=term.order, contract_id=term.subscription.contract_id, licences_after=None
    )


def _credit(term: SubscriptionTerm, prices: Prices, by: Actor, now: datetime) -> list[Invoice]:
    """Return the credit notes of the invoice of a term for what its lines still cost too much, paid back."""
    rows = Invoice.objects.filter(order=term.order, kind=Invoice.Kind.INVOICE, is_down_payment=False)
    invoice = rows.first()
    if invoice is None:
        return []
    before = {line.position: line.net_cents - cents for line, cents in left_of(invoice)}
    over = {}
    for line in _sold(term):
        right = prices.get(line.product_id, line.unit_net_cents)
        cents = overcharged(line.quantity, asked_cents=line.unit_net_cents, told_cents=right)
        over[line.position] = max(0, cents - before.get(line.position, 0))
    amounts = still_owed(invoice, over)
    notes: list[Invoice] = []
    today = paris_day(now)
    with suppress(NothingCredited):
        notes = credit_order(corrects=invoice, amounts=amounts, reason=_WHY, by=by, now=now, today=today)
    for note in notes:
        refund_credit_note(note=note, reason=REASON, by=by, now=now, today=today)
    return notes
