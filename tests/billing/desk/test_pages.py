"""Every page of the console, the portal and a school's account answers, and its forms do what they say."""

import re
from datetime import date, timedelta

import pytest

from agenda.loop import tick
from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.models import Contact, Dispute, InterestClaim, Invoice, Order, Payment, Product, QuoteVersion
from billing.money.policy.days import paris_day
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from demo.factories.billing import (
    ContactFactory,
    CustomerFactory,
    catalogue,
    invoice_of,
    order_signed,
    quote_sent,
)
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from tenants.models import Customer
from tests.billing.support import buyer, clerk, rows_of, url

pytestmark = pytest.mark.django_db

LISTS = ("todo", "quotes", "orders", "invoices", "payments", "customers", "late")

STATES = """quotes:sent orders:cancellable orders:waiting invoices:open invoices:late invoices:paid
invoices:disputed
    invoices:credit_note payments:in_hand payments:credited payments:bounced customers:professional
    late:professional"""


@pytest.fixture
def late_world(now):
    """An order of the summer, unpaid and claimed; a cheque to credit; a quote about to end."""
    then = now - timedelta(days=120)
    with inside_operator():
        late = order_signed(now=then)
        tick(now)
        claim = issue_interest_claim(
            invoice=invoice_of(late), as_of=paris_day(now), by=None, now=now, today=paris_day(now)
        )
        fresh = order_signed(now=now)
        cheque = receive_cheque(
            invoice=invoice_of(fresh),
            amount_cents=5000,
            received_on=paris_day(now),
            reference="7",
            by=None,
            now=now,
        )
        version = quote_sent(now=now, valid_until=date(2026, 11, 20))
    return {"late": late, "claim": claim, "fresh": fresh, "cheque": cheque, "version": version}


def test_lists_answer_empty_and_full(browse, now, late_world):
    client = clerk(browse, now)
    for name in LISTS:
        for query in ("", "?q=zzz", "?q=Érables&sort=-number", "?sort=nonsense&state=nonsense", "?page=1"):
            assert client.get(url(name) + query).status_code == 200, name + query


def test_lists_leave_as_csv(browse, now, late_world):
    client = clerk(browse, now)
    for name in LISTS[1:]:
        answer = client.get(url(name) + "?format=csv")
        assert answer.headers["Content-Type"].startswith("text/csv")
        assert "Érables" in answer.content.decode()


def test_lists_filter_by_state(browse, now, late_world):
    client = clerk(browse, now)
    for asked in STATES.split():
        name, state = asked.split(":")
        assert client.get(url(name) + f"?state={state}").status_code == 200, asked


def test_records_answer(browse, now, late_world):
    client = clerk(browse, now)
    world = late_world
    invoice = rows_of(Invoice.objects.filter(order=world["late"]))[0]
    pages = [
        url("quote", world["version"].pk),
        url("quote_pdf", world["version"].pk),
        url("order", world["late"].pk),
        url("invoice", invoice.pk),
        url("invoice_pdf", invoice.pk),
        url("payment", world["cheque"].pk),
        url("customer", world["late"].customer_id),
        url("customer_edit", world["late"].customer_id),
        url("late_invoice", invoice.pk),
        url("late_invoice", invoice.pk) + "?on=2026-10-01",
        url("interest_claim", world["claim"].pk),
        url("interest_claim_pdf", world["claim"].pk),
        url("customer_new"),
        url("quote_new"),
        url("payment_new"),
        url("payment_new") + f"?invoice={invoice.number}",
        url("quote_new") + f"?customer={world['late'].customer_id}",
    ]
    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        if page.endswith("/pdf/"):
            assert answer.content.startswith(b"%PDF")


def test_the_day_shows_what_is_due(browse, now, late_world):
    page = clerk(browse, now).get(url("todo")).content.decode()
    assert "Devis en attente" in page
    assert "de retard" in page
    assert "Créditer le chèque" in page


def test_the_same_in_english(browse, now, late_world):
    client = clerk(browse, now)
    client.cookies["language"] = "en"
    page = client.get(url("todo")).content.decode()
    assert "Quotes waiting" in page
    assert "Devis" not in page


def _sheet(product, **changed):
    fields = {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "0",
        "lines-MIN_NUM_FORMS": "1",
        "lines-MAX_NUM_FORMS": "100",
        "lines-0-product": str(product.pk),
        "lines-0-quantity": "210",
        "lines-0-description": "",
        "lines-0-unit_net": "",
        "method": "cheque",
        "valid_until": "2026-12-16",
        "payment_days": "30",
        "term_months": "12",
        "language": "fr",
        "act": "save",
        "sites-TOTAL_FORMS": "1",
        "sites-INITIAL_FORMS": "0",
        "sites-0-name": "École du Bac",
        "sites-0-slug": "ecole-du-bac",
        "sites-0-admin_email": "",
    }
    return fields | changed


