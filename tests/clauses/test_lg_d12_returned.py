"""LG-D12: what is returned comes in the client's own format: the files that an import reads."""

import pytest
from django.urls import reverse

from classrooms.actions.apply_import import apply_import
from classrooms.actions.confirm_import import confirm_import
from classrooms.actions.prepare_import import Upload, prepare_import
from classrooms.models import Enrolment, Guardianship, Student
from demo.factories.classrooms import ClassFactory, GuardianFactory, StudentFactory
from demo.factories.people import person_with
from isolation.context import inside
from tests.clauses.stage import archive_of, fetched
from tests.conftest import open_school


def held():
    """Return the pupils of the tenant we are in with class and guardians, as words."""
    classes = dict(Enrolment.objects.filter(ends_on=None).values_list("student_id", "school_class__name"))
    links = Guardianship.objects.values_list("student_id", "guardian__email")
    return sorted(
        (
            one.last_name,
            one.preferred_last_name,
            one.first_name,
            one.birth_on,
            one.level,
            classes.get(one.pk, ""),
            tuple(sorted(email for pk, email in links if pk == one.pk)),
        )
        for one in Student.objects.filter(left_on=None)
    )


@pytest.mark.story(
    "LG-D12",
    "LG-DCp",
    door="page",
    fr="Une école emporte tout : ses élèves reviennent entiers dans une autre par les fichiers de "
    "l’archive, noms composés, nom d’usage, fratrie et deux foyers ; qui est parti ou en suppression "
    "n’y est pas.",
)
@pytest.mark.django_db
def test_what_is_taken_along_comes_in_elsewhere_as_it_was(browse, clock, now, school):
    """A school takes all along: its pupils come whole into another by the archive's files, with compound
    names, a name in use, siblings and two homes; one who left or is being deleted is not in them.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        room = ClassFactory(name="CE1 Érable", level="CE1")
        lou = StudentFactory(
            last_name="Marie-Amélie de Kerguelen-Trémarec",
            preferred_last_name="d’Ys",
            first_name="Lou",
            level="CE1",
            school_class=room,
        )
        tom = StudentFactory(last_name="O’Neill; fils", first_name="Tom", level="CE1", school_class=room)
        gone = StudentFactory(last_name="Parti", first_name="Déjà", level="CE1", left_on=now.date())
        leaving = StudentFactory(last_name="Va", first_name="Partir", level="CE1", school_class=room)
        GuardianFactory(email="un@famille.example", of=[lou, tom])
        GuardianFactory(email="deux@famille.example", of=[lou])
    office = browse(school, head)
    asked = {"confirm_name": "Partir Va"}
    delete = reverse("dpa:request_student_erasure", urlconf="config.urls_tenant", args=[leaving.pk])
    assert office.post(delete, asked).status_code == 302
    job = office.post(reverse("exports:ask", urlconf="config.urls_tenant", args=["school"])).url
    files = archive_of(fetched(office, job, clock))
    pupils, guardians = files["à importer/élèves.csv"], files["à importer/responsables.csv"]
    assert b"Parti" not in pupils
    assert "Va;" not in pupils.decode()
    with inside(school):
        before = held()
    other = open_school("erables", "École des Érables", ["school", "nursery"], licences=40)
    with inside(other):
        said = {"tenant": other, "now": now, "today": now.date()}
        batch = prepare_import(Upload(pupils, guardians, "élèves.csv", "responsables.csv"), by=None, **said)
        assert batch.refused == []
        confirm_import(batch_id=batch.pk, by=None, **said)
        apply_import(batch_id=batch.pk, **said)
        assert held() == before
    assert gone.last_name == "Parti"
