"""Documents of a series follow each other in time as they do in number."""

from datetime import date, timedelta

import pytest

from billing.models import Invoice
from billing.money.policy.numbering import NotChronological, day_of_issue
from demo.factories.billing import invoice_of, order_signed


@pytest.mark.parametrize(
    ("last_on", "dated"),
    [
        (None, date(2026, 11, 16)),
        (date(2026, 11, 15), date(2026, 11, 16)),
        (date(2026, 11, 16), date(2026, 11, 16)),
        (date(2026, 11, 17), date(2026, 11, 17)),  # the other one was numbered first, after midnight
    ],
)
def test_a_document_is_never_dated_before_the_last_of_its_series(last_on, dated):
    assert day_of_issue(date(2026, 11, 16), last_on) == dated


def test_two_days_before_the_last_nothing_is_issued():
    with pytest.raises(NotChronological):
        day_of_issue(date(2026, 11, 16), date(2026, 11, 18))


@pytest.mark.usefixtures("as_operator")
def test_one_begun_before_midnight_takes_the_day_of_that_which_overtook_it(now):
    first = invoice_of(order_signed(now=now))
    second = invoice_of(order_signed(now=now - timedelta(days=1), method="transfer"))
    assert [first.issued_on, second.issued_on] == [date(2026, 11, 16)] * 2
    assert second.due_on >= second.issued_on
    with pytest.raises(NotChronological):
        order_signed(now=now - timedelta(days=2))
    assert Invoice.objects.count() == 2
