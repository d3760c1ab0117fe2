"""Change the contracts that run, as an amendment says that was signed or bought, and paid.

And take it back when the money leaves again, or the amendment is cancelled.
"""

from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from audit.actions import log_action
from billing.invoicing.models import Invoice
from billing.orders.actions.mark_order_ready import is_paid
from billing.orders.models import Order, OrderLine
from billing.orders.queries.asked import is_taken_back
from billing.orders.queries.sold import taken_back_positions
from billing.quotes.models import QuoteLine, QuoteVersion
from billing.quotes.queries.amendments import is_line_of_this_term
from billing.subscriptions.actions.announce_renewal import announce_change
from billing.subscriptions.models import Subscription, SubscriptionOption
from billing.subscriptions.policy.amendment import agreed_again, still_true
from billing.subscriptions.queries.renewals import goes_on_already
from contracts.policy.clauses import keeps
from tenants.models import Contract


class ContractChanged(Exception):
    """Raised when a contract is no longer what the amendment found: it needs a new version."""


def check_contracts(version: QuoteVersion, *, today: date) -> None:
    """Lock the contracts a version changes or renews; raise ContractChanged unless each still is as it was
    found, and its next term sold by nothing else.
    """
    _check_renewals(version)
    lines = list(
        version.lines.filter(contract_id__isnull=False, licences_after__isnull=False).select_related(
            "product"
        )
    )
    found = {
        each.pk: each
        for each in Contract.objects.select_for_update().filter(pk__in=[x.contract_id for x in lines])
    }
    for line in lines:
        contract = found.get(line.contract_id) if line.contract_id else None
        if line.contract_id and pending_on(line.contract_id).exists():
            raise ContractChanged(line.description)
        before = (line.licences_after or 0) - line.quantity
        if contract is None or not still_true(
            licences_now=_held(line, contract), licences_before=before, ends_on=contract.ends_on, today=today
        ):
            raise ContractChanged(line.description)


def _check_renewals(version: QuoteVersion) -> None:
    """Raise ContractChanged where what a version renews was renewed by another order meanwhile."""
    lines = version.lines.filter(
        contract_id__isnull=False, licences_after=None, product__isnull=False, product__option_of=None
    )
    rows = list(lines)
    contracts = [line.contract_id for line in rows if line.contract_id]
    list(Contract.objects.select_for_update().filter(pk__in=contracts))
    for line in rows:
        if line.contract_id and goes_on_already(line.contract_id, beside=version.pk):
            raise ContractChanged(line.description)


def pending_on(contract_id: UUID) -> QuerySet[OrderLine]:
    """Return what was signed for a contract and isn't there yet: the next change waits for it."""
    states = (Order.State.AWAITING_PAYMENT, Order.State.READY)
    rows = OrderLine.objects.filter(contract_id=contract_id, licences_after__isnull=False, added_at=None)
    return rows.filter(order__state__in=states, order__version__isnull=False)


def _held(line: QuoteLine | OrderLine, contract: Contract) -> int:
    """Return how many there are of what a line changes.

    Licences of a contract, or an option of its subscription.
    """
    if not _is_option(line):
        return contract.licences
    option = SubscriptionOption.objects.filter(
        subscription__contract=contract, product=line.product_id
    ).first()
    return option.quantity if option else 0


def _is_option(line: QuoteLine | OrderLine) -> bool:
    return line.product is not None and line.product.option_of_id is not None


@keeps("LG-S15", "LG-S5.2d")
def amend_contracts(*, order: Order, now: datetime) -> int:
    """Return how many contracts or options now hold what was signed for, or bought, and weren't before.

    What was priced for a term that is over by now adds nothing.
    """
    gone = taken_back_positions(order)
    lines = [
        line
        for line in _amended(order)
        if line.added_at is None and line.position not in gone and is_line_of_this_term(line, order)
    ]
    for line in lines:
        agreed = _agreed_next(line)
        _add(line, line.quantity, "contract.amended", order, now)
        line.mark_added(at=now, next_before=agreed)
        _tell_next_term(line, now)
    return len(lines)


