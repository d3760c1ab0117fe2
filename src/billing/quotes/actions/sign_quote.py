"""Sign a quote in the portal: from then on it is a firm order."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.policy.stock import gone
from billing.catalogue.queries.stock import left_of
from billing.collections.queries.blocks import check_payments
from billing.customers.models import Contact
from billing.money.policy.digest import digest
from billing.orders.models import Order
from billing.quotes.actions.amend_contracts import check_contracts
from billing.quotes.actions.confirm_order import confirm_order
from billing.quotes.models import QuoteVersion, Signature
from billing.quotes.queries.seals import content_of
from billing.quotes.queries.stock import wanted_by
from contracts.policy.clauses import keeps


class NotOpen(Exception):
    """Raised when the version can't be signed: replaced, out of date, withdrawn or signed already."""


class TermsNotTicked(Exception):
    """Raised when the terms were not accepted."""


class StockGone(Exception):
    """Raised when something quoted ran out: a new version offers an equivalent (LG-S10.2)."""

    def __init__(self, products: tuple[str, ...]) -> None:
        super().__init__(", ".join(products))
        self.products = products


@transaction.atomic
@keeps("LG-S5.2", "LG-S5.2x")
def sign_quote(
    *,
    version_id: UUID,
    contact: Contact,
    name: str,
    signatory_title: str,
    terms_version: UUID | None,
    now: datetime,
    today: date,
) -> Order:
    """Return the firm order made by a signature over every line, price, term and total of the version.

    Raises NotOpen, OverdueOpen, DisputeOpen, TermsNotTicked, StockGone, ContractChanged.
    """
    version = lock_open(version_id, today=today)
    if terms_version is None:
        raise TermsNotTicked
    signature = Signature(
        contact=contact, name=name, signatory_title=signatory_title, terms_version=terms_version
    )
    return conclude(version, signature, by=contact, now=now, today=today)


@keeps("LG-S5.2x", "LG-S6.3x", "LG-S10.2")
def lock_open(version_id: UUID, *, today: date) -> QuoteVersion:
    """Return the version, locked, once everything that could keep it from being signed was looked at.

    Raises NotOpen, OverdueOpen, DisputeOpen, StockGone, ContractChanged.
    """
    version = (
        QuoteVersion.objects.select_for_update(of=("self",))
        .select_related("quote__customer")
        .get(pk=version_id)
    )
    if not version.is_open(today):
        raise NotOpen(version.state)
    check_payments(version.quote.customer_id, today)
    wanted = wanted_by(version)
    if missing := gone(wanted, left_of(wanted)):
        raise StockGone(missing)
    check_contracts(version, today=today)
    return version


def conclude(version: QuoteVersion, signature: Signature, *, by: Actor, now: datetime, today: date) -> Order:
    """Return the firm order that a signature makes of a version.

    The signature is sealed with all the version says.
    """
    signature.version = version
    signature.signed_at = now
    signature.digest = digest(content_of(version))
    signature.save(force_insert=True)
    version.move("sign")
    close_obligation("LG-S6.1", kind="quote-validity", subject=version.id, now=now, evidence={"signed": True})
    facts = {"number": version.label, "digest": signature.digest, "how": signature.how}
    if signature.document_digest:
        facts["document"] = signature.document_digest
    if version.specific_terms_digest:
        facts["specific_terms"] = version.specific_terms_digest
    log_action(
        "quote.signed",
        by=by,
        on=version.quote_id,
        at=now,
        about=[signature.contact_id] if signature.contact_id else [],
        facts=facts,
        personal={"name": signature.name, "capacity": signature.signatory_title},
    )
    return confirm_order(version=version, now=now, today=today)
