"""LG-S5.2d: what an amendment adds comes with its money; specific terms signed with a quote alone lift it."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.catalogue.actions.price_lines import LineDraft
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.models import Invoice, Payment, QuoteVersion
from billing.quotes.actions.write_quote import SiteDraft, write_quote
from demo.factories.billing import ContactFactory, draft_for, quote_sent
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import (
    desk,
    later,
    live,
    mails,
    plain,
    read,
    receive,
    sign,
    subscribed,
    visitor,
)
from tests.pdfs import PDF

TODAY = date(2026, 11, 16)


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S15",
    door="page",
    fr="Douze licences de plus, signées, n’ouvrent rien ; leur virement les apporte, la banque le reprend et "
    "elles s’en vont ; payées de nouveau, elles reviennent.",
)
def test_added_licences_come_with_their_money_and_leave_with_it(browse, clock, now):
    """Twelve more licences, signed, open nothing; their transfer brings them, the bank takes it back and they
    leave; paid again they are back.
    """
    contract = subscribed(now).contract
    version = amendment(contract, now, 12)
    assert "Dès qu’il est payé" in read(visitor(browse, version.quote.contact).get(version_page(version)))
    assert sign(visitor(browse, version.quote.contact), version).status_code == 200
    later(clock, minutes=2)
    assert licences(contract) == 218
    money = received(browse, now, version)
    later(clock, minutes=2)
    assert licences(contract) == 230
    taken_back = {"bounce-on": "2026-11-16", "bounce-reason": "provision insuffisante"}
    assert desk(browse, now).post(url("payment_bounce", money.pk), taken_back).status_code == 302
    assert (licences(contract), states(version)) == (218, ["waiting"])
    received(browse, now, version)
    later(clock, minutes=2)
    assert (licences(contract), states(version)) == (230, ["open"])


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S15",
    door="page",
    fr="Cent licences de plus signées pour la fin du terme et jamais payées : le terme suivant commence "
    "sans elles, la commande est annulée et son avoir envoyé.",
)
def test_what_is_not_paid_before_its_term_ends_is_never_added(browse, clock, now):
    """A hundred licences more are signed for the last days of a term and never paid: the next term begins
    without them, the order is cancelled and its credit note sent.
    """
    contract = subscribed(now).contract
    version = amendment(contract, now, 100)
    assert sign(visitor(browse, version.quote.contact), version).status_code == 200
    live(clock, date(2026, 11, 17), date(2027, 11, 11), date(2027, 11, 16), date(2027, 11, 17))
    assert licences(contract) == 218
    assert states(version) == ["cancelled"]
    (told,) = mails("est annulée")
    assert "terme qui est fini" in told.body
    with inside_operator():
        order = QuoteVersion.objects.get(pk=version.pk).order
    page = read(visitor(browse, version.quote.contact).get(url("portal_order", order.pk)))
    assert "Le terme auquel elle ajoutait était fini" in page


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S15",
    door="page",
    fr="Douze licences payées entrent dans le terme suivant, payé pour toutes : la banque reprend l’ancien "
    "paiement et n’enlève rien à ce terme.",
)
def test_what_a_paid_term_holds_stays_when_an_older_payment_is_taken_back(browse, clock, now):
    """Twelve paid licences go into the next term, paid for all of them: the bank that takes the old payment
    back takes nothing from that term.
    """
    contract = subscribed(now).contract
    version = amendment(contract, now, 12)
    sign(visitor(browse, version.quote.contact), version)
    money = received(browse, now, version)
    live(clock, date(2026, 11, 17), date(2027, 11, 11), date(2027, 11, 16), date(2027, 11, 17))
    taken_back = {"bounce-on": "2027-11-17", "bounce-reason": "opposition"}
    assert desk(browse, now).post(url("payment_bounce", money.pk), taken_back).status_code == 302
    assert licences(contract) == 230


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S15",
    door="page",
    fr="Douze licences payées, puis l’avoir de toute leur commande : elles s’en vont. Tant qu’un avenant "
    "signé attend son argent, un autre ne peut pas être signé.",
)
def test_what_is_credited_in_full_leaves_and_one_change_waits_for_the_other(browse, clock, now):
    """Twelve licences are paid, then all of their order is credited: they leave. While a signed amendment
    waits for its money another can't be signed.
    """
    contract = subscribed(now).contract
    first, second = amendment(contract, now, 12), amendment(contract, now, 7)
    assert sign(visitor(browse, first.quote.contact), first).status_code == 200
    assert "nouvelle version" in plain(sign(visitor(browse, first.quote.contact), second).text)
    received(browse, now, first)
    later(clock, minutes=2)
    assert licences(contract) == 230
    with inside_operator():
        invoice = Invoice.objects.get(order__version=first)
        credit_invoice(corrects=invoice, reason="geste", by=None, now=now, today=TODAY)
    assert licences(contract) == 218


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Des conditions particulières jointes au devis, lues et signées avec lui, ouvrent l’accès avant le "
    "paiement ; retirées d’un autre devis avant l’envoi, elles n’y ouvrent rien.",
)
def test_specific_terms_signed_with_the_quote_open_before_it_is_paid(browse, clock, now):
    """Specific terms attached to a quote, read and signed with it, open access before it is paid; taken from
    another quote before it is sent, they open nothing there.
    """
    with_terms, without = draft(now), draft(now)
    finance = desk(browse, now)
    for version in (with_terms, without):
        assert attach(finance, version, PDF).status_code == 302
    assert finance.post(url("specific_terms_attach", without.pk), {"detach": "1"}).status_code == 302
    for version in (with_terms, without):
        assert finance.post(url("quote_send", version.pk)).status_code == 302
    client = visitor(browse, with_terms.quote.contact)
    assert "avant d’être payé" in read(client.get(version_page(with_terms)))
    assert client.get(url("portal_specific_terms", with_terms.pk)).content == PDF
    assert "crédité" in read(visitor(browse, without.quote.contact).get(version_page(without)))
    for version in (with_terms, without):
        assert sign(visitor(browse, version.quote.contact), version).status_code == 200
    later(clock, minutes=2)
    (invitation,) = mails("Votre invitation")
    assert invitation.to == [with_terms.quote.contact.email]
    assert states(with_terms, without) == ["open", "waiting"]
    with inside_operator():
        placed = QuoteVersion.objects.get(pk=with_terms.pk).order
    steps = client.get(url("portal_order", placed.pk)).text
    assert '<li class="is-done">Fonds crédités' not in steps  # open isn't paid
    (opened,) = mails("accès est ouvert")
    assert "Votre paiement est crédité" not in plain(opened.body)


@pytest.mark.story(
    "LG-S5.2d",
    "LG-S5.2c",
    door="page",
    fr="Ouverte sur conditions particulières avec un acompte : l’acompte payé, le solde est demandé "
    "aussitôt, et relancé comme tout ce qui est dû.",
)
def test_the_rest_of_what_specific_terms_opened_is_asked_once_its_deposit_is_paid(browse, clock, now):
    """Opened on specific terms with a deposit: once the deposit is paid, the rest is asked at once, and
    pressed for as all that is due.
    """
    with inside_operator():
        wanted = draft_for(
            ContactFactory(), method="transfer", valid_until=date(2026, 12, 16), down_payment_pct=30
        )
        made = write_quote(draft=wanted, by=None, now=now, today=TODAY)
        version = QuoteVersion.objects.select_related("quote__contact__customer").get(pk=made.pk)
    finance = desk(browse, now)
    assert attach(finance, version, PDF).status_code == 302
    assert finance.post(url("quote_send", version.pk)).status_code == 302
    sign(visitor(browse, version.quote.contact), version)
    later(clock, minutes=2)
    (deposit,) = rows_of(Invoice.objects)
    receive(browse, now, deposit, TODAY)
    later(clock, minutes=3)
    (rest,) = rows_of(Invoice.objects.filter(is_down_payment=False))
    assert rest.gross_cents > 0
    assert mails(rest.number) or any(rest.number in plain(each.body) for each in mails(""))
    live(clock, date(2027, 1, 20))
    assert rest.number in read(desk(browse, now).get(url("late")))


@pytest.mark.story(
    "LG-S5.2d",
    door="page",
    fr="Un document qui n’est pas un PDF, ou joint après l’envoi, est refusé ; une nouvelle version garde "
    "les conditions jointes.",
)
def test_specific_terms_are_a_pdf_on_a_draft_and_stay_with_a_new_version(browse, clock, now):
    """What is no PDF, or is attached after the quote was sent, is refused; a new version keeps the terms."""
    version = draft(now)
    finance = desk(browse, now)
    assert attach(finance, version, b"conditions").status_code == 422
    assert attach(finance, version, PDF).status_code == 302
    finance.post(url("quote_send", version.pk))
    finance.post(url("specific_terms_attach", version.pk), {"detach": "1"})
    finance.post(url("quote_revise", version.pk))
    with inside_operator():
        newest = QuoteVersion.objects.current().get(quote=version.quote_id)
    assert finance.get(url("specific_terms_pdf", newest.pk)).content == PDF
    finance.post(url("quote_send", newest.pk))
    assert sign(visitor(browse, version.quote.contact), newest).status_code == 200
    later(clock, minutes=2)
    assert len(mails("Votre invitation")) == 1


def draft(now):
    with inside_operator():
        valid_until = date(2026, 12, 16)
        wanted = draft_for(ContactFactory.create(), method="transfer", valid_until=valid_until)
        return read_with_contact(write_quote(draft=wanted, by=None, now=now, today=TODAY))


def amendment(contract, now, added):
    with inside_operator():
        product = contract.subscription.product
        after = contract.licences + added
        line = LineDraft(
            product.pk, "de plus", added, 245, site=0, contract_id=contract.pk, licences_after=after
        )
        sites = [SiteDraft(contract.tenant.name, contract.tenant.slug)]
        contact = contract.subscription.contact
        return read_with_contact(quote_sent(contact, now=now, lines=[line], sites=sites, method="transfer"))


def read_with_contact(version):
    return QuoteVersion.objects.select_related("quote__contact__customer").get(pk=version.pk)


def version_page(version):
    return url("portal_quote", version.pk)


def attach(finance, version, content):
    file = SimpleUploadedFile("conditions.pdf", content, content_type="application/pdf")
    return finance.post(url("specific_terms_attach", version.pk), {"terms-document": file})


def received(browse, now, version):
    """Return the credited transfer that finance records for the invoice of a version."""
    (invoice,) = rows_of(Invoice.objects.filter(order__version=version))
    details = {"invoice": str(invoice.pk), "method": "transfer", "received_on": "2026-11-16"}
    details |= {"amount": f"{invoice.gross_cents / 100:.2f}", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), details).status_code == 302
    with inside_operator():
        return Payment.objects.filter(allocations__invoice=invoice).latest("created_at")


def licences(contract):
    with inside_operator():
        contract.refresh_from_db()
    return contract.licences


def states(*versions):
    with inside_operator():
        return [QuoteVersion.objects.get(pk=version.pk).order.state for version in versions]
