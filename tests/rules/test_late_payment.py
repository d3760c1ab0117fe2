"""What holds for every late invoice."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.collections.policy.late_interest import REGIMES, late_interest
from billing.invoicing.policy.paid import Payment
from billing.money.gateways.rate_tables import interest_rates, standard_vat
from billing.money.policy.rates import BadTable, HalfYear, UnknownRate, parse_rates

RATES = interest_rates()
DUE = st.dates(date(2015, 1, 1), date(2026, 12, 30))
HEAD = "half_year,starts,individual_creditor_pct,other_creditor_pct\n"
ECB = "in_force_from,rate_pct\n2025-06-11,2.15\n"


@given(
    customer_type=st.sampled_from(REGIMES),
    due_on=DUE,
    cents=st.integers(1, 10**8),
    days=st.integers(0, 400),
    more=st.integers(1, 99),
)
def test_more_days_and_more_money_never_owe_less(customer_type, due_on, cents, days, more):
    def owed(amount_cents: int, late: int) -> int:
        return late_interest(
            customer_type=customer_type,
            amount_cents=amount_cents,
            due_on=due_on,
            notice_on=due_on,
            payments=(),
            rates=RATES,
            flat_fee_cents=4000,
            as_of=due_on + timedelta(days=late),
        ).total_cents

    assert owed(cents, days) <= owed(cents, days + more)
    assert owed(cents, days) <= owed(cents + more, days)


@given(
    customer_type=st.sampled_from(REGIMES),
    due_on=DUE,
    cents=st.integers(100, 10**8),
    delays=st.lists(st.integers(-10, 300), min_size=1, max_size=6),
)
def test_segments_follow_each_other_and_add_up(customer_type, due_on, cents, delays):
    share, rest = divmod(cents, len(delays))
    paid = [
        Payment(due_on + timedelta(days=late), share + (rest if n == 0 else 0))
        for n, late in enumerate(delays)
    ]
    found = late_interest(
        customer_type=customer_type,
        amount_cents=cents,
        due_on=due_on,
        notice_on=due_on,
        payments=paid,
        rates=RATES,
        flat_fee_cents=4000,
    )
    assert sum(part.days for part in found.segments) == max(0, max(delays))
    assert found.interest_cents == sum(part.interest_cents for part in found.segments)
    assert [part.base_cents for part in found.segments] == sorted(
        (p.base_cents for p in found.segments), reverse=True
    )
    assert found.flat_fee_cents in ({0} if customer_type == "consumer" or max(delays) <= 0 else {4000})
    backwards = late_interest(
        customer_type=customer_type,
        amount_cents=cents,
        due_on=due_on,
        notice_on=due_on,
        payments=paid[::-1],
        rates=RATES,
        flat_fee_cents=4000,
    )
    assert backwards == found


def test_a_half_year_is_named_by_its_first_day():
    assert [str(HalfYear.of(date(2026, month, 1))) for month in (1, 6, 7, 12)] == [
        "2026H1",
        "2026H1",
        "2026H2",
        "2026H2",
    ]
    assert HalfYear(2026, 2).starts_on == date(2026, 7, 1)


def test_an_unchanged_ecb_rate_is_confirmed_by_its_own_row():
    statutory = HEAD + "2026H1,2026-01-01,6.67,2.62\n"
    known = parse_rates(statutory_csv=statutory, ecb_csv=ECB + "# confirmed\n2026-07-01,2.15\n")
    assert known.ecb(HalfYear(2026, 2)) == Decimal("2.15")
    with pytest.raises(UnknownRate):
        parse_rates(statutory_csv=statutory, ecb_csv=ECB).ecb(HalfYear(2026, 2))


@pytest.mark.parametrize(
    "statutory",
    [
        "starts\n2026-01-01\n",
        HEAD + "x,2026-02-01,1,1\n",
        HEAD + "x,2026-01-01,1,1\nx,2026-01-01,1,1\n",
        HEAD + "x,soon,1,1\n",
        HEAD + "x,2026-01-01,much,1\n",
        HEAD + "x,2026-01-01,NaN,1\n",
    ],
)
def test_a_table_that_can_not_be_read_is_an_error(statutory):
    with pytest.raises(BadTable):
        parse_rates(statutory_csv=statutory, ecb_csv=ECB)


def test_an_ecb_day_twice_is_an_error():
    with pytest.raises(BadTable):
        parse_rates(statutory_csv=HEAD, ecb_csv=ECB + "2025-06-11,2.40\n")


@pytest.mark.parametrize(
    ("subdivision", "rate"),
    [(None, Decimal("20.00")), ("57", Decimal("20.00")), ("974", Decimal("8.50")), ("973", None)],
)
def test_the_vat_of_a_place(subdivision, rate):
    assert standard_vat(country="FR", subdivision=subdivision, on=date(2026, 11, 16)) == rate


@pytest.mark.parametrize(("country", "on"), [("ZZ", date(2026, 1, 1)), ("FR", date(2013, 12, 31))])
def test_an_unknown_vat_is_an_error(country, on):
    with pytest.raises(UnknownRate):
        standard_vat(country=country, subdivision=None, on=on)
