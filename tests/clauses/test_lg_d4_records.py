"""LG-D4: both records of processing are made from the annexes, as they stand at any moment."""

import json
from datetime import date

import pytest

from dpa.actions.set_retention import set_retention
from dpa.policy.annexes import activities, transfers
from isolation.context import inside
from people.models import Person
from tests.clauses.processors import ROLE, announce, head, own, page, told
from tests.clauses.stage import desk, live, plain, read
from tests.clauses.test_lg_d4_annexes import FULL, accepted, filled

HERE = {"name": "Ici", "country": "FR", "categories": ["learning"], "mechanism": ""}
THERE = {"name": "Ailleurs", "country": "CA", "categories": ["learning", "contact"], "mechanism": "adequacy"}


def test_an_activity_says_whom_its_data_reaches_and_who_is_outside():
    content = FULL | {
        "b": {"learning": {}, "contact": {}, "support": {}},
        "c": {"1": HERE, "2": THERE},
    }
    learning, contact, support = activities(content)
    assert [one["name"] for one in learning.recipients] == ["Ici", "Ailleurs"]
    assert (contact.recipients, support.recipients) == ((THERE,), ())
    assert learning.transfers == contact.transfers == (THERE,)
    assert transfers([HERE]) == ()


@pytest.mark.story(
    "LG-D4",
    door="page",
    fr="Le registre de l’école suit ce qui change : une conservation raccourcie, un sous-traitant qui "
    "commence ; page, CSV, JSON et PDF disent la même chose.",
)
def test_the_controllers_record_follows_what_changes(browse, clock, now, school, papers):
    """The school's record follows what changes: a shorter retention, a sub-processor that starts; page, CSV,
    JSON and PDF say the same.
    """
    browser = head(browse, school, now)
    filled(browser)
    before = read(browser.get(own("processing")))
    assert "Mission d’intérêt public" in before
    assert "123 jours" not in before
    with inside(school):
        by = Person.objects.get(username=f"cheffe.{school.slug}")
        set_retention(category="contact", days=123, promised_days=730, by=by, now=now)
    announce(browse, now, country="CA", mechanism="adequacy", tenants=[str(school.pk)])
    told(clock)
    live(clock, date(2026, 11, 26), date(2026, 11, 27))
    browser = head(browse, school, now)
    after = read(browser.get(own("processing")))
    assert "123 jours" in after
    assert "Courrier Exemple (Canada, décision d’adéquation)" in after
    table = browser.get(own("processing_csv")).content.decode()
    assert "123 jours" in table
    assert "Courrier Exemple (Canada, décision d’adéquation)" in table
    said = json.loads(browser.get(own("processing_json")).content)
    (contact,) = [one for one in said["activities"] if one["category"] == "contact"]
    assert (contact["retention_days"], contact["recipients"]) == (123, ["Courrier Exemple"])
    assert contact["transfers"][0]["mechanism"] == "adequacy"
    assert browser.get(own("processing_pdf", "fr")).content.startswith(b"%PDF")
    assert "Courrier Exemple" in plain(papers[-1])
    assert "Record of processing" in plain(browser.get(own("processing_pdf", "en")) and papers[-1])


@pytest.mark.story(
    "LG-D4",
    door="page",
    fr="Au bureau de l’éditeur, le registre de sous-traitant nomme chaque responsable ; dès qu’une école "
    "accepte ses annexes, il donne son délégué, et le document accepté reste à portée.",
)
def test_the_processors_record_names_each_controller(browse, now, school, nursery, papers):
    """At the operator's desk the processor's record names each controller; once a school accepts its annexes
    it gives its officer, and the paper accepted is at hand.
    """
    before = read(desk(browse, now, ROLE).get(page("processing_desk")))
    assert school.name in before
    assert nursery.name in before
    assert "dpo@villeneuve.example" not in before
    browser = head(browse, school, now)
    filled(browser)
    accepted(browser)
    clerk = desk(browse, now, ROLE)
    answer = clerk.get(page("processing_desk"))
    assert "dpo@villeneuve.example" in read(answer)
    (one,) = answer.context["accepted"]
    assert one.tenant == school
    kept = browser.get(own("annex_pdf", one.version.pk, "en")).content
    assert clerk.get(page("processing_copy", one.version.pk, "en")).content == kept
    assert "dpo@villeneuve.example" in clerk.get(page("processing_desk_csv")).content.decode()
    rows = json.loads(clerk.get(page("processing_desk_json")).content)["controllers"]
    assert {row["controller"]: row["version"] for row in rows} == {
        "Commune de Villeneuve": 1,
        nursery.name: None,
    }
    assert clerk.get(page("processing_desk_fr")).content.startswith(b"%PDF")
    assert "dpo@villeneuve.example" in plain(papers[-1])
