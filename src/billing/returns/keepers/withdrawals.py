"""What is promised about withdrawals, and what clients are told of them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from agenda.models import Obligation
from agenda.registry import Again, Kept, Mail, Moot, Outcome, keeper, kept_or_moot, message
from billing.customers.keepers.mail import PDF, PUBLIC, amount_text, mail_to
from billing.fulfilment.actions.render_shop_slips import return_slip_pdf
from billing.fulfilment.models import Return
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.money.policy.days import paris_day
from billing.payments.models import Refund
from billing.payments.queries.money import given_back_by
from billing.returns.actions.refund_withdrawal import is_paid_back, refund_withdrawal
from billing.returns.models import Withdrawal, WithdrawalCredit

Ids = Mapping[str, str]

LOOK_AGAIN = timedelta(days=1)


@keeper("LG-S22", kind="refund", where="operator")
def keep_withdrawal_refund(obligation: Obligation, *, now: datetime) -> Outcome:
    """Pay back what was withdrawn from; it stays open, and late in the end, until the money has left."""
    refund_withdrawal(withdrawal_id=obligation.subject_id, by=None, now=now, today=paris_day(now))
    withdrawal = Withdrawal.objects.get(pk=obligation.subject_id)
    if not is_paid_back(withdrawal):
        return Again(run_at=now + LOOK_AGAIN)
    notes = [credit.note_id for credit in withdrawal.credits.all()]
    gave = Refund.objects.active().filter(note__in=notes, made_on__isnull=False).exists()
    told = [str(note) for note in notes]
    return kept_or_moot(gave, "nothing of its price had been paid", credit_notes=told)


@keeper("LG-S22", kind="goods-back", where="operator")
def keep_goods_received(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note after 14 days whether the goods are here, or proved to be on their way."""
    withdrawal = Withdrawal.objects.get(pk=obligation.subject_id)
    waiting = withdrawal.parts.filter(back__state=Return.State.OPEN).count()
    if waiting == 0:
        return Moot("the goods are back")
    return Kept(waiting=waiting, sent=withdrawal.sent_on is not None)


@message("billing/withdrawal_received", template="billing/returns/mail/withdrawal_received")
def withdrawal_received(ids: Ids) -> Mail | None:
    """Return the receipt of a withdrawal: what goes back and what is paid back, by when.

    Slips and notes attached.
    """
    withdrawal = _withdrawals().filter(pk=ids["withdrawal"]).first()
    if withdrawal is None:
        return None
    notes = [credit.note for credit in withdrawal.credits.select_related("note")]
    parts = list(
        withdrawal.parts.select_related(
            "line", "back__order__customer", "back__order__contact", "back__product"
        )
    )
    slips = [part.back for part in parts if part.back is not None and part.back.state == Return.State.OPEN]
    attached = [(f"{note.number}.pdf", invoice_pdf(note), PDF) for note in notes]
    attached += [(f"{back.number}.pdf", return_slip_pdf(back), PDF) for back in slips]
    return _mail(
        withdrawal, attached, parts=parts, slips=slips, total_cents=sum(note.gross_cents for note in notes)
    )


@message("billing/withdrawal_refunded", template="billing/returns/mail/withdrawal_refunded")
def withdrawal_refunded(ids: Ids) -> Mail | None:
    """Return the mail that says what is paid back of goods that came back, its credit note attached."""
    credit = WithdrawalCredit.objects.select_related("note").filter(note_id=UUID(ids["note"])).first()
    if credit is None:
        return None
    attached = [(f"{credit.note.number}.pdf", invoice_pdf(credit.note), PDF)]
    withdrawal = _withdrawals().get(pk=credit.withdrawal_id)
    back = given_back_by(credit.note)
    back_text = amount_text(back, withdrawal.order.currency) if back else ""
    return _mail(withdrawal, attached, total_cents=credit.note.gross_cents, back_text=back_text)


def _withdrawals() -> QuerySet[Withdrawal]:
    return Withdrawal.objects.select_related("order__contact__customer", "order__version")


def _mail(
    withdrawal: Withdrawal, attached: list[tuple[str, bytes, str]], *, total_cents: int, **details: Any
) -> Mail:
    order = withdrawal.order
    page = reverse("billing:portal_order", args=[order.pk], urlconf=PUBLIC)
    total = amount_text(total_cents, order.currency) if total_cents else ""
    return mail_to(
        order.contact,
        to_page=page,
        attachments=attached,
        withdrawal=withdrawal,
        order=order,
        total_text=total,
        **details,
    )
