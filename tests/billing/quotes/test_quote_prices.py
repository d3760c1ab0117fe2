"""The prices of a quote: the client's currency, the quantity's step, the term, promotions.

Nothing typed is lost.
"""

from datetime import date

import pytest

from agenda.loop import tick
from billing.accounting.queries.ledger import entries_in, without_rate
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.methods import MethodRefused
from billing.catalogue.policy.prices import EurosOnly
from billing.catalogue.queries.catalogue import price_book
from billing.collections.queries.late import calculate_interest
from billing.desk.queries.todo import figures, todos
from billing.invoicing.actions.render_documents import invoice_xml
from billing.models import (
    Cart,
    CartLine,
    Payment,
    Phaseout,
    Price,
    PriceList,
    Product,
    Promotion,
    QuoteVersion,
    Subscription,
)
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.address import Address
from billing.money.policy.days import paris_day
from billing.orders.actions.price_cart import price_cart
from billing.payments.actions.receive_cheque import NotInEuros, receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.queries.account_statement import account_statement_of
from billing.quotes.actions.request_quote import QuoteRequestData, request_quote
from billing.quotes.actions.write_quote import QuoteDraft, write_quote
from billing.subscriptions.queries.amendable import amendable_contracts
from billing.subscriptions.queries.subscriptions import list_price
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.catalogue.test_shop import thing
from tests.billing.support import PUBLIC, clerk, rows_of, url

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 16)
NANTES = Address("Riverside", "4 quai Haut", "44000", "Nantes", "FR")
OTTAWA = {"country": "CA", "postcode": "K1A 0B1", "city": "Ottawa", "siren": ""}


def steps():
    """Put on the list: 4.50 from 100 profiles on, 9.00 for two years."""
    product = Product.objects.get(key="preau-ecole")
    Price.objects.create(price_list=catalogue(), product=product, net_cents=450, from_quantity=100)
    Price.objects.create(price_list=catalogue(), product=product, net_cents=900, term_months=24)
    return product


def dollars():
    catalogue()
    product = Product.objects.get(key="preau-ecole")
    cad = PriceList.objects.create(name="Canada 2026", currency="CAD", starts_on=date(2026, 1, 1))
    Price.objects.create(price_list=cad, product=product, net_cents=720)
    return product


def canadian():
    return ContactFactory(customer=CustomerFactory(**OTTAWA))


def sheet(contact, product, **changed):
    return {
        "contact": str(contact.pk),
        "method": "transfer",
        "valid_until": "2026-12-16",
        "payment_days": "30",
        "term_months": "12",
        "language": "fr",
        "act": "save",
        "sites-TOTAL_FORMS": "1",
        "sites-INITIAL_FORMS": "0",
        "sites-0-name": "École",
        "sites-0-slug": "ecole-du-bac",
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-0-product": str(product.pk),
        "lines-0-quantity": "99",
        "lines-0-unit_net": "4,90",
        "lines-0-listed": "490",
    } | changed


@pytest.fixture
def desk(browse, now):
    with inside_operator():
        catalogue()
        product = steps()
        contact = ContactFactory()
    return clerk(browse, now), url("quote_new") + f"?customer={contact.customer_id}", contact, product


@pytest.mark.parametrize(
    ("changed", "act", "shown"),
    [
        ({"lines-0-quantity": "100"}, "step-0", "4,50"),
        ({"term_months": "24"}, "terms", "9,00"),
        ({"term_months": "6"}, "terms", "2,45"),
        (
            {"lines-0-quantity": "100", "lines-0-unit_net": "4,20"},
            "step-0",
            "4,20",
        ),  # typed by hand: it stays
        (
            {"lines-0-quantity": "100", "lines-0-unit_net": "4,20"},
            "price-0",
            "4,50",
        ),  # another product: asked anew
        ({"lines-0-quantity": "100", "lines-0-unit_net": ""}, "count", "4,50"),
    ],
)
def test_the_desk_fills_in_the_price_for_quantity_and_term(desk, changed, act, shown):
    client, page, contact, product = desk
    answer = client.post(page, sheet(contact, product, act=act, **changed)).content.decode()
    assert f'name="lines-0-unit_net" value="{shown}"' in answer


def test_without_a_script_the_price_follows_when_the_quote_is_saved(desk):
    client, page, contact, product = desk
    client.post(page, sheet(contact, product, **{"lines-0-quantity": "200"}))
    assert rows_of(QuoteVersion.objects)[0].net_cents == 200 * 450


def test_a_draft_that_is_opened_again_still_knows_which_price_was_the_lists(desk):
    client, page, contact, product = desk
    client.post(page, sheet(contact, product))
    again = client.get(url("quote_edit", rows_of(QuoteVersion.objects)[0].pk)).content.decode()
    assert 'name="lines-0-listed" value="490"' in again
    assert "prix du tarif" in again