@keeps("LG-S5.2d")
def take_back_amendments(*, order: Order, now: datetime) -> int:
    """Return how many contracts lost again what an amendment had added, cancelled or paid no more."""
    lines = [line for line in _amended(order) if line.added_at is not None]
    for line in lines:
        take_back_line(line=line, order=order, now=now)
    return len(lines)


def take_back_line(*, line: OrderLine, order: Order, now: datetime) -> None:
    """Take from a contract what one line had added to it: nothing before it was paid."""
    if line.added_at is not None:
        current = _agreed_next(line)
        _add(line, -line.quantity, "contract.amendment_cancelled", order, now)
        _agree_again(line, current)
        line.mark_added(at=None)
        _tell_next_term(line, now)


def _tell_next_term(line: OrderLine, now: datetime) -> None:
    """Announce the renewal of what a line changes again, where it was announced as something else."""
    assert line.contract_id is not None
    announce_change(contract_id=line.contract_id, now=now)


def sync_amendments(*, invoice: Invoice, now: datetime) -> None:
    """Give running contracts what an open order of theirs adds while it is funded, and take it while not, nor
    what of it was credited in full.
    """
    order = Order.objects.filter(invoices=invoice).first()
    if order is None:
        return
    _take_back_credited(order, now)
    if order.has_specific_terms and not is_taken_back(order):
        return
    if is_paid(order):
        if order.state == Order.State.FULFILLED:
            amend_contracts(order=order, now=now)
        return
    for line in _amended(order):
        if is_line_of_this_term(line, order):
            take_back_line(line=line, order=order, now=now)


def _take_back_credited(order: Order, now: datetime) -> None:
    gone = taken_back_positions(order)
    for line in _amended(order) if gone else ():
        if line.position in gone and is_line_of_this_term(line, order):
            take_back_line(line=line, order=order, now=now)


def _amended(order: Order) -> list[OrderLine]:
    rows = order.lines.filter(licences_after__isnull=False, contract_id__isnull=False, withdrawn=None)
    return list(rows.select_related("product"))


def _add(line: OrderLine, more: int, verb: str, order: Order, now: datetime) -> None:
    assert line.contract_id is not None
    contract = Contract.objects.select_for_update().get(pk=line.contract_id)
    before = _held(line, contract)
    after = max(0, before + more)
    if _is_option(line):
        _save_option(line, after, order, now)
    else:
        contract.licences = after
        contract.save(update_fields=["licences"])
        Subscription.objects.filter(contract=contract).update(next_quantity_agreed=None)
    facts = {"order": order.number, "from": before, "to": after}
    for about in (contract.pk, order.customer_id):
        log_action(verb, by=None, on=about, at=now, facts=facts)


def _option(line: OrderLine) -> SubscriptionOption | None:
    return SubscriptionOption.objects.filter(
        subscription__contract=line.contract_id, product=line.product_id
    ).first()


def _agreed_next(line: OrderLine) -> int | None:
    """Return how many of what a line adds to are agreed for the next term, None: as many as now."""
    if _is_option(line):
        option = _option(line)
        return option.next_quantity if option else None
    subscription = Subscription.objects.filter(contract=line.contract_id).first()
    return subscription.next_quantity_agreed if subscription else None


def _agree_again(line: OrderLine, current: int | None) -> None:
    """Let what was agreed for the next term hold again, the addition being taken back."""
    assert line.contract_id is not None
    contract = Contract.objects.get(pk=line.contract_id)
    agreed = agreed_again(current=current, before=line.next_before, now=_held(line, contract))
    option = _option(line) if _is_option(line) else None
    if option is not None:
        option.change(quantity=option.quantity, next_quantity=agreed)
    elif not _is_option(line):
        Subscription.objects.filter(contract=line.contract_id).update(next_quantity_agreed=agreed)


def _save_option(line: OrderLine, quantity: int, order: Order, now: datetime) -> None:
    subscription = Subscription.objects.get(contract=line.contract_id)
    price = line.unit_net_cents if line.term_net_cents is None else line.term_net_cents
    SubscriptionOption.objects.update_or_create(
        subscription=subscription,
        product=line.product,
        defaults={"quantity": quantity, "next_quantity": None, "unit_net_cents": price, "order": order},
        create_defaults={"quantity": quantity, "unit_net_cents": price, "order": order, "created_at": now},
    )
