"""The message about a school's new administrator, to those who speak for its client."""

from django.urls import reverse

from agenda.registry import Mail, message
from billing.customers.keepers.mail import PUBLIC, Ids, mail_to
from billing.customers.models import Contact
from billing.quotes.models import AdministratorDemand
from tenants.models import Tenant


@message("billing/administrator", template="billing/quotes/mail/administrator")
def administrator(ids: Ids) -> Mail | None:
    """Return the mail that asks the signatory to confirm, or tells what was asked for and what came of it."""
    demand = AdministratorDemand.objects.select_related("contact").filter(pk=ids["demand"]).first()
    contact = Contact.objects.speaking().select_related("customer").filter(pk=ids["contact"]).first()
    if demand is None or contact is None:
        return None
    is_signatory = contact.pk == demand.contact_id
    page = reverse("billing:portal_administrator", args=[demand.pk], urlconf=PUBLIC) if is_signatory else ""
    return mail_to(
        contact,
        to_page=page,
        to_confirm=is_signatory and ids["stage"] == "asked",
        demand=demand,
        school=Tenant.objects.get(pk=demand.tenant_id),
        stage=ids["stage"],
    )
