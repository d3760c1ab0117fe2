"""The books as they stand: what is written of a source, the balances, and the rows of the file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Min, Q, Sum
from django.db.models.functions import Abs

from billing.accounting.models import JournalEntry, JournalLine
from billing.accounting.policy.chart import PROVIDER, Chart
from billing.accounting.policy.fec import Balance, Entry
from billing.catalogue.policy.prices import EURO


def written_events(source_id: UUID) -> set[str]:
    """Return which events of a document or of money stand in the books."""
    return set(JournalEntry.objects.filter(source_id=source_id).values_list("event", flat=True))


def first_day() -> date | None:
    """Return the day of the first entry."""
    day: date | None = JournalEntry.objects.aggregate(day=Min("on"))["day"]
    return day


def entries_in(starts_on: date, ends_on: date) -> int:
    """Return how many entries in euros are dated from a day to another, both included."""
    return JournalEntry.objects.between(starts_on, ends_on).filter(currency=EURO).count()


def waiting_in(starts_on: date, ends_on: date) -> int:
    """Return how many of them are not validated yet."""
    return JournalEntry.objects.between(starts_on, ends_on).filter(currency=EURO).waiting().count()


def balances(chart: Chart, *, starts_on: date, ends_on: date) -> list[Balance]:
    """Return the accounts of a period in euros with their debits and credits; both add up to the same."""
    rows = _lines(starts_on, ends_on).filter(entry__currency=EURO).values("account")
    sums = rows.annotate(
        debit=Sum("cents", filter=Q(cents__gt=0)), credit=Sum(Abs("cents"), filter=Q(cents__lt=0))
    )
    return [
        Balance(row["account"], chart.label_of(row["account"]), row["debit"] or 0, row["credit"] or 0)
        for row in sums.order_by("account")
    ]


def provider_balance(currency: str) -> int:
    """Return what the payment provider still holds of ours in a currency by the books, in cents."""
    rows = JournalLine.objects.filter(role=PROVIDER, entry__currency=currency).order_by()
    return rows.aggregate(cents=Sum("cents"))["cents"] or 0


def without_rate(*, starts_on: date, ends_on: date) -> list[str]:
    """Return the references of what happened in other currencies.

    The accountant books it at the day's rate.
    """
    rows = JournalEntry.objects.between(starts_on, ends_on).exclude(currency=EURO)
    told = rows.order_by("rank").values_list("reference", "currency")
    return list(dict.fromkeys(f"{reference} ({currency})" for reference, currency in told))


def fec_rows(chart: Chart, *, starts_on: date, ends_on: date) -> Iterator[Entry]:
    """Yield the lines of the validated entries in euros of a period, in the order of their validation."""
    lines = _lines(starts_on, ends_on).filter(entry__currency=EURO, entry__number__isnull=False)
    by_validation = (
        "entry__validated_on",
        "entry__journal",
        "entry__fiscal_year",
        "entry__number",
        "position",
    )
    ordered = lines.select_related("entry", "customer").order_by(*by_validation)
    for line in ordered.iterator(chunk_size=2000):
        yield _row(line, chart)


def _row(line: Any, chart: Chart) -> Entry:
    journal = chart.journals[line.entry.journal]
    return Entry(
        journal=journal.number,
        journal_label=journal.label,
        number=line.entry.number,
        on=line.entry.on,
        account=line.account,
        account_label=chart.label_of(line.account),
        customer_key=customer_key(line.customer_id) if line.customer else "",
        customer_name=line.customer.name if line.customer else "",
        reference=line.entry.reference,
        label=line.entry.label,
        cents=line.cents,
        letter=line.letter,
        lettered_on=line.lettered_on,
        validated_on=line.entry.validated_on,
    )


def _lines(starts_on: date, ends_on: date) -> Any:
    return JournalLine.objects.filter(entry__on__range=(starts_on, ends_on))


def customer_key(customer_id: UUID) -> str:
    """Return the number of a client's own account in the file."""
    return f"C{str(customer_id).replace('-', '')[:12].upper()}"
