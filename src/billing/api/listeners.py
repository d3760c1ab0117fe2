"""What the API does when something else happens."""

from django.db.models import Q

from billing.api.models import IdempotencyRecord
from billing.customers.models import Contact
from billing.registry import listens


@listens("contact_erased")
def forget_answers(contact: Contact) -> None:
    """Delete the kept answers that tell of a contact: sent again, the request would find nobody."""
    told = Q(body__icontains=str(contact.pk)) | Q(body__icontains=contact.email)
    IdempotencyRecord.objects.filter(told).delete()
