"""Money goes where it may: a line pays what has its amount and currency, a claim its own client's money."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from billing.accounting.actions.close_period import close_period
from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.collections.actions.pay_claim import NothingLeft, allocate_to_claim, record_claim_transfer
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.models import (
    Allocation,
    BankStatement,
    BankStatementLine,
    ClaimAllocation,
    InterestClaim,
    Invoice,
    Payment,
    Refund,
)
from billing.money.policy.closed import PeriodClosed
from billing.money.policy.days import paris_day
from billing.payments.actions.allocate_payment import NotAsked, NotEnoughUnallocated, allocate_payment
from billing.payments.actions.deposit_cheques import create_cheque_deposit
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.receive_on_account import receive_on_account
from billing.payments.actions.reconcile_line import AmountDiffers, reconcile_line, undo_payout
from billing.payments.actions.refund_payment import refund_payment
from billing.payments.actions.reverse_payment import reverse_payment
from billing.payments.queries.money import unallocated_of
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from tests.billing.support import clerk, rows_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_operator")]

ELSEWHERE = "USD"


@pytest.fixture
def invoice(now):
    """An invoice of euros that is owed and late."""
    return invoice_of(order_signed(now=now - timedelta(days=100), method="transfer", quantity=500))


@pytest.fixture
def claim(invoice, now):
    """A claim for late interest on it."""
    return issue_interest_claim(invoice=invoice, as_of=paris_day(now), by=None, now=now, today=paris_day(now))


def told(now):
    """Return who and when."""
    return {"by": None, "now": now, "today": paris_day(now)}


def line_of(cents, now, *, currency="EUR", day=None):
    """Return a line of a statement that waits."""
    key = uuid4().hex
    read = BankStatement.objects.create(digest=key * 2, file_name="releve.csv", format="csv", read_at=now)
    return BankStatementLine.objects.create(
        statement=read,
        position=1,
        fingerprint=key * 2,
        booked_on=day or paris_day(now),
        amount_cents=cents,
        currency=currency,
        text="VIR",
    )


def money(customer_id, cents, now, currency="EUR"):
    """Return a transfer of a client that pays nothing yet."""
    return receive_on_account(
        customer_id=customer_id,
        amount_cents=cents,
        currency=currency,
        credited_on=paris_day(now),
        reference="VIR",
        by=None,
        now=now,
    )


def cheque_for(invoice, now, cents=10000):
    """Return a cheque in hand."""
    return receive_cheque(
        invoice=invoice, amount_cents=cents, received_on=paris_day(now), reference="7", by=None, now=now
    )


def matched(kind, invoice, now):
    """Return the key of something that a line can be, and the amount of that line."""
    if kind == "payment":
        return cheque_for(invoice, now).pk, 10000
    if kind == "slip":
        cheque = cheque_for(invoice, now)
        return create_cheque_deposit(payment_ids=[cheque.pk], **told(now)).pk, 10000
    payment = money(invoice.customer_id, 10000, now)
    if kind == "bounce":
        return payment.pk, -10000
    refund = refund_payment(payment_id=payment.pk, amount_cents=10000, reason="trop", **told(now))
    return refund.pk, -10000


def state_of_money():
    """Return what payments, refunds and allocations say."""
    return [list(model.objects.order_by("pk").values()) for model in (Payment, Refund, Allocation)]


@pytest.mark.parametrize("kind", ["payment", "slip", "bounce", "refund"])
class TestWhatALineIs:
    """A line is something only when both have one amount, in one currency."""

    def test_of_the_same_amount_and_currency_it_is_applied(self, invoice, now, kind):
        key, cents = matched(kind, invoice, now)
        line = line_of(cents, now)
        assert reconcile_line(line_id=line.pk, kind=kind, key=key, **told(now)).state == "applied"

    @pytest.mark.parametrize(("more", "currency"), [(1, "EUR"), (-1, "EUR"), (0, ELSEWHERE)])
    def test_of_another_it_is_not(self, invoice, now, kind, more, currency):
        key, cents = matched(kind, invoice, now)
        line = line_of(cents + more, now, currency=currency)
        before = state_of_money()
        with pytest.raises(AmountDiffers):
            reconcile_line(line_id=line.pk, kind=kind, key=key, **told(now))
        assert state_of_money() == before
        line.refresh_from_db()
        assert line.state == "waiting"


def test_a_choice_that_the_page_never_offered_credits_no_cheque(browse, invoice, now):
    cheque = cheque_for(invoice, now)
    line = line_of(10000, now, currency=ELSEWHERE)
    desk = clerk(browse, now)
    page = desk.post(
        url("bank_statement", line.statement_id), {f"choose-{line.pk}": f"payment:{cheque.pk}"}, follow=True
    )
    assert "aucune ligne" in page.text.lower() or "0 ligne" in page.text
    (kept,) = rows_of(Payment.objects.filter(pk=cheque.pk))
    assert kept.credited_on is None


class TestWhatALinePays:
    """An invoice, in the line's currency."""

    def test_an_invoice_in_another_currency_is_not_paid(self, invoice, now):
        line = line_of(10000, now, currency=ELSEWHERE)
        with pytest.raises(Invoice.DoesNotExist):
            reconcile_line(line_id=line.pk, kind="invoice", key=invoice.pk, **told(now))
        assert not Payment.objects.exists()

    def test_a_credit_note_is_not_paid(self, invoice, now):
        note = credit_invoice(corrects=invoice, reason="Geste commercial", amounts={1: 100}, **told(now))
        line = line_of(100, now)
        with pytest.raises(Invoice.DoesNotExist):
            reconcile_line(line_id=line.pk, kind="invoice", key=note.pk, **told(now))
        assert not Payment.objects.exists()

    def test_a_claim_in_another_currency_is_not_paid(self, invoice, claim, now):
        line = line_of(claim.total_cents, now, currency=ELSEWHERE)
        with pytest.raises(InterestClaim.DoesNotExist):
            reconcile_line(line_id=line.pk, kind="claim", key=claim.pk, **told(now))
        assert not Payment.objects.exists()


