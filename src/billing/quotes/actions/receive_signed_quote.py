"""Take in a quote that was signed on paper: the PDF that came back makes it a firm order."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from audit.policy.actor import Actor
from billing.customers.models import Contact
from billing.orders.models import Order
from billing.quotes.actions.draw_quote import quote_pdf
from billing.quotes.actions.sign_quote import TermsNotTicked, conclude, lock_open
from billing.quotes.gateways.signed_files import stored
from billing.quotes.models import Signature
from billing.quotes.policy.signed_pdf import seal_of_pdf
from contracts.policy.clauses import keeps
from exports.gateways.received_pdf import checked_pdf


class NotSigned(Exception):
    """Raised when the file is the quote's own PDF as it was sent: nobody signed it."""


class NotThatDay(Exception):
    """Raised when the day of the signature is before the quote or still to come."""


@keeps("LG-S5.2")
def receive_signed_quote(
    *,
    version_id: UUID,
    content: bytes,
    name: str,
    signatory_title: str,
    signed_on: date,
    contact: Contact,
    terms_version: UUID | None,
    received_by: Actor | None = None,
    now: datetime,
    today: date,
) -> Order:
    """Return the firm order made by a signed PDF, kept privately with its hash, who signed and in which
    capacity.

    `contact` speaks for the customer; `received_by` is who of the house put the file here, nobody when the
    buyer did. The quote must still be open on the day the file arrives. Nothing is kept of a file that is
    refused. Raises NotAPdf, UnreadablePdf, ActivePdf, TooLarge, NotThatDay, NotSigned, and what `sign_quote`
    raises.
    """
    found = seal_of_pdf(content)
    content = checked_pdf(content)
    if terms_version is None:
        raise TermsNotTicked
    with stored(content) as path, transaction.atomic():
        version = lock_open(version_id, today=today)
        if not version.issued_on <= signed_on <= today:
            raise NotThatDay(signed_on)
        if found == seal_of_pdf(quote_pdf(version)):
            raise NotSigned(version.label)
        signature = Signature(
            how=Signature.Channel.UPLOAD,
            contact=contact,
            name=name,
            signatory_title=signatory_title,
            terms_version=terms_version,
            document=path,
            document_digest=found,
            signed_on=signed_on,
            received_by=getattr(received_by, "id", None),
        )
        return conclude(version, signature, by=received_by or contact, now=now, today=today)
