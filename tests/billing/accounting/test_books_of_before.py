"""A database of before the books were kept gets them when it is migrated."""

from datetime import timedelta

import pytest
from django.db import connection

from billing import registry
from billing.models import ClosedPeriod, JournalEntry
from billing.money.policy.days import paris_day
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tenants.actions.prepare_schemas import prepare_schemas


@pytest.mark.usefixtures("committed")
def test_migrating_writes_the_books_of_what_happened_before_even_on_closed_days(now, monkeypatch):
    """A database of before the books gets them when it is migrated, once; closed days are closed again."""
    then = now - timedelta(days=60)
    with inside_operator():
        with monkeypatch.context() as before:
            before.setitem(registry._LISTENERS, "document_issued", [])
            invoice = invoice_of(order_signed(now=then, method="cheque"))
        ClosedPeriod.objects.create(
            starts_on=then.date().replace(day=1),
            ends_on=now.date().replace(day=1),
            closed_at=now,
            figures={},
            fec=b"",
            fec_sha256="",
        )
        assert not JournalEntry.objects.exists()
    prepare_schemas(now=now)
    with inside_operator():
        written = JournalEntry.objects.filter(source_id=invoice.pk, journal="sales")
        assert [entry.on for entry in written] == [paris_day(then)]
        count = JournalEntry.objects.count()
    prepare_schemas(now=now)
    with inside_operator():
        assert JournalEntry.objects.count() == count
    with inside_operator(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger"
            " WHERE tgrelid = 'public.billing_journalentry'::regclass AND tgname = 'open'"
        )
        assert cursor.fetchone() == ("O",)
