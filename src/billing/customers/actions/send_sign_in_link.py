"""Ask for a link into the portal."""

from datetime import datetime, timedelta
from secrets import token_hex

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from billing.customers.gateways.portal_link import FRESH_SECONDS
from billing.customers.models import Contact
from isolation.policy.guards import guards

WAIT = timedelta(minutes=5)  # a link that was asked for and not used is on its way: no other mail


def send_sign_in_link(*, email: str, now: datetime) -> int:
    """Return how many contacts have this address; each is sent a link that lets them act.

    Whoever asks learns nothing of it: the page says the same whether the address is known or not.
    """
    contacts = list(Contact.objects.speaking().filter(email__iexact=email.strip()))
    for contact in contacts:
        send_fresh_link(contact=contact, to_page="", now=now)
    return len(contacts)


@guards("token")
def send_fresh_link(*, contact: Contact, to_page: str, now: datetime) -> bool:
    """Return whether a contact is sent a link that lets them act, on a page of theirs.

    One mail every five minutes while it isn't used; those of a quarter of an hour hold one link, so that who
    asks for another's address kills none of theirs.
    """
    asked = contact.fresh_asked_at
    if contact.fresh_link and asked is not None and now - asked < WAIT:
        return False
    lasts = asked is not None and now - asked < timedelta(seconds=FRESH_SECONDS)
    contact.name_fresh_link(contact.fresh_link if lasts and contact.fresh_link else token_hex(16), at=now)
    ids = {"contact": contact.id, "link": contact.fresh_link, "page": to_page}
    key = f"portal-link:{contact.fresh_link}:{int(now.timestamp())}"
    enqueue_message("billing/portal_link", ids=ids, now=now, key=key)
    wake_worker()
    return True
