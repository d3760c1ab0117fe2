"""No list is cut in silence: what stands after the first page is reached by a link, and every recipient is
written to.
"""

import re
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse, set_urlconf

from billing.catalogue.actions.move_stock import move_stock
from billing.catalogue.actions.publish_requirements import publish_requirements
from billing.desk.actions.write_note import write_note
from billing.desk.queries.search import FIRST_HITS
from billing.desk.queries.todo import count, todos
from billing.desk.views import mailings
from billing.models import Invoice, Mailing, Order, Product, Promotion, QuoteVersion
from billing.money.gateways.rate_tables import interest_rates
from billing.money.policy.days import paris_day
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue, invoice_of, order_signed
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tests.billing.support import PUBLIC, buyer, clerk, rows_of, url
from tests.clauses.stage import subscribed
from tests.pagers import reached

pytestmark = pytest.mark.django_db


def signed(count, now, contact=None):
    contact = contact or ContactFactory()
    for _ in range(count):
        order_signed(contact, now=now)
    return contact


def test_a_customers_page_leads_to_every_quote_order_and_invoice(browse, now):
    with inside_operator():
        contact = signed(21, now)
    texts = reached(clerk(browse, now), url("customer", contact.customer_id))
    for model in (Order, Invoice):
        assert all(row.number in texts for row in rows_of(model.objects.filter(customer=contact.customer_id)))
    assert all(url("quote", row.pk) in texts for row in rows_of(QuoteVersion.objects))


def test_a_buyers_home_leads_to_every_order(browse, now):
    with inside_operator():
        contact = signed(11, now)
    texts = reached(buyer(browse, contact), url("portal"))
    assert all(url("portal_order", row.pk) in texts for row in rows_of(Order.objects))


def test_a_products_page_leads_to_every_price_promotion_and_requirement(browse, now):
    with inside_operator():
        prices = catalogue()
        product = Product.objects.get(key="preau-ecole")
        for n in range(11):
            day = date(2027, 1, 1) + timedelta(days=100 * n)
            publish_requirements(
                product=product,
                text_fr=f"Navigateur {n};",
                text_en="A browser",
                in_force_on=day,
                is_major=False,
                by=None,
                now=now,
                today=paris_day(now),
            )
            Promotion.objects.create(
                product=product,
                name_fr=f"Rentrée {n};",
                name_en="Autumn",
                starts_on=day,
                ends_on=day + timedelta(days=9),
                net_cents=1,
                created_at=now,
            )
        prices.prices.filter(product=product).delete()
        prices.prices.bulk_create(
            prices.prices.model(price_list=prices, product=product, from_quantity=n, net_cents=100_000 + n)
            for n in range(1, 32)
        )
    texts = reached(clerk(browse, now), url("product", product.pk))
    for n in range(11):
        assert f"Navigateur {n};" in texts
        assert f"Rentrée {n};" in texts
    for n in range(1, 32):
        assert f"1\u202f000,{n:02}" in texts


def test_a_things_page_leads_to_every_move_of_its_stock(browse, now):
    with inside_operator():
        catalogue()
        Product.objects.filter(key="preau-ecole").update(kind=Product.Kind.GOODS, stock=0)
        product = Product.objects.get(key="preau-ecole")
        for n in range(21):
            move_stock(
                product=product, quantity=n + 1, why="received", note=f"Palette {n};", by=None, now=now
            )
    texts = reached(clerk(browse, now), url("product", product.pk))
    assert all(f"Palette {n};" in texts for n in range(21))


def test_a_history_leads_to_its_first_act_with_the_notes_in_their_places(browse, now):
    with inside_operator():
        customer = CustomerFactory()
        for n in range(51):
            write_note(kind="customer", subject_id=customer.pk, text=f"Appel {n};", by=None, now=now)
    texts = reached(clerk(browse, now), url("customer", customer.pk))
    assert all(f"Appel {n};" in texts for n in range(51))


def test_the_day_leads_to_everything_there_is_to_do(browse, now, django_assert_num_queries):
    with inside_operator(), override_urlconf(PUBLIC):
        signed(21, now - timedelta(days=90))
        signed(7, now)
        today = paris_day(now)
        found = todos(today, interest_rates())
        assert len(found) == count(today) > 20
        weights = [row.weight for row in found]
        assert weights == sorted(weights, reverse=True)
        with django_assert_num_queries(8):
            found[:5]
        with django_assert_num_queries(8):
            found[:20]
    client = clerk(browse, now)
    assert client.get("/console/").headers["Location"] == url("todo")
    texts = reached(client, url("todo"))
    assert all(row.url in texts for row in rows_of_the_day(today))


