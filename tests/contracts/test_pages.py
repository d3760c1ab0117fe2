"""The promises and the terms as people see them."""

import re
from datetime import timedelta

import pytest

from contracts import registry
from contracts.models import TermsVersion
from contracts.policy.evidence import Evidence
from isolation.context import inside_operator

pytestmark = pytest.mark.django_db


HOUR = timedelta(hours=1)


@pytest.fixture
def kept(monkeypatch, now):
    """Let the evidence say: erasure kept 14 times, a request once missed, a parcel kept, a reminder moot."""
    found = {
        "LG-DBr": Evidence(
            last_kept_at=now, count=14, kept_lately=14, worst_margin=12 * HOUR + timedelta(minutes=3)
        ),
        "LG-D10.1": Evidence(
            last_kept_at=now, count=2, overdue_since=now - timedelta(days=3), why="Timeout: the mail server"
        ),
        "LG-S7": Evidence(last_kept_at=now, count=1, kept_lately=1, worst_margin=timedelta(days=8)),
        "LG-S19": Evidence(last_moot_at=now, moot_lately=1),
    }
    monkeypatch.setattr(
        registry._witness, "asks", [lambda ids, now: {key: found[key] for key in ids if key in found}]
    )


def read(browse, url, **query):
    answer = browse(None).get(url, query, secure=True, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_anyone_reads_what_is_promised(browse):
    page = read(browse, "/promises/")
    assert "115 in all" in page
    assert len(re.findall(r'<th scope="row">', page)) == 115
    assert ".policy." not in page


@pytest.mark.usefixtures("kept")
def test_the_title_is_the_worst_truth_and_what_is_missed_stands_above_all(browse):
    page = read(browse, "/promises/")
    assert "<h1>1 promise is missed</h1>" in page
    assert page.index("Missed for 3 days") < page.index("Search in the promises")
    assert "12 h 03 ahead" in page
    assert "8 days ahead" in page
    assert "14 kept" in page
    assert "1 moot" in page
    assert "Timeout" not in page  # why it failed is the operator's to read


def test_nothing_missed_is_said_too(browse, monkeypatch):
    monkeypatch.setattr(registry._witness, "asks", [])
    assert "none missed" in read(browse, "/promises/")


@pytest.mark.usefixtures("kept")
def test_a_mail_that_waits_is_late(browse, monkeypatch):
    monkeypatch.setattr(registry._witness, "late_messages", lambda now: 2)
    assert "2 mails should have left and wait" in read(browse, "/promises/")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize(("state", "clause"), [("missed", "LG-D10.1"), ("moot", "LG-S19"), ("kept", "LG-S7")])
def test_narrowed_to_what_is_live(browse, state, clause):
    page = read(browse, "/promises/", state=state)
    assert f"/promises/{clause}/" in page
    assert len(re.findall(r'<th scope="row">', page)) == (2 if state == "kept" else 1)


def test_in_french(browse):
    answer = browse(None).get("/promises/", secure=True, headers={"accept-language": "fr"}).content.decode()
    assert "aucune manquée" in answer
    assert "Les colis partent le mardi et le jeudi" in answer


def test_searched_and_narrowed(browse):
    assert len(re.findall(r'<th scope="row">', read(browse, "/promises/", q="tuesdays thursdays"))) == 1
    assert "LG-S7" in read(browse, "/promises/", q="lg-s7")
    assert "No promise says that" in read(browse, "/promises/", q="zeppelin")
    assert "/promises/LG-S6.3p/" not in read(browse, "/promises/", state="planned")


@pytest.mark.usefixtures("kept")
def test_as_a_file(browse, now):
    answer = browse(None).get(
        "/promises/", {"format": "csv", "q": "LG-DBr"}, secure=True, headers={"accept-language": "en"}
    )
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="promises.csv"'
    assert lines[0] == "Clause;Promise;State;Live;Times kept;Last kept;Missed in 30 days;Missed since"
    assert lines[1].startswith("LG-DBr;")
    assert lines[1].endswith(f";kept;14;{now.isoformat()};0;")


def test_without_the_tests_it_is_said(browse, monkeypatch):
    monkeypatch.setattr("contracts.views.promises.has_tests", lambda: False)
    assert "part of this installation" in read(browse, "/promises/")


def test_every_version_of_the_terms_stays_readable(browse):
    listed = read(browse, "/terms/versions/")
    assert "Préau School" in listed
    with inside_operator():
        french = TermsVersion.objects.get(kind="sale", profile="school", language="fr", version="2025-09-01")
        english = TermsVersion.objects.get(kind="sale", profile="school", language="en", version="2025-09-01")
    assert f"/terms/versions/{french.pk}/" in listed
    assert "This is a translation: the French text prevails." in read(
        browse, f"/terms/versions/{english.pk}/"
    )
    page = read(browse, f"/terms/versions/{french.pk}/")
    assert 'lang="fr"' in page
    assert "Un devis signé est une commande ferme" in page
    assert "This is a translation" not in page


def test_a_version_that_is_not_there(browse):
    assert (
        browse(None).get("/terms/versions/00000000-0000-4000-8000-000000000000/", secure=True).status_code
        == 404
    )


def test_on_a_schools_own_host_too(browse, school):
    answer = browse(school).get("/terms/versions/", secure=True, headers={"accept-language": "en"})
    assert answer.status_code == 200
    assert "Préau Nursery" in answer.content.decode()
    assert browse(school).get("/promises/", secure=True).status_code in {302, 403}


def test_the_console_wants_somebody_known(browse):
    assert browse(None).get("/console/promises/", secure=True).status_code in {302, 403}
