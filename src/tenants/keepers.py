"""What the agenda writes for tenants: the messages about their terms."""

from collections.abc import Mapping

from django.urls import reverse

from agenda.registry import Mail, message
from contracts.models import TermsVersion
from tenants.models import Contract
from tenants.queries import binding_day, public_url


@message("tenants/terms_change")
def terms_change(ids: Mapping[str, str]) -> Mail | None:
    """Return the mail that tells a customer that their terms change, when, and what they can do until then."""
    terms = TermsVersion.objects.filter(pk=ids["terms"]).first()
    contract = Contract.objects.select_related("customer", "tenant").filter(pk=ids["contract"]).first()
    if terms is None or contract is None or contract.state == Contract.State.CANCELLED:
        return None
    language = contract.customer.language
    twin = TermsVersion.objects.of(terms.kind, terms.profile, language).filter(version=terms.version).first()
    link = public_url(reverse("contracts:terms_text", args=[(twin or terms).pk], urlconf="config.urls_public"))
    context = {
        "terms": terms, "contract": contract, "customer": contract.customer, "link": link,
        "binds_on": binding_day(contract, terms),
    }  # fmt: skip
    return Mail([contract.customer.email], context, language)
