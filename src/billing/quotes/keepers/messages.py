"""Messages about quotes."""

from django.urls import reverse

from agenda.registry import Mail, message
from billing.customers.keepers.mail import PDF, PUBLIC, Ids, amount_text, mail_to
from billing.money.gateways.seller import seller
from billing.quotes.actions.draw_quote import quote_pdf
from billing.quotes.models import QuoteVersion


@message("billing/quote_sent", template="billing/quotes/mail/quote_sent")
def quote_sent(ids: Ids) -> Mail | None:
    """Return the mail with the quote and the link to sign it, unless it was replaced meanwhile."""
    version = (
        QuoteVersion.objects.select_related("quote__contact__customer").filter(pk=ids["version"]).first()
    )
    if version is None or version.state != QuoteVersion.State.SENT:
        return None
    page = reverse("billing:portal_quote", args=[version.pk], urlconf=PUBLIC)
    attached = [(f"{version.label.replace(' ', '-')}.pdf", quote_pdf(version), PDF)]
    return mail_to(
        version.quote.contact,
        to_page=page,
        attachments=attached,
        version=version,
        total_text=amount_text(version.gross_cents, version.currency),
    )


@message("billing/quote_asked", template="billing/quotes/mail/quote_asked")
def quote_requested(ids: Ids) -> Mail | None:
    """Return the mail that confirms a request; nothing a stranger typed stands in it."""
    version = QuoteVersion.objects.select_related("quote__contact__customer", "request").get(
        pk=ids["version"]
    )
    contact = version.quote.contact
    details = {"contact": contact, "version": version, "users": version.request.users, "seller": seller()}
    return Mail([contact.email], details, contact.language)
