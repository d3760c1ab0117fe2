"""Take things back: a claim on a guarantee or a withdrawal, with a slip and a number, to one of its ends."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from agenda.actions import enqueue_message
from agenda.loop import wake_worker
from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.actions.move_stock import move_stock
from billing.catalogue.models import StockMove
from billing.catalogue.models.lines import LineKind
from billing.fulfilment.actions.send_replacement import send_replacement
from billing.fulfilment.models import Delivery, Return
from billing.fulfilment.policy.states import RETURN
from billing.invoicing.actions.credit_by_hand import tell_credit_notes
from billing.invoicing.actions.credit_order import credit_order
from billing.invoicing.models import Invoice
from billing.money.models import NumberSeries
from billing.money.policy.numbering import document_number
from billing.orders.actions.issue_invoice import final_invoice
from billing.orders.models import Order, OrderLine
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.returns.actions.refund_withdrawal import promise_decision, refund_withdrawal, tell_refund
from billing.returns.labels import remedy_label
from billing.returns.models import WithdrawnLine
from billing.returns.policy.pieces import spread_reduction
from billing.returns.policy.warranty import (
    PAID_BACK,
    EarlierClaim,
    NotCovered,
    Outcomes,
    WarrantyClaim,
    check_choice,
    check_remedy,
    checked_refusal,
    left_to_claim,
    outcomes,
    remedies,
)
from billing.returns.policy.withdrawal import still_to_give_back
from billing.returns.queries.guarantees import days_of, months_of
from billing.returns.queries.pieces import credited_so_far, paid_order_of, pieces_of
from billing.returns.queries.withdrawals import bought
from contracts.policy.clauses import keeps

REFUNDING = frozenset({"refund", "sale_undone", "price_reduced"})


class NotOrdered(Exception):
    """Raised when the order sold less of it than would come back."""


class ClaimedAlready(Exception):
    """Raised when a claim on the same things goes on, or they were paid back; `left` may be claimed."""

    def __init__(self, left: int) -> None:
        super().__init__(left)
        self.left = left


class NotOpen(Exception):
    """Raised when the return isn't at this step any more."""


class PaidBack(Exception):
    """Raised when what came back would be refused though its price can't be held back any more."""


class BeforeItCame(Exception):
    """Raised when what was missing would have come before the rest of it."""


class AmountNeeded(Exception):
    """Raised when a price is reduced and nobody says by how much, or by more than it was."""


@dataclass(frozen=True, slots=True)
class WarrantyClaimInput:
    """What the client says of a thing that comes back."""

    product_id: UUID
    quantity: int
    ground: str
    problem: str
    claimed_on: date
    discovered_on: date | None = None
    proof: str = ""
    requested_remedy: str = ""
    same_trade: bool = False
    quote_excludes_defects: bool = False
    warranty_until: date | None = None


@transaction.atomic
@keeps("LG-S9")
def open_warranty_claim(
    *, order: Order, said: WarrantyClaimInput, by: Actor | None, now: datetime, today: date
) -> Return:
    """Return the return of things of an order, with its number and slip; the buyer gets the slip.

    What no guarantee covers is refused at once, with the listed exclusion. Raises NotOrdered, ClaimedAlready.
    """
    Order.objects.select_for_update(of=("self",)).get(pk=order.pk)
    sold = sum(line.quantity for line in _lines(order, said.product_id))
    if not 1 <= said.quantity <= sold:
        raise NotOrdered(sold)
    left = left_to_claim(sold, earlier=_earlier(order, said.product_id))
    if said.quantity > left:
        raise ClaimedAlready(left)
    refusal = ""
    try:
        if said.ground == Return.Ground.WITHDRAWAL:
            raise NotCovered("no_guarantee")  # a change of mind has its own way: `withdraw`
        remedies(warranty_claim_of(order, said), consumer_protected=is_protected(order))
    except NotCovered as why:
        refusal = why.exclusion
    back = open_return(
        order=order,
        product_id=said.product_id,
        quantity=said.quantity,
        ground=said.ground,
        problem=said.problem,
        claimed_on=said.claimed_on,
        discovered_on=said.discovered_on,
        proof=said.proof,
        requested_remedy=said.requested_remedy,
        refusal=refusal,
        state=Return.State.REFUSED if refusal else Return.State.OPEN,
        settled_on=today if refusal else None,
        by=by,
        now=now,
        today=today,
    )
    _tell(back, now, "opened")
    return back


def open_return(*, order: Order, by: Actor | None, now: datetime, today: date, **details: Any) -> Return:
    """Return a new return of an order, with its number: what is told of it are the fields of `Return`."""
    rank = NumberSeries.objects.take("return", today.year)
    number = document_number("return", year=today.year, rank=rank)
    back = Return.objects.create(order=order, number=number, created_at=now, **details)
    facts = {"number": back.number, "order": order.number, "ground": back.ground, "refusal": back.refusal}
    log_action("return.refused" if back.refusal else "return.opened", by=by, on=back, at=now, facts=facts)
    return back


