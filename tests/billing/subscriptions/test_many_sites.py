"""A commune and its schools on one quote; discount, delivery, deferral, warranty; amendments.

Signed on paper.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.files.storage import default_storage

from agenda.loop import tick
from audit.models import Entry
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.discount import Discount, TooMuchDiscount
from billing.invoicing.queries.balances import falls_due_on
from billing.models import Invoice, Product, Signature
from billing.money.policy.days import paris_day
from billing.orders.actions.cancel_order import cancel_order
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.quotes.actions.amend_contracts import ContractChanged
from billing.quotes.actions.draw_quote import quote_pdf
from billing.quotes.actions.receive_signed_quote import NotSigned, NotThatDay, receive_signed_quote
from billing.quotes.actions.revise_quote import revise_quote
from billing.quotes.actions.revoke_quote import NotWaiting, revoke_quote
from billing.quotes.actions.sign_quote import NotOpen, StockGone, sign_quote
from billing.quotes.actions.write_quote import (
    SiteDraft,
    SiteIdle,
    SiteNeeded,
    SitesAlike,
    SiteTaken,
    write_quote,
)
from billing.quotes.forms.quote_copy import discount_of, lines_of, shipping_of
from billing.quotes.policy.signed_pdf import NotAPdf
from billing.subscriptions.queries.amendable import amendable_contracts
from demo.factories.billing import (
    ContactFactory,
    CustomerFactory,
    catalogue,
    draft_for,
    invoice_of,
    quote_sent,
)
from isolation.context import inside
from people.models import Invitation
from tenants.models import Contract, Tenant
from tests.pdfs import PDF

pytestmark = pytest.mark.usefixtures("as_operator")
BOTH = [SiteDraft("École du Bac", "bac", "Bac@commune.example"), SiteDraft("École du Pré", "pre")]


@pytest.fixture
def bursar():
    """The bursar of a commune."""
    commune = CustomerFactory(name="Commune de Vaubrun", customer_type="public_body", siret="21359990500014")
    return ContactFactory(customer=commune, email="finances@vaubrun.example", job_title="trésorière")


def lines(*wanted):
    product = catalogue().prices.get(product__key="preau-ecole").product
    return [LineDraft(product.pk, "", quantity, 490, site=site) for quantity, site in wanted]


def signed(contact, version, now):
    return sign_quote(
        version_id=version.pk,
        contact=contact,
        name=contact.name,
        signatory_title=contact.job_title,
        terms_version=version.pk,
        now=now,
        today=paris_day(now),
    )


def paid(order, now):
    invoice = invoice_of(order)
    today = paris_day(now)
    cheque = receive_cheque(
        invoice=invoice, amount_cents=invoice.gross_cents, received_on=today, reference="", by=None, now=now
    )
    clear_payment(payment_id=cheque.pk, credited_on=today, by=None, now=now, today=today)
    tick(now)
    order.refresh_from_db()
    return order


def test_two_schools_on_one_quote_open_each_with_its_own_lines_and_head(now, bursar):
    version = quote_sent(bursar, now=now, sites=BOTH, lines=lines((120, 0), (80, 1)))
    order = paid(signed(bursar, version, now), now)
    assert order.state == "open"
    found = {tenant.slug: tenant for tenant in Tenant.objects.filter(slug__in=("bac", "pre"))}
    assert {slug: Contract.objects.get(tenant=each).licences for slug, each in found.items()} == {
        "bac": 120,
        "pre": 80,
    }
    with inside(found["bac"]):
        assert Invitation.objects.get().email == "bac@commune.example"
    with inside(found["pre"]):
        assert Invitation.objects.get().email == "finances@vaubrun.example"
    assert Invoice.objects.get(order=order).tenant_id is None  # neither school reads what the other costs


def test_sites_must_be_said_used_unlike_and_ones_own(now, bursar, school):
    def wanted(**changed):
        return write_quote(draft=draft_for(bursar, **changed), by=None, now=now, today=paris_day(now))

    with pytest.raises(SiteNeeded):
        wanted(sites=BOTH, lines=lines((120, None)))
    with pytest.raises(SiteIdle):
        wanted(sites=BOTH, lines=lines((120, 0)))
    with pytest.raises(SitesAlike):
        wanted(sites=[BOTH[0], BOTH[0]], lines=lines((1, 0), (1, 1)), method="transfer")
    with pytest.raises(SiteTaken):
        wanted(sites=[SiteDraft("Une autre", school.slug)])
    signed(other := ContactFactory(), quote_sent(other, now=now, site_slug="promise"), now)
    with pytest.raises(SiteTaken):
        wanted(sites=[SiteDraft("Une autre", "promise")])


def test_discount_and_delivery_are_lines_of_their_own_and_come_back_to_the_desk(now, bursar):
    version = quote_sent(
        bursar, now=now, discount=Discount(pct=Decimal(5)), shipping_cents=990, language="fr"
    )
    kinds = [(line.kind, line.net_cents) for line in version.lines.order_by("position")]
    assert kinds == [("product", 106820), ("discount", -5341), ("shipping", 990), ("cheque_fee", 1500)]
    assert version.lines.get(kind="discount").description == "Remise de 5 %"
    assert discount_of(version) == Discount(pct=Decimal(5))
    assert shipping_of(version) == 990
    assert [line["quantity"] for line in lines_of(version)] == [218]
    amount = quote_sent(bursar, now=now, discount=Discount(cents=12000))
    assert discount_of(amount) == Discount(cents=12000)
    with pytest.raises(TooMuchDiscount):
        write_quote(
            draft=draft_for(bursar, discount=Discount(cents=10**9)), by=None, now=now, today=paris_day(now)
        )


def test_a_deferral_agreed_in_the_quote_moves_the_due_date_but_opens_nothing(now, bursar):
    until = paris_day(now) + timedelta(days=75)
    version = quote_sent(bursar, now=now, extended_until=until, warranty="Échange sous 48 h.")
    order = signed(bursar, version, now)
    invoice = invoice_of(order)
    assert falls_due_on(invoice) == until
    assert order.state == "waiting"
    assert order.cancellable_on > until


def test_a_new_version_keeps_sites_lines_deferral_and_warranty(now, bursar):
    old = quote_sent(
        bursar, now=now, sites=BOTH, lines=lines((120, 0), (80, 1)), warranty="Échange sous 48 h."
    )
    new = revise_quote(version_id=old.pk, by=None, now=now, today=paris_day(now))
    assert new.warranty == old.warranty
    assert [(line.site.slug, line.quantity) for line in new.lines.filter(kind="product")] == [
        ("bac", 120),
        ("pre", 80),
    ]
    assert new.sites.get(slug="bac").admin_email == "bac@commune.example"


@pytest.fixture
def running(now, bursar):
    """A school that runs since a year before its term ends, and who signs for it."""
    order = paid(signed(bursar, quote_sent(bursar, now=now, site_slug="bac"), now), now)
    return Contract.objects.get(tenant__slug="bac"), order


def amendment(contact, contract, now, after):
    product = Product.objects.get(key="preau-ecole")
    added = after - contract.licences
    line = LineDraft(product.pk, "de plus", added, 245, site=0, contract_id=contract.pk, licences_after=after)
    sites = [SiteDraft(contract.tenant.name, contract.tenant.slug)]
    return quote_sent(contact, now=now, lines=[line], sites=sites, method="transfer")


def test_a_paid_amendment_changes_the_contract_and_is_on_record(now, bursar, running):
    contract, _order = running
    version = amendment(bursar, contract, now, 230)
    contract.refresh_from_db()
    assert contract.licences == 218  # nothing before the signature
    order = signed(bursar, version, now)
    contract.refresh_from_db()
    assert contract.licences == 218  # nothing before its money
    paid(order, now)
    contract.refresh_from_db()
    assert contract.licences == 230
    assert order.net_cents == 12 * 245
    entry = Entry.objects.get(verb="contract.amended", subject_id=contract.pk)
    assert (entry.facts["from"], entry.facts["to"]) == (218, 230)
    assert invoice_of(order).tenant_id == contract.tenant_id
    assert Contract.objects.filter(tenant=contract.tenant).count() == 1


def test_an_amendment_paid_opens_nothing_new_and_one_cancelled_is_taken_back(now, bursar, running):
    contract, _order = running
    order = signed(bursar, amendment(bursar, contract, now, 230), now)
    late = now + timedelta(days=20)
    tick(late)
    cancel_order(order_id=order.pk, reason="impayée", by=None, now=late, today=paris_day(late))
    contract.refresh_from_db()
    assert contract.licences == 218
    again = paid(signed(bursar, amendment(bursar, contract, now, 225), now), now)
    contract.refresh_from_db()
    assert (again.state, contract.licences) == ("open", 225)
    assert Contract.objects.filter(tenant=contract.tenant).count() == 1


def test_a_contract_that_changed_meanwhile_needs_a_new_version(now, bursar, running):
    contract, _order = running
    version = amendment(bursar, contract, now, 230)
    Contract.objects.filter(pk=contract.pk).update(licences=300)
    with pytest.raises(ContractChanged):
        signed(bursar, version, now)


def test_the_desk_knows_the_price_the_client_has(now, bursar, running):
    contract, _order = running
    [row] = amendable_contracts(bursar.customer, today=paris_day(now))
    assert (row.contract.pk, row.term_price_cents, row.product.key) == (contract.pk, 490, "preau-ecole")
    assert amendable_contracts(bursar.customer, today=contract.ends_on) == []


def paper(version, contact, now, **changed):
    details = {
        "content": PDF,
        "name": "Ève Roux",
        "signatory_title": "maire",
        "signed_on": paris_day(now),
        **changed,
    }
    return receive_signed_quote(
        version_id=version.pk,
        contact=contact,
        terms_version=version.pk,
        now=now,
        today=paris_day(now),
        **details,
    )


@pytest.mark.paper
def test_a_quote_signed_on_paper_is_as_firm_and_its_file_is_kept_privately(
    now, bursar, django_capture_on_commit_callbacks
):
    version = quote_sent(bursar, now=now)
    order = paper(version, bursar, now)
    signature = Signature.objects.get(version=version)
    assert order.version_id == version.pk
    assert (signature.how, signature.name, signature.signatory_title) == ("upload", "Ève Roux", "maire")
    assert len(signature.digest) == len(signature.document_digest) == 64
    with default_storage.open(signature.document.name) as kept:
        assert kept.read() == PDF
    assert "roux" not in signature.document.name.lower()
    with pytest.raises(NotOpen):
        paper(version, bursar, now)


def test_nothing_is_kept_of_a_file_that_is_refused(now, bursar):
    version = quote_sent(bursar, now=now)
    folder = "quotes/signed"
    before = set(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else set()
    with pytest.raises(NotAPdf):
        paper(version, bursar, now, content=b"PK\x03\x04")
    with pytest.raises(NotSigned):
        paper(version, bursar, now, content=quote_pdf(version))
    with pytest.raises(NotThatDay):
        paper(version, bursar, now, signed_on=date(2020, 1, 1))
    after = set(default_storage.listdir(folder)[1]) if default_storage.exists(folder) else set()
    assert after == before
    version.refresh_from_db()
    assert version.state == "sent"


def test_stock_gone_before_the_signature_needs_a_new_version(now, bursar):
    thing = Product.objects.create(
        key="mallette", name_fr="Mallette", name_en="Case", kind="goods", methods=["transfer"], stock=3
    )
    line = LineDraft(thing.pk, "", 3, 4900)
    version = quote_sent(bursar, now=now, lines=[line], site_slug="", method="transfer")
    Product.objects.filter(pk=thing.pk).update(stock=2)
    with pytest.raises(StockGone) as refused:
        signed(bursar, version, now)
    assert refused.value.products == ("mallette",)
    new = revise_quote(version_id=version.pk, by=None, now=now, today=paris_day(now))
    assert new.version == 2


def test_a_quote_is_withdrawn_while_nobody_signed_it(now, bursar):
    version = quote_sent(bursar, now=now)
    revoke_quote(version_id=version.pk, by=None, now=now)
    with pytest.raises(NotOpen):
        signed(bursar, version, now)
    with pytest.raises(NotWaiting):
        revoke_quote(version_id=version.pk, by=None, now=now)


def test_schools_on_one_quote_never_read_its_invoice(bursar, now, school, nursery):
    for site, tenant in zip(BOTH, (school, nursery), strict=True):
        Tenant.objects.filter(pk=tenant.pk).update(slug=site.slug)
        tenant.contracts.update(customer=bursar.customer)
    version = quote_sent(bursar, now=now, method="cheque", lines=lines((100, 0), (60, 1)), sites=BOTH)
    order = signed(bursar, version, now)
    assert invoice_of(order).tenant_id is None
    assert order.reader_id is None
