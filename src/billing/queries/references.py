"""The customers who let us name them."""

from datetime import date
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, Q

from billing.models import Reference


def references(*, on: date) -> list[Reference]:
    """Return whom the public site may name on a day, by name; their logos aren't read."""
    has_logo = ExpressionWrapper(~Q(logo=b""), output_field=BooleanField())
    return list(Reference.objects.shown(on).annotate(has_logo=has_logo).defer("logo"))


def logo_of(reference_id: UUID, *, on: date) -> bytes | None:
    """Return a logo that may be shown on a day, None where there is none or it was taken back."""
    found = Reference.objects.shown(on).filter(pk=reference_id).exclude(logo=b"").first()
    return bytes(found.logo) if found else None