def _earlier(order: Order, product_id: UUID) -> list[EarlierClaim]:
    """Return the claims on a thing of an order, and what of it was withdrawn from without a return
    of its own.
    """
    rows = Return.objects.filter(order=order, product=product_id)
    claims = [EarlierClaim(*row) for row in rows.values_list("quantity", "state", "remedy")]
    parts = WithdrawnLine.objects.filter(line__order=order, line__product=product_id)
    withdrawn = parts.exclude(back__ground=Return.Ground.WITHDRAWAL)
    counts = withdrawn.values_list("quantity", flat=True)
    return claims + [EarlierClaim(count, "ended", "refund") for count in counts]


def _lines(order: Order, product_id: UUID) -> list[OrderLine]:
    return list(OrderLine.objects.filter(order=order, product_id=product_id).order_by("position"))


def is_protected(order: Order) -> bool:
    """Return whether the buyer of an order has a consumer's guarantees (LG-S3)."""
    return order.is_consumer_protected


def warranty_claim_of(order: Order, said: WarrantyClaimInput) -> WarrantyClaim:
    """Return what the guarantees are judged on."""
    delivery = Delivery.objects.filter(order=order).first()
    until = said.warranty_until or days_of(order).warranty_until
    return WarrantyClaim(
        said.ground,
        said.claimed_on,
        delivery.delivered_on if delivery else None,
        said.discovered_on,
        bool(said.proof.strip()),
        said.quote_excludes_defects,
        said.same_trade,
        until,
        months_of(order),
    )


@transaction.atomic
def receive_return(
    *, return_id: UUID, on: date, is_complete: bool, by: Actor, now: datetime, today: date
) -> Return:
    """Return the return, its goods here and looked at; of a withdrawal their price is given back.

    Of a withdrawal whose goods are incomplete, the client is told and the day to decide by is promised. What
    came incomplete is received once more, complete, when the rest comes. Raises NotOpen, BeforeItCame.
    """
    back = Return.objects.select_for_update().get(pk=return_id)
    step = "complete" if back.is_undecided and is_complete else "receive"
    if not RETURN.allows(step, back.state):
        raise NotOpen(back.number)
    if back.received_on is not None and on < back.received_on:
        raise BeforeItCame(back.received_on)
    back.state = RETURN.after(step, back.state)
    back.received_on = on
    back.is_complete = is_complete
    back.save(update_fields=["state", "received_on", "is_complete"])
    log_action(
        "return.received", by=by, on=back, at=now, facts={"number": back.number, "is_complete": is_complete}
    )
    if back.ground == Return.Ground.WITHDRAWAL:
        if is_complete:
            _pay_back(back, by, now, today)
        else:
            promise_decision(back.withdrawn, now=now)
    return back


def _pay_back(back: Return, by: Actor, now: datetime, today: date) -> Invoice | None:
    """Return the credit note of goods withdrawn from, issued now or before."""
    withdrawal = back.withdrawn.withdrawal
    notes = refund_withdrawal(withdrawal_id=withdrawal.pk, by=by, now=now, today=today)
    tell_refund(notes, now=now)
    credit = withdrawal.credits.select_related("note").last()
    return credit.note if credit else None


@transaction.atomic
@keeps("LG-S9")
def resolve_return(
    *,
    return_id: UUID,
    remedy: str = "",
    refusal: str = "",
    words: str = "",
    reduced_by_cents: int | None = None,
    back_on_shelf: bool = False,
    by: Actor,
    now: datetime,
    today: date,
    because: str = "",
) -> Return:
    """Return the return, ended by one of its ends or refused with a listed exclusion; the buyer is told.

    A consumer's choice of remedy binds: `because` says why it ends otherwise, "impossible",
    "out_of_proportion" or "agreed" (then told in `words`).

    A refund is a credit note on the order's invoice, of the things or of what the price is reduced by: what
    was paid of it is asked back where it came from. A replacement leaves the shelves, its parcel is planned.
    Raises NotOpen, PaidBack, NotCovered, AmountNeeded, OutOfStock, NotTheirChoice, ValueError.
    """
    back = Return.objects.select_for_update(of=("self",)).select_related("order__customer").get(pk=return_id)
    if not RETURN.allows("settle", back.state):
        raise NotOpen(back.number)
    if refusal:
        if is_paid_back(back):
            raise PaidBack(back.number)
        back.state = RETURN.after("refuse", back.state)
        back.refusal = checked_refusal(refusal)
    else:
        _end_by(back, remedy, because if words.strip() else "")
        _carry_out(back, reduced_by_cents, back_on_shelf, by, now, today)
    back.words = words
    back.settled_on = today
    back.save()
    _close_withdrawal(back, by, now, today)
    facts = {"number": back.number, "ending": back.remedy, "refusal": back.refusal}
    log_action("return.refused" if refusal else "return.settled", by=by, on=back, at=now, facts=facts)
    _tell(back, now, "settled")
    return back


