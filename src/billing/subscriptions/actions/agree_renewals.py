"""Keep that a fixed term goes on by the order that was paid for it; and begin that term on its day."""

from datetime import date, datetime

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from billing.orders.models import Order, OrderLine
from billing.subscriptions.actions.start_subscription import promise
from billing.subscriptions.models import Subscription, SubscriptionOption, SubscriptionTerm
from billing.subscriptions.policy.renewal import next_term
from contracts.policy.clauses import keeps


@keeps("LG-S14.2f")
def agree_renewals(*, order: Order, now: datetime) -> int:
    """Return how many subscriptions go on after their term by this order, which is paid.

    One that ended before the money came isn't renewed: its line opens it again.
    """
    agreed = 0
    for line in _renewing(order):
        rows = Subscription.objects.select_for_update(of=("self",)).filter(
            contract=line.contract_id, ended_on=None
        )
        subscription = rows.filter(renewal_order=None).exclude(order=order).first()
        if subscription is None:
            continue
        subscription.agree_renewal(order)
        log_action(
            "subscription.renewal_agreed", by=None, on=subscription, at=now, facts={"order": order.number}
        )
        agreed += 1
    return agreed


def _renewing(order: Order) -> list[OrderLine]:
    rows = order.lines.filter(
        contract_id__isnull=False, licences_after=None, withdrawn=None, product__option_of=None
    )
    return list(rows)


@keeps("LG-S14.2f")
def begin_agreed_term(*, subscription: Subscription, now: datetime, today: date) -> SubscriptionTerm:
    """Return the term that begins by the order agreed to and paid before.

    Its quantity, its price, its terms of sale.
    """
    order = subscription.renewal_order
    term = subscription.term
    assert order is not None
    line = order.lines.get(contract_id=subscription.contract_id, licences_after=None, product__option_of=None)
    after = next_term(term.as_policy, activated_on=subscription.activated_on, months=subscription.term_months)
    new = subscription.begin_term(
        position=after.position,
        starts_on=after.starts_on,
        ends_on=after.ends_on,
        quantity=line.quantity,
        unit_net_cents=line.unit_net_cents,
        currency=order.currency,
        order=order,
        terms_version=order.terms_accepted or term.terms_version,
    )
    subscription.agree_renewal(None)
    begin_with(subscription, order, new, now=now)
    promise(subscription, new, now=now)
    log_action(
        "subscription.renewed",
        by=None,
        on=subscription,
        at=now,
        facts={
            "starts_on": str(new.starts_on),
            "ends_on": str(new.ends_on),
            "unit_net_cents": new.unit_net_cents,
            "order": order.number,
        },
    )
    enqueue_message(
        "billing/subscription_renewed", ids={"term": new.id}, now=now, key=f"subscription-renewed:{new.id}"
    )
    wake_worker()
    return new


def begin_with(subscription: Subscription, order: Order, term: SubscriptionTerm, *, now: datetime) -> None:
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
