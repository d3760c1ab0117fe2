"""Ask for a link into the portal."""

from datetime import datetime

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from billing.customers.models import Contact


def send_sign_in_link(*, email: str, now: datetime) -> int:
    """Return how many contacts have this address; each is sent a link, at most one every five minutes.

    Whoever asks learns nothing of it: the page says the same whether the address is known or not.
    """
    contacts = list(Contact.objects.filter(email__iexact=email.strip()))
    slot = int(now.timestamp()) // 300
    for contact in contacts:
        enqueue_message(
            "billing/portal_link",
            ids={"contact": contact.id},
            now=now,
            key=f"portal-link:{contact.id}:{slot}",
        )
    if contacts:
        wake_worker()
    return len(contacts)
