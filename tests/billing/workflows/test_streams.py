"""Any order of payments, refusals, credits, refunds and news of the provider.

It balances, and ends the same.
"""

from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from billing.invoicing.queries.balances import balance_of, uncovered_cents
from billing.models import Allocation, Checkout, Dispute, Invoice, Order, Payment, Refund
from billing.money.policy.days import paris_day
from billing.payments.actions.allocate_payment import NotAllocated, release_allocation
from billing.payments.actions.clear_payment import NotInHand, clear_payment
from billing.payments.actions.receive_cheque import NothingToPay, TooMuch, receive_cheque
from billing.payments.actions.refund_payment import NothingUnallocated, refund_payment
from billing.payments.actions.reverse_payment import AlreadyReversed, reverse_payment
from billing.payments.policy.online import Chargeback, ProviderPayment, ProviderRefund, payment_state
from billing.payments.queries.money import unallocated_of
from billing.workflows.actions.follow_checkout import apply_provider_payment
from demo.factories.billing import invoice_of, order_signed
from tests.billing.online import order_placed
from tests.billing.support import credit_balance

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_operator")]
FREE = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["receive", "receive", "credit", "credit", "bounce", "release", "refund"]),
        st.integers(1, 140_000),
        st.integers(0, 5),
    ),
    max_size=9,
)
LIVES = st.lists(  # each payment: its cents, and how far its own life goes
    st.tuples(
        st.integers(1, 140_000), st.sampled_from(["received", "credited", "bounced", "credited then bounced"])
    ),
    min_size=1,
    max_size=3,
)


class _Undo(Exception):
    """Takes a stream back, so that the next begins from the same order."""


@contextmanager
def stream():
    """Undo what happens inside."""
    try:
        with transaction.atomic():
            yield
            raise _Undo
    except _Undo:
        return


def play(now, steps):
    """Check that money balances after each step of a stream."""
    order = order_signed(now=now)
    invoice = invoice_of(order)
    today = paris_day(now)

    @settings(max_examples=steps, **FREE)
    @given(steps=STEPS)
    def run(steps):
        with stream():
            payments = []
            for n, (step, cents, which) in enumerate(steps):
                _do(step, cents, which, invoice, payments, now + timedelta(seconds=n), today)
                _check(order, invoice)

    run()


def _do(step, cents, which, invoice, payments, now, today):
    details = {"by": None, "now": now}
    try:
        if step == "receive":
            more = {
                "amount_cents": cents,
                "received_on": today,
                "reference": "",
                "keep_surplus": bool(which % 2),
            }
            payments.append(receive_cheque(invoice=invoice, **more, **details))
            return
        if not payments:
            return
        payment = payments[which % len(payments)].id
        if step == "credit":
            clear_payment(payment_id=payment, credited_on=today, today=today, **details)
        elif step == "bounce":
            reverse_payment(payment_id=payment, bounced_on=today, reason="x", **details)
        elif step == "refund":
            refund_payment(
                payment_id=payment, amount_cents=cents % 4000 + 1, reason="x", today=today, **details
            )
        elif row := Allocation.objects.active().filter(payment=payment).first():
            release_allocation(allocation_id=row.id, reason="x", today=today, **details)
    except (TooMuch, NothingToPay, NotInHand, AlreadyReversed, NothingUnallocated, NotAllocated):
        return


def _check(order, invoice):
    rows = list(Allocation.objects.filter(invoice=invoice).select_related("payment"))
    standing = [row for row in rows if row.released_at is None]
    arrived = sum(row.amount_cents for row in standing if row.payment.has_arrived)
    assert sum(row.amount_cents for row in standing) <= invoice.gross_cents
    assert uncovered_cents(invoice) == invoice.gross_cents - sum(row.amount_cents for row in standing)
    assert balance_of(invoice.id) == invoice.gross_cents - arrived
    for payment in Payment.objects.all():
        assert unallocated_of(payment) >= 0  # it raises when more was used than came
        assert not payment.bounced_on or not [row for row in standing if row.payment_id == payment.id]
        given_back = payment.refunds.aggregate(total=Sum("amount_cents"))["total"] or 0
        assert given_back <= payment.amount_cents
    state = Order.objects.get(pk=order.pk).state
    assert state == (Order.State.READY if arrived == invoice.gross_cents else Order.State.AWAITING_PAYMENT)


