"""Money by hand: partial, too much, twice, given elsewhere, taken away, given back.

And the client's account.
"""

from datetime import timedelta

import pytest
from django.db import Error, transaction

from agenda.models import Obligation
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.queries.balances import balance_of
from billing.invoicing.queries.credits import owed_by
from billing.models import Allocation, Order, Payment, Refund
from billing.money.policy.days import paris_day
from billing.payments.actions.allocate_payment import (
    NotAllocated,
    NotAsked,
    NotEnoughUnallocated,
    allocate_payment,
    release_allocation,
)
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.refund_payment import (
    NothingUnallocated,
    NotToBeMade,
    note_refund_sent,
    refund_payment,
)
from billing.payments.actions.reverse_payment import reverse_payment
from billing.payments.queries.account_statement import account_statement_of
from billing.payments.queries.money import unallocated_of
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import buyer, clerk, credit_balance, rows_of, url
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db

NARROW = "\u202f"


@pytest.fixture
def owed(now):
    """Two invoices of one client."""
    with inside_operator():
        contact = ContactFactory()
        found = [invoice_of(order_signed(contact, now=now, method="transfer")) for _ in range(2)]
        assert contact.customer_id
        return contact, *found


def pay(invoice, cents, now, **more):
    """Record a transfer that was credited."""
    day = paris_day(now)
    return record_transfer(
        invoice=invoice,
        amount_cents=cents,
        received_on=day,
        credited_on=day,
        reference="VIR",
        by=None,
        now=now,
        today=day,
        keep_surplus=True,
        **more,
    )


def told(now):
    """Return who and when."""
    return {"by": None, "now": now, "today": paris_day(now)}


