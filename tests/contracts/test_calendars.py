"""Public holidays by region, and the operator's own closed days."""

from datetime import date

import pytest

from contracts.gateways.holidays import UnknownCalendar, business_day_after, public_holidays
from contracts.gateways.operator_calendar import SHIPPED, BadCalendar, closures_in, operator_closures

GOOD_FRIDAY = date(2026, 4, 3)
SAINT_STEPHEN = date(2026, 12, 26)


def test_the_eleven_days_of_france():
    assert sorted(public_holidays("FR", None, [2026])) == [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


@pytest.mark.parametrize(
    ("subdivision", "day"),
    [("57", GOOD_FRIDAY), ("6AE", SAINT_STEPHEN), ("974", date(2026, 12, 20)), ("971", date(2026, 5, 27))],
)
def test_regions_have_days_of_their_own(subdivision, day):
    assert day in public_holidays("FR", subdivision, [2026])
    assert day not in public_holidays("FR", None, [2026])


@pytest.mark.parametrize(
    ("country", "subdivision"), [("FR", "67"), ("FR", "nowhere"), ("XX", None), ("", None)]
)
def test_a_calendar_that_is_not_known_is_an_error(country, subdivision):
    with pytest.raises(UnknownCalendar):
        public_holidays(country, subdivision, [2026])


def test_bridge_days_and_leave_put_a_deadline_off():
    start = date(2026, 5, 13)
    plain = business_day_after(start, 1, country="FR")
    assert plain == date(2026, 5, 15)
    assert business_day_after(start, 1, country="FR", closed=operator_closures()) == date(2026, 5, 18)


def test_the_shipped_bridges_are_business_days_next_to_a_holiday():
    for day in closures_in(SHIPPED):
        holidays = public_holidays("FR", None, [day.year])
        assert day.weekday() < 5
        assert {day.fromordinal(day.toordinal() - 1), day.fromordinal(day.toordinal() + 1)} & holidays


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[bridge]]\nday = 2026-13-01", "calendar.toml"),
        ("[[bridge]]\nto = 2026-01-01", "day"),
        ("[[leave]]\nfrom = 2026-08-10\nto = 2026-08-03", "ends before it starts"),
        ("[[holiday]]\nday = 2026-01-01", "unknown table 'holiday'"),
        ('[[bridge]]\nday = "monday"', "calendar.toml"),
    ],
)
def test_a_wrong_calendar_says_what(tmp_path, text, said):
    path = tmp_path / "calendar.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadCalendar, match=said):
        closures_in(path)


def test_leave_is_closed_from_its_first_to_its_last_day(tmp_path, settings):
    path = tmp_path / "calendar.toml"
    path.write_text("[[leave]]\nfrom = 2026-08-03\nto = 2026-08-05", encoding="utf-8")
    settings.OPERATOR_CALENDAR = str(path)
    assert sorted(operator_closures()) == [date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 5)]
