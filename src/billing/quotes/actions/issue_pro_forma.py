"""Issue a pro forma of a quote: what the invoice would say, for who must see one before they commit the
money.
"""

from datetime import date, datetime
from uuid import uuid4

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.models.lines import totals_of
from billing.customers.policy.completeness import missing_of_buyer
from billing.invoicing.actions.finalize_invoice import NotAnInvoice, rows_of
from billing.invoicing.models import ProForma, ProFormaLine
from billing.money.actions.check_period_open import check_period_open
from billing.money.gateways.seller import seller_on
from billing.money.models import NumberSeries
from billing.money.policy.numbering import document_number
from billing.quotes.models import QuoteVersion


class NothingQuoted(Exception):
    """Raised on a draft: a pro forma says what was offered."""


@transaction.atomic
def issue_pro_forma(*, version: QuoteVersion, by: Actor | None, now: datetime, today: date) -> ProForma:
    """Return the pro forma of a quote that was sent, in a series of its own.

    No invoice, no VAT claimed, nothing owed.

    Raises NothingQuoted, NotAnInvoice when the buyer's address lacks something.
    """
    check_period_open(today)
    if version.is_draft:
        raise NothingQuoted(version.label)
    if missing := missing_of_buyer(version.buyer, kind=version.customer_type):
        raise NotAnInvoice(missing)
    ordered = list(version.lines.all())
    rank = NumberSeries.objects.take("pro_forma", today.year)
    same = ("method", "language", "valid_until", "buyer", "currency")
    made = ProForma(
        id=uuid4(),
        number=document_number("pro_forma", year=today.year, rank=rank),
        version=version,
        customer_id=version.quote.customer_id,
        issued_on=today,
        seller=seller_on(today),
        created_at=now,
        **{name: getattr(version, name) for name in same},
    )
    totals = totals_of(ordered)
    made.put(totals)
    made.vat_rows = rows_of(totals)
    made.save(force_insert=True)
    ProFormaLine.objects.bulk_create(ProFormaLine(pro_forma=made, **line.terms()) for line in ordered)
    log_action("pro_forma.issued", by=by, on=version.quote_id, at=now, facts={"number": made.number})
    return made
