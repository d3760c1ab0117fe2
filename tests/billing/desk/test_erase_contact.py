"""A contact who asks to be forgotten is: refused while needed, gone from all but documents, for good."""

from datetime import timedelta

import pytest
from django.core import mail

from agenda.actions import enqueue_message
from agenda.loop import send_outbox, tick
from agenda.models import Obligation, OutboxMessage
from audit.actions import log_action, verify
from audit.models import Entry, PersonalPart
from billing.customers.gateways.portal_link import token_for
from billing.customers.models import Contact, Reference, SentDocument
from billing.desk.actions.erase_contact import (
    StillNeeded,
    erase_contact,
    forget_old_contacts,
    promise_next_round,
)
from billing.desk.actions.write_note import write_note
from billing.models import Cart, Invoice, Note, QuoteRequest, QuoteVersion, Signature
from billing.money.policy.days import paris_day
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.quotes.actions.write_quote import write_quote
from demo.factories.billing import (
    ContactFactory,
    CustomerFactory,
    draft_for,
    invoice_of,
    order_signed,
    quote_sent,
)
from dpa.actions.replay_erasures import replay_erasures
from dpa.gateways import ledger
from isolation.context import inside_operator
from tenants.models import Contract, Customer
from tests.billing.support import buyer, clerk, url

pytestmark = pytest.mark.django_db
FIRST, LAST, EMAIL = "Ysaline", "Quatrebarbes", "ysaline.quatrebarbes@erables.example"


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    """Give each test its own ledger."""
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"


def person(customer=None, **values):
    """Return a contact with a name nobody else has, whose customer says it too."""
    names = {"first_name": FIRST, "last_name": LAST, "email": EMAIL} | values
    customer = customer or CustomerFactory(signatory=f"{FIRST} {LAST}", email=EMAIL)
    return ContactFactory(customer=customer, **names)


def everywhere():
    """Return the tables of the operator where the name or the address still stands, documents left out."""
    rows = {
        "contact": Contact.objects.values_list("first_name", "last_name", "email", "job_title"),
        "customer": Customer.objects.values_list("name", "email", "signatory", "street"),
        "note": Note.objects.values_list("text"),
        "request": QuoteRequest.objects.values_list("person", "email", "phone", "message"),
        "reference": Reference.objects.values_list("word"),
        "cart": Cart.objects.values_list("details"),
        "trail": PersonalPart.objects.values_list("part"),
        "outbox": OutboxMessage.objects.filter(state="waiting").values_list("ids"),
        "draft": QuoteVersion.objects.filter(state="draft").values_list("buyer"),
    }
    return {name for name, found in rows.items() for row in found if LAST.casefold() in str(row).casefold()}


def test_who_speaks_alone_is_refused_until_somebody_takes_over(browse, clock, now, client):
    finance = clerk(browse, now)
    with inside_operator():
        contact = person()
        order = order_signed(contact, now=now)
        invoice = invoice_of(order)
    page = finance.get(url("contact_erase", contact.pk)).content.decode()
    assert "commande" in page
    assert "confirm_name" not in page
    refused = finance.post(url("contact_erase", contact.pk), {"confirm_name": f"{FIRST} {LAST}"})
    assert refused.status_code == 409
    with inside_operator():
        contact.refresh_from_db()
        assert contact.last_name == LAST
        assert not list(ledger.lines())
        link = token_for(contact)
    mine = buyer(browse, contact)
    assert mine.get(url("portal")).status_code == 200
    finance.post(
        url("contact_add", contact.customer_id),
        {"first_name": "Aude", "last_name": "Relève", "email": "aude@erables.example", "language": "fr"},
    )
    wrong = finance.post(url("contact_erase", contact.pk), {"confirm_name": "Aude"})
    assert wrong.status_code == 400
    page = finance.get(url("contact_erase", contact.pk)).content.decode()
    assert "Aude Relève" in page
    assert "dix ans" in page
    assert EMAIL in page
    done = finance.post(
        url("contact_erase", contact.pk), {"confirm_name": f" {FIRST.lower()}  {LAST} "}, follow=True
    )
    assert LAST not in done.content.decode().replace("Quatrebarbes le", "")
    with inside_operator():
        customer = Customer.objects.get(pk=contact.customer_id)
        assert (customer.signatory, customer.email) == ("Aude Relève", "aude@erables.example")
        assert everywhere() == set()
        assert Invoice.objects.get(pk=invoice.pk).buyer["signatory"] == f"{FIRST} {LAST}"
        assert Signature.objects.get(contact=contact).name == f"{FIRST} {LAST}"
    assert mine.get(url("portal")).status_code == 302
    assert client.get(url("portal_sign_in_link", link)).status_code != 200
    assert finance.get(url("contact_erase", contact.pk)).status_code == 404
    assert finance.post(url("contact_reopen", contact.pk)).status_code == 404


