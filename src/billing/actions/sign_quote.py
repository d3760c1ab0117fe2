"""Sign a quote in the portal: from then on it is a firm order."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import settle
from audit.actions import write
from billing.actions.confirm_order import confirm_order
from billing.models import Contact, Dispute, Order, QuoteVersion, Signature
from billing.policy.seal import digest
from billing.queries.seals import content_of


class NotOpen(Exception):
    """Raised when the version can't be signed: replaced, out of date, withdrawn or signed already."""


class DisputeOpen(Exception):
    """Raised when an earlier payment is contested: no new order meanwhile (LG-S5.2x)."""


class TermsNotTicked(Exception):
    """Raised when the terms were not accepted."""


@transaction.atomic
def sign_quote(
    *, version_id: UUID, contact: Contact, name: str, capacity: str, terms_version: UUID | None, now: datetime,
    today: date,
) -> Order:  # fmt: skip
    """Return the firm order made by a signature over every line, price, term and total of the version.

    Raises NotOpen, DisputeOpen, TermsNotTicked. Clauses: LG-S5.2, LG-S5.2x
    """
    version = QuoteVersion.objects.select_for_update(of=("self",)).select_related("quote__customer").get(pk=version_id)
    if not version.is_open(today):
        raise NotOpen(version.state)
    if Dispute.objects.filter(invoice__customer_id=version.quote.customer_id, closed_at=None).exists():
        raise DisputeOpen
    if terms_version is None:
        raise TermsNotTicked
    signature = Signature.objects.create(
        version=version, contact=contact, name=name, capacity=capacity, signed_at=now, terms_version=terms_version,
        digest=digest(content_of(version)),
    )  # fmt: skip
    version.mark(QuoteVersion.State.SIGNED)
    settle("LG-S6.1", kind="quote-validity", subject=version.id, now=now, evidence={"signed": True})
    write(
        "quote.signed", by=contact, on=version.quote_id, at=now, about=[contact.id],
        facts={"number": version.label, "digest": signature.digest}, personal={"name": name, "capacity": capacity},
    )  # fmt: skip
    return confirm_order(version=version, now=now, today=today)
