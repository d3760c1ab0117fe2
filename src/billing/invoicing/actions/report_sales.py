"""Report what was sold to consumers and abroad over a period."""

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256

from django.db import transaction

from audit.actions import log_action
from billing.invoicing.models import ConsumerReport, Invoice, Transmission
from billing.invoicing.policy.channels import REPORT, TRANSMISSION
from billing.invoicing.policy.report import ReportRow, Sale, report
from billing.invoicing.queries.natures import nets_by_nature, row_key
from billing.money.policy.money import format_amount, format_pct, share_of

HEADER = ("date", "clients", "categorie", "devise", "taux_tva", "montant_ht", "montant_tva", "nombre")


@transaction.atomic
def report_sales(*, starts_on: date, ends_on: date, now: datetime) -> ConsumerReport:
    """Return the report of a half-open period, made once.

    Totals per day, kind of client, nature, currency and rate.
    """
    known = ConsumerReport.objects.filter(starts_on=starts_on, ends_on=ends_on).first()
    if known is not None:
        return known
    ways = Transmission.objects.select_for_update(of=("self",)).filter(
        channel=REPORT, invoice__issued_on__gte=starts_on, invoice__issued_on__lt=ends_on
    )
    ways = ways.select_related("invoice").prefetch_related("invoice__lines")
    rows = report(sale for way in ways for sale in _sales(way.invoice))
    content = _file(rows)
    made = ConsumerReport.objects.create(
        starts_on=starts_on,
        ends_on=ends_on,
        rows=[_as_json(row) for row in rows],
        content=content,
        sha256=sha256(content).hexdigest(),
        created_at=now,
    )
    for way in ways:
        if TRANSMISSION.allows("send", way.state):
            way.move("send", at=now, reference=str(starts_on))
    log_action("sales.reported", by=None, on=made, at=now, facts={"from": str(starts_on), "rows": len(rows)})
    return made


def _sales(invoice: Invoice) -> Iterator[Sale]:
    sign = -1 if invoice.is_credit_note else 1
    lines = list(invoice.lines.all())
    for row in invoice.vat_rows:
        rate, category, _reason = key = row_key(row)
        nets = nets_by_nature(invoice, lines, key)
        vat_left = row["vat_cents"]
        for nature, net_cents in nets.items():
            is_last = nature == list(nets)[-1]
            vat_cents = vat_left if is_last else share_of(net_cents, Decimal(row["rate"] or 0))
            vat_left -= vat_cents
            yield Sale(
                document=invoice.number,
                day=invoice.issued_on,
                nature=nature,
                currency=invoice.currency,
                rate_pct=rate,
                category=category,
                net_cents=sign * net_cents,
                vat_cents=sign * vat_cents,
                to_consumer=invoice.customer_type == "consumer",
                country=invoice.buyer.get("country", "FR"),
            )


def _as_json(row: ReportRow) -> dict[str, object]:
    return asdict(row) | {"day": str(row.day), "rate_pct": str(row.rate_pct)}


def _file(rows: Iterable[ReportRow]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(HEADER)
    for row in rows:
        clients = "B2C" if row.to_consumer else "B2BINT"
        money = (format_amount(row.net_cents), format_amount(row.vat_cents))
        writer.writerow(
            [row.day, clients, row.kind, row.currency, format_pct(row.rate_pct), *money, row.documents]
        )
    return out.getvalue().encode()
