"""A month that is closed stays as it was: no act, and no statement of SQL, dates anything in it."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from audit.models import Entry
from billing.accounting.actions.close_period import NotClosable, NotTheLast, close_period, reopen_period
from billing.accounting.policy.fec import encoded
from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.models import BankStatement, BankStatementLine, Checkout, ClosedPeriod, Invoice, Payment, Refund
from billing.money.actions.check_period_open import first_open_day
from billing.money.policy.closed import PeriodClosed
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import issue_down_payment, issue_invoice
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.reconcile_line import reconcile_line
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.refund_payment import note_refund_sent, refund_payment
from billing.payments.actions.reverse_payment import reverse_payment
from billing.payments.policy.online import PAID, ProviderPayment
from billing.quotes.actions.issue_pro_forma import issue_pro_forma
from billing.returns.actions.withdraw import WithdrawalNotice, withdraw
from billing.workflows.actions.follow_checkout import apply_provider_payment
from demo.factories.billing import ContactFactory, CustomerFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator
from tests.billing.support import clerk, rows_of, url

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 20)


@pytest.fixture
def sold(now):
    """Return an invoice of October, paid in part by a cheque that was credited, and a second cheque still in
    hand.
    """
    with inside_operator():
        then = now - timedelta(days=27)
        invoice = invoice_of(order_signed(now=then, method="cheque"))
        details = {"invoice": invoice, "received_on": OCTOBER, "reference": "77", "by": None, "now": then}
        credited = receive_cheque(amount_cents=10000, **details)
        clear_payment(payment_id=credited.pk, credited_on=OCTOBER, by=None, now=then, today=paris_day(then))
        waiting = receive_cheque(amount_cents=5000, **details)
        over = record_transfer(
            invoice=invoice_of(order_signed(now=then, method="transfer")),
            amount_cents=400_000,
            received_on=OCTOBER,
            credited_on=OCTOBER,
            reference="VIR",
            by=None,
            now=then,
            today=paris_day(then),
            keep_surplus=True,
        )
        refund = refund_payment(
            payment_id=over.pk, amount_cents=100, reason="trop", by=None, now=now, today=paris_day(now)
        )
        return {"invoice": invoice, "credited": credited, "waiting": waiting, "refund": refund}


@pytest.fixture
def closed(sold, now):
    with inside_operator():
        close_period(ends_on=date(2026, 11, 1), by=None, now=now, today=paris_day(now))
    return sold


def acts(papers, now):
    """Return every act that dates something, each as it would date it on the 20th of October."""
    invoice = papers["invoice"]
    details = {"by": None, "now": now}
    contact = ContactFactory()
    version = quote_sent(contact, now=now)
    order = order_signed(contact, now=now, method="transfer")
    statement = BankStatement.objects.create(digest="x", file_name="x", format="csv", read_at=now)
    line = BankStatementLine.objects.create(
        statement=statement, position=1, fingerprint="x", booked_on=OCTOBER, amount_cents=100, text="VIR"
    )
    day = {"today": OCTOBER}
    money = {"invoice": invoice, "amount_cents": 100, "reference": "9"}
    return {
        "invoice": lambda: issue_invoice(order=order, **day, **details),
        "deposit": lambda: issue_down_payment(
            order=order_signed(now=now, down_payment_pct=30), pct=30, **day, **details
        ),
        "credit note": lambda: credit_invoice(corrects=invoice, reason="Geste commercial", **day, **details),
        "pro forma": lambda: issue_pro_forma(version=version, **day, **details),
        "claim": lambda: issue_interest_claim(invoice=invoice, as_of=OCTOBER, **day, **details),
        "cheque received": lambda: receive_cheque(received_on=OCTOBER, **money, **details),
        "transfer received": lambda: record_transfer(
            received_on=OCTOBER, credited_on=OCTOBER, today=paris_day(now), **money, **details
        ),
        "transfer credited": lambda: record_transfer(
            received_on=paris_day(now), credited_on=OCTOBER, today=paris_day(now), **money, **details
        ),
        "cheque credited": lambda: clear_payment(
            payment_id=papers["waiting"].pk, credited_on=OCTOBER, today=paris_day(now), **details
        ),
        "refused by the bank": lambda: reverse_payment(
            payment_id=papers["credited"].pk, bounced_on=OCTOBER, reason="x", **details
        ),
        "refund": lambda: note_refund_sent(refund_id=papers["refund"].pk, sent_on=OCTOBER, **details),
        "bank line": lambda: reconcile_line(
            line_id=line.pk, kind="invoice", key=invoice.pk, today=paris_day(now), **details
        ),
    }


@pytest.mark.parametrize(
    "act",
    [
        "invoice",
        "credit note",
        "pro forma",
        "claim",
        "cheque received",
        "transfer received",
        "transfer credited",
        "cheque credited",
        "refused by the bank",
        "refund",
        "bank line",
    ],
)
def test_no_act_dates_anything_in_a_closed_month(closed, now, act):
    with inside_operator():
        before = [list(model.objects.values().order_by("pk")) for model in (Invoice, Payment, Refund)]
        known = acts(closed, now)
        before = [list(model.objects.values().order_by("pk")) for model in (Invoice, Payment, Refund)]
        with pytest.raises(PeriodClosed) as refused:
            known[act]()
        assert refused.value.first_open_on == date(2026, 11, 1)
        assert before == [list(model.objects.values().order_by("pk")) for model in (Invoice, Payment, Refund)]


@pytest.mark.parametrize(
    ("model", "key", "change"),
    [
        (Payment, "waiting", {"credited_on": OCTOBER}),
        (Payment, "credited", {"bounced_on": OCTOBER}),
        (Refund, "refund", {"made_on": OCTOBER}),
    ],
)
def test_the_database_refuses_it_too(closed, model, key, change):
    with inside_operator(), pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        model.objects.filter(pk=closed[key].pk).update(**change)


def test_the_database_refuses_a_document_and_leaves_what_is_open_alone(closed, now):
    with inside_operator():
        fields = {f.attname: getattr(closed["invoice"], f.attname) for f in Invoice._meta.concrete_fields}
        fields |= {"id": None, "number": "FA-9", "net_cents": 0, "vat_cents": 0, "gross_cents": 0}
        del fields["id"]
        with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
            Invoice.objects.create(**fields)
        Payment.objects.filter(pk=closed["waiting"].pk).update(credited_on=date(2026, 11, 1))


def test_what_is_kept_is_what_stood_there(closed, now):
    with inside_operator():
        period = ClosedPeriod.objects.get()
        assert (period.starts_on, period.last_day, period.is_intact) == (
            date(2026, 10, 1),
            date(2026, 10, 31),
            True,
        )
        debits = sum(row[2] for row in period.figures["balances"])
        assert debits == sum(row[3] for row in period.figures["balances"]) > 0
        assert period.fec_text.decode().count("\n") > period.figures["entries"]
        assert period.figures["vat_due"][0][:2] == ["2026-10", "EUR"]
        closed["invoice"].customer.name = "Un autre nom"
        closed["invoice"].customer.save()
        period.refresh_from_db()
        assert period.is_intact
        with pytest.raises(DatabaseError), transaction.atomic():
            ClosedPeriod.objects.update(fec_sha256="x")


def test_only_a_month_that_is_over_is_closed_and_only_once(closed, now):
    with inside_operator():
        for day in (date(2026, 11, 1), date(2026, 12, 1), date(2026, 11, 15)):
            with pytest.raises(NotClosable):
                close_period(ends_on=day, by=None, now=now, today=paris_day(now))


def test_only_the_last_one_is_opened_again_and_told(closed, now):
    with inside_operator():
        first = ClosedPeriod.objects.get()
        later = now + timedelta(days=20)
        second = close_period(ends_on=date(2026, 12, 1), by=None, now=later, today=paris_day(later))
        assert second.starts_on == date(2026, 11, 1)
        with pytest.raises(NotTheLast):
            reopen_period(period_id=first.pk, reason="x", by=None, now=later)
        for period in (second, first):
            reopen_period(period_id=period.pk, reason="une facture oubliée", by=None, now=later)
            with pytest.raises(NotTheLast):
                reopen_period(period_id=period.pk, reason="x", by=None, now=later)
        assert Entry.objects.filter(verb="period.reopened").count() == 2
        clear_payment(
            payment_id=closed["waiting"].pk, credited_on=OCTOBER, by=None, now=later, today=paris_day(later)
        )
        again = close_period(ends_on=date(2026, 11, 1), by=None, now=later, today=paris_day(later))
        assert again.fec_sha256 != first.fec_sha256


def test_news_from_the_provider_count_from_the_first_open_day(closed):
    with inside_operator():
        assert first_open_day(OCTOBER) == date(2026, 11, 1)
        assert first_open_day(date(2026, 11, 3)) == date(2026, 11, 3)


def test_a_clerk_closes_reads_and_is_told_what_to_do(sold, browse, now):
    finance = clerk(browse, now)
    assert "octobre" in finance.get(url("closings")).content.decode()
    answer = finance.post(url("closings"), {"ends_on": "2026-11-01"}, follow=True)
    page = answer.content.decode()
    assert "706000" in page
    with inside_operator():
        period = ClosedPeriod.objects.get()
    file = url("closing_fec", period.pk)
    assert finance.get(file, {"encoding": "utf-8"}).content == period.fec_text
    assert finance.get(file).content == encoded(period.fec_text.decode(), "iso")[0]
    refused = finance.post(url("payment_credit", sold["waiting"].pk), {"credit-on": "2026-10-20"})
    assert refused.status_code == 422
    assert "1er novembre 2026" in refused.content.decode().replace("\xa0", " ")
    refused = finance.post(
        url("payment_bounce", sold["credited"].pk), {"bounce-on": "2026-10-20", "bounce-reason": "x"}
    )
    assert refused.status_code == 422
    form = {"invoice": sold["invoice"].pk, "method": "cheque", "amount": "10", "received_on": "2026-10-20"}
    assert finance.post(url("payment_new"), form).status_code == 422
    assert finance.post(url("closing", period.pk), {"reason": ""}).status_code == 422
    assert (
        "rouvert"
        in finance.post(url("closing", period.pk), {"reason": "oubli"}, follow=True).content.decode()
    )


def test_a_card_paid_before_the_month_was_closed_counts_from_the_first_open_day(closed, now):
    with inside_operator():
        then = now - timedelta(days=27)
        checkout = Checkout.objects.create(
            invoice=closed["invoice"], amount_cents=5000, intent_id="pi_1", started_at=then
        )
        standing = ProviderPayment(PAID, 5000, "EUR", "pi_1", paid_at=then)
        payment = apply_provider_payment(checkout, standing, now=now, today=paris_day(now))
        assert payment is not None
        assert payment.received_on == payment.credited_on == date(2026, 11, 1)


def test_a_withdrawal_told_in_a_month_that_was_closed_since_is_credited_today(sold, now):
    with inside_operator():
        contact = ContactFactory(customer=CustomerFactory(customer_type="consumer", siren=""))
        order = order_signed(contact, now=now - timedelta(days=27), method="transfer", quantity=2)
        close_period(ends_on=date(2026, 11, 1), by=None, now=now, today=paris_day(now))
        notice = WithdrawalNotice({1: 2}, "form", date(2026, 10, 25))
        withdrawal = withdraw(order_id=order.pk, notice=notice, by=None, now=now, today=paris_day(now))
        note = Invoice.objects.get(order=order, kind="credit_note")
        assert (withdrawal.received_on, note.issued_on) == (date(2026, 10, 25), paris_day(now))


def test_a_bank_line_of_a_closed_month_says_what_to_do(closed, browse, now):
    finance = clerk(browse, now)
    with inside_operator():
        statement = BankStatement.objects.create(digest="x", file_name="x", format="csv", read_at=now)
        line = BankStatementLine.objects.create(
            statement=statement, position=1, fingerprint="x", booked_on=OCTOBER, amount_cents=100, text="VIR"
        )
    form = {f"choose-{line.pk}": f"invoice:{closed['invoice'].pk}"}
    page = finance.post(url("bank_statement", statement.pk), form, follow=True).content.decode()
    assert "comptes clos" in page
    assert rows_of(BankStatementLine.objects)[0].state == "waiting"
