"""What finance finds on its desk: late, disputed, not due yet, waiting for a signature, cancellable."""

from datetime import timedelta
from typing import Any

from billing.accounting.actions.close_period import close_period
from billing.accounting.queries.closing import closable
from billing.catalogue.actions.price_lines import LineDraft
from billing.collections.actions.dispute import open_dispute
from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.collections.actions.record_formal_notice import record_formal_notice
from billing.customers.actions.mark_reference import mark_reference
from billing.desk.actions.write_note import write_note
from billing.models import Contact, Invoice, Order, Price
from billing.payments.actions.record_transfer import record_transfer
from billing.quotes.actions.request_quote import QuoteRequestData, request_quote
from billing.quotes.actions.write_quote import write_quote
from demo.factories.billing import draft_for, invoice_of, order_signed, quote_sent
from demo.world.cast import ASSOCIATION, COMMUNE
from demo.world.days import Days
from tenants.models import Customer

STREET = {"street": "3 rue du Bac", "postcode": "35000", "city": "Villeneuve-les-Tilleuls"}


def train_the_association(days: Days) -> None:
    """Sell the association two days of training that nobody pays."""
    _training(Contact.objects.get(customer__name=ASSOCIATION), days, ago=78, count=2)


def train_it_again(days: Days) -> None:
    """Sell it one day more, paid late; a family of its name may be shown as a reference."""
    association = Contact.objects.get(customer__name=ASSOCIATION)
    _training(association, days, ago=76, count=1)
    mark_reference(
        customer_id=association.customer_id,
        name=ASSOCIATION,
        logo=None,
        agreed_on=days.ago(70),
        by=None,
        now=days.at(70),
        word="la directrice, par courriel",
    )


def train_a_campus(days: Days) -> None:
    """Sell a campus training of which it contests a day."""
    campus = _contact(days, "Institut Hérault-Delcamp", "908000037", "Armand", "Delcamp", "gestionnaire")
    contested = invoice_of(_training(campus, days, ago=60, count=3))
    open_dispute(about=contested, reason="La troisième journée n’a pas eu lieu.", by=None, now=days.at(21))
    words = "La formatrice confirme : deux journées données, la troisième reportée en janvier."
    write_note(kind="invoice", subject_id=contested.pk, text=words, by=None, now=days.at(20))


def close_what_is_over(days: Days) -> None:
    """Close every month that is over but the last, which waits for the accountant."""
    for ends_on in closable(days.today)[:-1]:
        close_period(ends_on=ends_on, by=None, now=days.now, today=days.today)


def press_the_association(days: Days) -> None:
    """Give it formal notice to pay the first; the second it pays, eleven days after its time."""
    first, second = Invoice.objects.filter(customer__name=ASSOCIATION, kind="invoice").order_by("issued_on")[
        1:
    ]
    record_formal_notice(
        invoice=first, sent_on=days.ago(30), letter="1A 200 417 0042 1", by=None, now=days.at(30)
    )
    _pay_late(second, days)


def claim_interest(days: Days) -> None:
    """Draw up the interest of what was paid late."""
    paid = Invoice.objects.filter(customer__name=ASSOCIATION, kind="invoice").latest("issued_on")
    issue_interest_claim(invoice=paid, as_of=days.ago(1), by=None, now=days.at(1), today=days.ago(1))


def sign_and_forget(days: Days) -> None:
    """Let a practice sign an order that it never pays."""
    practice = _contact(days, "Cabinet Loriot", "908000045", "Jeanne", "Loriot", "orthophoniste")
    tonight = {"site_name": "Cabinet Loriot, annexe", "site_slug": "loriot-annexe", "valid_until": days.today}
    quote_sent(practice, now=days.at(20), method="transfer", product="preau-cabinet", quantity=1, **tonight)
    order_signed(
        practice,
        now=days.at(13),
        method="transfer",
        product="preau-cabinet",
        quantity=3,
        valid_until=days.today,
        site_name="Cabinet Loriot",
        site_slug="loriot",
    )


