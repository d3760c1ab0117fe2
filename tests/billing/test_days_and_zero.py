"""What forms refuse in words: days out of this century, amounts of zero, days before a payment came, NUL."""

import pytest

from billing.models import Allocation, Note, Payment, Product, Refund
from billing.money.policy.days import paris_day
from billing.payments.actions.clear_payment import ClearedTooEarly
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.reverse_payment import ReversedTooEarly, reverse_payment
from demo.factories.billing import ContactFactory, catalogue, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import clerk, rows_of, url
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db

FAR = ["0001-01-01", "9999-12-31", "1999-12-31", "2100-01-01"]

CENTURY = "Écrivez un jour entre 2000 et 2099."

ABOVE = "Écrivez un montant supérieur à zéro."


@pytest.fixture
def desk(browse, now):
    """A clerk of finance."""
    return clerk(browse, now)


@pytest.fixture
def invoice(now):
    """An invoice that is owed."""
    with inside_operator():
        return invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))


@pytest.fixture
def paid(invoice, now):
    """A transfer of ten euros more than was owed."""
    with inside_operator():
        day = paris_day(now)
        return record_transfer(
            invoice=invoice,
            amount_cents=invoice.gross_cents + 1000,
            received_on=day,
            credited_on=day,
            reference="",
            keep_surplus=True,
            by=None,
            now=now,
            today=day,
        )


def assert_says(answer, words):
    """See that a form was refused with these words."""
    assert answer.status_code == 422
    assert words in plain(answer.content.decode())


class TestDays:
    """Days far from ours."""

    @pytest.mark.parametrize("day", FAR)
    def test_a_due_date_far_away_is_refused(self, desk, invoice, day):
        sent = {"new_due_on": day, "reason": "accord"}
        assert_says(desk.post(url("invoice_extension", invoice.pk), sent), CENTURY)

    @pytest.mark.parametrize("day", FAR)
    def test_a_promotion_and_a_phaseout_far_away_are_refused(self, desk, day):
        with inside_operator():
            catalogue()
            product = Product.objects.get(key="preau-ecole")
        promotion = {"name_fr": "x", "name_en": "x", "currency": "EUR", "net": "1"}
        promotion |= {"starts_on": "2026-12-01", "last_day": day}
        sent = {f"promotion-{name}": value for name, value in promotion.items()}
        assert_says(desk.post(url("product_promotion", product.pk), sent), CENTURY)
        phaseout = {"sold_until": day, "access_until": day, "reason_fr": "x", "reason_en": "x"}
        sent = {f"phaseout-{name}": value for name, value in phaseout.items()}
        assert_says(desk.post(url("product_phaseout", product.pk), sent), CENTURY)

    @pytest.mark.parametrize("day", [*FAR, "2000-01-01", "2099-12-31"])
    def test_pages_asked_for_a_day_far_away_answer(self, desk, invoice, day):
        for page in (
            url("deferred") + f"?on={day}",
            url("revenue") + f"?starts_on={day}&ends_on={day}",
            url("vat_due") + f"?starts_on={day}&ends_on={day}",
            url("late_invoice", invoice.pk) + f"?on={day}",
            url("picking") + f"?day={day}",
        ):
            assert desk.get(page).status_code < 500, page


class TestZero:
    """Nothing is no payment."""

    @pytest.mark.parametrize("amount", ["0", "0,00", "-0"])
    def test_a_payment_of_nothing_is_refused(self, desk, invoice, amount):
        sent = {"invoice": str(invoice.pk), "method": "cheque", "amount": amount, "received_on": "2026-11-16"}
        assert_says(desk.post(url("payment_new"), sent | {"keep_surplus": "on"}), ABOVE)
        assert rows_of(Payment.objects) == []

    @pytest.mark.parametrize("amount", ["0", "-5"])
    def test_giving_nothing_or_less_is_refused(self, desk, paid, now, amount):
        with inside_operator():
            other = invoice_of(order_signed(paid.customer.contacts.first(), now=now, method="transfer"))
        before = len(rows_of(Allocation.objects))
        sent = {f"give-{other.pk}": amount}
        assert_says(desk.post(url("payment_allocate", paid.pk), sent), ABOVE)
        assert len(rows_of(Allocation.objects)) == before

    def test_giving_nothing_back_is_refused(self, desk, paid):
        assert_says(desk.post(url("payment_refund", paid.pk), {"amount": "0", "reason": "x"}), ABOVE)
        assert rows_of(Refund.objects) == []


class TestBeforeItCame:
    """A payment has no history before it was received."""

    def test_a_cheque_is_neither_refused_nor_credited_before_it_was_received(self, desk, invoice, now):
        day = paris_day(now)
        with inside_operator():
            cheque = receive_cheque(
                invoice=invoice, amount_cents=100, received_on=day, reference="", by=None, now=now
            )
            with pytest.raises(ReversedTooEarly):
                reverse_payment(
                    payment_id=cheque.pk, bounced_on=day.replace(day=1), reason="x", by=None, now=now
                )
        early = {"bounce-on": "2026-11-01", "bounce-reason": "sans provision", "credit-on": "2026-11-01"}
        assert_says(desk.post(url("payment_bounce", cheque.pk), early), "avant sa réception")
        assert desk.post(url("payment_credit", cheque.pk), early).status_code == 422
        (kept,) = rows_of(Payment.objects)
        assert (kept.bounced_on, kept.credited_on) == (None, None)

    def test_a_transfer_is_not_credited_before_it_was_received_nor_in_days_to_come(self, desk, invoice, now):
        day = paris_day(now)
        sent = {"invoice": str(invoice.pk), "method": "transfer", "amount": "1", "received_on": str(day)}
        answer = desk.post(url("payment_new"), sent | {"credited_on": "2026-11-01"})
        assert_says(answer, "être crédité avant")
        assert desk.post(url("payment_new"), sent | {"credited_on": "2027-11-01"}).status_code == 422
        details = {"amount_cents": 100, "reference": "", "by": None, "now": now, "today": day}
        with inside_operator(), pytest.raises(ClearedTooEarly):
            record_transfer(invoice=invoice, received_on=day, credited_on=day.replace(day=1), **details)
        assert rows_of(Payment.objects) == []


def test_a_nul_in_a_note_cant_be_read(desk, invoice):
    answer = desk.post(url("note_write", "invoice", invoice.pk), {"text": "a\0b"})
    assert (answer.status_code, rows_of(Note.objects)) == (400, [])
