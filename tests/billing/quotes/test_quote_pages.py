"""The desk, the customer's form, amendments and signed PDFs, as finance and buyers use them."""

import html
import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from billing.catalogue.actions.price_lines import LineDraft
from billing.models import Contact, Order, Product, Quote, QuoteLine, QuoteVersion, Signature
from contracts.templatetags.ui import money_text
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue, order_signed, quote_sent
from isolation.context import inside_operator
from tenants.models import Contract, Customer
from tests.billing.support import buyer, clerk, rows_of, url
from tests.clauses.stage import plain
from tests.pdfs import PDF, pdf_of

pytestmark = pytest.mark.django_db
CUSTOMER = {
    "name": "Commune de Vaubrun",
    "customer_type": "public_body",
    "email": "mairie@vaubrun.example",
    "street": "1 place Haute",
    "postcode": "35000",
    "city": "Rennes",
    "country": "FR",
    "siren": "21359990500014",
    "language": "fr",
}


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"siren": ""}, "SIREN"),
        ({"siren": "213599905"}, "SIRET"),  # a public body's invoices go by its SIRET
        ({"siren": "21359990500015"}, "clé"),
        ({"customer_type": "professional", "siren": ""}, "SIREN"),
        (
            {"customer_type": "professional", "country": "BE", "postcode": "1000", "siren": "213599905"},
            "SIREN",
        ),
        (
            {
                "customer_type": "professional",
                "country": "BE",
                "postcode": "1000",
                "siren": "",
                "vat_number": "BE0000000000",
            },
            "TVA",
        ),
        ({"country": "ZZ"}, "choix"),
        ({"name": "Commune\u202ede Vaubrun"}, "8 (U+202E)"),
        ({"signatory": "\ufffdve Le Goff"}, "1 (U+FFFD)"),
        ({"subdivision": "NOWHERE"}, "jours fériés"),
    ],
)
def test_a_customer_is_asked_what_its_kind_and_country_need(browse, now, changed, asked):
    answer = clerk(browse, now).post(url("customer_new"), CUSTOMER | changed)
    assert answer.status_code == 422
    assert asked in answer.content.decode()


def test_nobody_asks_a_consumer_or_a_client_abroad_for_a_siren(browse, now):
    client = clerk(browse, now)
    for changed in (
        {"customer_type": "consumer", "siren": ""},
        {"customer_type": "professional", "country": "BE", "postcode": "1000", "siren": ""},
    ):
        assert client.post(url("customer_new"), CUSTOMER | changed).status_code == 302, changed


def test_the_signatory_of_a_customer_can_sign_at_once(browse, now):
    client = clerk(browse, now)
    client.post(url("customer_new"), CUSTOMER | {"signatory": "Ève Le Goff", "job_title": "maire"})
    customer = rows_of(Customer.objects.filter(name="Commune de Vaubrun"))[0]
    assert (customer.siren, customer.siret) == ("213599905", "21359990500014")
    contact = rows_of(Contact.objects.filter(customer=customer))[0]
    told = (contact.first_name, contact.last_name, contact.job_title, contact.email)
    assert told == ("Ève", "Le Goff", "maire", "mairie@vaubrun.example")
    assert "Ève Le Goff" in client.get(url("quote_new") + f"?customer={customer.pk}").content.decode()
    client.post(
        url("customer_edit", customer.pk), CUSTOMER | {"signatory": "Anne Roux", "job_title": "maire"}
    )
    assert [each.name for each in rows_of(Contact.objects.filter(customer=customer))] == ["Anne Roux"]


@pytest.fixture
def desk(browse, now):
    """A clerk at the desk of a commune."""
    with inside_operator():
        catalogue()
        contact = ContactFactory(
            customer=CustomerFactory(customer_type="public_body", siret="21359990500014")
        )
        product = Product.objects.get(key="preau-ecole")
    return clerk(browse, now), url("quote_new") + f"?customer={contact.customer_id}", contact, product


