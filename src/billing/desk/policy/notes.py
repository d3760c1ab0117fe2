"""Notes people write on documents: on what, who may read them, and how long they are kept."""

from datetime import date

from billing.money.policy.calendar_months import add_months

RIGHTS = {
    "customer": "customers.write",
    "quote": "quotes.write",
    "order": "orders.write",
    "invoice": "invoices.write",
    "payment": "payments.write",
    "claim": "invoices.write",
    "pro_forma": "quotes.write",
    "subscription": "orders.write",
}

KEPT_MONTHS = 60  # a claim between traders is barred after five years (article L110-4 of the commercial code)


def note_erased_on(written_on: date) -> date:
    """Return the day on which a note's words are erased.

    It may name somebody, and nothing needs it any longer.
    """
    return add_months(written_on, KEPT_MONTHS)