def train_the_commune(days: Days) -> None:
    """Sell the commune a day of training, not due yet."""
    _training(Contact.objects.get(customer__name=COMMUNE), days, ago=9, count=1)


def leave_work_for_today(days: Days) -> None:
    """Make what waits for the staff: a quote to sign, a draft, a request from the site."""
    commune = Contact.objects.get(customer__name=COMMUNE)
    school = _contact(
        days, "École Sainte-Apolline", "908000052", "Marc", "Ducasse-Lebrun", "chef d’établissement"
    )
    in_a_month = days.today + timedelta(days=30)
    quote_sent(
        school,
        now=days.at(5),
        method="cheque",
        quantity=140,
        valid_until=in_a_month,
        site_name="École Sainte-Apolline",
        site_slug="sainte-apolline",
    )
    lines = [_training_line(2)]
    draft = draft_for(
        commune, method="transfer", lines=lines, site_name="", site_slug="", valid_until=in_a_month
    )
    write_quote(draft=draft, by=None, now=days.now, today=days.today)
    asked = QuoteRequestData(
        organisation="Regroupement scolaire du Val-Clairet",
        customer_type="public_body",
        first_name="Hortense",
        last_name="Abgrall",
        job_title="secrétaire",
        email="hortense.abgrall@val-clairet.example",
        phone="",
        street="3 rue du Lavoir",
        postcode="35190",
        city="Val-Clairet",
        siret="",
        offer="school",
        users=164,
        method="transfer",
        message="Deux écoles, une facture : est-ce possible ?",
        language="fr",
    )
    request_quote(asked=asked, terms_version=None, now=days.now, today=days.today)
    _quote_in_dollars(days)


def _quote_in_dollars(days: Days) -> None:
    """Let a college in Ottawa read its quote in dollars and in English, outside the scope of VAT."""
    college = _contact(days, "Riverside College", "", "Ruth", "Okafor", "bursar")
    Customer.objects.filter(pk=college.customer_id).update(
        country="CA", postcode="K1A 0B1", city="Ottawa", street="40 Elm Street", language="en"
    )
    price = Price.objects.select_related("product").get(
        product__key="preau-campus", price_list__currency="CAD"
    )
    line = LineDraft(price.product_id, price.product.name("en"), 25, price.net_cents)
    quote_sent(
        college,
        now=days.at(3),
        method="transfer",
        lines=[line],
        language="en",
        site_name="Riverside College",
        site_slug="riverside",
        valid_until=days.today + timedelta(days=27),
    )


def _training(contact: Contact, days: Days, *, ago: int, count: int) -> Order:
    return order_signed(
        contact,
        now=days.at(ago),
        method="transfer",
        lines=[_training_line(count)],
        site_name="",
        site_slug="",
        valid_until=days.today + timedelta(days=30),
    )


def _training_line(count: int) -> LineDraft:
    price = Price.objects.select_related("product").get(product__key="formation-jour")
    return LineDraft(price.product_id, price.product.name("fr"), count, price.net_cents)


def _pay_late(invoice: Invoice, days: Days) -> None:
    """Pay eleven days after the due date."""
    ago = max(1, (days.today - invoice.due_on).days - 11)
    record_transfer(
        invoice=invoice,
        amount_cents=invoice.gross_cents,
        received_on=days.ago(ago),
        credited_on=days.ago(ago),
        reference="VIR VAUBRUN 2305",
        by=None,
        now=days.at(ago),
        today=days.ago(ago),
    )


def _contact(days: Days, name: str, siren: str, first_name: str, last_name: str, job_title: str) -> Contact:
    at = siren or first_name.lower()
    address: dict[str, Any] = {
        "email": f"contact@{at}.example",
        "signatory": f"{first_name} {last_name}",
        **STREET,
    }
    customer = Customer.objects.create(
        name=name, customer_type="professional", siren=siren, created_at=days.at(100), **address
    )
    return Contact.objects.create(
        customer=customer,
        email=f"{first_name.lower()}@{at}.example",
        first_name=first_name,
        last_name=last_name,
        job_title=job_title,
        created_at=days.at(100),
    )
