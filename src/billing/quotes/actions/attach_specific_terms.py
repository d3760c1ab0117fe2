"""Attach to a draft the specific terms that are signed with it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.quotes.actions.write_quote import AlreadySent
from billing.quotes.gateways.signed_files import TERMS, stored
from billing.quotes.models import QuoteVersion
from billing.quotes.policy.signed_pdf import seal_of_pdf
from contracts.policy.clauses import keeps
from exports.gateways.received_pdf import checked_pdf


@keeps("LG-S5.2d")
def attach_specific_terms(
    *, version_id: UUID, content: bytes | None, by: Actor, now: datetime
) -> QuoteVersion:
    """Return the draft with the PDF of its specific terms, or with none any more.

    What a client signs covers its hash. Another version may hold the same file: it stays in storage. Nothing
    is kept of a file that is refused. Raises AlreadySent, NotAPdf, UnreadablePdf, ActivePdf, TooLarge.
    """
    if content is None:
        return _put(version_id, "", "", by, now)
    found = seal_of_pdf(content)
    content = checked_pdf(content)
    with stored(content, folder=TERMS) as path:
        return _put(version_id, path, found, by, now)


@transaction.atomic
def _put(version_id: UUID, path: str, found: str, by: Actor, now: datetime) -> QuoteVersion:
    version = QuoteVersion.objects.select_for_update().get(pk=version_id)
    if not version.is_draft:
        raise AlreadySent(version.label)
    version.attach_specific_terms(path, found)
    facts = {"number": version.label, "document": found}
    log_action("quote.specific_terms", by=by, on=version.quote_id, at=now, facts=facts)
    return version