@pytest.mark.usefixtures("as_operator")
class TestByHand:
    """The verbs."""

    def test_too_much_is_credit_and_pays_another_invoice(self, owed, now):
        _, one, two = owed
        payment = pay(one, one.gross_cents + 5000, now)
        assert (balance_of(one.id), credit_balance(one.customer_id)) == (0, 5000)
        with pytest.raises(NotEnoughUnallocated):
            allocate_payment(payment_id=payment.id, shares=[(two.id, 5001)], **told(now))
        allocate_payment(payment_id=payment.id, shares=[(two.id, 5000)], **told(now))
        assert (balance_of(two.id), credit_balance(one.customer_id)) == (two.gross_cents - 5000, 0)

    def test_nothing_goes_to_another_client_or_past_what_is_asked(self, owed, now):
        _, one, two = owed
        payment = pay(one, one.gross_cents + two.gross_cents + 10, now)
        foreign = invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))
        for shares in ([(foreign.id, 1)], [(two.id, two.gross_cents + 1)], [(one.id, 1)]):
            with pytest.raises(NotAsked):
                allocate_payment(payment_id=payment.id, shares=shares, **told(now))
        assert unallocated_of(payment) == two.gross_cents + 10

    def test_twice_the_same_is_credit_until_the_first_bounces(self, owed, now):
        _, one, _ = owed
        first = pay(one, one.gross_cents, now)
        pay(one, one.gross_cents, now)
        assert credit_balance(one.customer_id) == one.gross_cents
        reverse_payment(payment_id=first.id, bounced_on=paris_day(now), reason="rejet", by=None, now=now)
        assert (balance_of(one.id), credit_balance(one.customer_id)) == (0, 0)  # the second took its place
        assert Order.objects.get(invoices=one).state == "funded"

    def test_money_there_goes_before_a_cheque_that_waits(self, owed, now):
        _, one, _ = owed
        cheque = receive_cheque(
            invoice=one,
            amount_cents=one.gross_cents,
            received_on=paris_day(now),
            reference="1",
            by=None,
            now=now,
        )
        pay(one, one.gross_cents, now)
        assert balance_of(one.id) == 0
        clear_payment(payment_id=cheque.id, credited_on=paris_day(now), **told(now))
        assert credit_balance(one.customer_id) == one.gross_cents

    def test_what_is_taken_away_stays_away_and_the_order_waits_again(self, owed, now):
        _, one, _ = owed
        pay(one, one.gross_cents, now)
        row = Allocation.objects.active().get()
        release_allocation(allocation_id=row.id, reason="payé pour une autre école", **told(now))
        assert balance_of(one.id) == credit_balance(one.customer_id) == one.gross_cents
        assert Order.objects.get(invoices=one).state == "waiting"
        with pytest.raises(NotAllocated):
            release_allocation(allocation_id=row.id, reason="encore", **told(now))
        receive_cheque(
            invoice=one, amount_cents=100, received_on=paris_day(now), reference="", by=None, now=now
        )
        assert balance_of(one.id) == one.gross_cents
        assert Allocation.objects.get(pk=row.id).release_reason == "payé pour une autre école"

    def test_a_credited_invoice_stays_settled_when_its_money_is_taken_away(self, owed, now):
        _, one, _ = owed
        pay(one, one.gross_cents, now)
        note = credit_invoice(corrects=one, reason="Geste commercial", **told(now))
        row = Allocation.objects.active().get()
        assert (row.credit_note, owed_by(note)) == (None, note.gross_cents)
        release_allocation(allocation_id=row.id, reason="rendu", **told(now))
        assert (balance_of(one.id), credit_balance(one.customer_id)) == (0, one.gross_cents)
        assert (Allocation.objects.active().get().credit_note, owed_by(note)) == (note, 0)
        waiting = Obligation.objects.waiting().filter(subject_id=one.pk, kind="overdue")
        assert not waiting.exists()

    def test_a_part_that_was_credited_is_no_longer_asked_when_the_bank_refuses(self, owed, now):
        _, one, _ = owed
        first = pay(one, one.gross_cents, now)
        credit_invoice(corrects=one, reason="Geste commercial", amounts={1: 1000}, **told(now))
        reverse_payment(payment_id=first.id, bounced_on=paris_day(now), reason="rejet", by=None, now=now)
        assert balance_of(one.id) == one.gross_cents - 1200

    def test_a_refund_never_exceeds_what_is_free(self, owed, now):
        _, one, _ = owed
        payment = pay(one, one.gross_cents + 3000, now)
        for cents in (0, 3001):
            with pytest.raises(NothingUnallocated):
                refund_payment(payment_id=payment.id, amount_cents=cents, reason="x", **told(now))
        refund = refund_payment(payment_id=payment.id, amount_cents=3000, reason="trop perçu", **told(now))
        assert credit_balance(one.customer_id) == 0
        note_refund_sent(refund_id=refund.id, sent_on=paris_day(now), by=None, now=now)
        with pytest.raises(NotToBeMade):
            note_refund_sent(refund_id=refund.id, sent_on=paris_day(now), by=None, now=now)

    def test_the_database_itself_refuses_more_than_came(self, owed, now):
        _, one, _ = owed
        payment = pay(one, one.gross_cents, now)
        row = {
            "payment": payment,
            "amount_cents": 1,
            "reason": "x",
            "asked_at": now,
            "asked_on": paris_day(now),
        }
        with pytest.raises(Error), transaction.atomic():
            Refund.objects.create(**row)
        with pytest.raises(Error), transaction.atomic():
            Payment.objects.filter(pk=payment.pk).update(provider_id="pi_1")

    def test_an_uncredited_cheque_is_not_given_back(self, owed, now):
        _, one, _ = owed
        cheque = receive_cheque(
            invoice=one,
            amount_cents=one.gross_cents + 50,
            received_on=paris_day(now),
            reference="",
            by=None,
            now=now,
            keep_surplus=True,
        )
        with pytest.raises(NothingUnallocated):
            refund_payment(payment_id=cheque.id, amount_cents=50, reason="x", **told(now))
        assert credit_balance(one.customer_id) == 0

    def test_the_account_of_a_past_day_stays_as_it_was(self, owed, now):
        contact, one, two = owed
        pay(one, one.gross_cents + 100, now)
        day = paris_day(now)
        before = account_statement_of(contact.customer, on=day)
        assert before["balance_cents"] == two.gross_cents - 100
        later = now + timedelta(days=3)
        reverse_payment(
            payment_id=Payment.objects.get().id, bounced_on=paris_day(later), reason="x", by=None, now=later
        )
        assert account_statement_of(contact.customer, on=day) == before
        after = account_statement_of(contact.customer, on=paris_day(later))
        assert after["balance_cents"] == one.gross_cents + two.gross_cents
        assert [row.movement.kind for row in after["rows"]] == ["invoice", "invoice", "payment", "refused"]


