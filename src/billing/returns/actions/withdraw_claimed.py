"""Withdraw from pieces that a claim took before: what came back is here, what would replace it stays here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.actions.move_stock import move_stock
from billing.catalogue.models import StockMove
from billing.fulfilment.models import Return
from billing.money.policy.days import paris_day
from billing.orders.models import OrderLine
from billing.returns.actions.cancel_emptied_order import cancel_emptied_order
from billing.returns.actions.open_warranty_claim import open_return
from billing.returns.actions.refund_withdrawal import REASON, promise_decision
from billing.returns.models import Withdrawal, WithdrawnLine
from billing.returns.policy.pieces import spread_over_lines, withdrawn_of_claims
from billing.returns.queries.pieces import claims_under_way
from billing.returns.queries.withdrawals import Choice
from contracts.policy.clauses import keeps


@dataclass(frozen=True, slots=True)
class ClaimedPieces:
    """So many pieces of a line that a claim took before."""

    claim: Return
    count: int


@keeps("LG-S22", "LG-S9")
def claimed_pieces(choices: list[Choice], taken: dict[int, int]) -> dict[int, list[ClaimedPieces]]:
    """Return by position which of the pieces withdrawn from aren't in the client's hands: those a claim took.

    What they hold comes back first. `choices` is all that is kept of an order, `taken` how many of each line.
    """
    found: dict[int, list[ClaimedPieces]] = {}
    sent = {choice.line.product_id for choice in choices if choice.has_left}
    for product_id in (key for key in sent if key is not None):
        lines = [choice for choice in choices if choice.line.product_id == product_id]
        claims = claims_under_way(lines[0].line.order, product_id)
        room = {choice.line.position: taken.get(choice.line.position, 0) for choice in lines}
        kept = sum(choice.kept for choice in lines)
        counts = withdrawn_of_claims(sum(room.values()), kept=kept, claims=[left for _claim, left in claims])
        for (claim, _left), parts in zip(claims, spread_over_lines(counts, room), strict=True):
            for position, count in parts.items():
                found.setdefault(position, []).append(ClaimedPieces(claim, count))
    return found


def withdraw_claimed(
    withdrawal: Withdrawal, line: OrderLine, pieces: ClaimedPieces, by: Actor, now: datetime
) -> None:
    """Keep that pieces a claim took are withdrawn from.

    A claim that goes on ends for them as their way back, and goes on for the rest of it; of one that ended in
    others, these leave no more.
    """
    claim = pieces.claim
    if claim.replacement_id is not None:
        WithdrawnLine.objects.create(withdrawal=withdrawal, line=line, quantity=pieces.count, back=claim)
        _keep_here(claim.replacement_id, pieces.count, withdrawal, by, now)
        return
    back = _way_back(claim, pieces.count, by, now)
    part = WithdrawnLine.objects.create(withdrawal=withdrawal, line=line, quantity=pieces.count, back=back)
    if back.is_undecided:
        promise_decision(part, now=now)


def _way_back(claim: Return, count: int, by: Actor, now: datetime) -> Return:
    """Return the return by which so many of a claim's pieces come, or came, back: a withdrawal's from now on.

    The claim itself where it is about no more, else one of its own.
    """
    back = claim
    if count < claim.quantity:
        claim.quantity -= count
        claim.save(update_fields=["quantity"])
        back = open_return(
            order=claim.order,
            product_id=claim.product_id,
            quantity=count,
            ground=Return.Ground.WITHDRAWAL,
            state=claim.state,
            problem=claim.problem,
            claimed_on=claim.claimed_on,
            received_on=claim.received_on,
            is_complete=claim.is_complete,
            by=by,
            now=now,
            today=paris_day(now),
        )
    back.ground = Return.Ground.WITHDRAWAL
    back.save()
    log_action("return.withdrawn", by=by, on=back, at=now, facts={"number": back.number, "of": claim.number})
    return back


def _keep_here(order_id: UUID, count: int, first: Withdrawal, by: Actor, now: datetime) -> None:
    """Take so many things out of an order that replaces others; without any left it is none."""
    line = OrderLine.objects.select_related("product", "order").get(order=order_id, product__kind="goods")
    told = {"how": first.how, "received_on": first.received_on, "refund_by": first.refund_by}
    same = Withdrawal.objects.create(order=line.order, created_at=now, **told)
    WithdrawnLine.objects.create(withdrawal=same, line=line, quantity=count)
    if line.product is not None and line.product.stock is not None:
        why = StockMove.Reason.RETURNED
        move_stock(
            product=line.product, quantity=count, why=why, order_id=line.order_id, note=REASON, by=by, now=now
        )
    cancel_emptied_order(order=line.order, reason=REASON, now=now)
