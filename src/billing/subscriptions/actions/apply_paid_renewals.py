"""Keep that a fixed term goes on by the order that was paid for it; and begin that term on its day."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.invoicing.models import Invoice
from billing.orders.models import Order, OrderLine
from billing.orders.queries.sold import taken_back_positions
from billing.subscriptions.actions.start_subscription import promise
from billing.subscriptions.models import Subscription, SubscriptionOption, SubscriptionTerm
from billing.subscriptions.policy.renewal import next_term
from contracts.policy.clauses import keeps


@keeps("LG-S14.2f")
def apply_paid_renewals(*, order: Order, now: datetime) -> int:
    """Return how many subscriptions go on after their term by this order, which is paid.

    One that ended before the money came isn't renewed: its line opens it again.
    """
    agreed = 0
    for line in _renewing(order):
        rows = Subscription.objects.select_for_update(of=("self",)).filter(
            contract=line.contract_id, ended_on=None
        )
        rows = rows.exclude(order=order).exclude(terms__order=order)  # what this one began goes on already
        subscription = rows.filter(renewal_order=None).first()
        if subscription is None:
            continue
        subscription.agree_renewal(order)
        log_action(
            "subscription.renewal_agreed", by=None, on=subscription, at=now, facts={"order": order.number}
        )
        agreed += 1
    return agreed


@keeps("LG-S14.2f", "LG-S5.2d")
def undo_credited_renewals(*, invoice: Invoice, now: datetime) -> None:
    """Take back what an order had renewed and a credit note took back in full, its term not begun."""
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    gone = taken_back_positions(order) if order else set()
    if order is not None and gone:
        contracts = order.lines.filter(position__in=gone, licences_after=None).values("contract_id")
        _agree_no_more(Subscription.objects.filter(contract__in=contracts), order, now)


@keeps("LG-S14.2f", "LG-S5.2d")
def undo_unpaid_renewal(*, invoice: Invoice, now: datetime) -> None:
    """Take back what an order renewed once its money has left and its term has not begun.

    Paid anew before the end of the term, it renews anew; unpaid, the subscription ends by itself. What else
    the order sold stands or waits by itself; signed on specific terms, the renewal stands unpaid.
    """
    order = Order.objects.select_for_update(of=("self",)).filter(invoices=invoice).first()
    if order is None or order.has_specific_terms:
        return
    _agree_no_more(Subscription.objects.all(), order, now)


def _agree_no_more(subscriptions: QuerySet[Subscription], order: Order, now: datetime) -> None:
    rows = subscriptions.select_for_update(of=("self",)).filter(renewal_order=order, ended_on=None)
    for subscription in rows:
        subscription.agree_renewal(None)
        facts = {"order": order.number}
        log_action("subscription.renewal_undone", by=None, on=subscription, at=now, facts=facts)


def _renewing(order: Order) -> list[OrderLine]:
    rows = order.lines.filter(
        contract_id__isnull=False, licences_after=None, withdrawn=None, product__option_of=None
    )
    return list(rows.exclude(position__in=taken_back_positions(order)))


@keeps("LG-S14.2f")
def start_renewed_term(*, subscription: Subscription, now: datetime) -> SubscriptionTerm:
    """Return the term that begins by the order agreed to and paid before.

    Its quantity, its price, its terms of sale.
    """
    order = subscription.renewal_order
    term = subscription.term
    assert order is not None
    line = order.lines.get(contract_id=subscription.contract_id, licences_after=None, product__option_of=None)
    subscription.agree_renewal(None)
    return begin_next_term(
        subscription=subscription,
        order=order,
        terms=NextTerms(line.quantity, line.unit_net_cents, order.terms_accepted or term.terms_version),
        now=now,
    )


@dataclass(frozen=True, slots=True)
class NextTerms:
    """What the next term of a subscription is for: so many, at this price, under these terms of sale."""

    quantity: int
    unit_net_cents: int
    terms_version: UUID | str | None


@keeps("LG-S14.2f", "LG-S14.2a")
def begin_next_term(
    *, subscription: Subscription, order: Order, terms: NextTerms, now: datetime
) -> SubscriptionTerm:
    """Return the term that follows the last one, by an order: its end promised, its beginning told.

    Raises TermsOverlap.
    """
    after = next_term(
        subscription.term.as_policy,
        activated_on=subscription.activated_on,
        months=subscription.term_months,
    )
    new = subscription.begin_term(
        position=after.position,
        starts_on=after.starts_on,
        ends_on=after.ends_on,
        quantity=terms.quantity,
        unit_net_cents=terms.unit_net_cents,
        currency=order.currency,
        order=order,
        terms_version=terms.terms_version,
    )
    start_term(subscription, order, new, now=now)
    promise(subscription, new, now=now)
    _tell(subscription, new, now=now)
    return new


def _tell(subscription: Subscription, term: SubscriptionTerm, *, now: datetime) -> None:
    facts = {
        "starts_on": str(term.starts_on),
        "ends_on": str(term.ends_on),
        "unit_net_cents": term.unit_net_cents,
        "order": term.order.number,
    }
    log_action("subscription.renewed", by=None, on=subscription, at=now, facts=facts)
    key = f"subscription-renewed:{term.id}"
    enqueue_message("billing/subscription_renewed", ids={"term": term.id}, now=now, key=key)
    wake_worker()


def start_term(subscription: Subscription, order: Order, term: SubscriptionTerm, *, now: datetime) -> None:
    """Let the contract and the options be what the term that begins is for.

    What was to be fewer is fewer from now on.
    """
    contract = subscription.contract
    contract.ends_on = term.ends_on
    if contract.licences or subscription.next_quantity_agreed:
        contract.licences = term.quantity
    contract.save(update_fields=["ends_on", "licences"])
    subscription.agree_quantity(None)
    lines = order.lines.filter(product__option_of__isnull=False).prefetch_related("withdrawn__back")
    taken = {line.product_id: line for line in lines if line.kept}
    for option in subscription.options.all():
        line = taken.pop(option.product_id, None)
        option.unit_net_cents = line.unit_net_cents if line else option.unit_net_cents
        option.order = order
        option.save(update_fields=["unit_net_cents", "order"])
        option.change(quantity=line.kept if line else 0, next_quantity=None)
    for line in taken.values():
        assert line.product is not None, "an option is a product"
        SubscriptionOption.objects.create(
            subscription=subscription,
            product=line.product,
            quantity=line.kept,
            unit_net_cents=line.unit_net_cents,
            order=order,
            created_at=now,
        )
