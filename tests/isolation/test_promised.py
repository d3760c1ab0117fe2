"""What a tenant's role may write into the agenda: promises kept inside it, and those about itself."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from agenda.loop import tick
from agenda.models import Obligation
from agenda.registry import keepers
from demo.factories.classrooms import ObservationFactory
from dpa.actions.erase_tenant import FILES
from exports.gateways import storage
from isolation.context import inside, inside_operator
from tests.dpa.conftest import photo_of

pytestmark = pytest.mark.django_db
KINDS = keepers()


def planted(now, *, tenant, subject, clause, kind):
    """Write a promise as the role we are, and return whether the database took it."""
    row = Obligation(
        id=uuid4(),
        tenant_id=tenant.pk,
        clause=clause,
        kind=kind,
        subject_id=subject,
        occurrence=str(uuid4()),
        run_at=now,
        due_at=now + timedelta(hours=1),
        created_at=now,
    )
    try:
        with transaction.atomic():
            Obligation.objects.bulk_create([row])
    except ProgrammingError as error:
        if "row-level security" not in str(error):
            raise
        return False
    return True


@pytest.mark.parametrize(("clause", "kind"), sorted(KINDS), ids=" ".join)
def test_a_tenant_promises_what_is_kept_inside_it_or_is_about_itself(school, nursery, now, clause, kind):
    opened_by = KINDS[clause, kind].opened_by
    details = {"clause": clause, "kind": kind}
    with inside(school):
        assert planted(now, tenant=school, subject=uuid4(), **details) is (opened_by == "tenant")
        assert planted(now, tenant=school, subject=nursery.pk, **details) is (opened_by == "tenant")
        assert planted(now, tenant=school, subject=school.pk, **details) is (opened_by != "operator")
        assert not planted(now, tenant=nursery, subject=nursery.pk, **details)
    if KINDS[clause, kind].where == "tenant":
        assert opened_by == "tenant"


def test_a_tenant_neither_turns_its_promise_into_the_operators_nor_closes_one_of_his(school, now):
    with inside_operator():
        assert planted(now, tenant=school, subject=school.pk, clause="LG-S19", kind="suspend")
    with inside(school):
        assert planted(now, tenant=school, subject=school.pk, clause="LG-D5", kind="retention")
        rows = Obligation.objects.filter(tenant_id=school.pk)
        for mine, change in (("retention", {"kind": FILES}), ("suspend", {"state": "dropped"})):
            with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
                rows.filter(kind=mine).update(**change)


def test_the_files_of_a_tenant_that_is_not_erased_stay_whoever_promised_their_end(
    school, nursery, now, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    with inside(nursery):
        photo = photo_of(ObservationFactory())
        name = photo.file.name
    with inside_operator():
        assert planted(now, tenant=school, subject=nursery.pk, clause="LG-S21.2", kind=FILES)
    tick(now)
    assert storage.default_storage.exists(name)
    with inside_operator():
        (row,) = Obligation.objects.filter(kind=FILES, subject_id=nursery.pk)
        assert row.state == Obligation.State.MOOT
