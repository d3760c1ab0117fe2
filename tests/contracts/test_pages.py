"""The promises and the terms as people see them."""

import re
from datetime import datetime, timedelta

import pytest

from contracts import registry
from contracts.models import TermsVersion
from contracts.registry import Evidence
from isolation.context import inside_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(monkeypatch, now):
    """Let the evidence say: erasure kept 14 times, a request once late."""
    found = {
        "LG-DBr": Evidence(now, timedelta(hours=12, minutes=3), 14),
        "LG-D10.1": Evidence(now, timedelta(days=-3), 2, late=1),
        "LG-S7": Evidence(now, timedelta(days=8), 1),
    }
    monkeypatch.setattr(
        registry._witness, "asks", [lambda ids: {key: found[key] for key in ids if key in found}]
    )


def read(browse, url, **query):
    answer = browse(None).get(url, query, secure=True, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return answer.content.decode()


def test_anyone_reads_what_is_promised(browse):
    page = read(browse, "/promises/")
    assert "115 in all" in page
    assert len(re.findall(r'<th scope="row">', page)) == 115
    assert "billing.policy" not in page


@pytest.mark.usefixtures("kept")
def test_the_evidence_stands_beside_its_promise(browse):
    page = read(browse, "/promises/")
    assert "Kept 14 times" in page
    assert "12 h 03 ahead" in page
    assert "8 days ahead" in page
    assert "3 days late" in page
    assert "1 late" in page
    assert "1 to watch" in page


def test_in_french(browse):
    answer = browse(None).get("/promises/", secure=True, headers={"accept-language": "fr"}).content.decode()
    assert "Ce qui vous est promis" in answer
    assert "Les colis partent le mardi et le jeudi" in answer


def test_searched_and_narrowed(browse):
    assert len(re.findall(r'<th scope="row">', read(browse, "/promises/", q="tuesdays thursdays"))) == 1
    assert "LG-S7" in read(browse, "/promises/", q="lg-s7")
    assert "No promise says that" in read(browse, "/promises/", q="zeppelin")
    planned = read(browse, "/promises/", state="planned")
    assert "Kept by the software</span>" not in planned


@pytest.mark.usefixtures("kept")
def test_as_a_file(browse, now):
    answer = browse(None).get(
        "/promises/", {"format": "csv", "q": "LG-DBr"}, secure=True, headers={"accept-language": "en"}
    )
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="promises.csv"'
    assert lines[0] == "Clause;Promise;State;Times kept;Last kept"
    assert lines[1].startswith("LG-DBr;")
    assert datetime.fromisoformat(lines[1].rsplit(";", 1)[1]) == now


def test_without_the_tests_it_is_said(browse, monkeypatch):
    monkeypatch.setattr("contracts.views.has_tests", lambda: False)
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
