"""LG-D4: what annex B does not list of a pupil is stored by no form, even where somebody sends it."""

import pytest
from django.urls import reverse

from classrooms.models import Student
from isolation.context import inside
from tests.clauses.processors import TENANT, head

pytestmark = pytest.mark.django_db
TYPED = {
    "last_name": "Morin",
    "preferred_last_name": "",
    "first_name": "Zoé",
    "birth_on": "2024-03-02",
    "level": "PS",
    "handedness": "left",
}


@pytest.mark.parametrize(("tenant", "level", "handedness"), [("nursery", "PS", ""), ("school", "PS", "left")])
def test_a_field_the_annex_does_not_list_is_not_stored(request, browse, now, tenant, level, handedness):
    place = request.getfixturevalue(tenant)
    browser = head(browse, place, now)
    new = reverse("classrooms:student_new", urlconf=TENANT)
    assert ('name="handedness"' in browser.get(new).content.decode()) == bool(handedness)
    assert browser.post(new, TYPED).status_code == 302
    with inside(place):
        student = Student.objects.get(last_name="Morin")
        assert (student.level, student.handedness) == (level, handedness)
    edit = reverse("classrooms:student_edit", args=[student.pk], urlconf=TENANT)
    seen = browser.get(edit).context["form"]["seen"].value()
    answer = browser.post(edit, TYPED | {"first_name": "Zoé-Lou", "seen": seen})
    assert answer.status_code == 302
    with inside(place):
        student.refresh_from_db()
        assert (student.first_name, student.handedness) == ("Zoé-Lou", handedness)
