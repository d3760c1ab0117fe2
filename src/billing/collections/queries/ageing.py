"""What is owed by age."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from billing.catalogue.policy.prices import EURO
from billing.collections.policy.ageing import Band, bands
from billing.collections.queries.claims import overdue_claims
from billing.invoicing.queries.balances import overdue_invoices


def ageing(today: date) -> list[tuple[str, int]]:
    """Return the label and amount in euros of each age of what is overdue, the oldest last.

    Empty when nothing is.
    """
    rows = overdue_invoices(today).filter(currency=EURO).values_list("falls_due_on", "balance_cents")
    claims = overdue_claims(today).filter(currency=EURO).values_list("falls_due_on", "left_cents")
    found = bands([*rows, *claims], today=today)
    return [(_age(band), band.cents) for band in found] if any(band.cents for band in found) else []


def _age(band: Band) -> str:
    if band.last is None:
        return _("over %(days)d d") % {"days": band.first - 1}
    return _("%(first)d–%(last)d d") % {"first": band.first, "last": band.last}
