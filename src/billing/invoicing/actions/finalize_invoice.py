"""Seal a document: total it, judge it, and only then give it its number.

From then on nothing of it changes.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from agenda.actions import open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models.lines import Line, totals_of
from billing.customers.policy.completeness import missing_of_buyer
from billing.invoicing.gateways.einvoice.cii import cii_xml
from billing.invoicing.gateways.einvoice.rules import Finding, findings
from billing.invoicing.models import Invoice, InvoiceLine, IssuedFile, Transmission
from billing.invoicing.policy.channels import REPORT, channel_of, period_id, report_period
from billing.invoicing.policy.paid import Payment, prepaid
from billing.invoicing.policy.retention import kept_until, year_id
from billing.invoicing.queries.einvoice import electronic, is_for_french_platforms
from billing.invoicing.queries.mentions import sentences
from billing.invoicing.queries.natures import natures_of, taxed_natures
from billing.money.actions.check_period_open import check_period_open
from billing.money.gateways.seller import seller_on
from billing.money.models import NumberSeries
from billing.money.policy.days import day_starts_at, within_day
from billing.money.policy.numbering import document_number, provisional_number
from billing.money.policy.vat import Totals
from billing.registry import announce

EINVOICE = "CGI-289"  # articles of the French tax code: electronic invoices, and the report of what isn't one

REPORTING = "CGI-290"

RETENTION = "CCOM-L123-22"  # ten years, French commercial code

LATE_CLAUSE = {"consumer": "LG-S6.3c", "professional": "LG-S6.3p", "public_body": "LG-S6.3p"}

SENT_WITHIN = timedelta(hours=24)


class NotAnInvoice(Exception):
    """Raised before a number is taken, when the document would not be a valid invoice.

    `missing` names what lacks, as `customers.policy.completeness` does, or "lines", "total", "exchange_rate";
    `broken` are the rules of electronic invoices it would break.
    """

    def __init__(self, missing: Sequence[str] = (), broken: Sequence[Finding] = ()) -> None:
        super().__init__(", ".join([*missing, *(each.rule for each in broken)]))
        self.missing = tuple(missing)
        self.broken = tuple(broken)


def finalize_invoice(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    *,
    series: str,
    by: Actor | None,
    now: datetime,
    today: date,
    totals: Totals | None = None,
    paid: Payment | None = None,
) -> Invoice:
    """Return the document, issued: judged as an electronic invoice, numbered without a gap, its XML kept with
    it. `paid` is the money that is there already.

    Opens the promises to send it where its recipient is, and to keep it for its years. Raises NotAnInvoice
    and PeriodClosed before any number is taken, NotChronological where the last of its series is later.
    """
    check_period_open(today)
    today = NumberSeries.objects.day_of_issue(series, today)
    judge(invoice, lines, series=series, now=now, today=today, totals=totals, paid=paid)
    rank = NumberSeries.objects.take(series, today.year)
    invoice.number = document_number(series, year=today.year, rank=rank)
    InvoiceLine.objects.bulk_create(lines)  # the document that follows seals them
    invoice.save(force_insert=True)
    store_issued_file(invoice, IssuedFile.Kind.CII, cii_xml(electronic(invoice, lines)), now=now)
    facts = {"number": invoice.number, "gross_cents": invoice.gross_cents, "currency": invoice.currency}
    log_action(f"{series}.issued", by=by, on=invoice, at=now, facts=facts)
    _promise_way(invoice, now)
    announce("document_issued", document=invoice, now=now)
    return invoice


def judge(
    invoice: Invoice,
    lines: Sequence[InvoiceLine],
    *,
    series: str,
    now: datetime,
    today: date,
    totals: Totals | None = None,
    paid: Payment | None = None,
) -> None:
    """Total a document and judge it, under a number that isn't taken. Raises NotAnInvoice."""
    _fill(invoice, lines, totals or totals_of(lines), now, today)
    before = prepaid(gross_cents=invoice.gross_cents, paid=paid)
    invoice.prepaid_cents = before.cents
    invoice.prepaid_on = before.on
    invoice.number = provisional_number(series, year=today.year)
    validate(invoice, lines)


def _promise_way(invoice: Invoice, now: datetime) -> None:
    """Open the way of a document to its recipient.

    A file sent within a day, or a line of its period's report.
    """
    channel = channel_of(invoice.customer_type, country=invoice.buyer["country"])
    Transmission.objects.create(invoice=invoice, channel=channel, created_at=now)
    if channel == REPORT:
        period = report_period(invoice.issued_on)
        open_obligation(
            REPORTING,
            kind="report",
            subject=period_id(period),
            occurrence=str(period.starts_on),
            due_at=day_starts_at(period.due_on),
            run_at=day_starts_at(period.ends_on),
            now=now,
        )
    else:
        open_obligation(
            EINVOICE, kind="dispatch", subject=invoice.id, due_at=now + SENT_WITHIN, run_at=now, now=now
        )
        wake_worker()
    year = invoice.issued_on.year
    open_obligation(
        RETENTION,
        kind="year",
        subject=year_id(year),
        **within_day(kept_until(invoice.issued_on), now=now),
        now=now,
    )


def store_issued_file(invoice: Invoice, kind: str, content: bytes, *, now: datetime) -> IssuedFile:
    """Return the file, kept for good beside its document with its hash."""
    digest = sha256(content).hexdigest()
    return IssuedFile.objects.create(
        invoice=invoice, kind=kind, content=content, sha256=digest, created_at=now
    )


def _fill(invoice: Invoice, lines: Sequence[Line], totals: Totals, now: datetime, today: date) -> None:
    invoice.id = invoice.id or uuid4()
    invoice.put(totals)
    invoice.issued_on = today
    invoice.due_on = max(invoice.due_on, today)
    invoice.created_at = now
    invoice.seller = seller_on(today)
    invoice.vat_rows = rows_of(totals)
    invoice.mentions = sentences(
        invoice, natures=natures_of(invoice, lines), taxed=taxed_natures(invoice, lines)
    )


def rows_of(totals: Totals) -> list[dict[str, Any]]:
    """Return what a document keeps of its VAT, row by row."""
    return [
        {
            "rate": None if part.rate_pct is None else str(part.rate_pct),
            "net_cents": part.net_cents,
            "vat_cents": part.vat_cents,
            "category": part.category,
            "reason": part.reason,
        }
        | ({"natures": dict(part.natures)} if part.natures else {})
        for part in totals.subtotals
    ]


def validate(invoice: Invoice, lines: Sequence[InvoiceLine]) -> None:
    """Raise NotAnInvoice when a mention the law wants is missing, or the electronic invoice would break a
    rule.
    """
    missing = [*missing_of_buyer(invoice.buyer, kind=invoice.customer_type)]
    if not lines:
        missing.append("lines")
    if invoice.gross_cents < 0:
        missing.append("total")
    if invoice.currency != "EUR" and invoice.vat_cents:
        missing.append("exchange_rate")  # the VAT must be told in euros too
    if missing:
        raise NotAnInvoice(missing)
    document = electronic(invoice, lines)
    if broken := findings(cii_xml(document), french=is_for_french_platforms(document)):
        raise NotAnInvoice(broken=broken)
