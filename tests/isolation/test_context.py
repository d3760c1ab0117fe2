"""A tenant can't reach another, by construction."""

import threading
from contextlib import suppress
from uuid import uuid4

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from audit.actions import log_action
from audit.models import Entry
from isolation.context import (
    NoTenantContext,
    Swallowed,
    current_context,
    current_tenant_id,
    inside,
    inside_operator,
)
from people.models import Person, Role
from tenants.models import Contract, Tenant


def refused(query):
    with pytest.raises(DatabaseError), transaction.atomic():
        query()
    return True


@pytest.mark.django_db
def test_a_query_outside_a_context_is_a_database_error(school):
    assert current_context() is None
    assert refused(lambda: list(Person.objects.all()))
    assert refused(lambda: list(Tenant.objects.all()))


@pytest.mark.django_db
def test_a_lazy_queryset_made_inside_and_read_outside_is_an_error(school):
    with inside(school):
        lazy = Role.objects.all()
    assert refused(lambda: list(lazy))


@pytest.mark.django_db
def test_entering_nests_and_comes_back(school, nursery):
    with inside(school):
        assert current_tenant_id() == school.pk
        with inside(nursery):
            assert current_tenant_id() == nursery.pk
            with inside_operator():
                assert current_context().kind == "operator"
                assert Tenant.objects.count() >= 2
            assert list(Tenant.objects.values_list("pk", flat=True)) == [nursery.pk]
        assert list(Tenant.objects.values_list("pk", flat=True)) == [school.pk]
    with pytest.raises(NoTenantContext):
        current_tenant_id()


@pytest.mark.django_db
def test_an_error_inside_leaves_the_place_it_came_from(school, nursery):
    with inside(school):
        with pytest.raises(ZeroDivisionError), inside(nursery):
            raise ZeroDivisionError
        assert list(Tenant.objects.values_list("pk", flat=True)) == [school.pk]


@pytest.mark.django_db
def test_a_tenant_reads_only_its_own_rows_of_what_is_shared(school, nursery):
    with inside(school):
        assert set(Contract.objects.values_list("tenant_id", flat=True)) == {school.pk}
        assert not Contract.objects.filter(tenant_id=nursery.pk).exists()


@pytest.mark.django_db
def test_a_tenant_cannot_read_the_operators_people_nor_its_sessions(school):
    with inside(school), connection.cursor() as cursor:
        for table in ("people_person", "django_session", "audit_entry", "tenants_customer"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(f"SELECT 1 FROM public.{table}")


@pytest.mark.django_db
def test_a_tenant_cannot_read_the_neighbours_schema(school, nursery):
    with inside(school), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute(f'SELECT 1 FROM "{nursery.schema_name}".people_person')


@pytest.mark.django_db
def test_a_tenant_cannot_write_what_it_may_only_read(school):
    with inside(school):
        assert refused(lambda: Tenant.objects.filter(pk=school.pk).update(name="Ours now"))


@pytest.mark.django_db
def test_an_audit_entry_can_be_neither_changed_nor_deleted_by_anyone(school, now):
    for place in (inside(school), inside_operator()):
        with place:
            entry = log_action("test.written", by=None, on=uuid4(), at=now)
            assert refused(lambda: Entry.objects.filter(pk=entry.pk).update(verb="never.happened"))
            assert refused(lambda: Entry.objects.filter(pk=entry.pk)._raw_delete("default"))


@pytest.mark.django_db
def test_a_swallowed_database_error_is_an_error(school):
    with pytest.raises((Swallowed, DatabaseError)), inside(school), connection.cursor() as cursor:
        with suppress(DatabaseError):
            cursor.execute("SELECT no_such_column")


@pytest.mark.django_db
def test_django_tenants_own_way_in_is_closed(school):
    with pytest.raises(TypeError), school:
        pass


@pytest.mark.django_db
def test_a_rolled_back_savepoint_keeps_the_place(school):
    with inside(school):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert list(Tenant.objects.values_list("pk", flat=True)) == [school.pk]


def test_two_threads_entering_and_leaving_a_thousand_times_never_mix(committed, school, nursery):
    mixed = []
    done = []

    def come_and_go(mine, other):
        for turn in range(1000):
            with inside(mine if turn % 3 else other):
                expected = mine if turn % 3 else other
                seen = list(Tenant.objects.values_list("pk", flat=True))
                if seen != [expected.pk]:
                    mixed.append(seen)
        done.append(mine.slug)
        connection.close()

    threads = [
        threading.Thread(target=come_and_go, args=pair) for pair in ((school, nursery), (nursery, school))
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(done) == ["coquelicots", "tilleuls"]
    assert mixed == []
