"""What a request carries in the portal."""

from billing.customers.models import Contact
from people.requests import VisitorRequest


class PortalRequest(VisitorRequest):
    """A request of a buyer who came in by the portal's door; who else is signed in here doesn't count."""

    tenant: None
    contact: Contact
