"""Notes stay as written, are read by who may, and go when nothing needs them.

Anything that asks for money can be contested.
"""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from agenda.loop import tick
from agenda.models import Obligation
from audit.models import Entry, PersonalPart
from billing.collections.actions.dispute import DisputeStands, close_dispute, open_dispute
from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.collections.queries.blocks import DisputeOpen
from billing.desk.actions.write_note import NothingNoted, erase_note, write_note
from billing.desk.policy.notes import RIGHTS, note_erased_on
from billing.desk.queries.notes import MODELS
from billing.models import Dispute, Note
from billing.money.policy.days import day_starts_at, paris_day
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.quotes.actions.issue_pro_forma import issue_pro_forma
from billing.quotes.actions.sign_quote import sign_quote
from demo.factories.billing import ContactFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator
from tests.billing.support import clerk, url

pytestmark = pytest.mark.django_db
WORDS = "Mme Perrin rappelle lundi"


@pytest.fixture
def papers(now):
    """Return one of everything a note can be on, by kind."""
    with inside_operator():
        contact = ContactFactory()
        order = order_signed(contact, now=now - timedelta(days=90))
        invoice = invoice_of(order)
        day = paris_day(now)
        details = {"by": None, "now": now}
        version = quote_sent(contact, now=now)
        cheque = receive_cheque(invoice=invoice, amount_cents=1, received_on=day, reference="1", **details)
        return {
            "customer": contact.customer,
            "quote": order.version.quote,
            "order": order,
            "invoice": invoice,
            "payment": cheque,
            "claim": issue_interest_claim(invoice=invoice, as_of=day, today=day, **details),
            "pro_forma": issue_pro_forma(version=version, today=day, **details),
        }


def test_every_kind_has_a_right_and_a_model():
    assert set(RIGHTS) == set(MODELS) == set(Note.Kind.values)


def test_a_clerk_writes_on_anything_and_reads_it_in_its_history(papers, browse, now):
    finance = clerk(browse, now)
    for kind, subject in papers.items():
        answer = finance.post(url("note_write", kind, subject.pk), {"text": f"{WORDS} {kind}"}, follow=True)
        page = answer.content.decode()
        assert f"{WORDS} {kind}" in page, kind
    with inside_operator():
        assert Note.objects.count() == len(papers)
        assert set(Note.objects.values_list("customer_id", flat=True)) == {papers["customer"].pk}
    assert (
        "Écrivez"
        in finance.post(
            url("note_write", "order", papers["order"].pk), {"text": " "}, follow=True
        ).content.decode()
    )


def test_support_writes_on_customers_only(papers, browse, now):
    support = clerk(browse, now, "support")
    assert (
        support.post(url("note_write", "customer", papers["customer"].pk), {"text": WORDS}).status_code == 302
    )
    for kind in set(papers) - {"customer"}:
        assert support.post(url("note_write", kind, papers[kind].pk), {"text": WORDS}).status_code == 404
    assert (
        support.post(url("note_write", "nothing", papers["customer"].pk), {"text": WORDS}).status_code == 404
    )


def test_a_note_is_never_changed_only_erased(papers, now):
    with inside_operator():
        note = write_note(kind="invoice", subject_id=papers["invoice"].pk, text=WORDS, by=None, now=now)
        for change in ({"text": "autre chose"}, {"kind": "order"}, {"erased_at": now}):
            with pytest.raises(DatabaseError), transaction.atomic():
                Note.objects.filter(pk=note.pk).update(**change)
        with pytest.raises(DatabaseError), transaction.atomic():
            note.delete()
        assert erase_note(note_id=note.pk, by=None, now=now)
        assert not erase_note(note_id=note.pk, by=None, now=now)
        note.refresh_from_db()
        assert (note.text, note.erased_at) == ("", now)
        assert not Obligation.objects.waiting().filter(subject_id=note.pk).exists()