class TestPayouts:
    """Nothing of a closed month becomes a payout, nor is one undone in it."""

    def close_october(self, now):
        close_period(ends_on=date(2026, 11, 1), by=None, now=now, today=paris_day(now))

    def test_a_line_of_a_closed_month_is_no_payout(self, now):
        known, line = (line_of(10000, now, day=date(2026, 10, 20)) for _ in range(2))
        reconcile_line(line_id=known.pk, kind="payout", key=known.pk, **told(now))
        self.close_october(now)
        with pytest.raises(PeriodClosed):
            reconcile_line(line_id=line.pk, kind="payout", key=line.pk, **told(now))
        line.refresh_from_db()
        assert (line.state, line.is_payout) == ("waiting", False)

    def test_a_payout_isnt_undone_on_a_closed_day(self, now):
        day = date(2026, 10, 20)
        line = line_of(10000, now, day=day)
        reconcile_line(line_id=line.pk, kind="payout", key=line.pk, **told(now))
        self.close_october(now)
        with pytest.raises(PeriodClosed):
            undo_payout(line_id=line.pk, reason="erreur", by=None, now=now, today=day)
        line.refresh_from_db()
        assert (line.is_payout, line.payouts_undone_on) == (True, [])
        undo_payout(line_id=line.pk, reason="erreur", **told(now))  # today is open


class TestClaims:
    """A claim takes money of its client, in its currency, that has arrived."""

    def test_it_takes_its_clients_money(self, claim, invoice, now):
        payment = money(invoice.customer_id, 5000, now)
        assert allocate_to_claim(claim_id=claim.pk, payment_id=payment.pk, by=None, now=now) == 5000

    def assert_refused(self, claim, payment, now):
        with pytest.raises(NothingLeft):
            allocate_to_claim(claim_id=claim.pk, payment_id=payment.pk, by=None, now=now)
        assert not ClaimAllocation.objects.exists()

    def test_no_other_clients(self, claim, now):
        self.assert_refused(claim, money(ContactFactory().customer_id, 5000, now), now)

    def test_no_other_currency(self, claim, invoice, now):
        self.assert_refused(claim, money(invoice.customer_id, 5000, now, ELSEWHERE), now)

    def test_nothing_the_bank_took_back(self, claim, invoice, now):
        payment = money(invoice.customer_id, 5000, now)
        reverse_payment(payment_id=payment.pk, bounced_on=paris_day(now), reason="x", by=None, now=now)
        payment.refresh_from_db()
        self.assert_refused(claim, payment, now)

    def test_no_cheque_in_hand(self, claim, invoice, now):
        cheque = Payment.objects.create(
            customer_id=invoice.customer_id,
            method="cheque",
            amount_cents=5000,
            received_on=paris_day(now),
            created_at=now,
        )
        self.assert_refused(claim, cheque, now)

    def test_no_transfer_in_another_currency(self, claim, now):
        with pytest.raises(InterestClaim.DoesNotExist):
            record_claim_transfer(
                claim.pk,
                amount_cents=5000,
                currency=ELSEWHERE,
                credited_on=paris_day(now),
                reference="VIR",
                by=None,
                now=now,
            )
        assert not Payment.objects.exists()


class TestInvoices:
    """A person gives money to invoices of its client, in its currency, while it is there."""

    def give(self, payment, invoice, now):
        return allocate_payment(payment_id=payment.pk, shares=[(invoice.pk, 100)], **told(now))

    def test_its_clients_in_its_currency(self, invoice, now):
        assert self.give(money(invoice.customer_id, 5000, now), invoice, now)

    def test_no_other_currency(self, invoice, now):
        payment = money(invoice.customer_id, 5000, now, ELSEWHERE)
        with pytest.raises(NotAsked):
            self.give(payment, invoice, now)
        assert unallocated_of(payment) == 5000

    def test_no_other_client(self, invoice, now):
        payment = money(ContactFactory().customer_id, 5000, now)
        with pytest.raises(NotAsked):
            self.give(payment, invoice, now)
        assert unallocated_of(payment) == 5000

    def test_nothing_the_bank_took_back(self, invoice, now):
        payment = money(invoice.customer_id, 5000, now)
        reverse_payment(payment_id=payment.pk, bounced_on=paris_day(now), reason="x", by=None, now=now)
        with pytest.raises(NotEnoughUnallocated):
            self.give(payment, invoice, now)
        assert not Allocation.objects.filter(payment=payment).exists()
