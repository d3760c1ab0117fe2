"""Sending to many: each recipient once, in the background, with a result each, and never twice."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core import mail

from agenda.loop import tick
from agenda.models import Obligation, OutboxMessage
from billing.collections.actions.dispute import open_dispute
from billing.desk.actions.send_many import ROWS_A_STEP, NobodyToWriteTo, send_many, send_next
from billing.desk.policy.mailing import Wanted, letters
from billing.desk.queries.mailings import results
from billing.models import Contact, Mailing, MailingRow
from billing.money.policy.days import paris_day
from billing.payments.actions.record_transfer import record_transfer
from demo.factories.billing import ContactFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator
from people.models import Person
from tests.billing.support import clerk, url
from tests.clauses.stage import desk, later, live, plain, read
from tests.clauses.test_lg_s6_3p_claims_are_paid import drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def late(now):
    """Return three overdue invoices of two clients."""
    with inside_operator():
        one = ContactFactory()
        two = ContactFactory()
        then = now - timedelta(days=90)
        found = [
            invoice_of(order_signed(contact, now=then, method="transfer")) for contact in (one, one, two)
        ]
        OutboxMessage.objects.all().delete()
        Obligation.objects.all().delete()  # the reminders of the schedule have their own tests
        return found


def pay(invoice, now):
    record_transfer(
        invoice=invoice,
        amount_cents=invoice.gross_cents,
        received_on=paris_day(now),
        reference="1",
        by=None,
        credited_on=paris_day(now),
        now=now,
        today=paris_day(now),
    )


def ours():
    return OutboxMessage.objects.filter(template__startswith="billing/many_")


def test_each_recipient_gets_one_mail_with_all_of_theirs(late, now):
    with inside_operator():
        key = uuid4()
        mailing = send_many(key=key, kind="reminders", ids=[row.pk for row in late], by=None, now=now)
        again = send_many(key=key, kind="invoices", ids=[late[0].pk], by=None, now=now)
        assert again == mailing
        assert [len(row.documents) for row in mailing.rows.all()] == [2, 1]
    mail.outbox.clear()
    tick(now)
    tick(now)
    sent = [each for each in mail.outbox if "Rappel" in each.subject]
    details = {each.to[0]: len(each.attachments) for each in sent}
    assert len(sent) == 2
    with inside_operator():
        assert details == {late[0].order.contact.email: 2, late[2].order.contact.email: 1}
        mailing.refresh_from_db()
        assert mailing.done_at == now
        assert [each.state for each in results(mailing)] == ["sent", "sent"]


def test_what_was_paid_or_contested_meanwhile_is_left_out(late, now):
    with inside_operator():
        mailing = send_many(key=uuid4(), kind="reminders", ids=[row.pk for row in late], by=None, now=now)
        pay(late[0], now)
        open_dispute(about=late[1], reason="x", by=None, now=now)
        pay(late[2], now)
        while send_next(mailing_id=mailing.pk, now=now, today=paris_day(now)):
            pass
        assert {(row.state, row.reason) for row in mailing.rows.all()} == {("left_out", "settled")}
        assert not ours().exists()


def test_who_has_nobody_to_write_to_is_told_apart(late, now):
    with inside_operator():
        mailing = send_many(key=uuid4(), kind="invoices", ids=[late[2].pk], by=None, now=now)
        MailingRow.objects.update(contact=None)
        send_next(mailing_id=mailing.pk, now=now, today=paris_day(now))
        assert [each.row.reason for each in results(mailing)] == ["nobody"]


def test_many_are_sent_a_few_at_a_time_and_killed_between_none_is_lost_or_twice(late, now):
    with inside_operator():
        contacts = [
            ContactFactory(customer=late[0].customer, email=f"{n}@x.example")
            for n in range(2 * ROWS_A_STEP + 1)
        ]
        mailing = Mailing.objects.create(id=uuid4(), kind="invoices", asked_at=now)
        MailingRow.objects.bulk_create(
            MailingRow(
                mailing=mailing,
                position=n,
                contact=each,
                customer=each.customer,
                documents=[[str(late[0].pk), late[0].number]],
            )
            for n, each in enumerate(contacts, start=1)
        )
        left = [send_next(mailing_id=mailing.pk, now=now, today=paris_day(now)) for _ in range(4)]
        assert left == [True, True, False, False]
        assert ours().count() == len(contacts)


def test_quotes_that_wait_are_reminded_of_and_others_are_not(now):
    with inside_operator():
        waiting = quote_sent(now=now)
        signed = order_signed(now=now).version
        mailing = send_many(key=uuid4(), kind="quotes", ids=[waiting.pk, signed.pk], by=None, now=now)
    mail.outbox.clear()
    tick(now)
    (sent,) = [each for each in mail.outbox if "attend votre signature" in each.subject]
    assert waiting.label in sent.subject
    with inside_operator():
        assert sorted(each.row.reason or each.state for each in results(mailing)) == ["not_waiting", "sent"]


def test_who_asked_is_told_once_of_the_end_with_the_counts(late, browse, now):
    finance = clerk(browse, now)
    form = {"ids": [row.pk for row in late], "key": uuid4()}
    finance.post(url("mail_reminders"), form)
    with inside_operator():
        pay(late[2], now)
        mailing = Mailing.objects.get()
        asker = Person.objects.get(pk=mailing.asked_by)
    mail.outbox.clear()
    for _ in range(3):
        tick(now + timedelta(minutes=1))
    (told,) = [each for each in mail.outbox if each.to == [asker.email]]
    assert told.subject == "Vos relances sont parties"
    assert "1 destinataire a reçu" in told.body
    assert "1 a été laissé de côté" in told.body
    assert url("mailing", mailing.pk) in told.body


def test_nothing_chosen_sends_nothing(now):
    with inside_operator(), pytest.raises(NobodyToWriteTo):
        send_many(key=uuid4(), kind="invoices", ids=[], by=None, now=now)


def test_one_letter_a_recipient_each_document_once():
    wanted = [
        Wanted("1", "FA-1", "c", "x"),
        Wanted("2", "FA-2", "c", "x"),
        Wanted("1", "FA-1", "c", "x"),
        Wanted("3", "FA-3", "d", ""),
        Wanted("4", "FA-4", "e", ""),
    ]
    assert [(each.contact, each.documents) for each in letters(wanted)] == [
        ("x", (("1", "FA-1"), ("2", "FA-2"))),
        ("", (("3", "FA-3"),)),
        ("", (("4", "FA-4"),)),
    ]


@pytest.mark.parametrize(("place", "back"), [("mail_invoices", "invoices"), ("mail_reminders", "late")])
def test_a_clerk_chooses_looks_sends_once_and_finds_it_again(late, browse, now, place, back):
    finance = clerk(browse, now)
    assert 'name="ids"' in finance.get(url(back)).content.decode()
    assert finance.post(url(place), {}).status_code == 302
    page = finance.post(url(place), {"ids": [row.pk for row in late]}).content.decode()
    assert all(row.number in page for row in late)
    everything = finance.get(url(place), {"all": "1"}).content.decode()
    assert all(row.number in everything for row in late)
    form = {"ids": [row.pk for row in late], "key": uuid4()}
    first, second = (finance.post(url(place), form) for _ in range(2))
    assert first["Location"] == second["Location"]
    with inside_operator():
        mailing = Mailing.objects.get()
        assert Contact.objects.filter(pk__in=mailing.rows.values("contact")).count() == 2
    assert url("mailing_progress", mailing.pk) in finance.get(url("mailing", mailing.pk)).content.decode()
    tick(now + timedelta(minutes=1))
    assert "envoyé" in finance.get(url("mailing_progress", mailing.pk)).content.decode()
    assert url("mailing", mailing.pk) in finance.get(url("mailings")).content.decode()


def test_quotes_are_chosen_on_their_list(browse, now):
    with inside_operator():
        version = quote_sent(now=now)
    finance = clerk(browse, now)
    assert version.label in finance.post(url("mail_quotes"), {"ids": [version.pk]}).content.decode()


@pytest.fixture
def claimed(browse, clock, now):
    """Return an invoice that is overdue and the claim drawn of it, overdue since the day before."""
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer", quantity=500))
    claim = drawn(browse, clock, now, invoice)
    live(clock, date(2027, 2, 15))
    mail.outbox.clear()
    return invoice, claim


def reminded(finance, clock, *ids):
    """Look at who gets what, send it, and return the reminders that left."""
    looked = finance.post(url("mail_reminders"), {"ids": [str(each) for each in ids]})
    key = re.search(r'name="key" value="([^"]+)"', looked.content.decode())
    assert key, read(looked)
    asked = {"key": key[1], "ids": " ".join(str(each) for each in ids)}
    assert finance.post(url("mail_reminders"), asked).status_code == 302
    later(clock, minutes=1)
    later(clock, minutes=1)
    return [each for each in mail.outbox if "Rappel" in each.subject]


def test_an_overdue_claim_is_named_in_the_reminder(browse, clock, now, claimed):
    invoice, claim = claimed
    finance = desk(browse, now)
    late = finance.get(url("late")).content.decode()
    assert f'value="{claim.pk}"' in late
    every = read(finance.get(url("mail_reminders"), {"all": "1"}))
    assert f"{invoice.number}, {claim.number}" in every
    (told,) = reminded(finance, clock, invoice.pk, claim.pk)
    assert "2 documents" in plain(told.subject)
    for number in (invoice.number, claim.number):
        assert number in told.body
    assert "69,96" in told.body
    assert [name for name, *_rest in told.attachments] == [f"{invoice.number}.pdf", f"{claim.number}.pdf"]
    page = read(desk(browse, now).get(url("interest_claim", claim.pk)))
    assert "Relance envoyée" in page
    assert plain(told.subject) in page


def test_a_claim_alone_is_reminded_of_as_one_and_not_while_contested_or_not_due(browse, clock, now, claimed):
    invoice, claim = claimed
    finance = desk(browse, now)
    contest = {"dispute-reason": "Payée à temps"}
    assert finance.post(url("interest_claim_dispute", claim.pk), contest).status_code == 302
    assert f'value="{claim.pk}"' not in finance.get(url("late")).content.decode()
    left_out = read(finance.post(url("mail_reminders"), {"ids": [str(claim.pk)]}))
    assert "Laissés de côté" in left_out
    finance.post(url("interest_claim_dispute", claim.pk), contest)
    (told,) = reminded(finance, clock, claim.pk)
    assert f"le décompte d’intérêts {claim.number}" in plain(told.subject)
    assert invoice.number in told.body  # named as what the interest is of
    assert "claims" in told.body