def test_a_promotion_is_offered_to_who_has_not_the_product_yet(desk, now):
    client, page, contact, product = desk
    with inside_operator():
        Promotion.objects.create(
            product=product,
            name_fr="Rentrée",
            name_en="Autumn",
            net_cents=390,
            starts_on=TODAY,
            ends_on=date(2026, 12, 1),
            created_at=now,
        )
    answer = client.post(page, sheet(contact, product, act="price-0")).content.decode()
    assert 'name="lines-0-unit_net" value="3,90"' in answer
    with inside_operator():
        bought = paid(order_signed(contact, now=now, method="transfer"), now)
        assert Subscription.objects.filter(customer=contact.customer).exists()
        assert price_book(TODAY, customer=bought.customer).asked(product).net_cents == 490


def test_what_is_withdrawn_from_sale_is_not_quoted_any_more(desk, now):
    client, page, contact, product = desk
    with inside_operator():
        Phaseout.objects.create(
            product=product,
            announced_on=date(2026, 5, 1),
            sold_until=TODAY,
            access_until=date(2027, 5, 16),
            created_at=now,
        )
    answer = client.post(page, sheet(contact, product))
    assert answer.status_code == 422
    assert "n’est plus vendu" in answer.content.decode()


def paid(order, now):
    today = paris_day(now)
    record_transfer(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=today,
        credited_on=today,
        proof_document="",
        reference="",
        by=None,
        now=now,
        today=today,
    )
    tick(now)
    order.refresh_from_db()
    return order


def test_a_canadian_school_from_the_desk_to_the_statement_of_account(browse, now):
    with inside_operator():
        product = dollars()
        contact = canadian()
    client = clerk(browse, now)
    page = url("quote_new") + f"?customer={contact.customer_id}"
    priced = client.post(page, sheet(contact, product, act="price-0", currency="CAD")).content.decode()
    assert 'name="lines-0-unit_net" value="7,20"' in priced
    assert "712,80" in priced
    assert "$CA" in priced
    assert (
        client.post(page, sheet(contact, product, **{"lines-0-unit_net": "", "currency": "CAD"})).status_code
        == 302
    )
    version = rows_of(QuoteVersion.objects)[0]
    assert (version.currency, version.gross_cents, version.vat_cents) == ("CAD", 71280, 0)
    assert client.get(url("quote_pdf", version.pk)).content.startswith(b"%PDF")
    with inside_operator():
        line = LineDraft(product.pk, "Préau School", 99, 720)
        order = paid(order_signed(contact, now=now, lines=[line], method="transfer"), now)
        invoice = invoice_of(order)
        assert (order.currency, invoice.currency, order.state) == ("CAD", "CAD", "open")
        assert b"<ram:InvoiceCurrencyCode>CAD<" in invoice_xml(invoice)
        told = account_statement_of(order.customer, on=TODAY, currency="CAD")
        assert told["currency"] == "CAD"
        assert Subscription.objects.get(order=order).term.currency == "CAD"
        period = {"starts_on": TODAY, "ends_on": TODAY}
        assert entries_in(TODAY, TODAY) == 0  # the file is in euros
        assert f"{invoice.number} (CAD)" in without_rate(**period)


@pytest.mark.usefixtures("as_operator")
def test_a_cheque_is_in_euros_only_and_so_is_what_bears_vat(now):
    product = dollars()
    contact = canadian()
    details = {
        "customer_id": contact.customer_id,
        "contact_id": contact.pk,
        "valid_until": date(2026, 12, 16),
    }
    school = QuoteDraft(method="cheque", lines=[LineDraft(product.pk, "", 100, 720)], **details)
    with pytest.raises(MethodRefused) as refused:
        write_quote(draft=school, by=None, now=now, today=TODAY)
    assert refused.value.currency == "CAD"
    from_france = {"delivery": NANTES, "lines": [LineDraft(thing().pk, "Carte", 1, 1500)]}
    with pytest.raises(EurosOnly):
        write_quote(
            draft=QuoteDraft(method="transfer", **from_france, **details), by=None, now=now, today=TODAY
        )
    euros = QuoteDraft(method="transfer", currency="EUR", **from_france, **details)
    assert write_quote(draft=euros, by=None, now=now, today=TODAY).vat_cents == 300


@pytest.mark.usefixtures("as_operator")
def test_an_amendment_and_a_renewal_use_the_subscriptions_own_price_term_and_currency(now):
    product = dollars()
    contact = canadian()
    line = LineDraft(product.pk, "Préau School", 99, 650)
    order = paid(order_signed(contact, now=now, lines=[line], method="transfer", term_months=24), now)
    (row,) = amendable_contracts(order.customer, today=TODAY)
    assert (row.term_price_cents, row.term_months, row.currency) == (650, 24, "CAD")
    subscription = Subscription.objects.get(order=order)
    assert list_price(subscription, on=TODAY) == 1440  # two years at 7.20


