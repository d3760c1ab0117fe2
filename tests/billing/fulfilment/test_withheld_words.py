"""A parcel that must stay here says so on every page, with what is to be paid first."""

from datetime import date, datetime
from typing import Any

import pytest

from agenda.loop import tick
from billing.models import InterestClaim
from billing.payments.actions.reverse_payment import reverse_payment
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.catalogue.test_shop import sold
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, plain, read, visitor

pytestmark = pytest.mark.django_db

LATE = date(2027, 2, 16)


@pytest.fixture
def order(now: datetime) -> Any:
    """Return a paid order whose parcel waits for its Tuesday."""
    with inside_operator():
        found = sold(now)
        assert (found.contact.email, found.delivery.state)[1] == "planned"
        return found


def pages(browse: Any, now: Any, order: Any) -> dict[str, str]:
    """Return what each page says of the parcel."""
    client = visitor(browse, order.contact)
    finance = desk(browse, now)
    return {
        "portal order": read(client.get(url("portal_order", order.pk))),
        "order": read(finance.get(url("order", order.pk))),
        "delivery": read(finance.get(url("delivery", order.delivery.pk))),
        "deliveries": read(finance.get(url("deliveries"))),
        "csv": plain(finance.get(url("deliveries") + "?format=csv").content.decode("utf-8-sig")),
    }


def test_a_claim_that_is_overdue_keeps_the_parcel_here(browse, clock, now, order):
    with inside_operator():
        invoice = invoice_of(order_signed(order.contact, now=now, method="transfer", quantity=500))
    live(clock, date(2027, 1, 15))
    finance = desk(browse, now)
    finance.post(url("late_draw", invoice.pk), {"on": "2027-01-15"})
    money = {"method": "transfer", "amount": "2940", "received_on": "2027-01-15", "credited_on": "2027-01-15"}
    finance.post(url("payment_new"), {"invoice": str(invoice.pk), "keep_surplus": "on"} | money)
    (claim,) = rows_of(InterestClaim.objects)
    client = visitor(browse, order.contact)
    before = read(client.get(url("portal")))
    assert "14/02/2027" in before or "14 février 2027" in before
    assert "aucun colis ne part" not in before
    assert "retenu" not in read(client.get(url("portal_order", order.pk))).lower()
    live(clock, LATE)
    found = pages(browse, now, order)
    for name in ("portal order", "order", "delivery"):
        assert f"{claim.number} · 69,96 €" in found[name], name
        assert "tant que n’est pas payé ce qui est en retard" in found[name], name
    assert "Votre colis est retenu" in found["portal order"]
    assert "Prête à partir" not in found["portal order"]
    assert "Il part le" not in found["portal order"]
    for name in ("delivery", "deliveries", "csv"):
        assert "retenu : impayé" in found[name], name
    finance = desk(browse, now)
    assert order.delivery.number not in read(finance.get(url("deliveries") + "?state=planned"))
    assert order.delivery.number in read(finance.get(url("deliveries") + "?state=withheld"))
    client = visitor(browse, order.contact)
    for page in (url("portal"), url("portal_claim", claim.pk)):
        words = read(client.get(page))
        assert "en retard" in words
        assert "aucun colis ne part" in words
    paid = {"paid-amount": "69,96", "paid-on": "2027-02-16", "paid-reference": claim.number}
    finance.post(url("interest_claim_pay", claim.pk), paid)
    for name, words in pages(browse, now, order).items():
        told = words.split(order.delivery.number)[-1] if name == "deliveries" else words
        assert "retenu" not in told.lower(), name


def test_money_that_left_again_keeps_the_parcel_here(browse, clock, now, order):
    live(clock, date(2026, 11, 16))
    with inside_operator():
        (payment,) = order.allocated_payments()
        reverse_payment(
            payment_id=payment.pk,
            bounced_on=date(2026, 11, 16),
            reason="rejet",
            by=None,
            now=at(date(2026, 11, 16)),
        )
        tick(at(date(2026, 11, 16)))
        number = invoice_of(order).number
    found = pages(browse, now, order)
    for name in ("portal order", "order", "delivery"):
        assert number in found[name], name
        assert "tant que sa commande n’est pas payée de nouveau" in found[name], name
    assert "retenu : impayé" in found["deliveries"]
