"""Pay back what never came: credit notes of the things and their delivery, then the money."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from audit.policy.actor import Actor
from billing.catalogue.models.catalogue import Nature
from billing.catalogue.models.lines import LineKind
from billing.fulfilment.policy.delivery import is_all_refunded
from billing.invoicing.actions.credit_by_hand import tell_credit_notes
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice, InvoiceLine
from billing.invoicing.policy.credit import NothingCredited
from billing.invoicing.queries.credits import left_of, owed_by, still_owed_in_all
from billing.orders.actions.issue_invoice import final_invoice
from billing.orders.models import Order
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.payments.models import Refund
from contracts.policy.clauses import keeps

REASON = "late_delivery"

TOLD = _("sale ended by the client: nothing was delivered in time")


@transaction.atomic
@keeps("LG-S7c")
def refund_undelivered(*, order: Order, by: Actor | None, now: datetime, today: date) -> bool:
    """Return whether all that was paid for the things of an order, and their delivery, is back with who paid.

    As often as wanted: nothing is credited or given back twice.
    """
    details: dict[str, Any] = {"by": by, "now": now, "today": today}
    _credit(order, details)
    for note in _notes(order):
        refund_credit_note(note=note, reason=REASON, **details)
    return is_all_refunded(
        uncredited_cents=_uncredited(order),
        owed_cents=sum(owed_by(note) for note in _notes(order)),
        unmade_cents=_unmade(order),
    )


def _credit(order: Order, details: dict[str, Any]) -> None:
    notes: list[Invoice] = []
    if not _is_mixed(order):
        for invoice in _invoices(order):
            with suppress(NothingCredited):
                notes.append(credit_invoice(corrects=invoice, reason=TOLD, **details))
    else:
        final = final_invoice(order=order, **details)
        if amounts := _things_left(final):
            notes = credit_order(corrects=final, amounts=amounts, reason=TOLD, **details)
    tell_credit_notes(notes, now=details["now"])


def _is_mixed(order: Order) -> bool:
    """Return whether an order sold more than things: that part of it stays."""
    return order.lines.filter(kind=LineKind.PRODUCT).exclude(nature=Nature.GOODS).exists()


def _invoices(order: Order) -> Iterable[Invoice]:
    return Invoice.objects.filter(order=order, kind=Invoice.Kind.INVOICE).order_by("created_at")


def _notes(order: Order) -> Iterable[Invoice]:
    return Invoice.objects.filter(order=order, kind=Invoice.Kind.CREDIT_NOTE).order_by("created_at")


def _things_left(invoice: Invoice) -> dict[int, int]:
    """Return what isn't credited yet of the things of an invoice and their delivery, by position, net of
    discounts.
    """
    things = {line.position: left for line, left in left_of(invoice) if left > 0 and _is_thing(line)}
    return still_owed_in_all(invoice, things)


def _is_thing(line: InvoiceLine) -> bool:
    """Return whether a line asks for a thing or its delivery; a down payment takes off some of both."""
    if line.kind == LineKind.PRODUCT:
        return line.nature == Nature.GOODS
    return line.kind == LineKind.SHIPPING


def _uncredited(order: Order) -> int:
    """Return what is still to be credited, in cents: all of it, or the things where it sold more."""
    if not _is_mixed(order):
        return sum(left for each in _invoices(order) for _line, left in left_of(each))
    return sum(sum(_things_left(each).values()) for each in _invoices(order) if not each.is_down_payment)


def _unmade(order: Order) -> int:
    asked = Refund.objects.active().filter(made_on=None, reason=REASON)
    asked = asked.filter(payment__customer=order.customer_id, payment__allocations__invoice__order=order)
    return asked.distinct().aggregate(total=Sum("amount_cents"))["total"] or 0
