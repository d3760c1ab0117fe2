"""Issued documents: judged before their number, frozen as files, sent where their recipient is, credited in
part.
"""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from agenda.loop import tick
from agenda.models import Obligation
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.actions.finalize_invoice import NotAnInvoice
from billing.invoicing.actions.render_documents import FileAltered, invoice_pdf, invoice_ubl, invoice_xml
from billing.invoicing.actions.report_sales import report_sales
from billing.invoicing.actions.transmit_document import ReasonNeeded, note_answer, send_again, take_answers
from billing.invoicing.gateways.einvoice import cii
from billing.invoicing.gateways.einvoice.cii import cii_xml
from billing.invoicing.gateways.einvoice.rules import findings
from billing.invoicing.policy.credit import NothingCredited, TooMuchCredited
from billing.invoicing.queries.balances import balance_of
from billing.invoicing.queries.einvoice import electronic
from billing.invoicing.queries.refusals import refusal_words
from billing.models import ConsumerReport, Invoice, InvoiceLine, IssuedFile, NumberSeries, Order, Transmission
from billing.money.policy.days import paris_day
from billing.orders.actions.cancel_order import cancel_order
from billing.orders.actions.issue_invoice import (
    InvoicedAlready,
    final_invoice,
    issue_down_payment,
    issue_final,
    issue_invoice,
)
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.reverse_payment import reverse_payment
from contracts.policy.transitions import WrongMove
from demo.factories.billing import ContactFactory, CustomerFactory, invoice_of, order_signed
from demo.samples.invoices import SCHOOL
from demo.samples.orders import CUSTOMERS, Wanted, customer_named, order_of

pytestmark = pytest.mark.usefixtures("as_operator")


@pytest.fixture(autouse=True)
def drop(settings, tmp_path):
    settings.EINVOICE_DROP = tmp_path / "einvoices"
    return settings.EINVOICE_DROP


def issued(kind, now, *wanted, **chosen):
    order = order_of(customer_named(kind), *(wanted or SCHOOL), now=now, **chosen)
    return issue_invoice(order=order, by=None, now=now, today=paris_day(now))


def last(kind):
    return NumberSeries.objects.filter(kind=kind).values_list("last", flat=True).first() or 0


class TestJudgedFirst:
    """No number is taken for what would be refused, and the clerk is told what to write where."""

    @pytest.mark.parametrize(
        ("kind", "without", "named"),
        [
            ("professional", "siren", "siren"),
            ("school", "siret", "siret"),
            ("family", "email", "email"),
            ("professional", "street", "street"),
        ],
    )
    def test_what_lacks_is_named(self, now, monkeypatch, kind, without, named):
        monkeypatch.setitem(CUSTOMERS, kind, CUSTOMERS[kind] | {without: ""})
        before = last("invoice")
        with pytest.raises(NotAnInvoice) as refused:
            issued(kind, now)
        assert refused.value.missing == (named,)
        assert last("invoice") == before
        assert named in str(refused.value)
        assert refusal_words(refused.value.missing, refused.value.broken)

    def test_a_broken_rule_takes_no_number(self, now, monkeypatch):
        monkeypatch.setattr(cii, "_rate", lambda *_: None)  # a line without its rate breaks EN 16931
        before = last("invoice")
        count = Invoice.objects.count()
        with pytest.raises(NotAnInvoice) as refused:
            issued("professional", now)
        assert any(each.rule.startswith("BR-S-") for each in refused.value.broken)
        assert (last("invoice"), Invoice.objects.count()) == (before, count)
        assert "BR-S-" in refusal_words((), refused.value.broken)

    def test_vat_in_another_currency_needs_its_euros(self, now):
        with pytest.raises(NotAnInvoice, match="exchange_rate"):
            issued("professional", now, currency="GBP")

    def test_a_french_rule_is_judged(self, now):
        invoice = issued("professional", now)
        invoice.buyer = invoice.buyer | {"siren": "12345"}
        broken = findings(cii_xml(electronic(invoice, list(invoice.lines.all()))))
        assert any("BT-47" in each.rule for each in broken)
        assert "SIREN" in refusal_words((), broken)

    def test_what_is_no_invoice_is_said_by_the_schema(self, now):
        invoice = issued("professional", now)
        xml = cii_xml(electronic(invoice, list(invoice.lines.all()))).replace(b"ram:Name>", b"ram:Nom>")
        assert {each.rule for each in findings(xml)} == {"XSD"}


