"""What each state of a tenant lets whom do, and which state may follow which."""

import pytest

from demo.factories.people import person_with
from exports.models import ExportJob
from isolation.context import inside, inside_operator
from tenants.actions.change_state import change_state
from tenants.policy.states import may_become, rights_open

STATES = ("opening", "open", "suspended", "ended", "erased")


def test_an_open_tenant_closes_nothing():
    assert rights_open("open") is None


def test_a_suspended_one_keeps_invoices_payment_the_privacy_centre_and_the_export():
    kept = rights_open("suspended")
    assert {"invoices.read", "licences.read", "privacy.read", "privacy.write", "erasures.write"} <= kept
    assert "exports.ask" in kept
    assert not kept & {"classes.read", "students.read", "record.write", "imports.write", "family.read"}


def test_an_ended_one_also_gives_its_data_back():
    kept = rights_open("ended")
    assert {"exports.ask", "students.read", "record.read", "results.read", "erasures.write"} <= kept
    assert not kept & {
        "record.write",
        "students.write",
        "classes.write",
        "imports.write",
        "invitations.write",
    }


def test_nothing_works_before_opening_nor_after_erasing():
    assert rights_open("opening") == rights_open("erased") == frozenset()


def test_an_unknown_state_is_an_error():
    with pytest.raises(KeyError):
        rights_open("asleep")


@pytest.mark.parametrize("after", STATES)
def test_an_erased_tenant_never_comes_back(after):
    assert not may_become("erased", after)


def test_only_an_ended_tenant_is_erased():
    assert [state for state in STATES if may_become(state, "erased")] == ["ended"]


@pytest.mark.django_db
def test_the_administrator_of_an_ended_school_exports_all_of_it_and_nobody_else_comes_in(school, browse, now):
    with inside(school):
        head = person_with("administrator", now=now, username="s.head", email="s.head@tilleuls.example")
        teacher = person_with("teacher", now=now, username="s.teach", email="s.teach@tilleuls.example")
    with inside_operator():
        change_state(tenant_id=school.pk, state="ended", reason="term", now=now)
    client = browse(school, head)
    assert client.get("/exports/").status_code == 200
    assert client.post("/exports/ask/school/").status_code == 302
    with inside(school):
        assert ExportJob.objects.filter(requested_by=head, kind="school").count() == 1
    assert browse(school, teacher).get("/exports/").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "path", "status"),
    [
        ("administrator", "/licences/", 200),
        ("administrator", "/privacy/", 200),
        ("administrator", "/classes/", 403),
        ("teacher", "/classes/", 403),
        ("guardian", "/family/", 403),
    ],
)
def test_pages_of_a_suspended_school(school, browse, now, role, path, status):
    with inside(school):
        person = person_with(role, now=now, username=f"s.{role}", email=f"s.{role}@tilleuls.example")
    client = browse(school, person)
    with inside_operator():
        change_state(tenant_id=school.pk, state="suspended", reason="unpaid", now=now)
    assert client.get(path).status_code == status
    with inside_operator():
        change_state(tenant_id=school.pk, state="open", reason="paid", now=now)
    if role != "guardian":
        assert client.get(path).status_code == 200
