"""Claims for late interest in the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse

from billing.collections.actions.issue_interest_claim import interest_claim_pdf
from billing.collections.models import InterestClaim
from billing.collections.queries.claims import claim_with_balance, claims_of
from billing.collections.queries.documents import interest_claim_document
from billing.collections.queries.owed import overdue_claim_ids
from billing.customers.requests import PortalRequest
from billing.customers.views.sign_in import PortalView
from billing.money.views.answers import pdf


class PortalClaims(PortalView):
    """The claims for late interest that a buyer's customer got."""

    def get(self, request: PortalRequest) -> HttpResponse:
        """Return the list."""
        claims = claims_of(request.contact, today=request.today)
        return self.page("billing/collections/portal/claims.html", {"claims": claims})


class PortalClaim(PortalView):
    """One claim: what it asks, how that was counted, what is paid of it."""

    def get(self, request: PortalRequest, claim_id: UUID) -> HttpResponse:
        """Return the page."""
        claim = _own(request, claim_id)
        context: dict[str, Any] = interest_claim_document(claim)
        context |= {"stands": claim_with_balance(claim.pk), "corrections": claim.corrections.all()}
        context["is_late"] = claim.pk in overdue_claim_ids(request.contact.customer_id, request.today)
        return self.page("billing/collections/portal/claim.html", context)


class PortalClaimPdf(PortalView):
    """A claim on paper."""

    def get(self, request: PortalRequest, claim_id: UUID) -> HttpResponse:
        """Return the PDF."""
        claim = _own(request, claim_id)
        return pdf(interest_claim_pdf(claim), claim.number)


def _own(request: PortalRequest, claim_id: UUID) -> InterestClaim:
    claim: InterestClaim | None = claims_of(request.contact, today=request.today).filter(pk=claim_id).first()
    if claim is None:
        raise Http404
    return claim
