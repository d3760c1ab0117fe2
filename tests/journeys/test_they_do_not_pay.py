"""They don't pay: reminded, warned, charged interest to the day, suspended, let in again when they pay."""

from datetime import date
from typing import Any

from django.urls import reverse

from billing.models import Invoice, Payment
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from demo.factories.families import family_contact
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tests.billing.support import url
from tests.clauses.stage import desk, live, mails, read, subscribed, visitor


def comes_in(browse: Any, tenant: Any, teacher: Any) -> bool:
    """Return whether a teacher reaches their classes."""
    page = reverse("classrooms:classes", urlconf="config.urls_tenant")
    return browse(tenant, teacher).get(page).status_code == 200  # type: ignore[no-any-return]


def test_a_school_is_reminded_warned_suspended_and_opens_again_with_its_payment(browse, clock, now):
    with inside_operator():
        contact = ContactFactory()
    tenant = subscribed(now, contact).contract.tenant
    with inside(tenant):
        teacher = person_with("teacher", now=now, email="claire@erables.example")
    with inside_operator():
        invoice = Invoice.objects.get()
        payment = Payment.objects.get()

    # the bank takes the payment back; after its day the invoice is reminded of, then access is warned of
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2026, 12, 17))
    page = url("late_invoice", invoice.pk)
    assert "En tout 1 322,28 €" in read(desk(browse, now).get(page))  # a day, and the flat 40.00
    live(clock, date(2026, 12, 20), date(2027, 1, 2))
    assert len(mails("Rappel")) == 2
    live(clock, date(2027, 1, 15))
    assert len(mails("l’accès s’arrêtera")) == 1
    assert comes_in(browse, tenant, teacher)

    # after eight business days access stops; the statement says the same to both sides
    live(clock, date(2027, 1, 28))
    assert not comes_in(browse, tenant, teacher)
    claim = read(desk(browse, now).get(page))
    assert "43 1 281,84 € 12,40 % 18,73 €" in claim  # 1,281.84 x 12.40 % x 43 / 365
    assert "Indemnité 40,00 €" in claim
    assert "1 281,84 €" in read(visitor(browse, contact).get(url("portal_statement")))

    # the payment is credited: in again within the minute, and interest stands still
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "1281,84"}
    money |= {"received_on": "2027-01-28", "credited_on": "2027-01-28"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    assert comes_in(browse, tenant, teacher)
    live(clock, date(2027, 2, 28))
    assert "43 1 281,84 € 12,40 % 18,73 €" in read(desk(browse, now).get(page))


def test_a_consumer_owes_interest_after_a_formal_notice_and_never_the_40_euros(browse, clock, now):
    with inside_operator():
        family = family_contact("Roussel", "nadia@roussel.example")
        invoice = invoice_of(order_signed(family, now=now, method="transfer", quantity=500))
    page = url("late_invoice", invoice.pk)
    live(clock, date(2026, 12, 20))
    finance = desk(browse, now)
    assert "Pas encore de mise en demeure" in read(finance.get(page))
    notice = {"notice-on": "2026-12-20", "notice-letter": "1A 222 333 4444 5"}
    assert finance.post(url("formal_notice_new", invoice.pk), notice).status_code == 302
    live(clock, date(2027, 1, 9))
    owed = read(desk(browse, now).get(page))
    assert "20 2 940,00 € 6,84 % 11,02 €" in owed
    assert "En tout 2 951,02 €" in owed
