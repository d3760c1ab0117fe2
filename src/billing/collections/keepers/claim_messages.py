"""The messages about claims for late interest; each written when it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from agenda.registry import Mail, message
from billing.collections.actions.issue_interest_claim import interest_claim_pdf
from billing.collections.models import InterestClaim
from billing.collections.queries.claims import claim_with_balance
from billing.customers.keepers.mail import PDF, PUBLIC, amount_text, mail_to
from billing.payments.queries.payer import payer_of

Ids = Mapping[str, str]


@message("billing/interest_claim", template="billing/collections/mail/interest_claim")
def interest_claim(ids: Ids) -> Mail | None:
    """Return the mail that brings a claim, unless nothing of it is left to pay or it is contested."""
    claim = _claim(ids["claim"])
    if claim is None or claim_with_balance(claim.pk).left_cents <= 0 or claim.disputes.active().exists():
        return None
    return _mail(claim, cents=claim_with_balance(claim.pk).left_cents)


@message("billing/claim_corrected", template="billing/collections/mail/claim_corrected")
def claim_corrected(ids: Ids) -> Mail | None:
    """Return the mail that says that a claim asked too much, and what it asks now."""
    made = _claim(ids["claim"])
    if made is None or made.corrects is None:
        return None
    found = claim_with_balance(made.corrects.pk)
    left = amount_text(max(0, found.left_cents), made.currency)
    freed = made.corrects.allocations.filter(released_at=made.created_at)
    about = {"corrected": made.corrects, "left_text": left, "is_freed": freed.exists()}
    return _mail(made, cents=-made.total_cents, **about)


def _claim(key: str) -> InterestClaim | None:
    rows = InterestClaim.objects.select_related("invoice__order__contact__customer", "corrects")
    return rows.filter(pk=key).first()


def _mail(claim: InterestClaim, *, cents: int, **words: Any) -> Mail | None:
    payer = payer_of(claim.invoice)
    if payer is None:
        return None
    return mail_to(
        payer,
        to_page=reverse("billing:portal_claim", args=[claim.pk], urlconf=PUBLIC),
        attachments=[(f"{claim.number}.pdf", interest_claim_pdf(claim), PDF)],
        claim=claim,
        invoice=claim.invoice,
        amount_text=amount_text(cents, claim.currency),
        **words,
    )