def orders_of_events(now, examples):
    """Check that what stands at the end depends on what happened to each payment, never on the order of
    hearing.
    """
    order = order_signed(now=now)
    invoice = invoice_of(order)
    today = paris_day(now)

    @settings(max_examples=examples, **FREE)
    @given(lives=LIVES, data=st.data())
    def run(lives, data):
        ends = []
        for _ in range(2):
            with stream():
                _live(lives, data, invoice, now, today)
                ends.append(
                    (
                        balance_of(invoice.id),
                        credit_balance(invoice.customer_id),
                        Order.objects.get(pk=order.pk).state,
                    )
                )
        assert ends[0] == ends[1]
        arrived = sum(cents for cents, life in lives if life == "credited")
        assert ends[0][0] == max(0, invoice.gross_cents - arrived)
        assert ends[0][1] == max(0, arrived - invoice.gross_cents)

    run()


def _live(lives, data, invoice, now, today):
    ahead = [(n, step) for n, (_, life) in enumerate(lives) for step in _steps_of(life)]
    hearing = data.draw(st.permutations(range(len(ahead))))
    turns = [
        ahead[place][0] for place in hearing
    ]  # whose turn it is; each payment's own steps keep their order
    left = {n: _steps_of(life) for n, (_, life) in enumerate(lives)}
    payments = {}
    for second, n in enumerate(turns):
        step = left[n].pop(0)
        at = now + timedelta(seconds=second)
        if step == "receive":
            payments[n] = receive_cheque(
                invoice=invoice,
                amount_cents=lives[n][0],
                received_on=today,
                reference="",
                by=None,
                now=at,
                keep_surplus=True,
            )
        elif step == "credit":
            clear_payment(payment_id=payments[n].id, credited_on=today, by=None, now=at, today=today)
        else:
            reverse_payment(payment_id=payments[n].id, bounced_on=today, reason="x", by=None, now=at)


def _steps_of(life):
    return [
        "receive",
        *{"received": [], "credited": ["credit"], "bounced": ["bounce"]}.get(life, ["credit", "bounce"]),
    ]


@st.composite
def stories(draw, cents=128184):
    """Return what stood at the provider, moment after moment, and at which of these we came to ask.

    A contest that was decided is not opened again under its name.
    """
    debit = draw(st.booleans())
    frame = {
        "amount_cents": cents,
        "currency": "EUR",
        "intent_id": "pi_1",
        "method": "debit" if debit else "card",
    }
    told = [
        ProviderPayment("open", cents, "EUR"),
        *([ProviderPayment("processing", **frame)] if debit else []),
    ]
    if draw(st.booleans()):
        refunds = ()
        contests = ()
        told.append(ProviderPayment("paid", **frame))
        for step in draw(st.lists(st.sampled_from(["refund", "contest", "won", "lost"]), max_size=3)):
            if step == "refund" and len(refunds) < 3:
                refunds = (*refunds, ProviderRefund(f"re_{len(refunds)}", 700, "made"))
            elif step != "refund" and not (contests and contests[0].state in {"won", "lost"}):
                contests = (Chargeback("du_1", {"contest": "open"}.get(step, step), "general"),)
            told.append(ProviderPayment("paid", refunds=refunds, contests=contests, **frame))
            if contests and contests[0].state == "lost":
                break
    else:
        told.append(ProviderPayment("failed", **frame) if debit else ProviderPayment("expired", cents, "EUR"))
    heard = [each for each in told[:-1] for _ in range(draw(st.integers(0, 2)))]
    return told, [*heard, told[-1], *([told[-1]] if draw(st.booleans()) else [])]


