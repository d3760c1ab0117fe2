"""LG-S14.1: a term (month, year, other) runs from the licence's activation date."""

from datetime import date

import pytest

from billing.models import Subscription
from billing.money.policy.calendar_months import add_months
from demo.factories.billing import order_signed
from isolation.context import inside_operator
from tests.billing.support import url
from tests.clauses.stage import live, paid, read, visitor

CLAUSE = "LG-S14.1"


@pytest.mark.parametrize(
    ("activated", "months", "ends"),
    [
        (date(2026, 11, 19), 12, date(2027, 11, 19)),  # half-open: the last day of access is 18 November 2027
        (date(2026, 11, 19), 1, date(2026, 12, 19)),
        (date(2026, 8, 31), 1, date(2026, 9, 30)),
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 1), 10, date(2027, 10, 1)),
    ],
)
def test_a_term_runs_from_the_activation(activated, months, ends):
    assert add_months(activated, months) == ends


@pytest.mark.story(
    "LG-S14.1",
    door="page",
    fr="Une école signe le 20 février 2028 et ne paie que le 29 : son année court de l’activation, le "
    "29 février, et non de la signature, jusqu’au 28 février 2029.",
)
def test_a_year_runs_from_the_activation_on_29_february_not_from_the_signature(browse, clock):
    """A school signs on 20 February 2028 and pays only on the 29th: its year runs from the activation, on 29
    February, not from the signature, to 28 February 2029.
    """
    signed_at = live(clock, date(2028, 2, 20))
    with inside_operator():
        order = order_signed(now=signed_at, method="transfer")
    paid(order, live(clock, date(2028, 2, 29)))
    with inside_operator():
        school = Subscription.objects.select_related("contact__customer").get(order=order)
    page = read(visitor(browse, school.contact).get(url("portal_subscription", school.pk)))
    assert "Commence le 29 février 2028 Premier jour après 28 février 2029" in page