def test_a_schools_page_leads_to_every_invoice(browse, now):
    school = subscribed(now).contract.tenant
    with inside(school):
        head = person_with("administrator", now=now, email="direction@erables.example")
    with inside_operator():
        invoice = Invoice.objects.get()
        copies = _copies(invoice, [invoice.customer], 51)
    texts = reached(browse(school, head), reverse("billing:tenant_invoices", urlconf="config.urls_tenant"))
    assert all(f" {number}<" in texts for number in [invoice.number, *(copy.number for copy in copies)])


def rows_of_the_day(today):
    with inside_operator(), override_urlconf(PUBLIC):
        return list(todos(today, interest_rates()))


@contextmanager
def override_urlconf(name):
    set_urlconf(name)
    yield
    set_urlconf(None)


def test_a_search_says_how_many_of_a_kind_there_are_and_leads_to_all(browse, now):
    with inside_operator():
        contact = signed(FIRST_HITS + 1, now, ContactFactory(customer__name="École Zinnia"))
    client = clerk(browse, now)
    page = client.get(url("search"), {"q": "zinnia"}).content.decode()
    assert f"{FIRST_HITS} sur {FIRST_HITS + 1}" in page
    assert "?q=zinnia&amp;kind=invoices" in page
    texts = reached(client, url("search") + "?q=zinnia&kind=invoices")
    invoices = rows_of(Invoice.objects.filter(customer=contact.customer_id))
    assert all(row.number in texts for row in invoices)
    assert client.get(url("search"), {"q": "", "kind": "invoices"}).status_code == 200


def test_one_kind_of_hits_needs_its_own_right(browse, now):
    with inside_operator():
        signed(1, now, ContactFactory(customer__name="École Zinnia"))
        number = Invoice.objects.get().number
    support = clerk(browse, now, role="support")
    answer = support.get(url("search"), {"q": "zinnia", "kind": "invoices"})
    assert number not in answer.content.decode()


@pytest.fixture
def many(now):
    """Return more overdue invoices than a form has fields, of one customer each."""
    with inside_operator():
        first = invoice_of(order_signed(now=now - timedelta(days=90)))
        customers = CustomerFactory.create_batch(3)
        return first, _copies(first, customers, 2_100)


def _copies(invoice, customers, count):
    """Return so many invoices more, with their lines, each customer in turn."""
    rows = [_copy(invoice, f"FA-9{n:05}", customers[n % len(customers)]) for n in range(count)]
    lines = list(invoice.lines.all())
    type(lines[0]).objects.bulk_create(_copy_of(line, invoice=row) for row in rows for line in lines)
    return Invoice.objects.bulk_create(rows)


def _copy_of(row, **other):
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return type(row)(**values | {"id": uuid4()} | {f"{name}_id": value.pk for name, value in other.items()})


def _copy(invoice, number, customer):
    made = _copy_of(invoice, customer=customer)
    made.order_id = None
    made.number = number
    return made


def test_a_sending_leaves_nobody_out(browse, now, many):
    finance = clerk(browse, now)
    page = finance.get(url("mail_invoices"), {"all": "1"}).content.decode()
    (ids,) = re.findall(r'name="ids" value="([^"]*)"', page)
    assert len(ids.split()) == len(many[1]) + 1
    assert finance.post(url("mail_invoices"), {"ids": ids, "key": uuid4()}).status_code == 302
    with inside_operator():
        (mailing,) = Mailing.objects.all()
        told = {number for row in mailing.rows.all() for _key, number in row.documents}
    assert told == {many[0].number, *(row.number for row in many[1])}


def test_a_sending_that_is_too_long_is_refused_with_its_number(browse, now, monkeypatch):
    with inside_operator():
        signed(3, now - timedelta(days=90))
    monkeypatch.setattr(mailings, "MAX_DOCUMENTS", 2)
    finance = clerk(browse, now)
    for answer in (
        finance.get(url("mail_invoices"), {"all": "1"}, follow=True),
        finance.post(
            url("mail_invoices"),
            {"ids": [row.pk for row in rows_of(Invoice.objects)], "key": uuid4()},
            follow=True,
        ),
    ):
        assert "3 lignes" in answer.content.decode()
    assert not rows_of(Mailing.objects)
