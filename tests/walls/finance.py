"""One of everything that finance's own addresses name."""

from hashlib import sha256
from uuid import uuid4
from zlib import compress

from billing.desk.actions.send_many import send_many
from billing.desk.actions.write_note import write_note
from billing.models import ClosedPeriod, WriteOff
from billing.money.policy.days import paris_day


def finance_papers(contact, invoice, now):
    """Return a period that was closed and opened again, a sending and a note on a client."""
    day = paris_day(now)
    period = ClosedPeriod.objects.create(
        starts_on=day.replace(month=1, day=1),
        ends_on=day.replace(day=1),
        closed_at=now,
        figures={"balances": []},
        fec=compress(b""),
        fec_sha256=sha256(b"").hexdigest(),
        reopened_at=now,
        reopen_reason="x",
    )
    details = {"by": None, "now": now}
    lost = WriteOff.objects.create(
        invoice=invoice, amount_cents=1, on=day, reason="other", words="x", created_at=now
    )
    note = write_note(kind="customer", subject_id=contact.customer_id, text="à rappeler", **details)
    return {
        "period_id": period.pk,
        "write_off_id": lost.pk,
        "mailing_id": send_many(key=uuid4(), kind="invoices", ids=[invoice.pk], **details).pk,
        "note_id": note.pk,
        "note_kind": "customer",
        "noted_id": contact.customer_id,
    }
