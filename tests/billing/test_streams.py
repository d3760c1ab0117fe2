"""Any order of payments, refusals and credits: allocations balance, and what is paid is what was credited."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.actions.bounce_cheque import BouncedAlready, bounce_cheque
from billing.actions.credit_cheque import NotInHand, credit_cheque
from billing.actions.receive_cheque import NothingToPay, TooMuch, receive_cheque
from billing.models import Allocation, Order
from billing.policy.days import paris_day
from billing.queries.balances import balance_of, unallocated
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator

STEPS = st.lists(
    st.tuples(st.sampled_from(["receive", "credit", "bounce"]), st.integers(1, 140_000), st.integers(0, 5)), max_size=14
)


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_money_balances_after_any_stream(now, steps):
    with inside_operator():
        order = order_signed(now=now)
        invoice, today, payments = invoice_of(order), paris_day(now), []
        for n, (step, cents, which) in enumerate(steps):
            _do(step, cents, which, invoice, payments, now + timedelta(seconds=n), today)
            _check(order, invoice)


def _do(step, cents, which, invoice, payments, now, today):
    try:
        if step == "receive":
            payments.append(receive_cheque(
                invoice=invoice, amount_cents=cents, received_on=today, reference="", by=None, now=now
            ))  # fmt: skip
        elif payments and step == "credit":
            credit_cheque(
                payment_id=payments[which % len(payments)].id, credited_on=today, by=None, now=now, today=today
            )
        elif payments:
            bounce_cheque(payment_id=payments[which % len(payments)].id, bounced_on=today, reason="x", by=None, now=now)
    except (TooMuch, NothingToPay, NotInHand, BouncedAlready):
        return


def _check(order, invoice):
    rows = list(Allocation.objects.filter(invoice=invoice).select_related("payment"))
    standing = sum(row.amount_cents for row in rows if row.released_at is None)
    credited = sum(row.amount_cents for row in rows if row.payment.credited_on and not row.payment.bounced_on)
    assert standing <= invoice.gross_cents
    assert unallocated(invoice) == invoice.gross_cents - standing
    assert balance_of(invoice.id) == invoice.gross_cents - credited
    state = Order.objects.get(pk=order.pk).state
    assert state == (Order.State.FUNDED if credited == invoice.gross_cents else Order.State.WAITING)
