"""The customers who let us name them."""

from datetime import date
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from billing.customers.models import Reference
from billing.customers.policy.reference import may_be_named


def references(*, on: date) -> list[Reference]:
    """Return whom the public site may name on a day, by name; their logos aren't read."""
    has_logo = ExpressionWrapper(~Q(logo=b""), output_field=BooleanField())
    rows = Reference.objects.annotate(has_logo=has_logo).defer("logo").select_related("customer")
    return [row for row in rows if _is_shown(row, on)]


def logo_of(reference_id: UUID, *, on: date) -> bytes | None:
    """Return a logo that may be shown on a day, None where there is none or it was taken back."""
    found = Reference.objects.filter(pk=reference_id).select_related("customer").exclude(logo=b"").first()
    return bytes(found.logo) if found and _is_shown(found, on) else None


def _is_shown(row: Reference, on: date) -> bool:
    """Return whether a reference may be shown on a day; a customer who has become a consumer never is."""
    return may_be_named(row.customer.customer_type, agreed_on=row.agreed_on, revoked_on=row.revoked_on, on=on)