def sheet(contact, product, **changed):
    fields = {
        "contact": str(contact.pk),
        "method": "transfer",
        "valid_until": "2026-12-16",
        "payment_days": "30",
        "term_months": "12",
        "language": "fr",
        "act": "save",
        "discount": "5 %",
        "shipping": "9,90",
        "warranty": "Échange sous 48 h.",
        "extended_until": "2027-02-15",
        "purchase_order_reference": "ENG-7",
        "sites-TOTAL_FORMS": "2",
        "sites-INITIAL_FORMS": "0",
        "sites-0-name": "École du Bac",
        "sites-0-slug": "bac",
        "sites-0-admin_email": "bac@commune.example",
        "sites-1-name": "École du Pré",
        "sites-1-slug": "pre",
        "sites-1-admin_email": "",
        "lines-TOTAL_FORMS": "2",
        "lines-INITIAL_FORMS": "0",
        "lines-0-product": str(product.pk),
        "lines-0-quantity": "120",
        "lines-0-description": "",
        "lines-0-unit_net": "",
        "lines-0-site": "0",
        "lines-1-product": str(product.pk),
        "lines-1-quantity": "80",
        "lines-1-description": "",
        "lines-1-unit_net": "",
        "lines-1-site": "1",
    }
    return fields | changed


def test_a_commune_and_its_schools_on_one_quote(desk):
    client, page, contact, product = desk
    saved = client.post(page, sheet(contact, product))
    assert saved.status_code == 302
    version = rows_of(QuoteVersion.objects)[0]
    assert version.net_cents == 200 * 490 - 4900 + 990
    assert version.buyer["engagement"] == "ENG-7"
    again = client.get(url("quote_edit", version.pk)).content.decode()
    for kept in (
        "École du Pré",
        "bac@commune.example",
        "5\u00a0%",
        "9,90",
        "Échange sous 48 h.",
        "2027-02-15",
        "ENG-7",
    ):
        assert kept in again or kept.replace("\u00a0", " ") in again, kept
    read = client.get(url("quote", version.pk)).content.decode()
    assert "École du Bac" in read
    assert client.get(url("quote_pdf", version.pk)).content.startswith(b"%PDF")


@pytest.mark.parametrize(("quantity", "said"), [("80", True), ("1", False), ("", False)])
def test_a_quantity_of_nothing_is_never_dropped_without_a_word(desk, quantity, said):
    client, page, contact, product = desk
    typed = {"lines-1-product": "", "lines-1-quantity": quantity}
    answer = client.post(page, sheet(contact, product, **typed))
    assert ("Dites de quoi, ou videz cette ligne" in plain(answer.text)) is said


def test_sites_and_lines_come_and_go_and_prices_come_from_the_list(desk):
    client, page, contact, product = desk
    more = client.post(page, sheet(contact, product, act="site-add")).content.decode()
    assert 'name="sites-2-name"' in more
    assert 'name="lines-2-site"' in more
    fewer = client.post(page, sheet(contact, product, act="site-remove-0")).content.decode()
    assert "École du Bac" not in fewer
    assert 'name="sites-1-name"' not in fewer
    assert 'name="lines-1-product"' not in fewer  # its line went with it
    priced = client.post(
        page, sheet(contact, product, act="price-0", **{"lines-0-unit_net": "99,00"})
    ).content.decode()
    assert 'name="lines-0-unit_net" value="4,90"' in priced
    counted = client.post(page, sheet(contact, product, act="count")).content.decode()
    assert "Remise de 5" in counted
    assert "Livraison" in counted


def test_the_desk_says_what_is_wrong_with_sites_and_discounts(desk, school):
    client, page, contact, product = desk
    for changed, words in (
        ({"sites-1-slug": "bac"}, "même adresse"),
        ({"sites-1-slug": school.slug}, "autre client"),
        ({"lines-1-site": "0"}, "Aucune ligne"),
        ({"lines-0-site": ""}, "Choisissez sous «\u202fPour\u202f»"),
        ({"discount": "beaucoup"}, "pourcentage"),
        ({"discount": "99999999"}, "dépasse"),
        ({"sites-1-slug": ""}, "adresse web"),
        ({"sites-1-name": "École\u200b du Pré"}, "6 (U+200B)"),
        ({"lines-1-description": "Une\u202e visite"}, "4 (U+202E)"),
    ):
        answer = client.post(page, sheet(contact, product, **changed))
        assert answer.status_code == 422, changed
        assert words in answer.content.decode(), changed
    assert not rows_of(QuoteVersion.objects)