@pytest.fixture
def desk(browse, now):
    """A clerk at the desk of a new quote."""
    with inside_operator():
        catalogue()
        contact = ContactFactory()
        product = Product.objects.get(key="preau-ecole")
    client = clerk(browse, now)
    return client, url("quote_new") + f"?customer={contact.customer_id}", contact, product


def test_a_quote_is_written_counted_changed_and_sent(desk):
    client, page, contact, product = desk
    counted = client.post(page, _sheet(product, contact=str(contact.pk), act="count"))
    assert (
        "1\u202f252,80" in counted.content.decode() or "1 252,80" in counted.content.decode()
    )  # (1029 + 15) × 1.2
    more = client.post(page, _sheet(product, contact=str(contact.pk), act="add"))
    assert 'name="lines-1-quantity"' in more.content.decode()
    saved = client.post(page, _sheet(product, contact=str(contact.pk)))
    version = rows_of(QuoteVersion.objects.filter(quote__contact=contact))[0]
    assert saved.headers["Location"] == url("quote", version.pk)
    assert version.gross_cents == 125280
    edit = url("quote_edit", version.pk)
    assert client.get(edit).status_code == 200
    client.post(edit, _sheet(product, contact=str(contact.pk), **{"lines-0-unit_net": "5,00"}))
    assert rows_of(QuoteVersion.objects.filter(pk=version.pk))[0].net_cents == 106500
    sent = client.post(url("quote_send", version.pk), follow=True)
    assert "envoyé" in sent.content.decode().lower()
    assert client.get(edit).status_code == 302  # a version that was sent is read, not written


def test_a_quote_says_what_is_wrong(desk):
    client, page, contact, product = desk
    few = client.post(page, _sheet(product, contact=str(contact.pk), **{"lines-0-quantity": "3"}))
    assert few.status_code == 422
    assert "10" in few.content.decode()
    for wrong in (
        {"contact": ""},
        {"lines-0-quantity": "0"},
        {"lines-0-product": "", "lines-0-unit_net": "abc"},
        {"sites-0-slug": ""},
        {"valid_until": "x"},
    ):
        answer = client.post(page, _sheet(product, **{"contact": str(contact.pk), **wrong}))
        assert answer.status_code == 422, wrong
    assert not rows_of(QuoteVersion.objects)


def test_a_buyer_without_address_is_asked_for_it_before_sending(browse, now):
    with inside_operator():
        catalogue()
        contact = ContactFactory(customer=CustomerFactory(street="", siren=""))
        product = Product.objects.get(key="preau-ecole")
    client = clerk(browse, now)
    client.post(
        url("quote_new") + f"?customer={contact.customer_id}", _sheet(product, contact=str(contact.pk))
    )
    version = rows_of(QuoteVersion.objects)[0]
    answer = client.post(url("quote_send", version.pk), follow=True).content.decode()
    assert "SIREN" in answer
    assert rows_of(QuoteVersion.objects)[0].state == "draft"


def test_a_customer_and_a_contact_are_written_down(browse, now):
    client = clerk(browse, now)
    fields = {
        "name": "École du Bac",
        "customer_type": "professional",
        "email": "bac@ecole.example",
        "street": "1 rue du Bac",
        "postcode": "35000",
        "city": "Rennes",
        "country": "fr",
        "siren": "908 000 037",
        "language": "fr",
    }
    assert client.post(url("customer_new"), fields | {"siren": "908000038"}).status_code == 422
    assert client.post(url("customer_new"), fields).status_code == 302
    customer = rows_of(Customer.objects.filter(name="École du Bac"))[0]
    assert (customer.siren, customer.country) == ("908000037", "FR")
    person = {
        "first_name": "Ève",
        "last_name": "Roux",
        "email": "eve@ecole.example",
        "job_title": "directrice",
        "language": "fr",
    }
    assert client.post(url("contact_add", customer.pk), person).status_code == 302
    assert client.post(url("contact_add", customer.pk), person).status_code == 422  # the same address twice
    assert len(rows_of(Contact.objects.filter(customer=customer))) == 1


