"""The same buyer can be protected as a consumer here and stay a professional there."""

from datetime import date

import pytest

from billing.customers.policy.clients import LegalStatus, legal_status
from billing.models import Delivery, Invoice, QuoteVersion
from billing.money.policy.days import paris_day
from demo.factories.billing import ContactFactory, CustomerFactory
from isolation.context import inside_operator
from tests.billing.carts import PRACTICE, only_order, order, put, shown
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, plain, read, sign, visitor

PARCEL = {"ship-carrier": "La Poste", "ship-tracking": "6A", "ship-reason": "Il passait par là"}
SMALL = PRACTICE | {"employees": "3", "outside_main_activity": "on"}


@pytest.mark.parametrize(
    ("employees", "outside", "protected"),
    [(5, True, True), (6, True, False), (5, False, False), (None, True, False), (0, True, True)],
)
def test_a_small_professional_outside_their_trade_is_protected_and_stays_a_professional(
    employees, outside, protected
):
    found = legal_status("professional", employees=employees, outside_main_activity=outside)
    assert found == LegalStatus(protected, "professional", needs_dpa=True, competent_court=True)


def test_a_consumer_and_a_public_body():
    assert legal_status("consumer") == LegalStatus(True, "consumer", needs_dpa=False, competent_court=False)
    assert legal_status("public_body", employees=2, outside_main_activity=True) == LegalStatus(
        False, "public_body", needs_dpa=True, competent_court=True
    )


def test_another_kind_is_refused():
    with pytest.raises(ValueError, match="no kind"):
        legal_status("friend")


def paid_on(browse, now, invoice, day):
    """Record at the desk that an invoice's transfer was credited on a day."""
    money = {"invoice": str(invoice.pk), "method": "transfer", "received_on": day, "credited_on": day}
    amount = {"amount": f"{invoice.gross_cents / 100:.2f}"}
    assert desk(browse, now).post(url("payment_new"), money | amount).status_code == 302


@pytest.mark.story(
    "LG-S3",
    door="page",
    fr="Un cabinet de trois personnes achète hors de son métier : il lit des prix TTC ; il dit être six, les "
    "prix passent hors taxes et sa revue ne vaut plus ; trois de nouveau, il commande, reçoit, et peut se "
    "rétracter, mais paie en retard comme un professionnel.",
)
def test_a_small_practice_is_asked_and_buys_like_a_consumer(browse, clock, now, shelves):
    """A practice of three buys outside its trade and reads prices with VAT; it says six, the prices lose
    their VAT and its review no longer counts; three again, it orders, receives, may withdraw, and is late as
    a professional is.
    """
    shop = browse(None)
    put(shop, shelves["cartes"], 2, client="professional")
    assert "Combien de salariés" in read(shop.get(url("shop_details")))
    shop.post(url("shop_details"), SMALL)
    page, seen = shown(shop)
    assert "35,76 €" in read(page)  # 2 x 14.90, VAT of 20 % included
    shop.post(url("shop_details"), SMALL | {"employees": "6"})
    assert "29,80 €" in read(shown(shop)[0])
    assert order(shop, method="transfer", seen=seen).status_code == 422
    shop.post(url("shop_details"), SMALL)
    assert order(shop, method="transfer").status_code == 302
    placed = only_order()
    (invoice,) = rows_of(Invoice.objects.filter(order=placed))
    assert (placed.employees, placed.outside_main_activity, placed.risk_on) == (3, True, None)
    assert invoice.customer_type == "professional"
    paid_on(browse, now, invoice, "2026-11-16")
    live(clock, paris_day(now))
    (parcel,) = rows_of(Delivery.objects.filter(order=placed))
    maud = desk(browse, now)
    maud.post(url("delivery_ship", parcel.pk), PARCEL)
    live(clock, date(2026, 11, 20))
    desk(browse, now).post(url("delivery_arrive", parcel.pk), {"arrive-on": "2026-11-20"})
    home = visitor(browse, placed.contact)
    assert only_order().risk_on == date(2026, 11, 20)  # risk with possession, as for a consumer
    words = read(home.get(url("portal_withdraw", placed.pk)))
    assert "Combien de salariés" not in words  # it was asked once
    assert "Se rétracter" in words


@pytest.mark.story(
    "LG-S3",
    door="page",
    fr="Sur devis, la finance note six salariés, l’envoie, puis en fait une version à quatre, hors métier : "
    "signée, elle garde les droits d’un consommateur, et la facture impayée porte les 40 € d’un "
    "professionnel.",
)
def test_a_quote_keeps_what_its_buyer_said_and_late_payment_stays_a_professionals(browse, clock, now):
    """On a quote finance writes six employees, sends it, then makes a version of four outside their trade:
    signed, it keeps a consumer's rights, and its late invoice bears a professional's flat 40 EUR.
    """
    with inside_operator():
        contact = ContactFactory(customer=CustomerFactory(customer_type="professional"))
    finance = desk(browse, now)
    written = finance.post(f"{url('quote_new')}?customer={contact.customer_id}", quote_typed(contact, 6))
    assert written.status_code == 302, plain(written.content.decode())
    (first,) = rows_of(QuoteVersion.objects.all())
    finance.post(url("quote_send", first.pk))
    finance.post(url("quote_revise", first.pk))
    (second,) = rows_of(QuoteVersion.objects.filter(state="draft"))
    assert second.employees == 6
    assert finance.post(url("quote_edit", second.pk), quote_typed(contact, 4)).status_code == 302
    finance.post(url("quote_send", second.pk))
    home = visitor(browse, contact)
    assert "14 jours" in read(home.get(url("portal_quote", second.pk)))  # told before it is signed
    assert sign(home, second).status_code == 200
    placed = only_order_of(contact)
    assert "Se rétracter" in read(home.get(url("portal_order", placed.pk)))
    (invoice,) = rows_of(Invoice.objects.filter(order=placed))
    live(clock, date(2027, 2, 1))
    assert "Indemnité 40,00 €" in read(desk(browse, now).get(url("late_invoice", invoice.pk)))


def only_order_of(contact):
    """Return the order a contact signed."""
    (placed,) = rows_of(contact.orders.select_related("customer"))
    return placed


def quote_typed(contact, employees):
    """Return what finance types in a quote of a thing, for so many employees outside their trade."""
    return {
        "customer": str(contact.customer_id),
        "contact": str(contact.pk),
        "method": "transfer",
        "valid_until": "2026-12-16",
        "payment_days": "30",
        "term_months": "12",
        "language": "fr",
        "employees": str(employees),
        "outside_main_activity": "on",
        "sites-TOTAL_FORMS": "1",
        "sites-INITIAL_FORMS": "0",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-description": "Cartes des sons",
        "lines-0-quantity": "10",
        "lines-0-unit_net": "14,90",
        "act": "save",
    }
