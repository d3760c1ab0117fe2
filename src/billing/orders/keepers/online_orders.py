"""What is promised about carts and orders placed online."""

from datetime import datetime, timedelta

from agenda.models import Obligation
from agenda.registry import Again, Kept, Outcome, keeper, kept_or_moot
from billing.money.policy.days import paris_day
from billing.orders.actions.drop_unpaid_order import drop_unpaid_order
from billing.orders.actions.fill_cart import forget_cart
from billing.orders.actions.follow_setup import follow_setup
from billing.orders.actions.record_checkout_step import record_confirmation
from billing.orders.actions.refuse_cart import note_refusal_told
from billing.payments.actions.revoke_method import detach_method
from billing.payments.actions.start_setup import look_again

LOOK_AGAIN = timedelta(minutes=1)


@keeper("LG-S5.1", kind="cart-forgotten", where="operator")
def keep_cart_forgotten(obligation: Obligation, *, now: datetime) -> Outcome:
    """Let a cart nobody came back to vanish, with what was typed in it."""
    later = forget_cart(cart_id=obligation.subject_id, now=now)
    return Again(run_at=later) if later else Kept(forgotten=True)


@keeper("LG-S5.1", kind="paid-online", where="operator")
def keep_paid_online(obligation: Obligation, *, now: datetime) -> Outcome:
    """Cancel an order that nobody paid on the provider's page within its day."""
    cancelled = drop_unpaid_order(order_id=obligation.subject_id, now=now, today=paris_day(now))
    return kept_or_moot(cancelled, "paid, on its way, or cancelled before", cancelled=cancelled)


@keeper("LG-S5.1", kind="confirmation-sent", where="operator")
def keep_confirmation_sent(obligation: Obligation, *, now: datetime) -> Outcome:
    """See that the confirmation left: with it the order is concluded."""
    at = record_confirmation(order_id=obligation.subject_id, now=now)
    return Kept(concluded_at=at.isoformat()) if at else Again(run_at=now + LOOK_AGAIN)


@keeper("LG-S5.1r", kind="told", where="operator")
def keep_refusal_notice(obligation: Obligation, *, now: datetime) -> Outcome:
    """See that the mail with the reason of a refusal left."""
    at = note_refusal_told(refusal_id=obligation.subject_id, now=now)
    return Kept(told_at=at.isoformat()) if at else Again(run_at=now + LOOK_AGAIN)


@keeper("LG-S6.2k", kind="detach", where="operator")
def keep_detach(obligation: Obligation, *, now: datetime) -> Outcome:
    """Have the provider forget a method that was revoked."""
    return Kept(detached=detach_method(method_id=obligation.subject_id, now=now).detached_at is not None)


@keeper("LG-S6.2k", kind="method-setup", where="operator")
def keep_method_setup(obligation: Obligation, *, now: datetime) -> Outcome:
    """Ask the provider about a visit to its page, once a day until nothing more is expected."""
    setup = follow_setup(setup_id=obligation.subject_id, now=now)
    if not setup.is_settled:
        look_again(setup, now=now)
    return Kept(state=str(setup.state))