FREE = {
    "lines-1-product": "",
    "lines-1-description": "Une visite",
    "lines-1-unit_net": "120",
    "lines-1-site": "",
}


def test_counting_refuses_a_free_line_where_saving_does_and_only_there(desk):
    client, page, contact, product = desk
    one = {"sites-TOTAL_FORMS": "1"}
    counted = client.post(page, sheet(contact, product, act="count", **one, **FREE)).content.decode()
    assert "rien qui se lise" not in counted
    assert "Remise de 5" in counted
    assert client.post(page, sheet(contact, product, **one, **FREE)).status_code == 302
    for words in ("", "\u200b", "x" * 501):
        wrong = FREE | {"lines-1-description": words}
        assert client.post(page, sheet(contact, product, **one, **wrong)).status_code == 422, words
        counted = client.post(page, sheet(contact, product, act="count", **one, **wrong)).content.decode()
        assert ("rien qui se lise" in counted) == (not words), words
        assert ("n’est pas comptée" in counted) == bool(words), words


@pytest.fixture
def running(browse, now, school):
    """A contract that runs for a school, and who signs for its customer."""
    with inside_operator():
        catalogue()
        contact = ContactFactory()
        contract = Contract.objects.create(
            customer=contact.customer,
            tenant=school,
            profile_key="school",
            profile_version="2025-09-01",
            licences=100,
            starts_on="2026-09-01",
            ends_on="2027-09-01",
            state="running",
            created_at=now,
        )
    return clerk(browse, now), contact, contract


def test_an_amendment_shows_price_and_effect_before_and_changes_the_contract_when_paid(running, browse, now):
    client, contact, contract = running
    page = url("amend", contact.customer_id)
    name = f"contract-{contract.pk}"
    assert "100" in client.get(page).content.decode()
    asked = {
        "contact": str(contact.pk),
        "method": "transfer",
        "valid_until": "2026-11-30",
        "payment_days": "30",
        "language": "fr",
        f"{name}-licences_after": "130",
        f"{name}-term_price": "4,90",
    }
    shown = client.post(page, asked | {"act": "count"}).content.decode()
    assert "de 100 à 130 licences" in shown
    assert "275 jours sur les 365" in shown
    assert "110,70" in shown  # 30 × 3.69
    assert not rows_of(QuoteVersion.objects)
    for wrong in (
        {f"{name}-licences_after": "90"},
        {f"{name}-licences_after": "100"},
        {"valid_until": "2027-10-01"},
    ):
        assert client.post(page, asked | wrong).status_code == 422, wrong
    two = client.post(page, asked | {f"{name}-term_price": "x", "new-slug": "pre"}).content.decode()
    text, links = summary_of(two)
    assert "3 points à corriger" in text  # the price, the new school's name, its licences
    assert links[0] == (
        f"id_{name}-term_price",
        f"Prix d’une licence pour une durée entière, HT, {contract.tenant.name}",
    )
    assert client.post(page, asked).status_code == 302
    version = rows_of(QuoteVersion.objects)[0]
    edit = url("amendment_edit", version.pk)
    assert client.get(url("quote_edit", version.pk)).headers["Location"] == edit
    assert 'value="130"' in client.get(edit).content.decode()
    assert client.post(edit, asked | {f"{name}-licences_after": "125"}).status_code == 302
    client.post(url("quote_send", version.pk))
    assert client.get(edit).status_code == 302
    portal = buyer(browse, contact)
    assert "contrats en cours" in portal.get(url("portal_quote", version.pk)).content.decode()
    signed = {"name": "Solène Marchetti", "job_title": "directrice", "terms": "on", "firm": "on"}
    portal.post(url("portal_quote", version.pk), signed)
    assert rows_of(Contract.objects.filter(pk=contract.pk))[0].licences == 100  # until it is paid
    order = rows_of(Order.objects)[0]
    assert "Les licences s’ajoutent" in portal.get(url("portal_order", order.pk)).content.decode()


def upload(name="devis.pdf", content=PDF, **changed):
    details = {"name": "Ève Roux", "job_title": "maire", "signed_on": "2026-11-16"} | changed
    return details | {"document": SimpleUploadedFile(name, content, content_type="application/pdf")}


