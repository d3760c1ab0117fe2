"""LG-S26: a professional customer's name and logo can be marked as a usable reference."""

from datetime import date

import pytest

from billing.customers.policy.reference import NotAReference, check_reference, may_be_named

CLAUSE = "LG-S26"
SPRING = date(2026, 4, 1)
AUTUMN = date(2026, 10, 1)


@pytest.mark.parametrize("client", ["professional", "public_body"])
def test_a_professional_is_named_from_their_word_until_they_take_it_back(client):
    check_reference(client)
    details = {"agreed_on": SPRING, "revoked_on": AUTUMN}
    days = [date(2026, 3, 31), SPRING, date(2026, 9, 30), AUTUMN]
    assert [may_be_named(client, on=day, **details) for day in days] == [False, True, True, False]
    assert may_be_named(client, agreed_on=SPRING, revoked_on=None, on=date(2036, 1, 1))


def test_a_consumer_is_never_named():
    with pytest.raises(NotAReference):
        check_reference("consumer")
    assert not may_be_named("consumer", agreed_on=SPRING, revoked_on=None, on=AUTUMN)
