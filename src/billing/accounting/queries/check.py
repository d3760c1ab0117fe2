"""What is wrong with the books: what documents and money make and isn't there, what doesn't add up, gaps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db.models import Count, F, Max, Min, Sum

from billing.accounting.models import JournalEntry, JournalLine, VatMovement
from billing.accounting.policy.chart import VAT_DUE, VAT_PENDING
from billing.accounting.policy.entries import Draft
from billing.accounting.policy.vat_due import missing
from billing.accounting.queries.facts import (
    WAS_A_PAYOUT,
    drafts_of_claim,
    drafts_of_document,
    drafts_of_payment,
    drafts_of_payout,
    drafts_of_refund,
    drafts_of_write_off,
    dues_with,
)
from billing.accounting.queries.vat_due import due_from
from billing.accounting.queries.vat_facts import dues_of
from billing.collections.models import InterestClaim
from billing.invoicing.models import Invoice, WriteOff
from billing.payments.models import BankStatementLine, Payment, Refund

#: What an entry says: its journal, its day, and its sides; the two accounts of VAT together.
Said = tuple[str, object, tuple[tuple[str, int], ...]]


def faults() -> Iterator[str]:
    """Yield each fault of the books, in words; none when they are right."""
    yield from _unbalanced()
    yield from _gaps()
    yield from _validated_before_they_were()
    yield from _not_what_documents_make()
    yield from _vat()
    yield from _letters()


def _unbalanced() -> Iterator[str]:
    rows = JournalEntry.objects.annotate(cents=Sum("lines__cents")).exclude(cents=0).order_by()
    for entry in rows:
        yield f"{entry}: debits and credits differ"


def _gaps() -> Iterator[str]:
    numbered = JournalEntry.objects.filter(number__isnull=False).order_by()
    series = numbered.values("journal", "currency", "fiscal_year")
    for row in series.annotate(count=Count("pk"), first=Min("number"), last=Max("number")):
        if (row["first"], row["last"]) != (1, row["count"]):
            name = f"{row['journal']} {row['currency']} {row['fiscal_year']}"
            yield f"{name}: {row['count']} entries are numbered from {row['first']} to {row['last']}"


def _validated_before_they_were() -> Iterator[str]:
    for entry in JournalEntry.objects.filter(validated_on__lt=F("on")).order_by():
        yield f"{entry}: validated on {entry.validated_on}, dated {entry.on}"


def _not_what_documents_make() -> Iterator[str]:
    written = _written()
    for name, source_id, drafts in _recomputed():
        for draft in drafts:
            found = written.pop((source_id, draft.event), None)
            if found is None:
                yield f"{name}, {draft.event}: not in the books"
            elif found != _said(draft.journal, draft.on, ((p.role, p.cents) for p in draft.postings)):
                yield f"{name}, {draft.event}: the books say something else"
    for (source_id, event), said in written.items():
        if said[0] not in {"vat", "deferred"}:
            yield f"{source_id}, {event}: in the books, and nothing makes it"


def _recomputed() -> Iterator[tuple[str, UUID, Iterable[Draft]]]:
    """Yield what all documents, money and claims make, each with its name."""
    for document in Invoice.objects.select_related("corrects"):
        yield document.number, document.pk, drafts_of_document(document, dues_with(document))
    for payment in Payment.objects.all():
        yield str(payment), payment.pk, drafts_of_payment(payment)
    for refund in Refund.objects.select_related("payment"):
        yield f"refund {refund}", refund.pk, drafts_of_refund(refund)
    for line in BankStatementLine.objects.filter(WAS_A_PAYOUT):
        yield f"payout {line}", line.pk, drafts_of_payout(line)
    for claim in InterestClaim.objects.select_related("invoice"):
        yield claim.number, claim.pk, drafts_of_claim(claim)
    for row in WriteOff.objects.select_related("invoice", "claim"):
        yield f"write-off {row}", row.pk, drafts_of_write_off(row)


def _written() -> dict[tuple[UUID, str], Said]:
    rows = JournalEntry.objects.prefetch_related("lines").order_by()
    return {
        (row.source_id, row.event): _said(
            row.journal, row.on, ((line.role, line.cents) for line in row.lines.all())
        )
        for row in rows
    }


def _said(journal: str, on: object, sides: Iterable[tuple[str, int]]) -> Said:
    sums: dict[str, int] = {}
    for role, cents in sides:
        name = VAT_DUE if role == VAT_PENDING else role
        sums[name] = sums.get(name, 0) + cents
    return journal, on, tuple(sorted((role, cents) for role, cents in sums.items() if cents))


def _vat() -> Iterator[str]:
    for invoice in Invoice.objects.invoices():
        booked = [due_from(row) for row in VatMovement.objects.filter(invoice=invoice)]
        for due in missing(dues_of(invoice), booked):
            yield f"{invoice.number}: {due.vat_cents} of VAT of {due.label} ({due.kind}) differ"


def _letters() -> Iterator[str]:
    rows = JournalLine.objects.exclude(letter="").order_by().values("letter", "account", "customer")
    for row in rows.annotate(cents=Sum("cents")).exclude(cents=0):
        yield f"letter {row['letter']} of {row['account']}: its lines add up to {row['cents']}"