@pytest.mark.paper
def test_finance_puts_the_signed_paper_with_its_quote(browse, now):
    with inside_operator():
        version = quote_sent(now=now)
    client = clerk(browse, now)
    page = url("quote_upload", version.pk)
    for wrong in (
        upload(content=b"<html>"),
        upload(content=b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"),
        upload(content=pdf_of(script="app.alert(1)")),
        upload(content=b"%PDF-" + b"0" * (10 * 1024 * 1024 + 1)),
        upload(signed_on="2026-11-20"),
        upload() | {"document": ""},
    ):
        assert client.post(page, wrong).status_code == 422
    assert not rows_of(Signature.objects)
    assert client.get(url("quote_signed", version.pk)).headers["Location"] == url(
        "quote", version.pk
    )  # none yet
    done = client.post(page, upload())
    order = rows_of(Order.objects)[0]
    assert done.headers["Location"] == url("order", order.pk)
    read = client.get(url("quote_signed", version.pk))
    assert read.content == PDF
    assert read.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in read.headers["Content-Security-Policy"]
    assert client.post(page, upload()).headers["Location"] == url("quote", version.pk)  # it is signed already
    signature = rows_of(Signature.objects)[0]
    assert signature.received_by is not None


@pytest.mark.paper
def test_the_buyer_sends_it_and_nobody_else_reads_it(browse, now):
    with inside_operator():
        contact = ContactFactory()
        stranger = ContactFactory()
        version = quote_sent(contact, now=now)
    page = url("portal_upload", version.pk)
    assert buyer(browse, stranger).post(page, upload(terms="on")).status_code == 404
    client = buyer(browse, contact)
    assert client.post(page, upload()).headers["Location"] == url(
        "portal_quote", version.pk
    )  # terms not ticked
    assert not rows_of(Signature.objects)
    client.post(page, upload(terms="on"))
    signature = rows_of(Signature.objects)[0]
    assert (signature.how, signature.received_by, signature.contact_id) == ("upload", None, contact.pk)
    assert client.get(url("portal_signed", version.pk)).content == PDF
    assert buyer(browse, stranger).get(url("portal_signed", version.pk)).status_code == 404
    assert browse(None).get(url("portal_signed", version.pk)).status_code == 302


def test_a_signed_order_offers_no_second_signature(browse, now):
    with inside_operator():
        order = order_signed(now=now)
    page = clerk(browse, now).get(url("quote", order.version_id)).content.decode()
    assert "Retirer ce devis" not in page
    assert "signé sur papier" not in page


def test_the_customer_of_a_quote_is_found_by_searching_however_many_there_are(browse, now, db):
    with inside_operator():
        for n in range(60):
            CustomerFactory(name=f"École {n:02}", city="Nantes")
        last = CustomerFactory(name="Île de Sein", city="Brest")
    client = clerk(browse, now)
    first = client.get(url("quote_new")).content.decode()
    assert f"?customer={last.pk}" not in first
    assert f"?customer={last.pk}" in client.get(url("quote_new") + "?q=sein+brest").content.decode()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"lines-0-unit_net": "999999999,99"}, "Ce montant n’est pas possible ici"),
        ({"lines-0-quantity": "1000000", "lines-0-unit_net": "20000000"}, "21 474 836,47"),
        ({"lines-0-quantity": "1", "lines-0-unit_net": "21474836,47"}, "21 474 836,47"),  # a total over it
        ({"shipping": "999999999"}, "Ce montant n’est pas possible ici"),
        ({"discount": "NaN %"}, "pourcentage"),
        (
            {"lines-0-product": "", "lines-0-description": "\u200b \u2060", "lines-0-unit_net": "1"},
            "1 (U+200B)",
        ),
        ({"lines-0-product": "", "lines-0-description": "\u3164", "lines-0-unit_net": "1"}, "1 (U+3164)"),
        ({"lines-0-description": "\u200b"}, "1 (U+200B)"),
        ({"payment_days": "31"}, "au plus 30 jours"),
        ({"payment_days": "61"}, "60"),
    ],
)
def test_what_no_document_can_say_is_refused_with_words(desk, changed, said):
    client, page, contact, product = desk
    answer = client.post(page, sheet(contact, product, **changed))
    assert answer.status_code == 422
    words = plain(answer.content.decode()).replace("\u202f", " ").replace("\u00a0", " ")
    assert said in words, words[:3000]
    assert not rows_of(QuoteVersion.objects)
    counted = client.post(page, sheet(contact, product, **changed, act="count"))
    assert counted.status_code in {200, 422}


