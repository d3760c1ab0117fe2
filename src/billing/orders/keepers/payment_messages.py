"""The message that the bank took a payment back: what is owed again, invoices and claims alike."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse

from agenda.registry import Mail, message
from billing.collections.models import InterestClaim
from billing.collections.queries.claims import claim_with_balance
from billing.collections.queries.owed import Owed
from billing.customers.keepers.mail import PUBLIC, Ids, amount_text, mail_to
from billing.invoicing.models import Invoice
from billing.invoicing.queries.balances import balance_of, falls_due_on
from billing.payments.models import Payment
from billing.payments.queries.payer import payer_of_payment


@message("billing/payment_bounced", template="billing/orders/mail/payment_bounced")
def payment_bounced(ids: Ids) -> Mail | None:
    """Return the mail that says the bank refused a payment, or took part of it back, with all that it no
    longer pays.
    """
    payment = Payment.objects.filter(pk=ids["payment"]).first()
    payer = payer_of_payment(payment) if payment else None
    if payment is None or payer is None:
        return None
    ended = {"released_at": datetime.fromisoformat(ids["at"])} if "at" in ids else {}
    owed = [*_invoices(payment, ended), *_claims(payment, ended)]
    texts = [amount_text(each.left_cents, each.about.currency) for each in owed]
    part = _taken(payment, ids["part"]) if "part" in ids else 0
    free = 0 if part else _free_cents(payment, ended)
    undue = sum(refund.amount_cents for refund in payment.refunds.undue())
    return mail_to(
        payer,
        to_page=_page(owed),
        about=[each.about for each in owed],
        payment=payment,
        owed=list(zip(owed, texts, strict=True)),
        total_text=amount_text(payment.amount_cents, payment.currency),
        part_text=amount_text(part, payment.currency) if part else None,
        free_text=amount_text(free, payment.currency) if free > 0 else None,
        undue_text=amount_text(undue, payment.currency) if undue else None,
    )


def _taken(payment: Payment, taken: str) -> int:
    """Return what the payer's bank took back at once, in cents, by the provider's name of it."""
    rows = payment.refunds.filter(provider_id__in=[taken, f"{taken}/2"])
    return sum(refund.amount_cents for refund in rows)


def _page(owed: Sequence[Owed]) -> str:
    """Return the page where it is paid: its own where it is one document."""
    if len(owed) != 1:
        return reverse("billing:portal", urlconf=PUBLIC)
    (only,) = owed
    name = "billing:portal_claim" if only.is_claim else "billing:portal_invoice"
    return reverse(name, args=[only.about.pk], urlconf=PUBLIC)


def _invoices(payment: Payment, ended: dict[str, Any]) -> Iterator[Owed]:
    shares = payment.allocations.filter(**ended)
    for invoice in Invoice.objects.filter(pk__in=shares.values("invoice")).order_by("number"):
        if (left := balance_of(invoice.pk)) > 0:
            yield Owed(invoice, left, falls_due_on(invoice))


def _claims(payment: Payment, ended: dict[str, Any]) -> Iterator[Owed]:
    shares = payment.claim_allocations.filter(**ended)
    for claim in InterestClaim.objects.filter(pk__in=shares.values("claim")).order_by("number"):
        stands = claim_with_balance(claim.pk)
        if stands.left_cents > 0:
            yield Owed(claim, stands.left_cents, stands.falls_due_on)


def _free_cents(payment: Payment, ended: dict[str, Any]) -> int:
    """Return what of a payment was the client's credit when it was taken back, in cents: what was about to
    be given back was none.
    """
    used = [
        payment.allocations.filter(**ended),
        payment.claim_allocations.filter(**ended),
        payment.refunds.filter(Q(failed_on=None) | Q(made_on=None, provider_id=None)),
    ]
    return payment.amount_cents - sum(
        rows.aggregate(total=Sum("amount_cents"))["total"] or 0 for rows in used
    )
