"""Families live in one tenant: each household a circle of its own, opened, suspended and ended without the
others.
"""

from datetime import date

import pytest

from audit.models import Entry
from billing.collections.actions.suspend import lift, suspend_for
from billing.money.policy.days import paris_day
from billing.quotes.actions.write_quote import SiteTaken
from billing.subscriptions.actions.end_subscription import end_subscription
from billing.workflows.actions.open_access import open_access
from classrooms.models import Guardian, Household, Student
from classrooms.policy.licences import LicencesUsedUp
from demo.factories.billing import ContactFactory, order_signed
from demo.factories.families import circle_of, family_contact, household_of
from isolation.context import inside, inside_operator
from people.models import Invitation
from people.policy.permissions import IN_A_CIRCLE
from tenants.actions.provision_tenant import AddressTaken, provision_tenant
from tenants.middleware import forget_hosts
from tenants.models import Contract, SeatCount, Tenant
from tests.tenants.families import TODAY, Two

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(now):
    forget_hosts()
    yield Two(now)
    forget_hosts()


def test_both_families_live_in_one_tenant_each_in_its_own_circle(two):
    assert (two.tenant.slug, two.tenant.is_shared) == ("familles", True)
    assert two.circles[0].pk != two.circles[1].pk
    with inside_operator():
        house = Contract.objects.get(tenant=two.tenant, sub_tenant_id=None)
        assert (house.licences, house.ends_on) == (0, None)
        assert {c.sub_tenant_id for c in Contract.objects.filter(tenant=two.tenant).exclude(pk=house.pk)} == {
            circle.pk for circle in two.circles
        }
        assert Tenant.objects.filter(is_shared=True).count() == 1


def test_the_parent_holds_rights_in_a_circle_and_no_other(two):
    with inside(two.tenant):
        role = two.parents[0].memberships.get().role
    assert (role.shipped, role.scope) == ("parent", "circle")
    assert set(role.permissions) <= IN_A_CIRCLE


def test_opening_again_changes_nothing(two, now):
    with inside_operator():
        assert open_access(order_id=two.orders[0].pk, now=now, today=TODAY) == [two.tenant.pk]
    with inside(two.tenant):
        assert Household.objects.count() == Invitation.objects.count() == 2


def test_a_second_purchase_of_the_same_parent_goes_to_the_same_household(two, now):
    with inside_operator():
        more = household_of(two.orders[0].contact, count=1, now=now)
        assert circle_of(more).pk == two.circles[0].pk
        other_record = household_of(family_contact("Roussel", "NADIA@roussel.example"), count=1, now=now)
        assert circle_of(other_record).pk == two.circles[0].pk
    with inside(two.tenant):
        assert Guardian.objects.count() == 2
    two.add(0, first_name="Sami")
    two.add(0, first_name="Adam")
    two.add(0, first_name="Inès")
    with pytest.raises(LicencesUsedUp):
        two.add(0, first_name="Un de trop")


def test_licences_count_by_household(two):
    two.add(0, first_name="Sami")
    with pytest.raises(LicencesUsedUp) as refused:
        two.add(0, first_name="Adam")
    assert (refused.value.bought, refused.value.active) == (2, 2)
    two.add(1, first_name="Fatou")  # the neighbours still have theirs
    with inside_operator():
        counts = [
            SeatCount.objects.filter(sub_tenant_id=circle.pk).values_list("active", flat=True)
            for circle in two.circles
        ]
        assert [sorted(each) for each in counts] == [[1, 2], [1, 2]]


def test_a_child_is_looked_after_by_its_own_parents_only(two):
    with inside(two.tenant):
        assert list(Student.objects.children_of(two.parents[0].pk)) == [two.children[0]]
        assert list(Student.objects.children_of(two.parents[1].pk)) == [two.children[1]]


def test_nobody_takes_the_shared_address_for_a_school(two, now):
    with inside_operator():
        customer = two.orders[0].customer
        contract = Contract.objects.create(
            customer=customer,
            profile_key="school",
            profile_version=date(2025, 9, 1),
            starts_on=TODAY,
            created_at=now,
        )
        with pytest.raises(AddressTaken):
            provision_tenant(slug="familles", name="École", contract_id=contract.pk, now=now)
        for buyer in (two.orders[0].contact, ContactFactory()):
            with pytest.raises(SiteTaken):
                order_signed(buyer, now=now, site_slug="familles")


def test_a_suspension_stops_one_household_only(two, now, browse):
    with inside_operator():
        row = suspend_for(
            tenant=two.tenant,
            customer=two.orders[0].customer,
            cause="danger",
            reason="x",
            by=None,
            now=now,
        )
    assert [two.state(0), two.state(1)] == ["suspended", "open"]
    stopped = browse(two.tenant, two.parents[0])
    neighbour = browse(two.tenant, two.parents[1])
    assert stopped.get("/household/").status_code == 403
    assert "Access is suspended" in stopped.get("/", headers={"Accept-Language": "en"}).content.decode()
    assert stopped.get("/privacy/me/").status_code == 200
    page = stopped.get("/exports/")
    assert page.status_code == 200
    assert two.children[0].full_name in page.text
    assert stopped.get("/family/").status_code == 403
    assert neighbour.get("/household/").status_code == 200
    with inside_operator():
        assert lift(suspension=row, by=None, now=now)
    assert stopped.get("/household/").status_code == 200


def test_the_end_of_a_subscription_ends_its_household_only(two, now, browse):
    with inside_operator():
        end_subscription(subscription=two.subscription(0), on=paris_day(now), reason="term", now=now)
        assert Tenant.objects.get(pk=two.tenant.pk).state == "open"
    assert [two.state(0), two.state(1)] == ["ended", "open"]
    ended = browse(two.tenant, two.parents[0])
    neighbour = browse(two.tenant, two.parents[1])
    assert ended.get("/household/").status_code == 403  # nothing is added any more
    assert ended.get("/family/").status_code == 200  # read, take along, have deleted
    assert ended.get("/exports/").status_code == 200
    assert neighbour.get("/household/").status_code == 200
    with inside_operator():
        household_of(two.orders[0].contact, count=1, now=now)  # bought again: everything is there
    assert two.state(0) == "open"
    assert ended.get("/household/").status_code == 200


def test_another_contract_keeps_the_household(two, now):
    with inside_operator():
        household_of(two.orders[0].contact, count=1, now=now)
        end_subscription(subscription=two.subscription(0), on=paris_day(now), reason="term", now=now)
    assert two.state(0) == "open"


def test_what_happens_to_a_household_is_in_the_houses_trail(two):
    with inside_operator():
        assert Entry.objects.filter(verb="circle.opened").count() == 2