def test_another_client_has_up_to_sixty_days(browse, now):
    with inside_operator():
        catalogue()
        contact = ContactFactory()
        product = Product.objects.get(key="preau-ecole")
    page = url("quote_new") + f"?customer={contact.customer_id}"
    client = clerk(browse, now)
    assert client.post(page, sheet(contact, product, payment_days="61")).status_code == 422
    assert client.post(page, sheet(contact, product, payment_days="60")).status_code == 302
    assert rows_of(QuoteVersion.objects)[0].payment_days == 60


def summary_of(page):
    """Return the summary of errors on top of a page: its heading, and each error with where it leads."""
    box = re.search(r'<div class="error-summary".*?</div>', page, re.DOTALL)
    assert box, page[:2000]
    links = re.findall(r'<li><a href="#([^"]+)">([^<]+)</a>', box[0])
    return plain(box[0]), links


def test_the_summary_of_errors_counts_those_of_lines_and_sites_and_leads_to_each(desk):
    client, page, contact, product = desk
    wrong = {"valid_until": "", "lines-0-quantity": "0", "lines-1-unit_net": "abc", "sites-1-slug": ""}
    text, links = summary_of(client.post(page, sheet(contact, product, **wrong)).content.decode())
    assert text.strip().startswith("4 points à corriger")
    assert [anchor for anchor, _label in links] == [
        "id_valid_until",
        "id_sites-1-slug",
        "id_lines-0-quantity",
        "id_lines-1-unit_net",
    ]
    labels = [label for _anchor, label in links]
    assert labels[1:] == ["Son adresse web, site 2", "Quantité, ligne 1", "Prix unitaire HT, ligne 2"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"lines-1-quantity": "0"},
        {"lines-1-unit_net": "abc"},
        {"lines-1-quantity": ""},
        {"lines-1-product": "", "lines-1-unit_net": "5"},
        {"sites-1-slug": "bac"},
        {"lines-1-site": "0"},
        {"lines-0-site": ""},
        {"method": "cheque", "lines-0-quantity": "1", "lines-1-quantity": "1"},
    ],
)
def test_to_count_refuses_what_saving_refuses_and_shows_where(desk, wrong):
    client, page, contact, product = desk
    saved = client.post(page, sheet(contact, product, **wrong))
    counted = client.post(page, sheet(contact, product, act="judge", **wrong))
    assert (counted.status_code, saved.status_code) == (422, 422)
    assert summary_of(counted.content.decode()) == summary_of(saved.content.decode())
    assert not rows_of(QuoteVersion.objects)


def test_to_count_keeps_nothing_where_saving_would_keep_it(desk):
    client, page, contact, product = desk
    counted = client.post(page, sheet(contact, product, act="judge"))
    assert counted.status_code == 200
    assert "error-summary" not in counted.content.decode()
    assert "Remise de 5" in counted.content.decode()
    assert not rows_of(QuoteVersion.objects)
    client.post(page, sheet(contact, product))
    assert rows_of(Quote.objects)[0].number.endswith("-000001")  # no number is lost by it


def test_totals_that_follow_the_typing_say_which_line_they_leave_out(desk):
    client, page, contact, product = desk
    fields = sheet(contact, product, act="count", **{"lines-1-unit_net": "abc"})
    answer = client.post(page, fields)
    assert answer.status_code == 200
    totals = answer.content.decode().split('id="totals"')[1]
    assert "La ligne 2 n’est pas comptée" in plain(totals)
    assert "n’est pas comptée" not in client.post(page, sheet(contact, product, act="count")).content.decode()


