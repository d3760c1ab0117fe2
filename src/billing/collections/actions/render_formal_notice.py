"""Draw a letter on paper: the formal notice to pay, ready to be posted by registered mail."""

from datetime import date

from billing.collections.policy.late_interest import InvalidCalculation
from billing.collections.queries.late import calculate_interest
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, falls_due_on
from billing.money.gateways.rate_tables import interest_rates
from billing.money.gateways.seller import seller
from billing.money.policy.rates import UnknownRate
from contracts.policy.clauses import keeps
from exports.gateways.pdf import render


class NothingOverdue(Exception):
    """Raised when the invoice is paid, or not due yet, on the day of the letter."""


@keeps("LG-S6.3c", "LG-S6.3p")
def formal_notice_pdf(invoice: Invoice, *, today: date) -> bytes:
    """Return the formal notice to pay what is overdue of an invoice, with what it costs a professional to
    that day.

    A consumer's interest runs from this letter only, and no flat fee is asked. Raises NothingOverdue.
    """
    due_on = falls_due_on(invoice)
    try:
        statement = calculate_interest(invoice, today, interest_rates())
    except (UnknownRate, InvalidCalculation):
        statement = None
    left = statement.unpaid_cents if statement else balance_of(invoice.pk)
    if left <= 0 or due_on >= today:
        raise NothingOverdue(invoice.number)
    context = {
        "invoice": invoice,
        "seller": seller(),
        "buyer": invoice.buyer,
        "today": today,
        "due_on": due_on,
        "left_cents": left,
        "statement": statement,
        "is_consumer": invoice.customer_type == "consumer",
        "grand_cents": left + (statement.total_cents if statement else 0),
    }
    return render("billing/collections/pdf/formal_notice.html", context, language=invoice.language)
