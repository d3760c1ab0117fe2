"""kill -9 in the middle of provisioning, import, export and erasure.

Finished once, nothing lost, nothing twice.
"""

import os
import signal
import subprocess
import sys
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection

from agenda import loop
from agenda.models import Obligation, OutboxMessage
from audit.actions import verify
from audit.models import Entry
from isolation.context import inside, inside_operator
from tenants.models import Contract, Customer, Tenant
from tests.conftest import NOW

TODAY = date(2026, 11, 16)
POINTS = ("midway:1", "midway:4", "unmarked", "between")
ENDED = {"state": "dropped", "settled_at": NOW}


@pytest.fixture(autouse=True)
def own_files(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    settings.CELERY_BROKER_URL = ""


@pytest.fixture
def quiet(committed):
    """Leave nothing due but what the test itself owes."""
    with inside_operator():
        Obligation.objects.waiting().update(**ENDED)
        OutboxMessage.objects.filter(state="waiting").update(state="moot")
    yield
    with inside_operator():
        Obligation.objects.waiting().update(**ENDED)
        OutboxMessage.objects.filter(state="waiting").update(state="moot")


def new_contract(slug, profile="nursery"):
    from contracts.registry import profile as profile_of

    with inside_operator():
        customer = Customer.objects.create(name=slug, email=f"{slug}@example.test", created_at=NOW)
        return Contract.objects.create(
            customer=customer,
            profile_key=profile,
            profile_version=profile_of(profile, on=TODAY).version,
            licences=500,
            starts_on=TODAY,
            created_at=NOW,
        )


@pytest.fixture
def own_school(quiet):
    """Return a tenant of the test's own, dropped afterwards."""
    from tenants.actions.change_state import change_state
    from tenants.actions.provision_tenant import provision_tenant

    slug = f"k{uuid4().hex[:8]}"
    contract = new_contract(slug)
    with inside_operator():
        tenant = provision_tenant(slug=slug, name=slug, contract_id=contract.pk, now=NOW)
    yield tenant
    with inside_operator():
        for state in {"open": ("ended", "erased"), "ended": ("erased",)}.get(
            Tenant.objects.get(pk=tenant.pk).state, ()
        ):
            change_state(tenant_id=tenant.pk, state=state, reason="test", now=NOW)


def killed(point, at=NOW):
    """Run a worker that dies at `point`."""
    environment = {
        **os.environ,
        "PREAU_MEDIA_ROOT": str(settings.MEDIA_ROOT),
        "PREAU_ERASURE_LEDGER": str(settings.ERASURE_LEDGER),
        "PREAU_DEMO": "1",
        "BROKER_URL": "",
        "PYTHONPATH": os.pathsep.join(["src", "."]),
    }
    command = [
        sys.executable,
        "-m",
        "tests.kill.child",
        connection.settings_dict["NAME"],
        point,
        at.isoformat(),
    ]
    ran = subprocess.run(
        command, env=environment, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )
    assert ran.returncode == -signal.SIGKILL, f"the worker lived on past {point}: {ran.stdout}{ran.stderr}"


def finish(at=NOW):
    """Start the worker again, twice: the second time there is nothing left to do."""
    with inside_operator():  # until the server has noticed that the killed worker is gone
        list(Obligation.objects.waiting().select_for_update())
    loop.tick(at)
    with inside_operator():
        failed = Obligation.objects.waiting().exclude(failure="").values_list("failure", flat=True)
        assert list(failed) == []
        done = Obligation.objects.filter(state="kept").count()
    loop.tick(at)
    with inside_operator():
        assert Obligation.objects.filter(state="kept").count() == done


@pytest.mark.parametrize("point", POINTS)
def test_provisioning(quiet, point):
    from billing.payments.actions.clear_payment import clear_payment
    from billing.payments.actions.receive_cheque import receive_cheque
    from demo.factories.billing import ContactFactory, catalogue, invoice_of, order_signed

    slug = f"k{uuid4().hex[:8]}"
    with inside_operator():
        catalogue()
        order = order_signed(ContactFactory(), now=NOW, site_name="École", site_slug=slug)
        invoice = invoice_of(order)
        payment = receive_cheque(
            invoice=invoice,
            amount_cents=invoice.gross_cents,
            received_on=TODAY,
            reference="0001234",
            by=None,
            now=NOW,
        )
        clear_payment(payment_id=payment.pk, credited_on=TODAY, by=None, now=NOW, today=TODAY)
    killed(point)
    finish()
    with inside_operator():
        (tenant,) = Tenant.objects.filter(slug=slug)
        assert tenant.state == "open"
        assert Contract.objects.filter(tenant=tenant).count() == 1
        order.refresh_from_db()
        assert order.state == "open"
        assert verify().is_whole
    with inside(tenant):
        from people.models import Invitation, Role

        assert Entry.objects.filter(verb="tenant.opened").count() == 1
        assert Invitation.objects.count() == 1
        assert Role.objects.filter(shipped="administrator").count() == 1
        assert verify().is_whole


HEADER = (
    "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Sexe;INE; Cycle;"
    "Niveau;Libellé classe;Identifiant classe"
)


def pupils(count):
    rows = [f"Calvet;;Noé{n};03/02/2022;F;1;CYCLE I;PS;Petits;77" for n in range(count)]
    return "\n".join([HEADER, *rows]).encode()


@pytest.mark.parametrize("point", POINTS)
def test_import(own_school, point):
    from classrooms.actions.confirm_import import confirm_import
    from classrooms.actions.prepare_import import Upload, prepare_import
    from classrooms.models import Enrolment, Student

    details = {"tenant": own_school, "now": NOW, "today": TODAY}
    with inside(own_school):
        batch = prepare_import(Upload(pupils(60), None, "eleves.csv"), by=None, **details)
        confirm_import(batch_id=batch.pk, by=None, **details)
    killed(point)
    with inside(own_school):
        assert Student.objects.count() in {0, 60}, "an import is whole or not at all"
    finish()
    with inside(own_school):
        batch.refresh_from_db()
        assert batch.state == "applied"
        assert (Student.objects.count(), Enrolment.objects.count()) == (60, 60)
        assert Entry.objects.filter(verb="import.applied").count() == 1
        assert verify().is_whole


def photographed(tenant, count=3):
    """Return pupils with an observation and a photo each, one photo showing them all, and a teacher."""
    from demo.factories.classrooms import ClassFactory, ObservationFactory, StudentFactory
    from demo.factories.people import PersonFactory

    with inside(tenant):
        teacher = PersonFactory()
        school_class = ClassFactory()
        students = [StudentFactory(school_class=school_class) for _ in range(count)]
        for student in students:
            ObservationFactory(author=teacher, of=[student], state="shared")
        shared = ObservationFactory(author=teacher, of=students, state="shared")
        add_photo_to(shared, teacher)
    return teacher, students, shared


def add_photo_to(observation, teacher):
    import io

    from PIL import Image

    from classrooms.actions.add_photo import add_photo

    file = io.BytesIO()
    Image.new("RGB", (640, 480), "#b8c9a0").save(file, "JPEG")
    file.seek(0)
    add_photo(observation=observation, upload=file, caption="", by=teacher, now=NOW)


@pytest.mark.parametrize("point", ["midway:1", "unmarked", "between:2", "between:4"])
def test_export(own_school, point):
    import io
    import zipfile

    from django.core.files.storage import default_storage

    from exports.actions.ask_export import ask_export
    from exports.models import ExportJob

    teacher, students, _ = photographed(own_school)
    with inside(own_school):
        job = ask_export(kind="school", subject_id=None, by=teacher, now=NOW)
    killed(point)
    finish()
    with inside(own_school):
        job.refresh_from_db()
        assert job.state == ExportJob.State.READY
        assert Entry.objects.filter(verb="export.ready").count() == 1
        with default_storage.open(job.file) as stored:
            names = zipfile.ZipFile(io.BytesIO(stored.read())).namelist()
    assert sum(name.endswith(".pdf") for name in names) == len(students)
    assert len(names) == len(set(names))


@pytest.mark.parametrize("point", ["midway:1", "midway:8", "unmarked", "between:2"])
def test_erasure(own_school, point):
    from django.core.files.storage import default_storage

    from classrooms.models import Observation, Photo, Student
    from dpa.actions.request_erasure import request_student_erasure
    from dpa.gateways import ledger
    from dpa.models import Erasure, ErasureEvidence

    teacher, students, shared = photographed(own_school)
    gone = students[0]
    stays = students[1]
    with inside(own_school):
        (photo,) = Photo.objects.all()
        path = photo.file.name
        deletion = request_student_erasure(student_ids=[gone.pk], by=teacher, now=NOW)
    later = NOW + timedelta(hours=13)
    killed(point, at=later)
    finish(at=later)
    with inside(own_school):
        deletion.refresh_from_db()
        assert deletion.state == Erasure.State.ERASED
        assert not Student._base_manager.filter(pk=gone.pk).exists()
        assert Student.objects.filter(pk=stays.pk).exists()
        assert Photo.objects.count() == 0
        assert not default_storage.exists(path)
        assert Observation.objects.filter(pk=shared.pk).exists()
        assert Entry.objects.filter(verb="deletion.erased").count() == 1
        assert verify().is_whole
    with inside_operator():
        assert ErasureEvidence.objects.filter(deletion_id=deletion.pk).count() == 1
    assert gone.pk in ledger.erased_ids()


@pytest.mark.parametrize("point", ["midway:1", "midway:6", "unmarked", "between:2"])
def test_destruction_after_the_end(own_school, point):
    from django.core.files.storage import default_storage

    from classrooms.models import Photo
    from dpa.gateways import ledger
    from dpa.models import ErasureEvidence
    from tenants.actions.change_state import change_state

    photographed(own_school)
    with inside(own_school):
        path = Photo.objects.get().file.name
    with inside_operator():
        Obligation.objects.waiting().update(**ENDED)
        change_state(tenant_id=own_school.pk, state="ended", reason="term", now=NOW)
        due = Obligation.objects.waiting().get(subject_id=own_school.pk).run_at
    killed(point, at=due)
    finish(at=due)
    with inside_operator():
        assert Tenant.objects.get(pk=own_school.pk).state == "erased"
        assert ErasureEvidence.objects.filter(tenant_id=own_school.pk).count() == 1
        assert Entry.objects.filter(verb="tenant.state_changed", facts__to="erased").count() == 1
        assert verify().is_whole
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [own_school.schema_name])
            assert cursor.fetchone() is None
    assert not default_storage.exists(path)
    assert [line.tenant for line in ledger.lines()] == [own_school.pk]