class TestFiles:
    """The bytes that were issued are the bytes that are served."""

    def test_the_pdf_is_drawn_once(self, now):
        invoice = issued("professional", now)
        first = invoice_pdf(invoice)
        assert first.startswith(b"%PDF")
        assert invoice_pdf(invoice) == first
        assert sorted(invoice.files.values_list("kind", flat=True)) == ["cii", "pdf"]
        assert invoice.number.encode() in invoice_xml(invoice)

    def test_the_database_refuses_to_change_a_file(self, now):
        invoice_pdf(invoice := issued("professional", now))
        for change in ({"content": b"x"}, {"sha256": "0" * 64}):
            with pytest.raises(IntegrityError), transaction.atomic():
                IssuedFile.objects.filter(invoice=invoice).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic():
            IssuedFile.objects.filter(invoice=invoice)._raw_delete("default")

    def test_an_altered_file_is_not_served(self, now, monkeypatch):
        invoice = issued("professional", now)
        monkeypatch.setattr(IssuedFile, "is_intact", False)
        with pytest.raises(FileAltered):
            invoice_xml(invoice)

    def test_one_issued_before_there_were_files_is_still_drawn(self, now):
        invoice = issued("professional", now)
        twin = Invoice.objects.get(pk=invoice.pk)
        twin.pk = ContactFactory().pk
        twin.number = "FA-2025-000001"
        lines = [InvoiceLine(invoice_id=twin.pk, **line.terms()) for line in invoice.lines.all()]
        InvoiceLine.objects.bulk_create(lines)
        twin.save(force_insert=True)
        assert invoice_xml(twin) is None
        assert invoice_pdf(twin).startswith(b"%PDF")
        assert not twin.files.exists()


