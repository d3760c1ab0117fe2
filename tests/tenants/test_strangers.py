"""A stranger buys with a parent's e-mail address.

Nothing of that family's household stops, opens or shows.
"""

import pytest

from billing.collections.actions.suspend import suspend_for
from billing.money.policy.days import paris_day
from billing.subscriptions.actions.end_subscription import end_subscription
from billing.workflows.actions.end_term import end_term
from classrooms.models import Guardian, Guardianship
from demo.factories.billing import ContactFactory
from demo.factories.families import circle_of, family_contact, household_of
from isolation.context import inside, inside_operator
from tenants.middleware import forget_hosts
from tests.tenants.families import TODAY, Two

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(now):
    forget_hosts()
    yield Two(now)
    forget_hosts()


@pytest.fixture
def stranger(two, now):
    """Somebody who paid for a subscription and typed the first family's address."""
    with inside_operator():
        return household_of(family_contact("Inconnu", "nadia@roussel.example"), count=1, now=now)


def suspended(two, customer, now):
    return suspend_for(
        tenant=two.tenant,
        customer=customer,
        cause="danger",
        reason="x",
        by=None,
        now=now,
    )


def test_another_address_of_the_strangers_sees_none_of_the_familys_children(two, stranger, now):
    with inside_operator():
        partner = ContactFactory(customer=stranger.customer, email="autre@inconnu.example")
        more = household_of(partner, count=1, now=now)
        assert circle_of(more).pk != two.circles[0].pk
    with inside(two.tenant):
        other = Guardian.objects.get(email="autre@inconnu.example")
        assert other.household_id not in {circle.pk for circle in two.circles}
        assert not Guardianship.objects.filter(guardian=other).exists()


def test_an_address_typed_first_by_a_stranger_gives_them_no_way_in_later(two, now):
    with inside_operator():
        first = household_of(family_contact("Inconnu", "lea@petit.example"), count=1, now=now)
        partner = ContactFactory(customer=first.customer, email="autre@inconnu.example")
        assert circle_of(household_of(partner, count=1, now=now)).pk != circle_of(first).pk


def test_the_end_of_what_a_stranger_bought_ends_nothing(two, stranger, now):
    with inside_operator():
        end_subscription(
            subscription=stranger.subscriptions.get(), on=paris_day(now), reason="withdrawal", now=now
        )
    assert two.state(0) == "open"


def test_a_stranger_suspended_stops_nobody(two, stranger, now):
    with inside_operator():
        suspended(two, stranger.customer, now)
    assert two.state(0) == "open"


def test_the_end_of_what_a_stranger_bought_on_the_day_the_family_renews_ends_nothing(two, stranger, now):
    with inside_operator():
        mine = two.subscription(0)
        mine.renewal = mine.Renewal.AUTOMATIC
        mine.save()
        renews_on = mine.contract.ends_on
        end_subscription(subscription=stranger.subscriptions.get(), on=renews_on, reason="term", now=now)
        assert two.state(0) == "open"
        assert end_term(subscription_id=mine.pk, ends_on=renews_on, now=now, today=renews_on) == "renewed"
    assert two.state(0) == "open"


def test_all_that_began_and_ended_on_one_day_leaves_nothing_open(two, stranger, now):
    with inside_operator():
        for each in (two.subscription(0), stranger.subscriptions.get()):
            end_subscription(subscription=each, on=paris_day(now), reason="withdrawal", now=now)
    assert two.state(0) == "ended"


def test_a_stranger_suspended_on_the_day_the_family_renews_stops_nobody(two, stranger, now):
    with inside_operator():
        contract = two.subscription(0).contract
        contract.ends_on = TODAY
        contract.starts_on = TODAY.replace(year=2025)
        contract.save()
        suspended(two, stranger.customer, now)
    assert two.state(0) == "open"