def _end_by(back: Return, remedy: str, reason: str) -> None:
    """Let it end by a remedy, where the guarantee has it and the client's choice allows it."""
    _check(back, remedy)
    check_choice(
        back.ground,
        remedy,
        chosen=back.requested_remedy,
        reason=reason,
        consumer_protected=is_protected(back.order),
    )
    back.state = RETURN.after("settle", back.state)
    back.remedy = remedy


def _carry_out(
    back: Return, reduced_by: int | None, back_on_shelf: bool, by: Actor, now: datetime, today: date
) -> None:
    """Do what a return ends in: money, a thing in its place, what came back on the shelf."""
    if back.remedy in REFUNDING:
        back.credit_note = _refund(back, back.remedy, reduced_by, by, now, today)
    if back.remedy == "replacement":
        back.replacement = send_replacement(back=back, by=by, now=now, today=today)
    if back_on_shelf and back.remedy != "repair":
        move_stock(
            product=back.product,
            quantity=back.quantity,
            why=StockMove.Reason.RETURNED,
            order_id=back.order.pk,
            note=back.number,
            by=by,
            now=now,
        )


def _check(back: Return, remedy: str) -> None:
    claim = WarrantyClaim(
        back.ground, back.claimed_on, None, None, has_proof=True, warranty_until=date.max
    )  # its time was counted when it was opened
    protected = back.ground == Return.Ground.WITHDRAWAL or is_protected(back.order)
    usable = bool(back.is_complete) or is_paid_back(back)
    check_remedy(claim, remedy, consumer_protected=protected, is_complete=usable)


def is_paid_back(back: Return) -> bool:
    """Return whether the price of goods withdrawn from can't be held back any more."""
    return back.is_withdrawn and back.withdrawn.secured_on is not None


def outcomes_of(back: Return) -> Outcomes:
    """Return how a return may end."""
    return outcomes(
        back.ground,
        consumer_protected=is_protected(back.order),
        is_complete=back.is_complete is not False,  # nobody knows before they are here
        is_paid_back=is_paid_back(back),
    )


def _refund(
    back: Return, remedy: str, reduced_by: int | None, by: Actor, now: datetime, today: date
) -> Invoice | None:
    if back.ground == Return.Ground.WITHDRAWAL:
        return _pay_back(back, by, now, today)
    invoice = final_invoice(order=paid_order_of(back), by=by, now=now, today=today)
    amounts = _price(back, invoice, today)
    worth = sum(amounts.values())
    if remedy == "price_reduced":
        if reduced_by is None or not 0 < reduced_by <= worth:
            raise AmountNeeded(worth)
        amounts = spread_reduction(reduced_by, amounts)
    if not amounts:
        return None  # its price went back before
    with override(invoice.language):
        why = _("Return %(number)s: %(remedy)s") % {"number": back.number, "remedy": remedy_label(remedy)}
    notes = credit_order(corrects=invoice, amounts=amounts, reason=why, by=by, now=now, today=today)
    for note in notes:
        refund_credit_note(note=note, reason=why, by=by, now=now, today=today)
    tell_credit_notes(notes, now=now)
    return notes[0]


def _price(back: Return, invoice: Invoice, today: date) -> dict[int, int]:
    """Return by position what the pieces that came back are worth still, with their part of a discount.

    Nothing where all that was sold of it was paid back before. The delivery is no part of it.
    """
    taken = pieces_of(back)
    if not taken:
        return {}
    order = invoice.order
    assert order is not None
    owed = still_to_give_back(bought(order, taken=taken, on=today), credited_so_far(invoice))
    kinds = dict(order.lines.values_list("position", "kind"))
    return {at: cents for at, cents in owed.items() if kinds[at] in {LineKind.PRODUCT, LineKind.DISCOUNT}}


@keeps("LG-S22", "LG-S9")
def _close_withdrawal(back: Return, by: Actor, now: datetime, today: date) -> None:
    """Give the delivery back once a claim took the last of what a client had withdrawn from in part."""
    if back.ground == Return.Ground.WITHDRAWAL or back.remedy not in PAID_BACK:
        return
    withdrawal = back.order.withdrawals.exclude(parts__back__state=Return.State.REFUSED).first()
    if withdrawal is not None:
        tell_refund(refund_withdrawal(withdrawal_id=withdrawal.pk, by=by, now=now, today=today), now=now)


def _tell(back: Return, now: datetime, step: str) -> None:
    if back.ground == Return.Ground.WITHDRAWAL and back.state != Return.State.REFUSED:
        return  # told with the withdrawal and its refund
    ids = {"return": back.id, "step": step}
    enqueue_message("billing/return_told", ids=ids, now=now, key=f"return:{back.id}:{step}")
    wake_worker()