def test_payments_are_received_credited_and_refused(browse, now, late_world):
    client = clerk(browse, now)
    invoice = rows_of(Invoice.objects.filter(order=late_world["fresh"]))[0]
    fields = {
        "invoice": str(invoice.pk),
        "method": "cheque",
        "amount": "1 249,84",
        "received_on": "2026-11-16",
    }
    assert client.post(url("payment_new"), fields | {"amount": "9999"}).status_code == 422
    assert client.post(url("payment_new"), fields | {"credited_on": "2026-11-16"}).status_code == 422
    assert client.post(url("payment_new"), fields | {"received_on": "2027-01-01"}).status_code == 422
    assert client.post(url("payment_new"), fields).status_code == 302
    payment = rows_of(Payment.objects.filter(amount_cents=124984))[0]
    credit = url("payment_credit", payment.pk)
    assert client.post(credit, {"credit-on": "2026-11-15"}).status_code == 422
    assert client.post(credit, {"credit-on": "2026-11-16"}).status_code == 302
    assert (
        client.post(url("payment_credit", late_world["cheque"].pk), {"credit-on": "2026-11-16"}).status_code
        == 302
    )
    assert rows_of(Order.objects.filter(pk=late_world["fresh"].pk))[0].state == "funded"
    bounce = url("payment_bounce", payment.pk)
    assert client.post(bounce, {"bounce-on": "2026-11-16", "bounce-reason": ""}).status_code == 422
    assert (
        client.post(bounce, {"bounce-on": "2026-11-16", "bounce-reason": "sans provision"}).status_code == 302
    )
    assert rows_of(Order.objects.filter(pk=late_world["fresh"].pk))[0].state == "waiting"


def test_an_invoice_is_deferred_contested_and_claimed(browse, now, late_world):
    client = clerk(browse, now)
    invoice = rows_of(Invoice.objects.filter(order=late_world["late"]))[0]
    dispute = url("dispute_open", invoice.pk)
    assert client.post(dispute, {"dispute-reason": "une journée manque"}).status_code == 302
    assert client.get(url("invoice", invoice.pk)).status_code == 200
    assert (
        client.post(url("dispute_close", invoice.pk), {"dispute-reason": "avoir accordé"}).status_code == 302
    )
    assert rows_of(Dispute.objects)[0].outcome == "avoir accordé"
    defer = url("invoice_extension", invoice.pk)
    assert client.post(defer, {"new_due_on": "2026-01-01", "document": "mail"}).status_code == 422
    draw = url("late_draw", invoice.pk)
    assert client.post(draw, {"on": "2026-11-01"}).status_code == 302
    assert len(rows_of(InterestClaim.objects)) == 1  # what was claimed isn't claimed again
    assert (
        client.post(
            url("formal_notice_new", invoice.pk), {"notice-on": "2026-11-02", "notice-letter": "1A"}
        ).status_code
        == 302
    )
    assert (
        client.post(defer, {"new_due_on": "2026-12-01", "document": "courriel du 12 octobre"}).status_code
        == 302
    )
    gone = client.post(draw, {"on": "2026-11-16"}, follow=True).content.decode()
    assert "Rien n’est dû" in gone


def test_an_order_is_cancelled_from_its_page(browse, now, late_world):
    client = clerk(browse, now)
    order = late_world["late"]
    cancel = url("order_cancel", order.pk)
    assert client.post(cancel, {"reason": ""}).status_code == 422
    assert client.post(cancel, {"reason": "impayée"}).status_code == 302
    assert rows_of(Order.objects.filter(pk=order.pk))[0].state == "cancelled"
    assert "annulée" in client.get(url("order", order.pk)).content.decode()
    refused = client.post(
        url("order_cancel", late_world["fresh"].pk), {"reason": "x"}, follow=True
    ).content.decode()
    assert "ne peut pas être annulée" in refused


def test_nobody_without_the_right_gets_in(browse, now, late_world):
    client = clerk(browse, now, role="support")
    assert client.get(url("invoices")).status_code == 403
    assert browse(None).get(url("invoices")).status_code == 302


def test_the_portal_shows_a_buyer_their_own_documents_only(browse, now, late_world):
    with inside_operator():
        stranger = ContactFactory()
        contact = Contact.objects.select_related("customer").get(pk=late_world["late"].contact_id)
        version = late_world["version"]
        head = version.quote.contact
    invoice = rows_of(Invoice.objects.filter(order=late_world["late"]))[0]
    client = buyer(browse, contact)
    order = late_world["late"]
    for page in (
        url("portal"),
        url("portal_quotes"),
        url("portal_invoices"),
        url("portal_order", order.pk),
        url("portal_invoice", invoice.pk),
        url("portal_invoice_pdf", invoice.pk),
        url("portal_quote", order.version_id),
        url("portal_quote_pdf", order.version_id),
    ):
        assert client.get(page).status_code == 200, page
        assert buyer(browse, stranger).get(page).status_code == (
            404 if "-" in page.rsplit("/portal", 1)[1] else 200
        )
        assert browse(None).get(page).status_code == 302
    assert buyer(browse, head).get(url("portal_quote", version.pk)).status_code == 200


