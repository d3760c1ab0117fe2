"""Write what VAT fell due, or was taken back, as the rule says it from all that happened to an invoice."""

from collections.abc import Iterable
from datetime import date, datetime

from billing.accounting.actions.write_entries import write_entries
from billing.accounting.models import JournalEntry, VatMovement
from billing.accounting.policy.entries import of_vat
from billing.accounting.policy.vat_due import LOST, PAID, SUPPLIED, UNPAID, Due, missing
from billing.accounting.queries.vat_due import due_from
from billing.accounting.queries.vat_facts import dues_of, follows_money
from billing.invoicing.models import Invoice
from billing.money.actions.check_period_open import first_open_day

WHY = {PAID: "encaissement", UNPAID: "encaissement repris", SUPPLIED: "livraison", LOST: "perte"}


def sync_vat(invoice: Invoice, *, now: datetime, because_of_money: bool = False, moved: bool = True) -> None:
    """Write what fell due of an invoice and isn't in the books yet, event by event.

    What the books have stays: what falls in a closed month is written on the first open day, unless `moved`
    says no.
    """
    if because_of_money and not follows_money(invoice):
        return
    booked = [due_from(row) for row in VatMovement.objects.filter(invoice=invoice)]
    found: dict[tuple[str, str], list[Due]] = {}
    for due in missing(dues_of(invoice), booked):
        found.setdefault((due.kind, due.key), []).append(due)
    for (kind, key), dues in found.items():
        day = max(due.on for due in dues)
        _write(invoice, kind, key, dues, first_open_day(day) if moved else day, now)


def _write(invoice: Invoice, kind: str, key: str, dues: list[Due], on: date, now: datetime) -> None:
    cents = sum(due.vat_cents for due in dues)
    event = f"vat {kind} {key}"
    turn = JournalEntry.objects.filter(source_id=invoice.pk, event__startswith=event).count() + 1
    made = write_entries(
        of_vat(invoice.number, on=on, event=f"{event} {turn}", cents=cents, why=_why(kind, dues)),
        source=JournalEntry.Source.INVOICE,
        source_id=invoice.pk,
        customer_id=invoice.customer_id,
        currency=invoice.currency,
        now=now,
        about_id=invoice.pk,
    )
    keep_vat(invoice, dues, entry=next(iter(made), None), now=now, on=on)


def _why(kind: str, dues: list[Due]) -> str:
    if kind in {PAID, UNPAID}:
        return f"{WHY[kind]} {dues[0].label.partition('|')[2]}".strip()
    return WHY.get(kind, dues[0].label)


def keep_vat(
    invoice: Invoice,
    dues: Iterable[Due],
    *,
    entry: JournalEntry | None,
    now: datetime,
    on: date | None = None,
) -> None:
    """Keep what fell due, part by part, with the entry it stands in."""
    VatMovement.objects.bulk_create(
        VatMovement(
            invoice=invoice,
            entry=entry,
            on=on or due.on,
            country=due.part.country,
            rate_pct=due.part.rate_pct,
            category=due.part.category,
            tax_reason=due.part.reason,
            nature=due.part.nature,
            base_cents=due.base_cents,
            vat_cents=due.vat_cents,
            kind=due.kind,
            label=due.label[:120],
            key=due.key,
            created_at=now,
        )
        for due in dues
    )