@pytest.mark.usefixtures("as_operator")
def test_a_renewal_looks_up_the_step_of_its_quantity(now):
    catalogue()
    product = steps()
    order = paid(order_signed(now=now, lines=[LineDraft(product.pk, "", 218, 450)], method="transfer"), now)
    assert list_price(Subscription.objects.get(order=order), on=TODAY) == 450


@pytest.mark.usefixtures("as_operator")
def test_a_request_from_the_site_begins_at_the_step_of_its_users(now):
    catalogue()
    steps()
    asked = QuoteRequestData(
        organisation="École du Lac",
        customer_type="professional",
        first_name="Ève",
        last_name="Roux",
        job_title="directrice",
        email="eve@lac.example",
        phone="",
        street="1 rue",
        postcode="44000",
        city="Nantes",
        siret="21359990500014",
        offer="school",
        users=150,
        method="transfer",
        message="",
        language="fr",
    )
    assert request_quote(asked=asked, terms_version=None, now=now, today=TODAY).net_cents == 150 * 450


@pytest.mark.usefixtures("as_operator")
def test_a_late_invoice_in_dollars_adds_no_euros_to_them(now, settings):
    settings.ROOT_URLCONF = PUBLIC
    product = dollars()
    contact = canadian()
    order = order_signed(contact, now=now, lines=[LineDraft(product.pk, "", 99, 720)], method="transfer")
    statement = calculate_interest(invoice_of(order), date(2027, 3, 1), interest_rates())
    assert statement.interest_cents > 0
    assert statement.flat_fee_cents == 0  # owed in euros, told beside the total
    assert figures(date(2027, 3, 1))["late"]["count"] == 0
    assert todos(date(2027, 3, 1), interest_rates())[0].currency == "CAD"


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize(
    ("currency", "place", "cents"),
    [
        ("AED", {"country": "AE", "postcode": "", "city": "Dubaï"}, 1900),
        ("GBP", {"country": "GB", "postcode": "SW7 2DG", "city": "Londres"}, 450),
    ],
)
def test_a_school_in_dubai_or_london_from_the_quote_to_the_invoice(now, currency, place, cents):
    catalogue()
    product = Product.objects.get(key="preau-ecole")
    prices = PriceList.objects.create(name=currency, currency=currency, starts_on=date(2026, 1, 1))
    Price.objects.create(price_list=prices, product=product, net_cents=cents)
    contact = ContactFactory(customer=CustomerFactory(siren="", **place))
    asked = price_book(TODAY, currency=currency, customer=contact.customer).asked(product, quantity=40)
    line = LineDraft(product.pk, "Préau School", 40, asked.net_cents)
    order = paid(order_signed(contact, now=now, lines=[line], method="transfer"), now)
    invoice = invoice_of(order)
    assert (order.version.currency, order.currency, invoice.currency, order.state) == (currency,) * 3 + (
        "open",
    )
    assert (invoice.net_cents, invoice.vat_cents, invoice.gross_cents) == (40 * cents, 0, 40 * cents)
    assert f"<ram:InvoiceCurrencyCode>{currency}<".encode() in invoice_xml(invoice)
    assert Payment.objects.get(allocations__invoice=invoice).currency == currency


def test_a_cheque_never_pays_an_invoice_in_another_currency(browse, now):
    with inside_operator():
        product = dollars()
        contact = canadian()
        order = order_signed(contact, now=now, lines=[LineDraft(product.pk, "", 99, 720)], method="transfer")
        invoice = invoice_of(order)
        details = {"amount_cents": 100, "received_on": TODAY, "reference": "1", "by": None, "now": now}
        with pytest.raises(NotInEuros):
            receive_cheque(invoice=invoice, **details)
    typed = {"invoice": str(invoice.pk), "method": "cheque", "amount": "1,00", "received_on": "2026-11-16"}
    answer = clerk(browse, now).post(url("payment_new"), typed)
    assert answer.status_code == 422
    assert "qu’en euros, et cette facture est en CAD" in answer.content.decode()
    assert not rows_of(Payment.objects)


@pytest.mark.usefixtures("as_operator")
def test_a_promotion_of_the_shop_is_for_who_has_not_the_product_yet_and_no_renewal_knows_it(now):
    catalogue()
    product = Product.objects.get(key="preau-ecole")
    contact = ContactFactory()
    Promotion.objects.create(
        product=product,
        name_fr="Rentrée",
        name_en="Autumn",
        net_cents=390,
        starts_on=TODAY,
        ends_on=date(2026, 12, 1),
        created_at=now,
    )

    def unit():
        cart = Cart.objects.create(client="professional", contact=contact, created_at=now, touched_at=now)
        CartLine.objects.create(cart=cart, product=product, quantity=20, added_at=now)
        return price_cart(cart, now=now, today=TODAY).lines[0].unit_net_cents

    assert unit() == 390
    order = paid(
        order_signed(contact, now=now, lines=[LineDraft(product.pk, "", 20, 390)], method="transfer"), now
    )
    assert unit() == 490
    assert list_price(Subscription.objects.get(order=order), on=TODAY) == 490
