"""Send a quote to the buyer."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from agenda.actions import enqueue_message, open_obligation
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.customers.policy.completeness import missing_of_buyer
from billing.invoicing.actions.finalize_invoice import NotAnInvoice, judge
from billing.invoicing.gateways.einvoice.rules import Finding
from billing.invoicing.models import Invoice, InvoiceLine
from billing.money.policy.days import within_day
from billing.orders.actions.issue_invoice import deposit_lines
from billing.quotes.actions.write_quote import AlreadySent
from billing.quotes.models import QuoteVersion
from billing.quotes.policy.states import QUOTE_VERSION
from billing.quotes.queries.buyer_anew import buyer_anew, is_taxed_alike


class ValidityPassed(Exception):
    """Raised when the quote would be out of date before it is read."""


class BuyerIncomplete(Exception):
    """Raised when the invoice that a signature makes would lack something: an address, a SIREN.

    `broken` are the rules of electronic invoices it would break.
    """

    def __init__(self, missing: tuple[str, ...], broken: tuple[Finding, ...] = ()) -> None:
        super().__init__(", ".join([*missing, *(each.rule for each in broken)]))
        self.missing = missing
        self.broken = broken


class BuyerMoved(Exception):
    """Raised when the client's place or capacity changed since: saving the draft counts its VAT anew."""


@transaction.atomic
def send_quote(*, version_id: UUID, by: Actor | None, now: datetime, today: date) -> QuoteVersion:
    """Return the version, sent: it no longer changes, the buyer gets its PDF and a link to sign it.

    Opens the promise to close it when its validity ends. The buyer is told as their page says today. Raises
    AlreadySent, ValidityPassed, BuyerIncomplete, BuyerMoved.
    """
    rows = QuoteVersion.objects.select_for_update(of=("self",)).select_related("quote__customer")
    version = rows.get(pk=version_id)
    if not QUOTE_VERSION.allows("send", version.state):
        raise AlreadySent(version.label)
    if version.valid_until < today:
        raise ValidityPassed(version.valid_until)
    look_anew(version, now=now, today=today)
    version.save(update_fields=["buyer"])
    version.move("send", at=now)
    after = within_day(version.valid_until + timedelta(days=1), now=now)
    open_obligation("LG-S6.1", kind="quote-validity", subject=version.id, **after, now=now)
    enqueue_message(
        "billing/quote_sent", ids={"version": version.id}, now=now, key=f"quote-sent:{version.id}"
    )
    log_action(
        "quote.sent",
        by=by,
        on=version.quote_id,
        at=now,
        facts={"number": version.label},
        about=[version.quote.contact_id],
    )
    wake_worker()
    return version


def look_anew(version: QuoteVersion, *, now: datetime, today: date) -> None:
    """Put what the client's page says today in a draft, and judge the invoice that its signature would make.

    Nothing is saved. Raises BuyerMoved, BuyerIncomplete.
    """
    buyer = buyer_anew(version)
    if not is_taxed_alike(version, buyer):
        raise BuyerMoved(version.label)
    version.buyer = buyer
    if missing := missing_of_buyer(buyer, kind=version.customer_type):
        raise BuyerIncomplete(missing)
    _check_invoice(version, now, today)


def _check_invoice(version: QuoteVersion, now: datetime, today: date) -> None:
    """Judge the invoices that a signature would make, before anybody signs. Raises BuyerIncomplete."""
    lines = list(version.lines.all())
    whole = _blank(version, today)
    asked = [(whole, [InvoiceLine(**line.terms()) for line in lines], "invoice")]
    if version.down_payment_pct:
        deposit = _blank(version, today)
        deposit.is_down_payment = True
        told = deposit_lines(deposit, lines, pct=version.down_payment_pct, number=version.label)
        asked += [(deposit, told, "deposit")] if told else []
    for invoice, rows, series in asked:
        try:
            judge(invoice, rows, series=series, now=now, today=today)
        except NotAnInvoice as lack:
            raise BuyerIncomplete(lack.missing, lack.broken) from lack


def _blank(version: QuoteVersion, today: date) -> Invoice:
    return Invoice(
        kind=Invoice.Kind.INVOICE,
        customer_id=version.quote.customer_id,
        customer_type=version.customer_type,
        method=version.method,
        language=version.language,
        supplied_on=today,
        due_on=today,
        buyer=dict(version.buyer),
        reference=version.label,
        currency=version.currency,
    )
