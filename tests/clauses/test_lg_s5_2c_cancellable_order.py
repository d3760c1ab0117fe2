"""An unpaid order becomes cancellable after 7 business days, counted as it favours the client."""

from datetime import date, timedelta

import pytest

from billing.models import Order
from billing.orders.policy.orders import is_cancellable, payment_term
from contracts.gateways.holidays import public_holidays
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.stage import desk, live
from tests.golden import rows


def holidays(row: dict[str, str]) -> frozenset[date]:
    return public_holidays(row["country"], row["subdivision"] or None, (2026, 2027))


@pytest.mark.parametrize("row", rows("business_days"), ids=lambda row: f"{row['start']}{row['subdivision']}")
def test_the_golden_days(row):
    start = date.fromisoformat(row["start"])
    term = payment_term(
        quoted_on=start, confirmed_on=start, holidays=holidays(row), business_days=int(row["days"])
    )
    assert term.last_day == date.fromisoformat(row["expected"])


def test_the_later_of_the_quotes_date_and_its_confirmation_counts():
    early = date(2026, 11, 2)
    late = date(2026, 11, 16)
    for quoted, confirmed in ((early, late), (late, early)):
        assert payment_term(
            business_days=7, quoted_on=quoted, confirmed_on=confirmed, holidays=frozenset()
        ).last_day == date(2026, 11, 25)


def test_paying_on_the_last_day_is_in_time():
    term = payment_term(
        business_days=7, quoted_on=date(2026, 11, 16), confirmed_on=date(2026, 11, 16), holidays=frozenset()
    )
    assert not is_cancellable(cancellable_on=term.cancellable_from, today=term.last_day, is_paid=False)
    assert is_cancellable(
        cancellable_on=term.cancellable_from, today=term.last_day + timedelta(days=1), is_paid=False
    )
    assert not is_cancellable(cancellable_on=term.cancellable_from, today=date(2030, 1, 1), is_paid=True)


def test_a_deferral_moves_it_and_an_earlier_one_changes_nothing():
    start = date(2026, 11, 16)
    plain = payment_term(business_days=7, quoted_on=start, confirmed_on=start, holidays=frozenset())
    moved = payment_term(
        business_days=7,
        quoted_on=start,
        confirmed_on=start,
        holidays=frozenset(),
        extended_until=date(2026, 12, 14),
    )
    past = payment_term(
        business_days=7,
        quoted_on=start,
        confirmed_on=start,
        holidays=frozenset(),
        extended_until=date(2026, 1, 1),
    )
    assert moved.last_day == date(2026, 12, 23)
    assert past == plain


@pytest.mark.story(
    "LG-S5.2c",
    "LG-S6.3d",
    door="page",
    fr="Un délai jusqu’au vendredi 15 janvier, puis un autre jusqu’au dimanche : le septième jour ouvré "
    "reste le même, et la commande impayée devient annulable le lendemain.",
)
def test_more_time_twice_in_a_row_never_loses_the_day(browse, clock, now):
    """More time until Friday 15 January, then until the Sunday: the seventh business day stays the same, and
    the unpaid order becomes cancellable the day after.
    """
    with inside_operator():
        invoice = invoice_of(order_signed(now=now))
    finance = desk(browse, now)
    for until in ("2027-01-15", "2027-01-17"):
        more = {"new_due_on": until, "document": f"Courrier pour le {until}"}
        assert finance.post(url("invoice_extension", invoice.pk), more).status_code == 302
    live(clock, date(2026, 12, 1), date(2027, 1, 26))
    assert cancellable_since(invoice) is None
    live(clock, date(2027, 1, 28))
    assert cancellable_since(invoice) is not None


def cancellable_since(invoice):
    with inside_operator():
        return Order.objects.get(invoices=invoice).cancellable_since
