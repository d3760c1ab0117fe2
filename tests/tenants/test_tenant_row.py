"""The tenant's own row is read once for as long as we stay inside, and is never an old one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo.factories.people import person_with
from isolation.context import NoTenantContext, inside, inside_operator
from tenants.models import Tenant
from tenants.queries import served_tenant, tenant_row
from tests.conftest import host_of


def _reads(queries: CaptureQueriesContext) -> list[str]:
    return [each["sql"] for each in queries if 'FROM "tenants_tenant"' in each["sql"]]


@pytest.mark.parametrize("path", ["/", "/privacy/", "/privacy/requests/", "/pupils/"])
def test_a_page_reads_the_row_once(client, in_school, now, path):
    admin = person_with("administrator", now=now)
    client.force_login(admin)
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path, HTTP_HOST=host_of(in_school))
    assert answer.status_code in {200, 302, 404}
    assert len(_reads(queries)) == 1


def test_it_is_asked_once_a_stay_and_again_in_the_next(db, school):
    for _stay in range(2):
        with inside(school), CaptureQueriesContext(connection) as queries:
            assert tenant_row() is tenant_row()
            assert served_tenant() == school
            assert len(_reads(queries)) == 1


def test_another_tenant_has_its_own_row(db, school, nursery):
    with inside(school):
        assert tenant_row() == school
        with inside(nursery):
            assert tenant_row() == nursery
        assert tenant_row() == school


def test_what_the_operator_changed_meanwhile_is_seen(db, school):
    with inside(school):
        assert tenant_row().name == school.name
        with inside_operator():
            Tenant.objects.filter(pk=school.pk).update(name="École nouvelle")
        assert tenant_row().name == "École nouvelle"


@pytest.mark.parametrize("state", ["opening", "erased"])
def test_a_tenant_that_is_not_open_yet_or_erased_is_not_served(db, school, state):
    with inside_operator():
        Tenant.objects.filter(pk=school.pk).update(state=state)
    with inside(school):
        assert served_tenant() is None


def test_outside_there_is_no_row(db):
    with pytest.raises(NoTenantContext):
        tenant_row()
    with inside_operator(), pytest.raises(NoTenantContext):
        tenant_row()
