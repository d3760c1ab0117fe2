"""Erasing a person leaves the documents the law wants kept, untouched and readable."""

from datetime import timedelta

from agenda.loop import tick
from agenda.models import Obligation
from billing.invoicing.actions.render_documents import invoice_pdf, invoice_xml
from billing.invoicing.policy.retention import kept_until, year_id
from billing.models import Invoice
from billing.money.policy.days import day_starts_at, paris_day
from billing.orders.actions.issue_invoice import issue_invoice
from demo.factories.people import person_with
from demo.samples.invoices import SCHOOL
from demo.samples.orders import customer_named, order_of
from dpa.actions.request_erasure import request_person_erasure
from isolation.context import inside, inside_operator
from people.models import Person


def _documents(invoice):
    row = Invoice.objects.values().get(pk=invoice.pk)
    return row, list(invoice.lines.values()), invoice_xml(invoice), invoice_pdf(invoice)


def test_documents_outlive_who_signed_for_them(db, school, now, settings, tmp_path):
    settings.EINVOICE_DROP = tmp_path / "drop"
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    with inside_operator():
        customer = customer_named("professional")
        customer.signatory = "Solène Marchetti"
        customer.save()
        order = order_of(customer, *SCHOOL, now=now)
        invoice = issue_invoice(order=order, by=None, now=now, today=paris_day(now))
        before = _documents(invoice)
    with inside(school):
        person = person_with("teacher", now=now, username="solene", email=customer.email)
        Person.objects.filter(pk=person.pk).update(first_name="Solène", last_name="Marchetti")
        person.refresh_from_db()
        request_person_erasure(person=person, by=None, now=now)
    tick(now + timedelta(hours=13))
    with inside(school):
        assert not Person.objects.filter(pk=person.pk).exists()
    with inside_operator():
        assert _documents(invoice) == before


def test_ten_years_are_promised_once_a_year_and_told(db, now, settings, tmp_path):
    settings.EINVOICE_DROP = tmp_path
    with inside_operator():
        for _ in range(2):
            order = order_of(customer_named("professional"), *SCHOOL, now=now)
            issue_invoice(order=order, by=None, now=now, today=paris_day(now))
        promise = Obligation.objects.get(clause="CCOM-L123-22")
        assert promise.subject_id == year_id(2026)
        assert promise.run_at == day_starts_at(kept_until(paris_day(now)))
        Obligation.objects.exclude(pk=promise.pk).delete()
    tick(promise.run_at)
    with inside_operator():
        promise.refresh_from_db()
        assert promise.state == "kept"
        assert promise.evidence == {"year": 2026, "documents": 2}
        assert Invoice.objects.count() == 2
