"""What is promised about goods that came back, and what their buyers are told."""

from datetime import datetime, timedelta

from django.urls import reverse

from agenda.models import Obligation
from agenda.registry import Again, Kept, Mail, Outcome, keeper, message
from billing.customers.keepers.mail import PDF, PUBLIC, mail_to
from billing.fulfilment.actions.render_shop_slips import return_slip_pdf
from billing.fulfilment.keepers.shop import Ids
from billing.fulfilment.models import Return
from billing.returns.labels import refusal_words, remedy_label

LOOK_AGAIN = timedelta(days=1)


@keeper("LG-S22", kind="decision", where="operator")
def keep_decision(obligation: Obligation, *, now: datetime) -> Outcome:
    """Note that somebody said what becomes of goods that came back incomplete; until then it stays open."""
    back = Return.objects.get(pk=obligation.subject_id)
    return Again(run_at=now + LOOK_AGAIN) if back.is_undecided else Kept(state=back.state)


@message("billing/return_incomplete", template="billing/returns/mail/return_incomplete")
def return_incomplete(ids: Ids) -> Mail | None:
    """Return the mail that says that goods came back incomplete, until when that is decided.

    None once it is decided.
    """
    rows = Return.objects.select_related("order__contact__customer", "product")
    back = rows.filter(pk=ids["return"]).first()
    if back is None or not back.is_undecided:
        return None
    contact = back.order.contact
    page = reverse("billing:portal_order", args=[back.order_id], urlconf=PUBLIC)
    return mail_to(
        contact,
        to_page=page,
        back=back,
        order=back.order,
        product=back.product.name(contact.language),
        withdrawal=back.withdrawn.withdrawal,
    )


@message("billing/return_told", template="billing/returns/mail/return_told")
def return_told(ids: Ids) -> Mail | None:
    """Return the mail about a return: its slip while goods are awaited, then how it ended and why.

    Ended before the slip's mail left, only the end is told.
    """
    back = (
        Return.objects.select_related("order__contact__customer", "product").filter(pk=ids["return"]).first()
    )
    if back is None or (ids.get("step") == "opened" and back.settled_on and back.received_on):
        return None
    contact = back.order.contact
    attached = [(f"{back.number}.pdf", return_slip_pdf(back), PDF)] if back.state == Return.State.OPEN else []
    return mail_to(
        contact,
        attachments=attached,
        back=back,
        order=back.order,
        product=back.product.name(contact.language),
        ending_text=remedy_label(back.remedy),
        refusal_text=refusal_words(back.refusal),
    )
