"""Take a consumer's notice of withdrawal.

What they keep no more ends or comes back, and its price is given back.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.customers.policy.clients import PurchaseCapacity
from billing.fulfilment.models import Return
from billing.money.policy.days import within_day
from billing.orders.actions.decrement_stock import put_on_shelf
from billing.orders.models import Order, OrderLine
from billing.quotes.actions.amend_contracts import take_back_line
from billing.returns.actions.cancel_emptied_order import cancel_emptied_order
from billing.returns.actions.open_warranty_claim import open_return
from billing.returns.actions.refund_withdrawal import REASON, refund_withdrawal, tell_refund
from billing.returns.actions.withdraw_claimed import ClaimedPieces, claimed_pieces, withdraw_claimed
from billing.returns.models import Withdrawal, WithdrawnLine
from billing.returns.policy.withdrawal import NothingWithdrawn, check_withdrawn_lines
from billing.returns.queries.withdrawals import Choice, additions_to, bought, choices
from billing.subscriptions.actions.announce_renewal import announce_change
from billing.subscriptions.actions.terminate import end_by_withdrawal
from billing.subscriptions.actions.undo_renewals import undo_renewals
from billing.subscriptions.models import Subscription, SubscriptionOption
from billing.subscriptions.policy.termination import Withdrawal as WithdrawalRight
from contracts.policy.clauses import keeps


class NotWithdrawable(Exception):
    """Raised when this can't be withdrawn from: `code` is "professional", "nothing" or "late".

    `on` was the last day.
    """

    def __init__(self, code: str, on: date | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.on = on


@dataclass(frozen=True, slots=True)
class WithdrawalNotice:
    """What a client says: of which lines they keep how many no more (by position), how, and since when we
    know.

    `employees` makes a professional a consumer here when there are few and the purchase is outside what they
    do.
    """

    taken: Mapping[int, int]
    how: str
    received_on: date
    reason: str = ""
    employees: int | None = None
    outside_main_activity: bool = False


def is_protected(order: Order, notice: WithdrawalNotice) -> bool:
    """Return whether who gives this notice has a consumer's right to withdraw (LG-S3).

    What they said when they ordered counts; who was never asked says it now.
    """
    if not order.is_capacity_unknown:
        return order.is_consumer_protected
    told = PurchaseCapacity(notice.employees, notice.outside_main_activity)
    return told.is_consumer_protected(order.customer.customer_type)


@transaction.atomic
@keeps("LG-S22", "LG-S3")
def withdraw(
    *, order_id: UUID, notice: WithdrawalNotice, by: Actor, now: datetime, today: date
) -> Withdrawal:
    """Return the withdrawal, confirmed by mail.

    Subscriptions end today, what was added to them goes with them, goods that left come back within 14 days.

    What was paid of it is asked to be given back at once, of goods as soon as they are here or proved to be
    sent. Raises NotWithdrawable.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("customer").get(pk=order_id)
    picked = _picked(order, notice)
    for added in additions_to(order, notice.taken, received_on=notice.received_on):
        withdraw(
            order_id=added.order.pk, notice=replace(notice, taken=added.taken), by=by, now=now, today=today
        )
    claimed = claimed_pieces(choices(order, received_on=notice.received_on), dict(notice.taken))
    withdrawal = _kept(order, notice, picked, now, has_left=_comes_back(picked, notice.taken, claimed))
    for choice in picked:
        pieces = claimed.get(choice.line.position, [])
        for each in pieces:
            withdraw_claimed(withdrawal, choice.line, each, by, now)
        if count := notice.taken[choice.line.position] - sum(each.count for each in pieces):
            _take(withdrawal, choice, count, by, now, today)
    cancel_emptied_order(order=order, reason=REASON, now=now)
    _log(withdrawal, by, now)
    refund_withdrawal(withdrawal_id=withdrawal.pk, by=by, now=now, today=today)
    _await_goods(withdrawal, now)
    _confirm(withdrawal, now)
    return withdrawal


def _comes_back(
    picked: list[Choice], taken: Mapping[int, int], claimed: Mapping[int, list[ClaimedPieces]]
) -> bool:
    """Return whether anything of what was withdrawn from is still with the client."""
    away = {at: sum(each.count for each in pieces if _is_here(each)) for at, pieces in claimed.items()}
    lines = [choice.line.position for choice in picked if choice.has_left]
    return any(taken[at] > away.get(at, 0) for at in lines)


def _is_here(pieces: ClaimedPieces) -> bool:
    return pieces.claim.state != Return.State.OPEN and pieces.claim.is_complete is not False


def _kept(
    order: Order, notice: WithdrawalNotice, picked: list[Choice], now: datetime, *, has_left: bool
) -> Withdrawal:
    """Return the notice as it is kept, with the days that follow from it."""
    right = WithdrawalRight(max(choice.last_day for choice in picked))
    return Withdrawal.objects.create(
        order=order,
        how=notice.how,
        received_on=notice.received_on,
        refund_by=right.refund_by(notice.received_on),
        return_due_on=right.return_due_on(notice.received_on) if has_left else None,
        reason=notice.reason,
        employees=notice.employees,
        created_at=now,
    )