class TestItsWay:
    """Each recipient has a channel; what becomes of a document there is kept with its time."""

    def test_a_business_gets_it_by_its_platform(self, now, drop):
        invoice = issued("professional", now)
        assert invoice.dispatch.state == "waiting"
        tick(now)
        way = Transmission.objects.get(invoice=invoice)
        assert (way.channel, way.state, way.reference) == ("platform", "sent", invoice.number)
        out = drop / "platform" / "out"
        assert (out / f"{invoice.number}.xml").read_bytes() == invoice_xml(invoice)
        assert (out / f"{invoice.number}.pdf").read_bytes() == invoice_pdf(invoice)
        assert not list(out.glob(".*"))

    def test_a_public_body_gets_it_by_chorus_pro_with_its_references(self, now, drop):
        invoice = issued("school", now, purchase_order_reference="2026-ENG-1")
        tick(now)
        assert (drop / "chorus" / "out" / f"{invoice.number}.xml").exists()
        xml = invoice_xml(invoice).decode()
        assert "<ram:BuyerReference>ECOLES</ram:BuyerReference>" in xml
        assert "<ram:IssuerAssignedID>2026-ENG-1</ram:IssuerAssignedID>" in xml
        assert '<ram:GlobalID schemeID="0009">21359990500006</ram:GlobalID>' in xml
        assert "213599905_21359990500006_ECOLES" in xml

    def test_a_channel_may_want_ubl(self, now, drop, settings):
        settings.EINVOICE_UBL = frozenset({"chorus"})
        invoice = issued("school", now, purchase_order_reference="2026-ENG-1")
        tick(now)
        sent = (drop / "chorus" / "out" / f"{invoice.number}.xml").read_bytes()
        assert b"urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" in sent
        assert invoice_ubl(invoice) == sent
        assert invoice_xml(invoice) != sent

    def test_a_stopped_machine_loses_nothing(self, now, drop, monkeypatch):
        invoice = issued("professional", now)
        with monkeypatch.context() as patch:
            patch.setattr("billing.invoicing.gateways.channels.FileDrop.send", lambda *_: 1 / 0)
            tick(now)
        assert Transmission.objects.get(invoice=invoice).state == "waiting"
        assert Obligation.objects.waiting().filter(clause="CGI-289", subject_id=invoice.pk).exists()
        tick(now + timedelta(hours=1))
        assert Transmission.objects.get(invoice=invoice).state == "sent"
        assert len(list((drop / "platform" / "out").iterdir())) == 2

    def test_answers_lie_in_a_folder(self, now, drop):
        invoice = issued("professional", now)
        tick(now)
        told = drop / "platform" / "in"
        told.mkdir()
        at, later = ((now + timedelta(minutes=minutes)).isoformat() for minutes in (5, 9))
        (told / "1.json").write_text(json.dumps({"number": invoice.number, "state": "received", "at": at}))
        refused = {"number": invoice.number, "state": "refused", "at": later, "reason": "SIRET inconnu"}
        (told / "2.json").write_text(json.dumps(refused))
        (told / "3.json").write_text("{")
        (told / "4.json").write_text(json.dumps({"number": "FA-0", "state": "paid", "at": at}))
        assert take_answers(channel="platform", now=now) == 2
        assert take_answers(channel="platform", now=now) == 0
        events = list(invoice.dispatch.events.values_list("state", "reason"))
        assert events == [("sent", ""), ("received", ""), ("refused", "SIRET inconnu")]

    def test_an_answer_is_waited_for_where_answers_come(self, now, drop):
        (drop / "platform" / "in").mkdir(parents=True)
        invoice = issued("professional", now)
        tick(now)
        asked = Obligation.objects.get(clause="CGI-289", kind="answer", subject_id=invoice.pk)
        tick(later := now + timedelta(hours=7))
        asked.refresh_from_db()
        assert (asked.state, asked.run_at > later) == ("owed", True)
        details = {"number": invoice.number, "state": "received", "at": later.isoformat()}
        (drop / "platform" / "in" / "a.json").write_text(json.dumps(details))
        tick(later + timedelta(hours=7))
        asked.refresh_from_db()
        assert asked.state == "kept"

    def test_a_refused_document_is_sent_again(self, now):
        invoice = issued("professional", now)
        with pytest.raises(WrongMove):
            send_again(invoice_id=invoice.pk, by=None, now=now)
        with pytest.raises(WrongMove):
            note_answer(invoice_id=invoice.pk, state="received", at=now, by=None, now=now)
        tick(now)
        with pytest.raises(ReasonNeeded):
            note_answer(invoice_id=invoice.pk, state="refused", at=now, by=None, now=now)
        note_answer(invoice_id=invoice.pk, state="refused", at=now, reason="doublon", by=None, now=now)
        send_again(invoice_id=invoice.pk, by=None, now=now)
        tick(now)
        assert Transmission.objects.get(invoice=invoice).state == "sent"
        assert invoice.dispatch.events.count() == 3

    def test_families_are_reported_in_totals(self, now):
        first = issued("family", now, Wanted("preau-ecole", 2, 4900), method="card")
        issued("family", now, Wanted("preau-ecole", 1, 4900), method="card")
        issued("professional", now)
        credit_invoice(
            corrects=first,
            reason="Geste commercial",
            amounts={1: 4900},
            by=None,
            now=now,
            today=paris_day(now),
        )
        later = now + timedelta(days=5)  # the period from the 11th to the 20th is over
        tick(later)
        made = ConsumerReport.objects.get()
        assert (made.starts_on, made.ends_on) == (date(2026, 11, 11), date(2026, 11, 21))
        assert bytes(made.content).decode().splitlines()[1] == "2026-11-16;B2C;TPS1;EUR;20.00;98.00;19.60;3"
        assert set(Transmission.objects.filter(channel="report").values_list("state", flat=True)) == {"sent"}
        again = report_sales(starts_on=made.starts_on, ends_on=made.ends_on, now=later)
        assert again.pk == made.pk


class TestCreditNotes:
    """Whole or in part, never more than was asked, and in the end exactly its VAT."""

    def test_part_by_part_gives_back_all_and_no_more(self, now):
        invoice = issued("professional", now, Wanted("", 3, 333, "a"), Wanted("", 1, 501, "b"))
        today = paris_day(now)
        details = {"by": None, "now": now, "today": today}
        notes = [
            credit_invoice(corrects=invoice, reason="Geste commercial", amounts=part, **details)
            for part in ({1: 333}, {1: 1, 2: 500}, {1: 3})
        ]
        notes.append(credit_invoice(corrects=invoice, reason="Geste commercial", **details))
        assert [note.number for note in notes] == [f"AV-2026-{n:06d}" for n in (1, 2, 3, 4)]
        assert sum(note.net_cents for note in notes) == invoice.net_cents
        assert sum(note.vat_cents for note in notes) == invoice.vat_cents
        assert balance_of(invoice.pk) == 0
        with pytest.raises(NothingCredited):
            credit_invoice(corrects=invoice, reason="Geste commercial", **details)
        assert not Obligation.objects.waiting().filter(kind="overdue", subject_id=invoice.pk).exists()

    def test_more_than_is_left_is_refused(self, now):
        invoice = issued("professional", now)
        with pytest.raises(TooMuchCredited) as most:
            credit_invoice(
                corrects=invoice,
                reason="Geste commercial",
                amounts={2: 68001},
                by=None,
                now=now,
                today=paris_day(now),
            )
        assert (most.value.position, most.value.left_cents) == (2, 68000)
        assert last("credit_note") == 0

    def test_what_was_credited_in_part_is_cancelled_for_the_rest(self, now):
        order = order_signed(now=now)
        credit_invoice(
            corrects=invoice_of(order),
            reason="Geste commercial",
            amounts={1: 4900},
            by=None,
            now=now,
            today=paris_day(now),
        )
        late = now + timedelta(days=11)
        tick(late)
        cancel_order(order_id=order.id, reason="unpaid", by=None, now=late, today=paris_day(late))
        assert balance_of(invoice_of(order).id) == 0
        assert sum(note.gross_cents for note in invoice_of(order).corrections.all()) == order.gross_cents

    def test_a_note_names_the_invoice_it_corrects(self, now):
        invoice = issued("professional", now)
        note = credit_invoice(
            corrects=invoice, reason="Geste commercial", by=None, now=now, today=paris_day(now)
        )
        xml = invoice_xml(note).decode()
        assert "<ram:TypeCode>381</ram:TypeCode>" in xml
        assert f"<ram:IssuerAssignedID>{invoice.number}</ram:IssuerAssignedID>" in xml