def test_what_lacks_is_mended_in_one_step_and_the_draft_looks_anew(desk):
    client, page, contact, product = desk
    with inside_operator():
        Customer.objects.filter(pk=contact.customer_id).update(siren="", siret="")
    client.post(page, sheet(contact, product))
    version = rows_of(QuoteVersion.objects)[0]
    here = url("quote", version.pk)
    mend = url("customer_edit", contact.customer_id) + f"?next={here}"
    assert client.post(url("quote_send", version.pk)).headers["Location"] == here
    shown = client.get(here).content.decode()
    assert "SIREN" in shown
    assert f'href="{html.escape(mend)}"' in shown

    # mended there, one is back at the quote, and it can be sent without being saved again
    answer = client.post(mend, CUSTOMER | {"siren": "21359990500014"})
    assert answer.headers["Location"] == here
    shown = client.get(here).content.decode()
    assert mend not in html.unescape(shown)
    client.post(url("quote_send", version.pk))
    version = rows_of(QuoteVersion.objects)[0]
    assert (version.state, version.buyer["siret"]) == ("sent", "21359990500014")
    assert version.buyer["engagement"] == "ENG-7"  # what was agreed on the quote stays


def test_a_draft_whose_client_moved_is_saved_again_before_it_is_sent(desk):
    client, page, contact, product = desk
    client.post(page, sheet(contact, product))
    version = rows_of(QuoteVersion.objects)[0]
    with inside_operator():
        Customer.objects.filter(pk=contact.customer_id).update(
            country="BE", email="a@b.example", siret="", siren=""
        )
    client.post(url("quote_send", version.pk))
    assert rows_of(QuoteVersion.objects)[0].state == "draft"
    shown = client.get(url("quote", version.pk)).content.decode()
    assert "enregistrez-le de nouveau" in shown
    assert url("quote_edit", version.pk) in shown


def test_nobody_is_led_away_from_a_customers_form(desk):
    client, _page, contact, _product = desk
    away = client.post(
        url("customer_edit", contact.customer_id) + "?next=https://elsewhere.example/", CUSTOMER
    )
    assert away.headers["Location"] == url("customer", contact.customer_id)


def errors_in(page):
    """Return where each error of a summary leads, in its order."""
    return [anchor for anchor, _label in summary_of(page)[1]]


def test_all_that_is_wrong_is_said_in_one_round_in_the_order_of_the_page(desk):
    client, page, contact, product = desk
    wrong = {
        "method": "cheque",
        "valid_until": "2020-01-01",
        "term_months": "x",
        "sites-1-slug": "bac",
        "lines-0-quantity": "1",
        "lines-1-quantity": "1",
        "lines-1-unit_net": "abc",
        "discount": "150 %",
        "shipping": "-5",
        "payment_days": "31",
        "extended_until": "2020-01-02",
        "deliver_by": "2020-01-03",
    }
    for act in ("save", "judge"):
        answer = client.post(page, sheet(contact, product, act=act, **wrong))
        assert answer.status_code == 422
        assert errors_in(answer.content.decode()) == [
            "id_method",
            "id_valid_until",
            "id_term_months",
            "id_sites-1-slug",
            "id_lines-1-unit_net",
            "id_discount",
            "id_shipping",
            "id_payment_days",
            "id_extended_until",
            "id_deliver_by",
        ], act
    assert not rows_of(QuoteVersion.objects)


@pytest.mark.parametrize(
    ("wrong", "where", "words"),
    [
        ({"discount": "150 %"}, "id_discount", "de 0 à 100"),
        ({"discount": "-5 %"}, "id_discount", "de 0 à 100"),
        ({"discount": "-5"}, "id_discount", "négatif"),
        ({"discount": "99999999"}, "id_discount", "dépasse"),
        ({"valid_until": "2020-01-01"}, "id_valid_until", "passé"),
        ({"shipping": "-1"}, "id_shipping", "négatif"),
        ({"lines-0-unit_net": "-900", "discount": ""}, "id_lines-0-unit_net", "en dessous de zéro"),
        ({"payment_days": "31"}, "id_payment_days", "30 jours"),
        ({"method": "cheque", "lines-0-quantity": "1", "lines-1-quantity": "1"}, "id_method", "chèque"),
        ({"sites-1-slug": "bac"}, "id_sites-1-slug", "même adresse"),
        ({"lines-1-site": "0"}, "id_sites-1-name", "Aucune ligne"),
        ({"sites-1-name": "", "sites-1-slug": ""}, "id_lines-1-site", "Complétez le site 2"),
        ({"lines-0-site": ""}, "id_lines-0-site", "Pour"),
    ],
)
def test_saving_and_counting_refuse_the_same_and_lead_to_the_field(desk, wrong, where, words):
    client, page, contact, product = desk
    for act in ("save", "judge"):
        answer = client.post(page, sheet(contact, product, act=act, **wrong))
        text, links = summary_of(answer.content.decode())
        assert (answer.status_code, [anchor for anchor, _label in links]) == (422, [where]), act
        assert words in text, act
    assert not rows_of(QuoteVersion.objects)


