"""All claims for late interest at the console, whatever became of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from billing.collections.labels import CLAIM_STATES, CLAIM_WORDS
from billing.collections.models import InterestClaim
from billing.collections.queries.claims import claim_state, claims_in_state, with_claim_state
from billing.invoicing.labels import with_dispute_word
from billing.money.labels import amount_cell
from billing.money.views.lists import ListPage


class ClaimList(ListPage[Any]):
    """All claims for late interest and their corrections."""

    permission = "invoices.write"
    template_name = "billing/collections/console/claims.html"
    searched = ("number", "invoice__number", "invoice__customer__name")
    sorts = {
        "number": "number",
        "customer": "invoice__customer__name",
        "as_of": "as_of",
        "due": "falls_due_on",
        "total": "total_cents",
        "left": "left_cents",
    }
    first_sort = "-number"
    csv_name = "decomptes"

    def rows(self) -> QuerySet[Any]:
        """Return the claims with what is left of each."""
        rows = InterestClaim.objects.select_related("invoice__customer")
        return with_claim_state(rows, today=self.request.today)

    def filtered(self, rows: QuerySet[Any], state: str) -> QuerySet[Any]:
        """Return the claims in a state; states are counted, never stored."""
        return claims_in_state(rows, state, today=self.request.today)

    def states(self) -> list[tuple[str, Any]]:
        """Return the states of claims."""
        return CLAIM_STATES

    def header(self) -> list[Any]:
        """Return the header of the CSV."""
        return [
            _("Number"),
            _("Customer"),
            _("Invoice"),
            _("As it stood on"),
            _("Due on"),
            _("Claimed, outside VAT"),
            _("Paid"),
            _("Written off"),
            _("Left to pay"),
            _("Currency"),
            _("State"),
        ]

    def line(self, row: Any) -> Iterable[Any]:
        """Return a claim's cells."""
        left = 0 if row.corrects_id else row.left_cents
        cents = (row.total_cents, row.paid_cents, row.written_off_cents, left)
        return [
            row.number,
            row.invoice.customer.name,
            row.invoice.number,
            row.as_of,
            row.falls_due_on,
            *(amount_cell(each) for each in cents),
            row.currency,
            with_dispute_word(CLAIM_WORDS[claim_state(row, today=self.request.today)][0], row),
        ]
