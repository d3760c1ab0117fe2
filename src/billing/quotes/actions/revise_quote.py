"""Make a new version of a quote."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from agenda.actions import close_obligation
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.orders.models import Order
from billing.quotes.models import QuoteLine, QuoteSite, QuoteVersion
from billing.quotes.policy.states import QUOTE_VERSION
from billing.quotes.policy.validity import VALID_FOR
from billing.quotes.queries.content import parts_of


class StillADraft(Exception):
    """Raised when the version in hand can simply be written again."""


class Superseded(Exception):
    """Raised when a newer version is in hand."""


class OrderStands(Exception):
    """Raised when the signed version has become an order that stands."""


@transaction.atomic
def revise_quote(*, version_id: UUID, by: Actor, now: datetime, today: date) -> QuoteVersion:
    """Return a new draft with the content of a version that was sent; the old one can no longer be signed.

    Raises StillADraft, Superseded, OrderStands.
    """
    old = QuoteVersion.objects.select_for_update().select_related("quote").get(pk=version_id)
    if old.is_draft:
        raise StillADraft(old.label)
    if not QUOTE_VERSION.allows("supersede", old.state):
        raise Superseded(old.label)
    if Order.objects.filter(version=old).exclude(state=Order.State.CANCELLED).exists():
        raise OrderStands(old.label)
    old.move("supersede")
    close_obligation("LG-S6.1", kind="quote-validity", subject=old.id, now=now)
    new = _copy(old, now, today)
    log_action("quote.revised", by=by, on=old.quote_id, at=now, facts={"number": new.label})
    return new


def _copy(old: QuoteVersion, now: datetime, today: date) -> QuoteVersion:
    same = (
        "quote_id",
        "language",
        "method",
        "payment_days",
        "term_months",
        "renewal",
        "customer_type",
        "employees",
        "deliver_by",
        "outside_main_activity",
        "buyer",
        "note",
        "warranty",
        "warranty_months",
        "down_payment_pct",
        "extended_until",
        "currency",
        "net_cents",
        "vat_cents",
        "gross_cents",
    )
    new = QuoteVersion(**{name: getattr(old, name) for name in same})
    new.version = old.version + 1
    new.issued_on = today
    new.created_at = now
    new.valid_until = max(old.valid_until, today + VALID_FOR)
    new.save(force_insert=True)
    told, lines = parts_of(old)
    sites = QuoteSite.objects.bulk_create(QuoteSite(version=new, **site) for site in told)
    QuoteLine.objects.bulk_create(
        QuoteLine(version=new, site=None if site is None else sites[site], **says) for says, site in lines
    )
    return new
