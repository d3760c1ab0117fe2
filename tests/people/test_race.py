"""Two administrators who remove each other at the same moment: one remains, whichever was quicker."""

import threading

import pytest
from django.db import connections

from agenda.models import Obligation
from audit.models import Entry, Head
from contracts.registry import profile
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from people.actions.deactivate_person import deactivate_person
from people.actions.give_role import end_role
from people.actions.guard import CannotGive, LastAdministrator
from people.models import Membership, Person
from people.queries import lasting_administrators
from tenants.actions.change_state import change_state
from tenants.actions.provision_tenant import provision_tenant
from tenants.models import Contract, Customer, Tenant

ROUNDS = 12


def close(person, by, now):
    deactivate_person(person=person, by=by, now=now)


def take_back(person, by, now):
    end_role(membership=Membership.objects.get(person=person, ends_on=None), by=by, now=now)


@pytest.fixture
def place(committed, now):
    """Open a school of its own, as what threads write stays written, and erase it afterwards."""
    with inside_operator():
        customer = Customer.objects.create(name="Course", email="course@example.test", created_at=now)
        contract = Contract.objects.create(
            customer=customer,
            profile_key="school",
            profile_version=profile("school", on=now.date()).version,
            starts_on=now.date(),
            created_at=now,
        )
        tenant = provision_tenant(slug="course", name="Course", contract_id=contract.pk, now=now)
    yield tenant
    with inside_operator():
        change_state(tenant_id=tenant.pk, state="ended", reason="test", now=now)
        change_state(tenant_id=tenant.pk, state="erased", reason="test", now=now)
        Contract.objects.filter(customer=customer).delete()
        Obligation.objects.filter(tenant_id=tenant.pk).delete()
        Tenant.objects.filter(pk=tenant.pk).delete()
        customer.delete()


@pytest.fixture
def two(place, now):
    """Give its two administrators."""
    with inside(place):
        return [person_with("administrator", now=now, email=f"tete{n}@course.example") for n in range(2)]


def at_once(tenant, acts):
    """Run each act in a thread and a transaction of its own, all let go together.

    Return what stopped them.
    """
    start = threading.Barrier(len(acts))
    stopped = []

    def run(act):
        start.wait()
        try:
            with inside(tenant):
                act()
        except (LastAdministrator, CannotGive) as why:
            stopped.append(type(why))
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    return stopped


@pytest.mark.parametrize("remove", [close, take_back])
def test_two_administrators_who_remove_each_other_leave_one(two, place, now, remove):
    one, other = two
    for _round in range(ROUNDS):
        stopped = at_once(place, [lambda: remove(one, other, now), lambda: remove(other, one, now)])
        with inside(place):
            left = lasting_administrators(now.date())
            assert len(left) == 1, left
            assert len(stopped) == 1
            Person.objects.filter(pk__in=[one.pk, other.pk]).update(is_active=True)
            Membership.objects.filter(person__in=[one, other]).update(ends_on=None)


@pytest.mark.parametrize("remove", [close, take_back])
def test_each_removing_themselves_at_once_leaves_one_too(two, place, now, remove):
    one, other = two
    for _round in range(ROUNDS):
        stopped = at_once(place, [lambda: remove(one, one, now), lambda: remove(other, other, now)])
        with inside(place):
            assert len(lasting_administrators(now.date())) == 1
            assert stopped == [LastAdministrator]
            Person.objects.filter(pk__in=[one.pk, other.pk]).update(is_active=True)
            Membership.objects.filter(person__in=[one, other]).update(ends_on=None)


def test_the_trail_of_a_race_is_one_chain(two, place, now):
    one, other = two
    at_once(place, [lambda: close(one, other, now), lambda: close(other, one, now)])
    with inside(place):
        assert Head.objects.get().seq == Entry.objects.count()
