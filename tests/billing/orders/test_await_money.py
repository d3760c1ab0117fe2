"""An order waits for its money as many business days as the contract of what it sells says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from billing.collections.actions.grant_extension import grant_extension
from billing.models import Invoice, Order
from billing.money.policy.days import paris_day
from billing.orders.actions import payment_deadline as await_money
from billing.orders.actions.payment_deadline import business_days_of
from contracts.registry import profile
from demo.factories.billing import order_signed

pytestmark = pytest.mark.usefixtures("as_operator")


def say(monkeypatch, **days):
    """Let the contracts of these offers give so many business days."""

    def told(key, *, on):
        kept = profile(key, on=on)
        orders = replace(kept.orders, cancellable_business_days=days.get(key, 7))
        return replace(kept, orders=orders)

    monkeypatch.setattr(await_money, "profile", told)


def test_the_longest_of_its_contracts_counts_and_a_schools_where_none_is_opened(monkeypatch, now):
    say(monkeypatch, school=5, training=9)
    today = paris_day(now)
    assert business_days_of(["school", "training", ""], on=today) == 9
    assert business_days_of([""], on=today) == business_days_of([], on=today) == 5


@pytest.mark.parametrize(("days", "later"), [(2, 3), (7, 10)])
def test_a_signed_quote_waits_as_long_as_its_contract_says(monkeypatch, now, days, later):
    say(monkeypatch, school=days)
    order = order_signed(now=now, method="transfer")  # a Monday without a holiday until the tenth day
    assert order.cancellable_on == order.confirmed_on + timedelta(days=later)


def test_a_deferral_counts_the_same_days_from_its_own(monkeypatch, now):
    say(monkeypatch, school=2)
    order = order_signed(now=now, method="transfer")
    invoice = Invoice.objects.get(order=order)
    until = invoice.due_on + timedelta(days=(7 - invoice.due_on.weekday()) + 14)  # a Monday
    grant_extension(
        invoice=invoice, new_due_on=until, document="e-mail", by=None, now=now, today=paris_day(now)
    )
    assert Order.objects.get(pk=order.pk).cancellable_on == until + timedelta(days=3)