def test_a_draft_is_not_shown_in_the_portal(browse, desk):
    client, page, contact, product = desk
    client.post(page, _sheet(product, contact=str(contact.pk)))
    version = rows_of(QuoteVersion.objects)[0]
    assert buyer(browse, contact).get(url("portal_quote", version.pk)).status_code == 404


def test_the_door_says_the_same_to_everyone(browse, now):
    with inside_operator():
        contact = ContactFactory(email="eve@erables.example")
    client = browse(None)
    known = client.post(url("portal_sign_in"), {"email": "EVE@erables.example"}).content.decode()
    unknown = client.post(url("portal_sign_in"), {"email": "eva@erables.example"}).content.decode()
    token = r'value="(?:\w{64}|[0-9a-f-]{36})"'
    assert re.sub(token, "", known.replace("EVE@", "")) == re.sub(token, "", unknown.replace("eva@", ""))
    assert client.get(url("portal_sign_in_link", "nonsense")).status_code == 410
    with inside_operator():
        Contact.objects.filter(pk=contact.pk).update(link_version=2)
    from billing.customers.gateways.portal_link import token_for

    assert client.get(url("portal_sign_in_link", token_for(contact))).status_code == 410
    assert client.post(url("portal_sign_in_link", token_for(contact))).status_code == 410


def test_a_school_reads_its_licences_and_invoices(browse, now, school):
    with inside_operator():
        order = order_signed(now=now)
        cheque = receive_cheque(
            invoice=invoice_of(order),
            amount_cents=order.gross_cents,
            received_on=paris_day(now),
            reference="",
            by=None,
            now=now,
        )
        clear_payment(
            payment_id=cheque.id, credited_on=paris_day(now), by=None, now=now, today=paris_day(now)
        )
        tick(now)
        order.refresh_from_db()
        tenant_id = order.sites.get().tenant_id
        from tenants.models import Tenant

        tenant = Tenant.objects.get(pk=tenant_id)
    invoice = rows_of(Invoice.objects.filter(order=order))[0]
    with inside(tenant):
        head = person_with(now=now, username="tete")
    with inside(school):
        neighbour = person_with(now=now, username="voisine")
    client = browse(tenant, head)
    assert client.get("/licences/").status_code == 200
    assert invoice.number in client.get("/invoices/").content.decode()
    pdf = client.get(f"/invoices/{invoice.pk}/pdf/")
    assert pdf.content.startswith(b"%PDF")
    other = browse(school, neighbour)
    assert invoice.number not in other.get("/invoices/").content.decode()
    assert other.get(f"/invoices/{invoice.pk}/pdf/").status_code == 404


def test_support_names_nobody_who_may_sign(browse, now):
    """Who signs and pays for a customer is money's word: support sees them, and adds nobody."""
    with inside_operator():
        customer = CustomerFactory()
    support = clerk(browse, now, "support")
    page = support.get(url("customer", customer.pk))
    assert page.status_code == 200
    assert url("contact_add", customer.pk) not in page.content.decode()
    spy = {"email": "autre@exemple.example", "first_name": "A", "last_name": "B", "language": "fr"}
    assert support.post(url("contact_add", customer.pk), spy).status_code == 403
    assert support.post(url("customer_edit", customer.pk), {"name": "Autre"}).status_code == 403
    assert rows_of(customer.contacts.all()) == []


def test_amounts_leave_as_the_readers_spreadsheet_counts_them(browse, now, late_world):
    """Amounts have the reader's decimal mark and a column for their currency, in every list of money."""
    client = clerk(browse, now)
    for name in ("quotes", "orders", "invoices", "payments", "late"):
        [header, *rows] = client.get(url(name) + "?format=csv").content.decode("utf-8-sig").splitlines()
        place = header.split(";").index("Devise")
        assert {row.split(";")[place] for row in rows} <= {"EUR"}, name
        assert not any(re.search(r"(^|;)-?\d+\.\d\d(;|$)", row) for row in rows), name
    shown = client.get(url("invoices") + "?format=csv").content.decode("utf-8-sig")
    assert re.search(r";\d+,\d\d;", shown)
