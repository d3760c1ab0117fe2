"""What is promised about things that can't be had any more, and what their buyers are told."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from agenda.models import Obligation
from agenda.registry import Again, Kept, Mail, Outcome, keeper, message
from billing.catalogue.policy.shelves import after_validation
from billing.customers.keepers.mail import PDF, PUBLIC, mail_to
from billing.invoicing.actions.render_documents import invoice_pdf
from billing.money.labels import price_words
from billing.money.policy.days import paris_day
from billing.orders.models import UnavailableLine
from billing.orders.queries.shown import line_shown
from billing.returns.actions.refund_unavailable import credit_unavailable, is_paid_back, refund_unavailable
from contracts.templatetags.ui import money_text

Ids = Mapping[str, str]

LOOK_AGAIN = timedelta(days=1)

WORD = {UnavailableLine.State.AGREED: True, UnavailableLine.State.REFUNDED: False}


@keeper("LG-S10.1", kind="refund", where="operator")
def keep_unavailable_refund(obligation: Obligation, *, now: datetime) -> Outcome:
    """Pay back what nobody agreed to have replaced.

    It stays open, and late in the end, until the money has left.
    """
    gone = _found(obligation.subject_id)
    today = paris_day(now)
    assert gone is not None
    if (
        after_validation(client_agrees=WORD.get(UnavailableLine.State(gone.state))) == "ask"
    ):  # and no answer came
        refund_unavailable(impossible_id=gone.pk, by=None, now=now, today=today)
    else:
        credit_unavailable(gone=gone, by=None, now=now, today=today)
    if not is_paid_back(gone):
        return Again(run_at=now + LOOK_AGAIN)
    gone.refresh_from_db(fields=["state"])
    return Kept(state=gone.state, credit_notes=[str(credit.note_id) for credit in gone.credits.all()])


@message("billing/impossible_asked", template="billing/returns/mail/impossible_asked")
def unavailable_asked(ids: Ids) -> Mail | None:
    """Return the mail that says what can't be had and asks about an equivalent, None once that is settled."""
    gone = _found(ids["impossible"])
    return _mail(gone) if gone is not None and gone.state == UnavailableLine.State.ASKED else None


@message("billing/impossible_ended", template="billing/returns/mail/impossible_ended")
def unavailable_ended(ids: Ids) -> Mail | None:
    """Return the mail that says what becomes of it: the equivalent is sent, or all is paid back.

    Notes attached.
    """
    gone = _found(ids["impossible"])
    return _mail(gone) if gone is not None and gone.state != UnavailableLine.State.ASKED else None


def _found(key: UUID | str) -> UnavailableLine | None:
    rows = UnavailableLine.objects.select_related(
        "line__order__contact__customer", "line__order__version", "substitute"
    )
    return rows.filter(pk=key).first()


def _mail(gone: UnavailableLine) -> Mail:
    order = gone.line.order
    language = gone.line.order.language
    notes = [credit.note for credit in gone.credits.select_related("note")]
    cents = sum(note.gross_cents for note in notes)
    unit = line_shown(gone.line, gone.unit_net_cents or 0, with_vat=order.is_consumer_protected)
    return mail_to(
        order.contact,
        to_page=reverse("billing:portal_order", args=[order.pk], urlconf=PUBLIC),
        attachments=[(f"{note.number}.pdf", invoice_pdf(note), PDF) for note in notes],
        gone=gone,
        order=order,
        equivalent=gone.substitute.name(language) if gone.substitute else "",
        unit_text=SimpleLazyObject(lambda: price_words(unit.cents, order.currency, with_vat=unit.with_vat)),
        total_text=SimpleLazyObject(lambda: money_text(cents, order.currency)) if cents else "",
    )
