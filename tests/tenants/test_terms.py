"""New versions of the terms: seen before they are published, told to whom they concern, never edited."""

from datetime import date, timedelta

import pytest
from django.core import mail

from agenda.loop import tick
from agenda.models import OutboxMessage
from audit.models import Entry
from contracts.models import TermsVersion
from demo.factories.people import person_with
from isolation.context import inside_operator
from tenants.models import Contract

pytestmark = pytest.mark.django_db
URL = "/console/terms/new/"
SUBSTANTIAL = {
    "kind": "sale",
    "profile": "nursery",
    "language": "fr",
    "version": "2027-01",
    "is_substantial": "yes",
    "in_force_on": "2026-12-16",
    "text": "Article 1\r\n\r\nLe prix est dit avant.",
}


@pytest.fixture
def operator(browse, now):
    with inside_operator():
        person = person_with(
            "operator_administrator", now=now, username="maud.t", email="maud.t@preau.example"
        )
    return browse(None, person)


def test_a_substantial_version_is_previewed_published_told_and_audited(operator, school, nursery, now):
    preview = operator.post(URL, SUBSTANTIAL)
    assert preview.status_code == 200
    assert "Crèche des Coquelicots" in preview.content.decode()
    with inside_operator():
        assert not TermsVersion.objects.filter(version="2027-01").exists()
        concerned = Contract.objects.running(now.date()).filter(profile_key="nursery").count()
    assert concerned == 2
    done = operator.post(URL, SUBSTANTIAL | {"confirm": "yes"})
    assert done["Location"] == "/console/terms/"
    with inside_operator():
        terms = TermsVersion.objects.get(version="2027-01")
        assert (terms.published_on, terms.in_force_on, terms.is_substantial) == (
            date(2026, 11, 16),
            date(2026, 12, 16),
            True,
        )
        assert terms.paragraphs == ["Article 1", "Le prix est dit avant."]
        entry = Entry.objects.get(verb="terms.published")
        assert (entry.subject_id, entry.facts["told"]) == (terms.pk, 2)
        assert OutboxMessage.objects.filter(template="tenants/terms_change").count() == concerned
    tick(now + timedelta(minutes=5))
    sent = [one for one in mail.outbox if "mairie@coquelicots.example" in one.to]
    assert len(sent) == 1
    assert "1er septembre 2027" in sent[0].body  # the next renewal
    assert f"/terms/versions/{terms.pk}/" in sent[0].body
    page = operator.get("/console/terms/?offer=nursery").content.decode()
    assert "2027-01" in page


def test_less_than_thirty_days_is_refused_with_the_earliest_day(operator):
    refused = operator.post(URL, SUBSTANTIAL | {"in_force_on": "2026-12-15", "confirm": "yes"})
    assert refused.status_code == 422
    assert "16 décembre 2026" in refused.content.decode()
    with inside_operator():
        assert not TermsVersion.objects.filter(version="2027-01").exists()


def test_an_editorial_version_is_in_force_at_once_and_nobody_is_told(operator, now):
    typed = SUBSTANTIAL | {"is_substantial": "no", "in_force_on": "2026-11-16", "confirm": "yes"}
    assert operator.post(URL, typed).status_code == 302
    with inside_operator():
        assert not OutboxMessage.objects.filter(template="tenants/terms_change").exists()


def test_a_translation_follows_its_french_text(operator):
    english = SUBSTANTIAL | {
        "language": "en",
        "is_substantial": "no",
        "in_force_on": "2026-11-16",
        "confirm": "yes",
    }
    assert operator.post(URL, english).status_code == 422  # no French yet
    operator.post(URL, SUBSTANTIAL | {"confirm": "yes"})
    assert operator.post(URL, english).status_code == 302
    with inside_operator():
        terms = TermsVersion.objects.get(version="2027-01", language="en")
        assert (terms.in_force_on, terms.is_substantial) == (date(2026, 12, 16), True)
        assert (
            OutboxMessage.objects.filter(template="tenants/terms_change").count() == 2
        )  # told once, in French's name


def test_what_is_published_is_not_edited(operator):
    operator.post(URL, SUBSTANTIAL | {"confirm": "yes"})
    again = operator.post(URL, SUBSTANTIAL | {"text": "Autre chose.", "confirm": "yes"})
    assert again.status_code == 422
    with inside_operator():
        assert "Autre" not in TermsVersion.objects.get(version="2027-01").text


@pytest.mark.parametrize("role", ["finance", "support", "dpo"])
def test_who_may_not_open_tenants_publishes_nothing(browse, now, role):
    with inside_operator():
        person = person_with(role, now=now, username=f"maud.{role}", email=f"maud.{role}@preau.example")
    client = browse(None, person)
    assert client.get("/console/terms/").status_code == 403
    assert client.post(URL, SUBSTANTIAL | {"confirm": "yes"}).status_code == 403