def test_all_that_names_them_goes_and_what_was_sent_stays(now):
    with inside_operator():
        contact, heir = person(), None
        heir = ContactFactory(
            customer=contact.customer, email="aude@erables.example", first_name="Aude", last_name="Relève"
        )
        quote_sent(contact, now=now)
        write_quote(draft=draft_for(contact), by=None, now=now, today=paris_day(now))
        version = QuoteVersion.objects.first()
        QuoteRequest.objects.create(
            version=version,
            organisation="École",
            person=f"{FIRST} {LAST}",
            email=EMAIL,
            phone="0600000000",
            offer="school",
            users=3,
            message=f"Bonjour, {LAST}",
            asked_at=now,
        )
        details = {"email": EMAIL.upper(), "last_name": LAST}
        Cart.objects.create(details=details, created_at=now, touched_at=now)
        about = {"kind": "customer", "subject_id": contact.customer_id, "by": None, "now": now}
        named = write_note(text=f"Mme {LAST} rappelle", **about)
        other = write_note(text="Rappeler l’école", **about)
        Reference.objects.create(
            customer=contact.customer,
            name="École",
            agreed_on=paris_day(now),
            word=f"courriel de {LAST}",
            created_at=now,
        )
        log_action(
            "contact.kept",
            by=None,
            on=contact.customer,
            at=now,
            personal={"email": EMAIL},
            about=[contact.pk],
        )
        enqueue_message("billing/portal_link", ids={"contact": contact.pk, "link": "x"}, now=now, key="a")
    assert send_outbox(now)
    assert mail.outbox[0].to == [EMAIL]
    with inside_operator():
        enqueue_message("billing/portal_link", ids={"contact": contact.pk, "link": "y"}, now=now, key="b")
        assert everywhere() >= {"contact", "customer", "note", "request", "reference", "cart", "trail"}
        erase_contact(contact_id=contact.pk, by=heir, now=now, today=paris_day(now))
        assert everywhere() == set()
        assert OutboxMessage.objects.get(key="b").state == "moot"
        named.refresh_from_db()
        other.refresh_from_db()
        assert (named.erased_at, other.text) == (now, "Rappeler l’école")
        assert SentDocument.objects.get().recipient == EMAIL
        entry = Entry.objects.get(verb="contact.erased")
        assert not hasattr(entry, "personal")
        assert LAST not in str(entry.facts)
        assert verify().is_whole
        assert erase_contact(contact_id=contact.pk, by=None, now=now, today=paris_day(now)) == 0


def test_a_mail_written_before_goes_to_who_took_over_and_to_nobody_when_nobody_did(now):
    with inside_operator():
        contact = person()
        heir = ContactFactory(customer=contact.customer, email="aude@erables.example")
        version = quote_sent(contact, now=now)
        erase_contact(contact_id=contact.pk, by=None, now=now, today=paris_day(now))
    send_outbox(now)
    assert [each.to for each in mail.outbox] == [["aude@erables.example"]]
    with inside_operator():
        erase_contact(contact_id=heir.pk, by=None, now=now, today=paris_day(now))
        enqueue_message("billing/quote_sent", ids={"version": version.pk}, now=now, key="again")
        send_outbox(now)
        assert OutboxMessage.objects.get(key="again").state == "moot"
    assert len(mail.outbox) == 1