def test_nothing_is_said_of_a_line_nobody_touched(desk):
    client, page, contact, product = desk
    assert "n’est pas comptée" not in client.get(page).content.decode()
    empty = {"lines-1-product": "", "lines-1-quantity": "1", "lines-1-site": ""}
    counted = client.post(page, sheet(contact, product, act="count", **empty)).content.decode()
    assert "n’est pas comptée" not in counted


def test_a_line_left_empty_is_no_line_of_the_quote(desk):
    client, page, contact, product = desk
    one = {"sites-TOTAL_FORMS": "1", "lines-1-product": "", "lines-1-quantity": "1", "lines-1-site": ""}
    assert client.post(page, sheet(contact, product, **one)).status_code == 302
    assert len([row for row in rows_of(QuoteLine.objects) if row.kind == "product"]) == 1


def options_of(page, name):
    """Return the words a select of a page offers."""
    box = re.search(rf'<select name="{name}".*?</select>', page, re.DOTALL)
    assert box
    return [plain(each).strip() for each in re.findall(r"<option.*?</option>", box[0], re.DOTALL)]


def test_a_way_to_pay_is_listed_once(running, browse, now):
    client, contact, _contract = running
    for page in (url("quote_new") + f"?customer={contact.customer_id}", url("amend", contact.customer_id)):
        assert options_of(client.get(page).content.decode(), "method") == [
            "chèque",
            "virement",
            "carte",
            "prélèvement SEPA",
        ], page


def test_the_console_shows_a_single_school_and_where_things_go(desk):
    client, page, contact, product = desk
    one = {"sites-TOTAL_FORMS": "1", "lines-1-product": "", "lines-1-quantity": "1", "lines-1-site": ""}
    goes_to = {"street": "2 quai Sud", "postcode": "35400", "city": "Saint-Malo", "country": "FR"}
    typed = one | {f"delivery_{name}": value for name, value in goes_to.items()}
    assert client.post(page, sheet(contact, product, **typed)).status_code == 302
    version = rows_of(QuoteVersion.objects)[0]
    read = plain(client.get(url("quote", version.pk)).content.decode())
    assert "Adresse de livraison 2 quai Sud 35400 Saint-Malo" in read
    assert "École ou structure École du Bac bac · bac@commune.example" in read


def test_the_desk_names_what_is_not_paid_so(desk):
    client, page, contact, product = desk
    with inside_operator():
        Product.objects.filter(pk=product.pk).update(methods=["transfer"])
        name = product.name_fr
    for act in ("save", "judge"):
        answer = client.post(page, sheet(contact, product, act=act, method="card"))
        assert answer.status_code == 422
        assert f"Ne se paie pas ainsi\u00a0: {name}." in html.unescape(answer.content.decode())


def test_boxes_left_unticked_lead_to_the_summary_of_errors(browse, now):
    with inside_operator():
        contact = ContactFactory()
        version = quote_sent(contact, now=now)
    answer = buyer(browse, contact).post(
        url("portal_quote", version.pk), {"name": "Ève", "job_title": "maire"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'class="error-summary"' in page
    assert 'action="#' not in page  # a place named in the address would take the focus


@pytest.mark.paper
@pytest.mark.parametrize("count", [1, 9, 14, 22])
def test_the_box_to_sign_in_always_stands_with_the_total(browse, now, count):
    with inside_operator():
        price = catalogue().prices.base().get(product__key="formation-jour")
        lines = [LineDraft(price.product_id, f"Jour {n}", 1, 1000 + n) for n in range(count)]
        version = quote_sent(now=now, lines=lines)
        total = plain(money_text(version.gross_cents or 0, version.currency))
    content = clerk(browse, now).get(url("quote_pdf", version.pk)).content
    pages = [plain(page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]
    (signed_on,) = [page for page in pages if "bon pour accord" in page]
    assert total in signed_on.split("bon pour accord")[1]
