"""LG-DCp: a PDF per person and every table, in one archive built step by step."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
)
from demo.factories.people import person_with
from exports.policy.contents import LeftOut, steps
from isolation.context import inside
from tests.clauses.stage import archive_of, fetched

names = st.lists(st.text("abcdef", min_size=1, max_size=4), max_size=12)


def test_a_school_of_two_pupils_and_two_tables():
    assert steps(people=["a", "b"], tables=["pupils", "results"], held={"pupils", "results"}, whole=True) == [
        "person:a",
        "person:b",
        "table:pupils",
        "table:results",
        "note",
    ]


def test_a_whole_export_that_would_leave_a_table_out_is_refused():
    with pytest.raises(LeftOut, match="results"):
        steps(people=["a"], tables=["pupils"], held={"pupils", "results"}, whole=True)


def test_a_guardians_export_holds_only_what_is_shared():
    assert steps(people=["a"], tables=[], held={"pupils"}, whole=False) == ["person:a", "note"]


@given(people=names, tables=names.map(lambda found: list(dict.fromkeys(found))), reached=st.integers(0, 30))
def test_an_interrupted_build_goes_on_where_it_was_and_does_nothing_twice(people, tables, reached):
    planned = steps(people=people, tables=tables, held=tables, whole=True)
    again = steps(people=people, tables=tables, held=tables, whole=True)
    assert planned == again
    assert len(set(planned)) == len(planned)
    assert planned[:reached] + again[reached:] == planned


@pytest.mark.story(
    "LG-DCp",
    door="page",
    fr="Un parent prend l’archive du carnet de son enfant ; l’enseignante retire ensuite une "
    "observation du partage : l’ancien lien se ferme, la nouvelle archive et le PDF ne la "
    "contiennent plus, l’export de l’école la garde.",
)
def test_what_is_no_longer_shared_leaves_the_familys_archive_and_stays_in_the_schools(
    browse, clock, now, school, papers
):
    """A parent takes the archive of their child's record; the teacher then stops sharing an observation: the
    old link closes, the new archive and the PDF hold it no more, the school's export keeps it.
    """
    with inside(school):
        head = person_with("administrator", now=now, email="direction@ecole.example")
        teacher = person_with("teacher", now=now, email="maitresse@ecole.example")
        parent = person_with("guardian", now=now, email="parent@famille.example")
        pupil = StudentFactory(first_name="Zéphyrine", last_name="Petit", school_class=ClassFactory())
        TeachingFactory(person=teacher, school_class=pupil.enrolments.get().school_class)
        GuardianFactory(email=parent.email, person=parent, of=[pupil])
        told = ObservationFactory(author=teacher, text="Elle lit seule.", state="shared", of=[pupil])
    record = "élèves/Zéphyrine Petit/record.json"
    home = browse(school, parent)
    ask = reverse("exports:ask", args=["children"])
    job = home.post(ask).url
    answer = fetched(home, job, clock)
    old = answer.request["PATH_INFO"]
    assert b"Elle lit seule." in archive_of(answer)[record]
    room = browse(school, teacher)
    assert room.post(reverse("classrooms:observation_unshare", args=[told.pk])).status_code == 302
    home = browse(school, parent)
    assert home.get(old).status_code == 410
    new = archive_of(fetched(home, home.post(ask).url, clock))
    assert b"Elle lit seule." not in new[record]
    papers.clear()
    home.get(reverse("dpa:child_pdf", args=[pupil.pk]))
    assert "Elle lit seule." not in "".join(papers)
    browse(school, teacher).get(reverse("dpa:record_pdf", args=[pupil.pk]))
    assert "Elle lit seule." in "".join(papers)
    office = browse(school, head)
    whole = archive_of(fetched(office, office.post(reverse("exports:ask", args=["school"])).url, clock))
    assert b"Elle lit seule." in whole[record]