def test_the_pages(browse, owed, now):
    contact, one, two = owed
    desk = clerk(browse, now)
    with inside_operator():
        payment = pay(one, one.gross_cents + 5000, now)
    page = url("payment_allocate", payment.pk)
    assert two.number in desk.get(page).content.decode()
    assert desk.post(page, {f"give-{two.pk}": "abc"}).status_code == 422
    assert desk.post(page, {f"give-{two.pk}": "50,01"}).status_code == 422
    assert desk.post(page, {}).status_code == 422
    assert desk.post(page, {f"give-{two.pk}": "20"}).status_code == 302
    (row,) = [row for row in rows_of(Allocation.objects.active()) if row.invoice_id == two.pk]
    assert row.amount_cents == 2000
    away = url("allocation_release", row.pk)
    assert desk.get(away).status_code == 200
    assert desk.post(away, {"reason": ""}).status_code == 422
    assert desk.post(away, {"reason": "erreur"}).status_code == 302
    back = url("payment_refund", payment.pk)
    assert desk.get(back).status_code == 200
    assert desk.post(back, {"amount": "99", "reason": "x"}).status_code == 422
    assert desk.post(back, {"amount": "50", "reason": "trop perçu"}).status_code == 302
    (refund,) = rows_of(Refund.objects)
    assert desk.get(url("payment", payment.pk)).status_code == 200
    assert desk.post(url("refund_sent", refund.pk)).status_code == 302
    for state in ("credit", "missing", "credited"):
        assert desk.get(url("payments") + f"?state={state}").status_code == 200
    account = desk.get(url("customer_statement", one.customer_id) + "?on=2026-11-16").content.decode()
    assert one.number in account
    assert desk.get(url("customer_statement_pdf", one.customer_id)).content.startswith(b"%PDF")
    visitor = buyer(browse, contact)
    assert one.number in visitor.get(url("portal_statement")).content.decode()
    assert visitor.get(url("portal_statement_pdf") + "?on=2026-01-01").content.startswith(b"%PDF")


def test_a_surplus_is_kept_when_the_clerk_says_so(browse, owed, now):
    _, one, _ = owed
    desk = clerk(browse, now)
    sent = {"invoice": str(one.pk), "method": "cheque", "amount": "9999", "received_on": "2026-11-16"}
    assert desk.post(url("payment_new"), sent).status_code == 422
    assert desk.post(url("payment_new"), sent | {"keep_surplus": "on"}).status_code == 302
    assert rows_of(Payment.objects)[0].amount_cents == 999900


def asks(invoice, **changed):
    """Return what a clerk fills in for a transfer that came today."""
    day = "2026-11-16"
    fields = {"invoice": str(invoice.pk), "method": "transfer", "amount": "100,00", "received_on": day}
    return fields | {"credited_on": day} | changed


def test_the_page_after_a_payment_names_what_is_too_much(browse, owed, now):
    _contact, invoice, _other = owed
    finance = clerk(browse, now)
    whole = f"{invoice.gross_cents / 100:.2f}"
    first = finance.post(url("payment_new"), asks(invoice, amount=whole), follow=True).content.decode()
    assert "avoir du client" not in plain(first)

    # recorded twice, kept as credit: the answer says how much of it pays nothing
    assert finance.post(url("payment_new"), asks(invoice, amount="20,00")).status_code == 422
    again = asks(invoice, amount="20,00", keep_surplus="on")
    second = plain(finance.post(url("payment_new"), again, follow=True).content.decode())
    assert "20,00 € ne paient rien et restent au crédit du client" in second


def test_a_cheque_that_is_too_much_says_so_at_once(browse, owed, now):
    _contact, invoice, _other = owed
    fields = asks(invoice, method="cheque", amount=f"{invoice.gross_cents / 100 + 5:.2f}", keep_surplus="on")
    del fields["credited_on"]
    shown = plain(clerk(browse, now).post(url("payment_new"), fields, follow=True).content.decode())
    assert "5,00 € ne paient rien et restent au crédit du client" in shown


def test_the_amount_owed_of_the_chosen_document_is_proposed(browse, owed, now):
    _contact, one, two = owed
    finance = clerk(browse, now)
    with inside_operator():
        pay(one, 4200, now)
        name = one.customer.name
    page = url("payment_new")
    shown = finance.get(page).content.decode()
    left = f"{(one.gross_cents - 4200) / 100:,.2f}".replace(",", " ").replace(".", ",")
    assert f"{one.number} · {name} · {left} €" in plain(shown)  # what each still asks
    assert 'hx-get="' + page in shown

    # choosing asks for it; what the person typed stays, what was proposed before goes
    chosen = finance.get(page, {"invoice": str(one.pk), "amount": ""}).content.decode()
    assert f'name="amount" value="{left.replace(" ", NARROW)}"' in chosen
    proposed = f"{left}"
    other = finance.get(page, {"invoice": str(two.pk), "amount": proposed, "proposed": proposed})
    whole = f"{two.gross_cents / 100:,.2f}".replace(",", NARROW).replace(".", ",")
    assert f'name="amount" value="{whole}"' in other.content.decode()
    kept = finance.get(page, {"invoice": str(two.pk), "amount": "12,34", "proposed": proposed})
    assert 'name="amount" value="12,34"' in kept.content.decode()
    assert finance.get(page, {"invoice": "nothing", "amount": ""}).status_code == 200