class TestDeposits:
    """A share first, with its VAT; then the rest; nothing opens in between."""

    def test_the_invoice_deducts_the_deposit(self, now):
        order = order_of(customer_named("professional"), *SCHOOL, now=now)
        today = paris_day(now)
        details = {"by": None, "now": now, "today": today}
        deposit = issue_down_payment(order=order, pct=30, **details)
        assert deposit.number == "AC-2026-000001"
        assert deposit.net_cents == 52446
        final = issue_final(order_id=order.pk, **details)
        assert deposit.net_cents + final.net_cents == order.net_cents
        assert deposit.vat_cents + final.vat_cents == order.vat_cents
        xml = invoice_xml(final).decode()
        assert "<ram:ID>S4</ram:ID>" in xml
        assert deposit.number in xml
        for again in (
            lambda: issue_final(order_id=order.pk, **details),
            lambda: issue_down_payment(order=order, pct=9, **details),
        ):
            with pytest.raises(InvoicedAlready):
                again()

    def test_a_credited_deposit_is_not_deducted(self, now):
        order = order_of(customer_named("professional"), *SCHOOL, now=now)
        today = paris_day(now)
        deposit = issue_down_payment(order=order, pct=30, by=None, now=now, today=today)
        credit_invoice(corrects=deposit, reason="Geste commercial", by=None, now=now, today=today)
        assert issue_final(order_id=order.pk, by=None, now=now, today=today).net_cents == order.net_cents

    def test_a_paid_deposit_opens_nothing(self, now):
        from billing.payments.actions.clear_payment import clear_payment

        order = order_of(customer_named("professional"), *SCHOOL, now=now)
        today = paris_day(now)
        deposit = issue_down_payment(order=order, pct=30, by=None, now=now, today=today)
        told = {"received_on": today, "reference": "", "by": None, "now": now}

        def pay(invoice):
            cheque = receive_cheque(invoice=invoice, amount_cents=invoice.gross_cents, **told)
            clear_payment(payment_id=cheque.id, credited_on=today, by=None, now=now, today=today)
            return Order.objects.get(pk=order.pk).state

        assert pay(deposit) == "waiting"
        assert pay(final_invoice(order=order, by=None, now=now, today=today)) == "funded"


def test_paid_is_told_to_the_platform(now):
    from billing.payments.actions.clear_payment import clear_payment

    order = order_signed(ContactFactory(customer=CustomerFactory()), now=now)
    invoice = invoice_of(order)
    today = paris_day(now)
    tick(now)
    details = {"received_on": today, "reference": "", "by": None, "now": now}
    cheque = receive_cheque(invoice=invoice, amount_cents=invoice.gross_cents, **details)
    clear_payment(payment_id=cheque.id, credited_on=today, by=None, now=now, today=today)
    assert Transmission.objects.get(invoice=invoice).state == "paid"
    reverse_payment(payment_id=cheque.id, bounced_on=today, reason="provision", by=None, now=now)
    assert Transmission.objects.get(invoice=invoice).state == "received"  # it isn't there any more
    cheque = receive_cheque(invoice=invoice, amount_cents=invoice.gross_cents, **details)
    clear_payment(payment_id=cheque.id, credited_on=today, by=None, now=now, today=today)
    assert Transmission.objects.get(invoice=invoice).state == "paid"
