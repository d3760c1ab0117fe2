"""What the agenda does for tenants: destroys what was kept long enough, writes the messages about their
terms.
"""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.urls import reverse

from agenda.models import Obligation
from agenda.registry import Mail, Outcome, keeper, kept_or_moot, message
from contracts.models import TermsVersion
from tenants.actions.destroy_after_end import destroy_after_end
from tenants.actions.keep_after_end import KINDS
from tenants.models import Contract, Tenant
from tenants.queries import binding_day, public_url
from tenants.registry import terms_bound_since

PARIS = ZoneInfo("Europe/Paris")


@keeper("MC-3", kind=KINDS[Tenant], where="operator", opened_by="place")
@keeper("LG-S21.2", kind=KINDS[Tenant], where="operator", opened_by="place")
def keep_tenant_erasure(obligation: Obligation, *, now: datetime) -> Outcome:
    """Destroy an ended tenant on the day that was promised, unless it was opened again."""
    destroyed = destroy_after_end(tenant_id=obligation.subject_id, now=now)
    return kept_or_moot(destroyed, "opened again", destroyed=destroyed)


def _told_on(ids: Mapping[str, str]) -> date:
    """Return the day a mail leaves, in Paris: what it says counts from there."""
    return datetime.fromisoformat(ids["leaves_at"]).astimezone(PARIS).date()


@message("tenants/terms_change")
def terms_change(ids: Mapping[str, str]) -> Mail | None:
    """Return the mail that tells a customer that their terms change, when, and what they can do until
    then.
    """
    terms = TermsVersion.objects.filter(pk=ids["terms"]).first()
    contract = Contract.objects.select_related("customer", "tenant").filter(pk=ids["contract"]).first()
    if terms is None or contract is None or contract.state == Contract.State.CANCELLED:
        return None
    language = contract.customer.language
    twin = TermsVersion.objects.of(terms.kind, terms.profile, language).filter(version=terms.version).first()
    link = public_url(
        reverse("contracts:terms_text", args=[(twin or terms).pk], urlconf="config.urls_public")
    )
    context = {
        "terms": terms,
        "contract": contract,
        "customer": contract.customer,
        "link": link,
        "bound_since": terms_bound_since(contract, terms),
        "binds_on": binding_day(contract, terms, told_on=_told_on(ids)),
    }
    return Mail([contract.customer.email], context, language)
