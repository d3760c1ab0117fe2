"""The message about a return."""

from agenda.registry import Mail, message
from billing.customers.keepers.mail import PDF, mail_to
from billing.fulfilment.actions.render_shop_slips import return_slip_pdf
from billing.fulfilment.keepers.shop import Ids
from billing.fulfilment.models import Return
from billing.returns.labels import refusal_words, remedy_label


@message("billing/return_told", template="billing/returns/mail/return_told")
def return_told(ids: Ids) -> Mail | None:
    """Return the mail about a return: its slip while goods are awaited, then how it ended and why."""
    back = (
        Return.objects.select_related("order__contact__customer", "product").filter(pk=ids["return"]).first()
    )
    if back is None:
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
