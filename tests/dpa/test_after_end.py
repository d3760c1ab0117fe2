"""After the end: kept for the administrator as long as was promised, then gone for good, and back from no
backup.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection

from agenda.loop import tick
from agenda.models import Obligation, OutboxMessage
from classrooms.models import Household, Student
from demo.factories.classrooms import StudentFactory
from demo.factories.people import person_with
from dpa.actions.erase_tenant import erasure_of
from dpa.actions.replay_erasures import replay_erasures
from dpa.gateways import ledger
from dpa.models import ErasureEvidence
from isolation.context import inside, inside_operator
from people.models import Person
from tenants.actions.change_state import CannotBecome, change_state
from tenants.actions.change_sub_tenant import change_sub_tenant
from tenants.middleware import forget_hosts
from tenants.models import Contract, Domain, SubTenant, Tenant
from tests.conftest import open_school
from tests.tenants.families import Two

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def campus(now, settings):
    """Give a platform of its own that has ended its contract, its administrator, and a photo of somebody."""
    settings.CELERY_BROKER_URL = ""
    with inside_operator():
        Obligation.objects.waiting().update(state="dropped", settled_at=now)
        OutboxMessage.objects.filter(state="waiting").update(state="moot")
    tenant = open_school("plateforme", "Campus des Lilas", ["campus"], licences=20)
    with inside(tenant):
        tenant.head = person_with("administrator", now=now, username="c.head", email="c.head@lilas.example")
        tenant.learner = person_with("student", now=now, username="c.learn", email="c.learn@lilas.example")
        StudentFactory()
    default_storage.save(f"{tenant.pk}/record/photo.jpg", ContentFile(b"x"))
    with inside_operator():
        Obligation.objects.waiting().update(state="dropped", settled_at=now)
        Contract.objects.filter(tenant=tenant).update(ends_on=tenant.today(now), starts_on=date(2026, 9, 1))
        change_state(tenant_id=tenant.pk, state="ended", reason="term", now=now)
    forget_hosts()
    yield tenant
    forget_hosts()


def promise(tenant):
    with inside_operator():
        return Obligation.objects.waiting().get(subject_id=tenant.pk, kind="data-destroyed")


def state_of(tenant):
    with inside_operator():
        return Tenant.objects.get(pk=tenant.pk).state


def schemas():
    with connection.cursor() as cursor:
        cursor.execute("SELECT nspname FROM pg_namespace")
        return {name for (name,) in cursor.fetchall()}


def test_the_day_is_promised_when_it_ends(campus, now):
    owed = promise(campus)
    assert (owed.clause, owed.tenant_id) == ("MC-3", campus.pk)
    assert owed.run_at == datetime(2027, 5, 15, tzinfo=PARIS)


def test_nothing_goes_before_the_day_and_everything_on_it(campus, now):
    before = promise(campus).run_at - timedelta(minutes=1)
    schema = campus.schema_name
    with inside_operator():
        Obligation.objects.waiting().exclude(subject_id=campus.pk).update(state="dropped", settled_at=now)
        Obligation.objects.waiting().filter(kind="retention").update(state="dropped", settled_at=now)
    tick(before)
    assert state_of(campus) == "ended"
    assert schema in schemas()
    tick(before + timedelta(minutes=1))
    assert schema not in schemas()
    with inside_operator():
        gone = Tenant.objects.get(pk=campus.pk)
        assert (gone.state, gone.slug) == ("erased", f"erased-{campus.pk.hex[:12]}")
        assert not Domain.objects.filter(tenant=gone).exists()
        assert Contract.objects.filter(tenant=gone).exists()  # who paid and for what stays with the house
        evidence = ErasureEvidence.objects.get(tenant_id=campus.pk)
        assert (evidence.kind, evidence.deletion_id) == ("tenant", erasure_of(campus.pk))
        assert evidence.rows > 3
        assert not OutboxMessage.objects.filter(
            tenant_id=campus.pk, state="waiting"
        ).exists()  # without notice
    assert not default_storage.exists(f"{campus.pk}/record/photo.jpg")
    assert [(line.kind, line.tenant, line.subjects) for line in ledger.lines()] == [("tenant", campus.pk, ())]


def test_it_comes_back_from_no_backup(campus, now):
    with inside_operator():
        change_state(tenant_id=campus.pk, state="erased", reason="test", now=now)
    again = open_school("plateforme", "Campus des Lilas", ["campus"], licences=20)  # its address is free
    assert again.pk != campus.pk
    line = next(iter(ledger.lines()))
    back = type(line)(
        line.deletion, again.pk, line.kind, (), line.asked_at, line.erased_at
    )  # as a backup brings it
    default_storage.save(f"{again.pk}/record/photo.jpg", ContentFile(b"x"))
    done = replay_erasures([back], now=now)
    assert (done.again, done.unknown) == (1, 0)
    assert state_of(again) == "erased"
    assert not default_storage.exists(f"{again.pk}/record/photo.jpg")
    assert replay_erasures([back], now=now).unknown == 1


def test_started_again_everything_is_there_and_nothing_is_promised(campus, now):
    with inside_operator():
        assert change_state(tenant_id=campus.pk, state="open", reason="", now=now).state == "open"
        assert not Obligation.objects.waiting().filter(subject_id=campus.pk, kind="data-destroyed").exists()
    with inside(campus):
        assert Student.objects.count() == 1
    with inside_operator():  # it may end a second time
        change_state(tenant_id=campus.pk, state="ended", reason="term", now=now + timedelta(days=30))
    assert promise(campus).run_at.date() > date(2027, 6, 10)
    with inside_operator():
        change_state(tenant_id=campus.pk, state="erased", reason="test", now=now)
        with pytest.raises(CannotBecome):
            change_state(tenant_id=campus.pk, state="open", reason="", now=now)


def test_only_the_administrator_comes_in_and_the_others_are_told_why(campus, browse):
    head = browse(campus, campus.head)
    learner = browse(campus, campus.learner)
    assert head.get("/exports/").status_code == head.get("/privacy/end/").status_code == 200
    assert "15 mai 2027" in head.get("/").content.decode()
    refused = learner.get("/results/", headers={"Accept-Language": "en"})
    assert refused.status_code == 403
    assert "The subscription has ended" in refused.content.decode()
    assert learner.get("/privacy/me/").status_code == 200


def test_the_controllers_shorter_choice_wins_a_longer_is_refused(campus, browse):
    head = browse(campus, campus.head)
    assert head.post("/privacy/end/", {"days": "30"}).status_code == 302
    assert promise(campus).run_at == datetime(2026, 12, 16, tzinfo=PARIS)
    assert head.post("/privacy/end/", {"days": "181"}).status_code == 400
    assert head.post("/privacy/end/", {"days": ""}).status_code == 302
    assert promise(campus).run_at == datetime(2027, 5, 15, tzinfo=PARIS)


def test_everything_goes_within_a_day_on_the_controllers_word(campus, browse, now):
    head = browse(campus, campus.head)
    assert head.post("/privacy/end/delete/", {"confirm_name": "Campus"}).status_code == 400
    assert promise(campus).due_at > now + timedelta(days=100)
    assert head.post("/privacy/end/delete/", {"confirm_name": "campus des lilas"}).status_code == 302
    assert timedelta(hours=23) < promise(campus).due_at - now <= timedelta(hours=24, minutes=1)
    assert head.post("/privacy/end/keep/").status_code == 302
    assert promise(campus).run_at == datetime(2027, 5, 15, tzinfo=PARIS)
    head.post("/privacy/end/delete/", {"confirm_name": "Campus des Lilas"})
    tick(now + timedelta(hours=13))
    assert state_of(campus) == "erased"


def test_a_running_contract_keeps_everything(school, browse, now):
    with inside(school):
        head = person_with("administrator", now=now, username="s.head", email="s.head@tilleuls.example")
    client = browse(school, head)
    assert client.post("/privacy/end/delete/", {"confirm_name": school.name}).status_code == 302
    assert client.post("/privacy/end/", {"days": "90"}).status_code == 302
    with inside_operator():
        assert not Obligation.objects.waiting().filter(subject_id=school.pk, kind="data-destroyed").exists()
        change_state(tenant_id=school.pk, state="ended", reason="term", now=now)
    assert promise(school).run_at.date() == date(2027, 2, 13)  # midnight in Paris
    assert promise(school).clause == "LG-S21.2"


def test_an_ended_household_is_destroyed_alone(now, settings):
    settings.CELERY_BROKER_URL = ""
    two = Two(now)
    with inside_operator():
        Obligation.objects.waiting().update(state="dropped", settled_at=now)
        OutboxMessage.objects.filter(state="waiting").update(state="moot")
        change_sub_tenant(sub_tenant_id=two.circles[0].pk, state="ended", reason="term", now=now)
        owed = Obligation.objects.waiting().get(subject_id=two.circles[0].pk)
    assert (owed.clause, owed.kind) == ("LG-S21.2", "circle-destroyed")
    assert owed.run_at == datetime(2028, 11, 16, tzinfo=PARIS)
    tick(owed.run_at)
    with inside_operator():
        assert SubTenant.objects.get(pk=two.circles[0].pk).state == "erased"
        assert SubTenant.objects.get(pk=two.circles[1].pk).state == "open"
        assert ErasureEvidence.objects.get(tenant_id=two.tenant.pk).deletion_id == two.circles[0].pk
    with inside(two.tenant):
        assert [child.first_name for child in Student._base_manager.all()] == ["Moussa"]
        assert [household.pk for household in Household.objects.all()] == [two.circles[1].pk]
        assert not Person.objects.filter(pk=two.parents[0].pk).exists()
        assert Person.objects.filter(pk=two.parents[1].pk).exists()
    assert [line.deletion for line in ledger.lines()] == [two.circles[0].pk]