def _log(withdrawal: Withdrawal, by: Actor, now: datetime) -> None:
    facts = {
        "order": withdrawal.order.number,
        "received_on": str(withdrawal.received_on),
        "how": withdrawal.how,
        "refund_by": str(withdrawal.refund_by),
    }
    personal = {"reason": withdrawal.reason}
    log_action("withdrawal.received", by=by, on=withdrawal.order, at=now, facts=facts, personal=personal)


def _confirm(withdrawal: Withdrawal, now: datetime) -> None:
    """Leave the mail that confirms it."""
    ids = {"withdrawal": withdrawal.pk}
    enqueue_message("billing/withdrawal_received", ids=ids, now=now, key=f"withdrawal:{withdrawal.pk}")
    wake_worker()


def _picked(order: Order, notice: WithdrawalNotice) -> list[Choice]:
    if not is_protected(order, notice):
        raise NotWithdrawable("professional")
    found = {choice.line.position: choice for choice in choices(order, received_on=notice.received_on)}
    wanted = {position: count for position, count in notice.taken.items() if count}
    try:
        check_withdrawn_lines(bought(order), wanted)
    except NothingWithdrawn:
        raise NotWithdrawable("nothing") from None
    if not set(wanted) <= set(found):
        raise NotWithdrawable("nothing")
    picked = [found[position] for position in sorted(wanted)]
    for choice in picked:
        if not choice.is_open:
            raise NotWithdrawable("late", choice.last_day)
        if choice.line.product and choice.line.product.profile and wanted[choice.line.position] < choice.kept:
            raise NotWithdrawable("nothing")
    return picked


def _take(withdrawal: Withdrawal, choice: Choice, count: int, by: Actor, now: datetime, today: date) -> None:
    line = choice.line
    back = None
    order = withdrawal.order
    if choice.has_left and line.product_id:
        back = open_return(
            order=order,
            product_id=line.product_id,
            quantity=count,
            ground=Return.Ground.WITHDRAWAL,
            problem=withdrawal.reason,
            claimed_on=withdrawal.received_on,
            by=by,
            now=now,
            today=today,
        )
    if choice.is_goods and back is None:
        put_on_shelf(line=line, count=count, note=REASON, by=by, now=now)
    WithdrawnLine.objects.create(withdrawal=withdrawal, line=line, quantity=count, back=back)
    if line.licences_after is not None:
        take_back_line(line=line, order=order, now=now)
    elif line.product and line.product.option_of_id:
        _drop_option(line, count, order, now)
    elif line.contract_id and (running := Subscription.objects.filter(contract=line.contract_id).first()):
        _end(running, withdrawal, by, now, today)


def _drop_option(line: OrderLine, count: int, order: Order, now: datetime) -> None:
    """Take so many of an option off the subscription; of a renewal that has not begun they never come."""
    for option in SubscriptionOption.objects.filter(order=order, product=line.product):
        option.change(quantity=max(0, option.quantity - count), next_quantity=None)
        announce_change(contract_id=option.subscription.contract_id, now=now)


def _end(running: Subscription, withdrawal: Withdrawal, by: Actor, now: datetime, today: date) -> None:
    """End the subscription, with what renewed it meanwhile; of an agreed renewal that has not begun only that
    next term.
    """
    if running.renewal_order_id == withdrawal.order_id:
        running.agree_renewal(None)
        return
    end_by_withdrawal(
        subscription_id=running.pk,
        received_on=withdrawal.received_on,
        reason=withdrawal.reason,
        by=by,
        now=now,
        today=today,
    )
    term = running.terms.filter(order=withdrawal.order).first()
    if term is not None and running.terms.filter(starts_on__gte=term.ends_on).exists():
        # it counts by the time it was sent: what renewed before it was recorded falls with it
        undo_renewals(subscription=running, effective_on=term.ends_on, by=by, now=now)


def _await_goods(withdrawal: Withdrawal, now: datetime) -> None:
    if withdrawal.return_due_on is None:
        return
    span = within_day(withdrawal.return_due_on + timedelta(days=1), now=now)
    open_obligation("LG-S22", kind="goods-back", subject=withdrawal.pk, **span, now=now)


@transaction.atomic
@keeps("LG-S22")
def note_goods_sent(
    *, withdrawal: Withdrawal, on: date, proof: str, by: Actor, now: datetime, today: date
) -> Withdrawal:
    """Return the withdrawal whose goods are proved to be on their way.

    Their price can't wait for them any longer.
    """
    withdrawal.mark_sent(on=on, proof=proof)
    log_action("withdrawal.goods_sent", by=by, on=withdrawal.order_id, at=now, facts={"on": str(on)})
    notes = refund_withdrawal(withdrawal_id=withdrawal.pk, by=by, now=now, today=today)
    tell_refund(notes, now=now)
    return withdrawal
