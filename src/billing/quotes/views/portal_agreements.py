"""The buyer's contracts: the version of the terms accepted for each order, and what comes first."""

from __future__ import annotations

from django.http import HttpResponse

from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.quotes.queries.agreements import agreements


class PortalAgreements(PortalView):
    """What the customer agreed to, order by order; earlier versions stay readable."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the page."""
        return self.page(
            "billing/quotes/portal/agreements.html", {"agreements": agreements(request.contact.customer)}
        )
