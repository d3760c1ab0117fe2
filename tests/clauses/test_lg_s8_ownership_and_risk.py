"""LG-S8: ownership passes on full payment.

Risk on conclusion for a professional, on possession for a consumer.
"""

from datetime import date

import pytest

from billing.fulfilment.policy.delivery import OwnershipTransfer, passing
from billing.money.policy.days import paris_day
from billing.orders.policy.orders import owned_from
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from demo.factories.billing import ContactFactory, CustomerFactory, invoice_of, order_signed
from tests.billing.support import url
from tests.clauses.stage import desk, live
from tests.clauses.test_lg_s5_2c_cancellable_order import goods_ordered, portal_page, proved, states_of

CLAUSE = "LG-S8"


@pytest.mark.usefixtures("as_operator")
def test_ownership_waits_for_the_last_cent(now):
    order = order_signed(now=now)
    today = paris_day(now)
    invoice = invoice_of(order)
    details = {"received_on": today, "reference": "", "by": None, "now": now}
    parts = [receive_cheque(invoice=invoice, amount_cents=cents, **details) for cents in (100000, 29984)]
    for part, ownership in zip(parts, (None, today), strict=True):
        clear_payment(payment_id=part.id, credited_on=today, by=None, now=now, today=today)
        order.refresh_from_db()
        assert order.ownership_on == ownership


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize(
    ("client", "at_once"), [("professional", True), ("public_body", True), ("consumer", False)]
)
def test_risk_passes_by_kind_of_client(now, client, at_once):
    order = order_signed(ContactFactory(customer=CustomerFactory(customer_type=client)), now=now)
    assert order.risk_on == (paris_day(now) if at_once else None)


def test_both_days_of_a_thing():
    concluded = date(2026, 11, 16)
    paid = date(2026, 11, 20)
    held = date(2026, 11, 27)
    details = {"concluded_on": concluded, "paid_in_full_on": paid, "possessed_on": held}
    assert passing(consumer_protected=True, **details) == OwnershipTransfer(paid, held)
    assert passing(consumer_protected=False, **details) == OwnershipTransfer(paid, concluded)


@pytest.mark.parametrize(
    ("shares", "owned"),
    [
        ([(date(2026, 11, 18), 1000)], date(2026, 11, 18)),
        ([(date(2026, 11, 2), 1000)], date(2026, 11, 16)),  # money on account before the sale
        ([(date(2026, 11, 16), 600), (date(2026, 11, 23), 400)], date(2026, 11, 23)),
        ([(date(2026, 11, 23), 400), (date(2026, 11, 16), 600), (date(2026, 12, 1), 50)], date(2026, 11, 23)),
        ([(date(2026, 11, 16), 600), (None, 400)], None),  # only proved
        ([(date(2026, 11, 16), 600)], None),
    ],
)
def test_the_day_on_which_nothing_is_left(shares, owned):
    assert owned_from(date(2026, 11, 16), [(1000, shares)]) == owned


@pytest.mark.story(
    "LG-S8",
    door="page",
    fr="La preuve ouvre, le crédit transmet la propriété : le client lit « Fonds crédités » le jour "
    "du crédit, pas avant.",
)
def test_ownership_passes_with_the_credit_not_with_its_proof(browse, clock, now):
    """A proof opens, the credit passes ownership: the client reads that the money is there on its day, not
    before.
    """
    order, invoice = goods_ordered(now)
    payment = proved(browse, now, invoice)
    credited = '<li class="is-done">Fonds crédités'
    assert credited not in portal_page(browse, order)
    live(clock, date(2026, 11, 18))
    clear = {"credit-on": "2026-11-18"}
    assert desk(browse, now).post(url("payment_credit", payment.pk), clear).status_code == 302
    assert states_of(order)[1] == date(2026, 11, 18)
    assert credited in portal_page(browse, order)
