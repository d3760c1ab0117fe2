"""All of a pupil's results can be reached, a page at a time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from demo.factories.classrooms import StudentFactory
from demo.factories.learning import ResultFactory
from demo.factories.people import person_with
from learning import views
from tests.conftest import host_of


@pytest.mark.parametrize(("page", "shown"), [(1, 2), (2, 2), (3, 1)])
def test_no_result_is_left_out(client, in_school, now, monkeypatch, page, shown):
    monkeypatch.setattr(views, "RESULTS_A_PAGE", 2)
    client.force_login(person_with("administrator", now=now))
    pupil = StudentFactory()
    for day in range(5):
        ResultFactory(student=pupil, done_at=now - timedelta(days=day))
    address = reverse("learning:student", args=[pupil.pk])
    answer = client.get(f"{address}?page={page}", HTTP_HOST=host_of(in_school))
    assert len(answer.context["page_obj"]) == shown
    assert 'class="pager"' in answer.content.decode()


def test_where_all_are_shown_there_is_no_pager(client, in_school, now):
    client.force_login(person_with("administrator", now=now))
    result = ResultFactory(student=StudentFactory(), done_at=now)
    page = client.get(reverse("learning:student", args=[result.student_id]), HTTP_HOST=host_of(in_school))
    assert 'class="pager"' not in page.content.decode()
