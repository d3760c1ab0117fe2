"""Finance's pages about a claim for late interest."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.generic import View

from audit.queries import history
from billing.collections.actions.issue_interest_claim import interest_claim_pdf
from billing.collections.actions.pay_claim import NothingLeft, allocate_to_claim, record_claim_transfer
from billing.collections.forms.late import ClaimPaidForm
from billing.collections.models import InterestClaim
from billing.collections.queries.claims import claim_with_balance
from billing.collections.queries.documents import interest_claim_document
from billing.collections.views.disputes import settle_dispute
from billing.customers.queries.sent import sent_about
from billing.money.forms.fields import ReasonForm
from billing.money.views.answers import done, pdf, problem
from billing.payments.models import Payment
from billing.payments.queries.money import credits_of
from people.requests import ConsoleRequest


class InterestClaimPage(View):
    """A claim as it was drawn."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, claim_id: UUID) -> HttpResponse:
        """Return the page."""
        return self.page(request, _claim(claim_id), ReasonForm(prefix="dispute"))

    def page(
        self,
        request: ConsoleRequest,
        claim: InterestClaim,
        form: ReasonForm,
        paid_form: ClaimPaidForm | None = None,
    ) -> HttpResponse:
        """Return the page with these forms."""
        stands = claim_with_balance(claim.pk)
        fresh = ClaimPaidForm(today=request.today, prefix="paid", initial={"amount": stands.left_cents})
        wrong = form.errors or (paid_form is not None and paid_form.errors)
        context = interest_claim_document(claim) | {
            "stands": stands,
            "today": request.today,
            "shares": claim.allocations.select_related("payment"),
            "corrections": claim.corrections.all(),
            "write_offs": claim.write_offs.all(),
            "paid_form": paid_form or fresh,
            "credits": [
                row for row in credits_of(claim.invoice.customer_id) if row.currency == claim.currency
            ],
            "customer": claim.invoice.customer,
            "entries": history(on=claim.pk),
            "dispute_form": form,
            "open_dispute": claim.disputes.active().first(),
            "sent": sent_about(claim.pk),
        }
        return render(
            request, "billing/collections/console/claim.html", context, status=422 if wrong else 200
        )


class DisputeClaim(InterestClaimPage):
    """Keep that the client contests a claim, or how that ended."""

    def post(self, request: ConsoleRequest, claim_id: UUID) -> HttpResponse:
        """Open the dispute, or close the one that is open."""
        claim = _claim(claim_id)
        form = ReasonForm(request.POST, prefix="dispute")
        if not form.is_valid():
            return self.page(request, claim, form)
        text = settle_dispute(claim, form.cleaned_data["reason"], request)
        return done(request, text, "billing:interest_claim", claim.pk)


class PayClaim(InterestClaimPage):
    """Keep that a claim was paid: by a transfer that came, or out of the client's credit."""

    permission = "payments.write"

    def post(self, request: ConsoleRequest, claim_id: UUID) -> HttpResponse:
        """Put the money on it, or say what is wrong."""
        claim = _claim(claim_id)
        details: dict[str, Any] = {"by": request.person, "now": timezone.now()}
        try:
            if request.POST.get("payment"):
                payment = get_object_or_404(Payment, pk=read_key(request.POST["payment"]))
                allocate_to_claim(claim_id=claim.pk, payment_id=payment.pk, **details)
            else:
                form = ClaimPaidForm(request.POST, today=request.today, prefix="paid")
                if not form.is_valid():
                    return self.page(request, claim, ReasonForm(prefix="dispute"), form)
                data = form.cleaned_data
                with transaction.atomic():
                    record_claim_transfer(
                        claim.pk,
                        amount_cents=data["amount"],
                        currency=claim.currency,
                        credited_on=data["on"],
                        reference=data["reference"],
                        **details,
                    )
        except NothingLeft:
            text = _("Nothing is left of this claim, or of this payment.")
            return problem(request, text, "billing:interest_claim", claim.pk)
        return done(request, _("Kept: the claim is paid so far."), "billing:interest_claim", claim.pk)


class ClaimPdf(View):
    """A claim on paper, with its worksheet."""

    permission = "invoices.write"

    def get(self, request: ConsoleRequest, claim_id: UUID) -> HttpResponse:
        """Return the PDF."""
        claim = _claim(claim_id)
        return pdf(interest_claim_pdf(claim), claim.number)


def read_key(text: str) -> UUID:
    """Return the key a form names; nothing has one that isn't written as a key is."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def _claim(claim_id: UUID) -> InterestClaim:
    return get_object_or_404(InterestClaim.objects.select_related("invoice__customer"), pk=claim_id)
