"""The state of an invoice: counted from what stands, never stored, the same on every page and in the API."""

from datetime import date

from contracts.policy.clauses import keeps

CREDIT_NOTE = "credit_note"
CREDITED = "credited"
PAID = "paid"
WRITTEN_OFF = "written_off"
LATE = "late"
PAYMENT_SUSPENDED = "payment_suspended"
PART_PAID = "part_paid"
OPEN = "open"


@keeps("LG-S6.3p", "LG-S20.3m")
def invoice_state(
    *,
    is_credit_note: bool,
    gross_cents: int,
    paid_cents: int,
    credited_cents: int,
    written_off_cents: int = 0,
    falls_due_on: date | None,
    today: date,
    is_suspended: bool = False,
) -> str:
    """Return the state of an invoice on a day.

    `paid_cents` counts money and credit notes alike; `credited_cents` is what credit notes took back: where
    that is all of it, the invoice is credited, not paid, whatever came for it before, and they alone never
    make it paid in part. What is settled because its rest was given up is written off. Due on its day it is
    not late yet, nor while an event suspends its payment.
    """
    if is_credit_note:
        return CREDIT_NOTE
    if written_off_cents > 0 and paid_cents + written_off_cents >= gross_cents:
        return WRITTEN_OFF
    if paid_cents >= gross_cents:
        return CREDITED if gross_cents > 0 and credited_cents >= gross_cents else PAID
    if falls_due_on is not None and falls_due_on < today:
        return PAYMENT_SUSPENDED if is_suspended else LATE
    return PART_PAID if paid_cents > credited_cents else OPEN
