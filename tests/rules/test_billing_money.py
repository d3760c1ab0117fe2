"""Money adds up, whatever the lines, the payments and their order."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.collections.policy.ageing import bands
from billing.customers.policy.completeness import missing_of_buyer
from billing.money.policy.calendar_months import add_months
from billing.money.policy.days import day_starts_at, paris_day
from billing.money.policy.digest import digest

CENTS = st.integers(0, 10**9)
DAYS = st.dates(date(2015, 1, 1), date(2060, 12, 31))


@given(today=DAYS, ages=st.lists(st.tuples(st.integers(-60, 400), CENTS), max_size=40))
def test_what_is_overdue_has_one_age_and_nothing_is_lost(today, ages):
    found = bands([(today - timedelta(days=age), cents) for age, cents in ages], today=today)
    assert sum(band.cents for band in found) == sum(cents for age, cents in ages if age > 0)
    assert sum(band.count for band in found) == sum(age > 0 for age, _ in ages)


@pytest.mark.parametrize(
    ("days", "place"), [(1, 0), (30, 0), (31, 1), (60, 1), (61, 2), (90, 2), (91, 3), (1000, 3)]
)
def test_the_ages_end_where_they_say(days, place):
    today = date(2026, 11, 16)
    found = bands([(today - timedelta(days=days), 100)], today=today)
    assert [band.cents for band in found] == [100 if n == place else 0 for n in range(4)]


@given(day=DAYS, months=st.integers(1, 120))
def test_a_term_ends_on_the_same_day_or_the_months_last(day, months):
    end = add_months(day, months)
    assert (end.year * 12 + end.month) - (day.year * 12 + day.month) == months
    assert end.day == day.day or (end.day < day.day and (end + timedelta(days=1)).day == 1)


def test_a_term_lasts_at_least_a_month():
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    with pytest.raises(ValueError, match="month"):
        add_months(date(2026, 1, 1), 0)


@given(day=DAYS)
def test_a_day_in_paris_starts_on_that_day(day):
    start = day_starts_at(day)
    assert paris_day(start) == day
    assert paris_day(start - timedelta(seconds=1)) == day - timedelta(days=1)


@given(content=st.dictionaries(st.text(max_size=8), st.integers() | st.text(max_size=20), max_size=8))
def test_the_seal_knows_no_order_and_every_change(content):
    assert digest(content) == digest(dict(reversed(content.items())))
    assert digest(content) != digest(content | {"one more": 1})


def test_a_consumer_is_never_asked_for_a_siren():
    buyer = {
        "name": "A",
        "street": "1 rue B",
        "postcode": "35000",
        "city": "C",
        "country": "FR",
        "email": "a@b.example",
    }
    assert missing_of_buyer(buyer, kind="consumer") == ()
    assert missing_of_buyer(buyer, kind="professional") == ("siren",)
    assert missing_of_buyer(buyer | {"country": "BE"}, kind="professional") == ()
    assert missing_of_buyer({}, kind="consumer") == ("name", "street", "postcode", "city", "country", "email")