def test_its_words_are_nowhere_else_and_go_by_themselves_after_five_years(papers, now):
    with inside_operator():
        note = write_note(kind="customer", subject_id=papers["customer"].pk, text=WORDS, by=None, now=now)
        assert not Entry.objects.filter(facts__icontains="Perrin").exists()
        assert not PersonalPart.objects.filter(part__icontains="Perrin").exists()
        promise = Obligation.objects.get(subject_id=note.pk)
        assert promise.run_at == day_starts_at(note_erased_on(paris_day(now)))
        Obligation.objects.exclude(pk=promise.pk).delete()
    tick(promise.run_at - timedelta(hours=1))
    with inside_operator():
        assert Note.objects.get(pk=note.pk).text == WORDS
    tick(promise.run_at)
    with inside_operator():
        assert Note.objects.get(pk=note.pk).text == ""


def test_no_card_number_is_kept_in_one(papers, now):
    with inside_operator():
        note = write_note(
            kind="order", subject_id=papers["order"].pk, text="carte 4242 4242 4242 4242", by=None, now=now
        )
        assert "4242 4242" not in note.text
        with pytest.raises(NothingNoted):
            write_note(kind="order", subject_id=papers["invoice"].pk, text=WORDS, by=None, now=now)


@pytest.mark.parametrize("kind", ["invoice", "claim", "pro_forma"])
def test_what_asks_for_money_can_be_contested_once_and_settled(papers, now, kind):
    with inside_operator():
        about = papers[kind]
        details = {"by": None, "now": now}
        dispute = open_dispute(about=about, reason="pas commandé", **details)
        with pytest.raises(DisputeStands):
            open_dispute(about=about, reason="encore", **details)
        assert Entry.objects.filter(verb="dispute.opened", subject_id=about.pk).exists()
        close_dispute(about=about, outcome="réglé", **details)
        assert Dispute.objects.get(pk=dispute.pk).outcome == "réglé"


@pytest.mark.parametrize(("kind", "blocks"), [("claim", True), ("pro_forma", False)])
def test_a_contested_claim_keeps_new_orders_away_too(now, kind, blocks):
    with inside_operator():
        contact = ContactFactory()
        day = paris_day(now)
        details = {"by": None, "now": now}
        invoice = invoice_of(order_signed(contact, now=now - timedelta(days=90)))
        claim = issue_interest_claim(invoice=invoice, as_of=day, today=day, **details)
        cheque = receive_cheque(
            invoice=invoice, amount_cents=invoice.gross_cents, received_on=day, reference="1", **details
        )
        clear_payment(payment_id=cheque.pk, credited_on=day, today=day, **details)
        version = quote_sent(contact, now=now)
        pro_forma = issue_pro_forma(version=version, today=day, **details)
        open_dispute(about={"claim": claim, "pro_forma": pro_forma}[kind], reason="x", **details)
        sign = {
            "version_id": version.pk,
            "contact": contact,
            "name": "S",
            "signatory_title": "d",
            "terms_version": contact.pk,
            "now": now,
            "today": day,
        }
        if blocks:
            with pytest.raises(DisputeOpen):
                sign_quote(**sign)
        else:
            sign_quote(**sign)


def test_the_pages_of_claims_and_pro_formas(papers, browse, now):
    finance = clerk(browse, now)
    for kind, name in (("claim", "interest_claim"), ("pro_forma", "pro_forma")):
        place = url(f"{name}_dispute", papers[kind].pk)
        assert finance.get(url(name, papers[kind].pk)).status_code == 200
        assert finance.post(place, {"dispute-reason": ""}).status_code == 422
        assert "contesté" in finance.post(place, {"dispute-reason": "non"}, follow=True).content.decode()
        assert "clos" in finance.post(place, {"dispute-reason": "réglé"}, follow=True).content.decode()
    note = url("note_write", "claim", papers["claim"].pk)
    assert finance.get(note).status_code == 302
    with inside_operator():
        kept = write_note(kind="claim", subject_id=papers["claim"].pk, text=WORDS, by=None, now=now)
    assert WORDS not in finance.post(url("note_erase", kept.pk), follow=True).content.decode()