def news_of_the_provider(now, examples):
    """Check that late, lost and repeated messages lead where one look at the end would have led."""
    order = order_signed(now=now, method="card")
    invoice = invoice_of(order)

    @settings(max_examples=examples, **FREE)
    @given(story=stories())
    def run(story):
        told, heard = story
        ends = []
        for looks in ([told[-1]], heard):
            with stream():
                ends.append(_follow(order, invoice, looks, now))
        assert ends[0] == ends[1]

    run()


def _follow(order, invoice, looks, now):
    checkout = Checkout.objects.create(invoice=invoice, amount_cents=128184, started_at=now)
    for n, standing in enumerate(looks):
        apply_provider_payment(checkout, standing, now=now + timedelta(seconds=n), today=paris_day(now))
    payments = [(row.method, row.state, unallocated_of(row)) for row in Payment.objects.all()]
    refunds = sorted((row.amount_cents, row.state) for row in Refund.objects.all())
    contested = Dispute.objects.filter(closed_at=None).exists()
    return (
        balance_of(invoice.id),
        Order.objects.get(pk=order.pk).state,
        payments,
        refunds,
        contested,
        checkout.state,
    )


def news_of_an_order(now, examples):
    """Check the same of an order placed online, cancelled or not before the money.

    Invoiced once, or all given back.
    """
    order = order_placed(now=now)

    @settings(max_examples=examples, **FREE)
    @given(story=stories(cents=order.gross_cents), is_cancelled=st.booleans())
    def run(story, is_cancelled):
        told, heard = story
        ends = []
        for looks in ([told[-1]], heard):
            with stream():
                ends.append(_follow_order(order, looks, is_cancelled, now))
        assert ends[0] == ends[1]

    run()


def _follow_order(order, looks, is_cancelled, now):
    if is_cancelled:
        Order.objects.get(pk=order.pk).mark_cancelled("drop", at=now, reason="x")
    checkout = Checkout.objects.create(order=order, amount_cents=order.gross_cents, started_at=now)
    for n, standing in enumerate(looks, start=1):
        apply_provider_payment(checkout, standing, now=now + timedelta(seconds=n), today=paris_day(now))
    invoices = [balance_of(row.pk) for row in Invoice.objects.filter(order=order)]
    payments = [(row.method, row.state, unallocated_of(row)) for row in Payment.objects.all()]
    given_back = sum(row.amount_cents for row in Refund.objects.active())
    _check_order(is_cancelled, invoices, payments, looks[-1])
    contested = Dispute.objects.filter(closed_at=None).exists()
    return invoices, Order.objects.get(pk=order.pk).state, payments, given_back, contested, checkout.state


def _check_order(is_cancelled, invoices, payments, standing):
    assert len(payments) <= 1
    assert len(invoices) == (0 if is_cancelled else len(payments))
    if is_cancelled and payment_state(standing) == "credited":
        contested = any(each.state == "open" for each in standing.contests)
        assert (payments[0][2] == 0) is not contested  # all of it goes back, unless the bank is asking for it


@pytest.mark.parametrize("examples", [15, pytest.param(4000, marks=pytest.mark.nightly)])
def test_money_balances_after_any_stream(now, examples):
    play(now, examples)


@pytest.mark.parametrize("examples", [15, pytest.param(2000, marks=pytest.mark.nightly)])
def test_the_order_of_hearing_changes_nothing(now, examples):
    orders_of_events(now, examples)


@pytest.mark.parametrize("examples", [15, pytest.param(2000, marks=pytest.mark.nightly)])
def test_the_providers_news_may_come_late_twice_or_never(now, examples):
    news_of_the_provider(now, examples)


@pytest.mark.parametrize("examples", [15, pytest.param(2000, marks=pytest.mark.nightly)])
def test_an_orders_news_may_come_late_twice_or_never(now, examples):
    news_of_an_order(now, examples)
