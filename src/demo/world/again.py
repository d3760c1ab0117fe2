"""Who changes their mind, and who comes back.

A withdrawal, and a subscription that begins again with its data.
"""

from typing import Any

from billing.models import Order, Subscription
from billing.payments.actions.record_transfer import record_transfer
from billing.quotes.actions.order_renewal import quote_renewal
from billing.quotes.actions.send_quote import send_quote
from billing.quotes.actions.sign_quote import sign_quote
from billing.returns.actions.withdraw import WithdrawalNotice, withdraw
from demo.factories.billing import invoice_of
from demo.factories.families import family_contact, household_of
from demo.world.days import Days

CHANGED_MIND = "Quéré"
CAME_BACK = "Le Goff"


def try_for_a_month(days: Days) -> None:
    """Let a family take a month, to see; it ends by itself."""
    household_of(family_contact(CAME_BACK, "nadia@legoff.example"), count=1, now=days.at(75), term_months=1)


def begin_again(days: Days) -> None:
    """Weeks after its end it goes on in the same household, with all its data as they were."""
    subscription = Subscription.objects.get(customer__name=CAME_BACK)
    buyer = subscription.contact
    now = days.at(16)
    today = days.ago(16)
    details: dict[str, Any] = {"by": None, "now": now, "today": today}
    version = quote_renewal(subscription_id=subscription.pk, quantity=None, contact=None, **details)
    send_quote(version_id=version.pk, **details)
    order = sign_quote(
        version_id=version.pk,
        contact=buyer,
        name=buyer.name,
        signatory_title="",
        terms_version=subscription.term.terms_version,
        now=now,
        today=today,
    )
    record_transfer(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=today,
        credited_on=today,
        reference=order.number,
        **details,
    )


def subscribe_in_a_hurry(days: Days) -> None:
    """Let a mother subscribe for a year."""
    household_of(family_contact(CHANGED_MIND, "nadia@quere.example"), count=1, now=days.at(12))


def change_ones_mind(days: Days) -> None:
    """She withdraws from it by the button of the customer area.

    Access ends that day and her money goes back.
    """
    order = Order.objects.get(customer__name=CHANGED_MIND)
    taken = {line.position: line.quantity for line in order.lines.filter(kind="product")}
    notice = WithdrawalNotice(taken, "button", days.ago(3), reason="Finalement, l’école suffit.")
    withdraw(order_id=order.pk, notice=notice, by=order.contact, now=days.at(3), today=days.ago(3))
