"""Withdraw from pieces that a claim took before: what came back is here, what would replace it stays here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.catalogue.actions.move_stock import move_stock
from billing.catalogue.models import StockMove
from billing.fulfilment.models import Return
from billing.orders.models import OrderLine
from billing.returns.actions.cancel_emptied_order import cancel_emptied_order
from billing.returns.actions.refund_withdrawal import REASON, promise_decision
from billing.returns.models import Withdrawal, WithdrawnLine
from billing.returns.policy.pieces import withdrawn_of_claims
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
    for product_id in {choice.line.product_id for choice in choices if choice.has_left} - {None}:
        lines = [choice for choice in choices if choice.line.product_id == product_id]
        claims = claims_under_way(lines[0].line.order, product_id)
        counts = withdrawn_of_claims(
            sum(taken.get(choice.line.position, 0) for choice in lines),
            kept=sum(choice.kept for choice in lines),
            claims=[(claim.quantity, claim.remedy == "") for claim in claims],
        )
        left = {choice.line.position: taken.get(choice.line.position, 0) for choice in lines}
        for claim, count in zip(claims, counts, strict=True):
            place = next((at for at, room in left.items() if 0 < count <= room), None)
            if place is not None:
                left[place] -= count
                found.setdefault(place, []).append(ClaimedPieces(claim, count))
    return found


def withdraw_claimed(
    withdrawal: Withdrawal, line: OrderLine, pieces: ClaimedPieces, by: Actor, now: datetime
) -> None:
    """Keep that pieces a claim took are withdrawn from.

    A claim that goes on ends as their way back; of one that ended in others, these leave no more.
    """
    claim = pieces.claim
    part = WithdrawnLine.objects.create(withdrawal=withdrawal, line=line, quantity=pieces.count, back=claim)
    if claim.replacement_id is not None:
        _keep_here(claim.replacement_id, pieces.count, withdrawal, by, now)
        return
    claim.ground = Return.Ground.WITHDRAWAL
    claim.save(update_fields=["ground"])
    log_action("return.withdrawn", by=by, on=claim, at=now, facts={"number": claim.number})
    if claim.is_undecided:
        promise_decision(part, now=now)


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
