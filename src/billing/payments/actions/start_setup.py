"""Begin to leave a payment method at the provider: nothing is charged there."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction
from django.db.models import Model

from agenda.actions import instant, open_obligation
from audit.actions import log_action
from billing.customers.models import Contact
from billing.payments.actions.start_checkout import LOOKED_AT_AFTER, NotOffered, portal_url
from billing.payments.gateways.stripe_checkout import Page, close_page, is_configured, page_still_open
from billing.payments.gateways.stripe_saved import open_setup_page
from billing.payments.models import MethodSetup, SavedMethod
from billing.payments.queries.online import Payable
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S14.3", "LG-S6.2k")
def start_setup(
    *, contact: Contact, methods: Sequence[str], now: datetime, order: Payable | None = None
) -> str:
    """Return the address of the provider's page on which a method is left.

    For an order's trial, or for what runs.

    A page that is still open is used again; it is promised to be looked at even if no message ever comes. An
    order is locked by the caller. Raises NotOffered, NotConfigured, Unreachable.
    """
    if not methods or not is_configured():
        raise NotOffered(order.number if order else contact.customer_id)
    order_id = order.pk if order else None
    if page := _page_again(contact, order_id):
        return page.url
    setup = MethodSetup.objects.create(
        customer_id=contact.customer_id, contact=contact, order_id=order_id, started_at=now
    )
    page = _page(setup, tuple(methods))
    setup.save_session(session_id=page.session_id)
    look_at_setup_later(setup, now=now, due_at=now + LOOKED_AT_AFTER)
    log_action(
        "method.asked",
        by=None,
        on=cast(Model, order) if order else contact.customer_id,
        at=now,
        facts={"setup": str(setup.id)},
    )
    return page.url


def look_at_setup_later(setup: MethodSetup, *, now: datetime, due_at: datetime) -> None:
    """Promise to ask the provider about a visit, in case its messages are lost."""
    open_obligation(
        "LG-S6.2k",
        kind="method-setup",
        subject=setup.id,
        **instant(due_at),
        now=now,
        occurrence=due_at.isoformat(),
    )


def look_again(setup: MethodSetup, *, now: datetime) -> None:
    """Promise to ask once more a day later."""
    look_at_setup_later(setup, now=now, due_at=now + timedelta(days=1))


def _page_again(contact: Contact, order_id: UUID | None) -> Page | None:
    before = MethodSetup.objects.filter(customer_id=contact.customer_id, state=MethodSetup.State.OPEN)
    mine = before.filter(order_id=order_id) if order_id else before.filter(order=None)
    for attempt in mine.exclude(session_id=None):
        page = page_still_open(attempt.session_id or "")
        if page and attempt.contact_id == contact.pk:
            return page
        if page:
            close_page(page.session_id)
    return None


def _page(setup: MethodSetup, methods: tuple[str, ...]) -> Page:
    known = SavedMethod.objects.filter(customer_id=setup.customer_id).first()
    order = setup.order
    contact = setup.contact
    back = portal_url("portal_order", order.pk) if order else portal_url("portal_method")
    return open_setup_page(
        key=str(setup.id),
        label=order.number if order else contact.customer.name,
        methods=methods,
        customer_id=known.provider_customer_id if known else "",
        email=contact.email,
        language=contact.language,
        back_url=portal_url("portal_method_saved", setup.id),
        cancel_url=back,
    )