def test_a_consumer_goes_as_a_customer_once_nothing_is_owed(now):
    day = paris_day(now)
    with inside_operator():
        customer = CustomerFactory(
            customer_type="consumer",
            name=f"{FIRST} {LAST}",
            signatory=f"{FIRST} {LAST}",
            email=EMAIL,
            siren="",
        )
        contact = person(customer)
        order = order_signed(contact, now=now, method="cheque")
        invoice = invoice_of(order)
        with pytest.raises(StillNeeded) as refused:
            erase_contact(contact_id=contact.pk, by=None, now=now, today=day)
        assert set(refused.value.waits_for) >= {"order", "unpaid"}
        cheque = receive_cheque(
            invoice=invoice,
            amount_cents=invoice.gross_cents,
            received_on=day,
            reference="1",
            by=None,
            now=now,
        )
        with pytest.raises(StillNeeded) as refused:
            erase_contact(contact_id=contact.pk, by=None, now=now, today=day)
        assert "held" in refused.value.waits_for
        clear_payment(payment_id=cheque.pk, credited_on=day, by=None, now=now, today=day)
        order.refresh_from_db()
        type(order).objects.filter(pk=order.pk).update(state="open")
        Contract.objects.filter(customer=customer).update(state="cancelled")
        erase_contact(contact_id=contact.pk, by=None, now=now, today=day)
        customer.refresh_from_db()
        assert LAST not in f"{customer.name}{customer.signatory}{customer.email}{customer.street}"
        assert customer.street == ""
        assert len(customer.name) == 14
        assert Invoice.objects.get(pk=invoice.pk).buyer["name"] == f"{FIRST} {LAST}"
        assert everywhere() == set()
        assert list(ledger.lines())[0].subjects == tuple(sorted((contact.pk, customer.pk), key=str))


def test_a_restored_backup_brings_no_contact_back(now):
    with inside_operator():
        contact = person()
        before = {field: getattr(contact, field) for field in ("email", "first_name", "last_name")}
        erase_contact(contact_id=contact.pk, by=None, now=now, today=paris_day(now))
        Contact.objects.filter(pk=contact.pk).update(**before, erased_at=None, closed_at=None)
        Customer.objects.filter(pk=contact.customer_id).update(email=EMAIL, signatory=f"{FIRST} {LAST}")
        assert everywhere() == {"contact", "customer"}
    done = replay_erasures(ledger.lines(), now=now + timedelta(days=2))
    assert (done.lines, done.again, done.unknown) == (1, 1, 0)
    with inside_operator():
        assert everywhere() == set()
        assert verify().is_whole
    again = replay_erasures(ledger.lines(), now=now + timedelta(days=2))
    assert (again.again, again.rows) == (0, 0)


def test_the_round_forgets_whose_three_years_are_over_and_nobody_else(clock, now):
    with inside_operator():
        old = now - timedelta(days=3 * 366)
        prospect = person(created_at=old)
        asked = ContactFactory(created_at=old)
        quote_sent(asked, now=now - timedelta(days=400))
        client = ContactFactory(created_at=old)
        order_signed(client, now=now - timedelta(days=400))
        left = ContactFactory(customer=client.customer, email="left@erables.example", created_at=old)
        left.close(at=old)
        late = ContactFactory(customer=client.customer, email="late@erables.example", created_at=old)
        late.close(at=now - timedelta(days=30))
        promise_next_round(now=now - timedelta(days=1))
    tick(now)
    with inside_operator():
        gone = set(Contact.objects.exclude(erased_at=None).values_list("pk", flat=True))
        assert gone == {prospect.pk, left.pk}
        kept = Obligation.objects.get(kind="contacts", state="kept")
        assert kept.evidence == {"contacts": 2}
        assert Obligation.objects.filter(kind="contacts", state="owed").exists()
        assert forget_old_contacts(now=now) == 0
        assert {line.kind for line in ledger.lines()} == {"contact"}
