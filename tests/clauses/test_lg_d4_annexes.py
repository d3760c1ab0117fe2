"""LG-D4: annexes A to D are filled in and accepted in the app, versioned, compared, and stay as issued."""

import json
from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dpa.actions.set_retention import set_retention
from dpa.models import AnnexVersion
from dpa.policy.annexes import (
    ChangedSince,
    Difference,
    Incomplete,
    NothingNew,
    annexes_kept_until,
    check_acceptance,
    differences,
    digest,
    missing_from,
)
from isolation.context import inside, inside_operator
from people.models import Person
from tenants.actions.change_state import erase_again
from tests.clauses.processors import announce, head, is_pending, own, told
from tests.clauses.stage import live, read
from tests.conftest import open_school

CONTACTS = {
    "controller": "Commune de Villeneuve",
    "address": "1 place de la Mairie, 35000 Villeneuve",
    "representative": "Odile Perrin, maire",
    "email": "donnees@villeneuve.example",
    "phone": "",
    "officer": "Service mutualisé",
    "officer_email": "dpo@villeneuve.example",
}
PURPOSE = {"purpose": "Suivre les apprentissages.", "legal_basis": "public_task"}
FULL = {
    "a": {"controller": CONTACTS | {"without_officer": False}},
    "b": {"learning": PURPOSE | {"retention_days": 730}},
    "c": {},
    "d": {"access": {"fr": "x", "en": "x"}},
}


def without(annex, key, name):
    """Return the full annexes with one field of one item empty."""
    item = FULL[annex][key] | {name: " "}
    return FULL | {annex: FULL[annex] | {key: item}}


@pytest.mark.parametrize(
    ("annex", "key", "name"),
    [
        ("a", "controller", "controller"),
        ("a", "controller", "address"),
        ("a", "controller", "representative"),
        ("a", "controller", "email"),
        ("a", "controller", "officer"),
        ("a", "controller", "officer_email"),
        ("b", "learning", "purpose"),
        ("b", "learning", "legal_basis"),
    ],
)
def test_each_field_the_controller_owes_is_missed(annex, key, name):
    assert missing_from(FULL) == []
    (missing,) = missing_from(without(annex, key, name))
    assert (missing.annex, missing.key, missing.field) == (annex, key, name)


def test_who_has_no_officer_says_so_instead():
    alone = CONTACTS | {"officer": "", "officer_email": "", "without_officer": True}
    assert missing_from(FULL | {"a": {"controller": alone}}) == []


def test_what_was_added_removed_and_changed():
    before = FULL | {"c": {"1": {"name": "Ancien"}}}
    after = FULL | {
        "b": {"learning": PURPOSE | {"retention_days": 365}},
        "c": {"2": {"name": "Nouveau"}},
    }
    assert differences(before, after) == [
        Difference("b", "learning", "changed", "retention_days", 730, 365),
        Difference("c", "1", "removed"),
        Difference("c", "2", "added"),
    ]


def test_what_is_accepted_is_complete_as_read_and_new():
    check_acceptance(FULL, read=digest(FULL), accepted=None)
    with pytest.raises(Incomplete) as refused:
        check_acceptance(without("b", "learning", "purpose"), read=digest(FULL), accepted=None)
    assert refused.value.missing[0].key == "learning"
    with pytest.raises(ChangedSince):
        check_acceptance(FULL, read="", accepted=None)
    with pytest.raises(NothingNew):
        check_acceptance(FULL, read=digest(FULL), accepted=FULL)


items = st.dictionaries(st.sampled_from("uvw"), st.text(min_size=1, max_size=3), min_size=1)
contents = st.fixed_dictionaries({annex: st.dictionaries(st.sampled_from("12"), items) for annex in "abcd"})


@given(contents, contents)
def test_two_contents_differ_exactly_where_they_are_not_the_same(one, other):
    assert differences(one, one) == []
    found = differences(one, other)
    turned = {"added": "removed", "removed": "added", "changed": "changed"}
    there = sorted((each.annex, each.key, each.field, each.kind) for each in found)
    back = sorted((each.annex, each.key, each.field, turned[each.kind]) for each in differences(other, one))
    assert there == back
    assert bool(found) == (one != other)
    assert (digest(one) == digest(other)) == (one == other)


def filled(browser):
    """Fill in annex A, and save what annex B offers with a legal basis."""
    assert browser.post(own("annex_contacts_save"), CONTACTS).status_code == 302
    page = browser.get(own("annex_purposes"))
    fields = page.context["form"].initial
    typed = {name: said or "public_task" for name, said in fields.items()}
    assert browser.post(own("annex_purposes_save"), typed).status_code == 302


def accepted(browser):
    """Accept the annexes as the page shows them, and return what it says then."""
    shown = browser.get(own("annexes")).context["digest"]
    return read(browser.post(own("annex_accept"), {"digest": shown}, follow=True))


def versions(tenant):
    """Return what a tenant accepted, the first first."""
    with inside_operator():
        return list(AnnexVersion.objects.filter(tenant_id=tenant.pk).order_by("number"))


@pytest.mark.paper
@pytest.mark.story(
    "LG-D4",
    door="page",
    fr="L’école complète les annexes et les accepte d’un clic ; un sous-traitant commence ensuite : un "
    "nouveau projet le montre, la version acceptée reste au bit près, et l’avenant s’accepte à son tour.",
)
def test_a_sub_processor_added_after_acceptance_makes_a_draft(browse, clock, now, school):
    """The school completes the annexes and accepts them in one click; a sub-processor starts later: a new
    draft shows it, the accepted version stays to the byte, and the amendment is accepted in its turn.
    """
    browser = head(browse, school, now)
    empty = browser.get(own("annexes"))
    assert "Ceci manque" in read(empty)
    assert own("annex_contacts") in empty.content.decode()
    assert "Il manque quelque chose" in accepted(browser)
    filled(browser)
    assert "prêt à être accepté" in read(browser.get(own("annexes")))
    assert "La version 1 est acceptée" in accepted(browser)
    (first,) = versions(school)
    kept = browser.get(own("annex_pdf", first.pk, "fr")).content
    assert kept.startswith(b"%PDF")
    change = announce(browse, now, tenants=[str(school.pk)])
    told(clock)
    live(clock, date(2026, 11, 26), date(2026, 11, 27))
    assert not is_pending(change)
    browser = head(browse, school, now)
    page = read(browser.get(own("annexes")))
    assert "Il diffère de la version 1" in page
    assert "Courrier Exemple" in read(browser.get(own("annex_compare", first.pk)))
    assert "Courrier Exemple" not in read(browser.get(own("annex_version", first.pk)))
    assert browser.get(own("annex_pdf", first.pk, "fr")).content == kept
    assert "La version 2 est acceptée" in accepted(browser)
    one, two = versions(school)
    assert (one.digest, one.accepted_at, bytes(one.paper_fr)) == (first.digest, first.accepted_at, kept)
    with inside(school):
        signed = Person.objects.get(pk=two.accepted_by)
    assert signed.username == f"cheffe.{school.slug}"
    assert two.accepted_at.date() == date(2026, 11, 27)
    compared = read(browser.get(own("annex_compare", two.pk), {"with": "1"}))
    assert "Courrier Exemple" in compared
    assert "ajouté" in compared
    said = json.loads(browser.get(own("annex_json", two.pk)).content)
    assert [item["name"] for item in said["annexes"]["c"].values()] == ["Courrier Exemple"]
    assert "Rien n’a changé" in accepted(browser)
    assert len(versions(school)) == 2


@pytest.mark.story(
    "LG-D4",
    door="page",
    fr="Entre la lecture et l’acceptation, une collègue raccourcit une conservation : l’acceptation de ce "
    "qui n’est plus est refusée, puis prise une fois relue.",
)
def test_what_changed_since_it_was_read_is_not_accepted(browse, now, school):
    """Between reading and accepting a colleague shortens a retention: what stands no more is not accepted;
    once read again it is.
    """
    browser = head(browse, school, now)
    filled(browser)
    shown = browser.get(own("annexes")).context["digest"]
    with inside(school):
        by = Person.objects.get(username=f"cheffe.{school.slug}")
        set_retention(category="learning", days=100, promised_days=730, by=by, now=now)
    answer = browser.post(own("annex_accept"), {"digest": shown}, follow=True)
    assert "ont changé depuis" in read(answer)
    assert versions(school) == []
    assert "La version 1 est acceptée" in accepted(browser)
    (version,) = versions(school)
    assert version.content["b"]["learning"]["retention_days"] == 100


def test_who_is_no_controller_has_nothing_to_accept(browse, now, school, monkeypatch):
    monkeypatch.setattr("dpa.views.annexes.is_controller", lambda *_: False)
    browser = head(browse, school, now)
    assert "l’éditeur est responsable du traitement" in read(browser.get(own("annexes")))
    assert browser.post(own("annex_accept"), {"digest": ""}).status_code == 404


def test_a_version_of_a_neighbour_is_not_found(browse, now, school, nursery):
    browser = head(browse, school, now)
    filled(browser)
    accepted(browser)
    (version,) = versions(school)
    neighbour = head(browse, nursery, now)
    for name in ("annex_version", "annex_compare", "annex_json"):
        assert neighbour.get(own(name, version.pk)).status_code == 404
    assert neighbour.get(own("annex_pdf", version.pk, "fr")).status_code == 404
    assert browser.get(own("annex_pdf", version.pk, "de")).status_code == 404
    assert browser.get(own("annex_compare", version.pk), {"with": "9"}).status_code == 404


@pytest.mark.parametrize(
    ("gone", "until"), [(date(2028, 2, 29), date(2033, 2, 28)), (date(2026, 11, 16), date(2031, 11, 16))]
)
def test_accepted_annexes_are_kept_five_years_after_the_data(gone, until):
    assert annexes_kept_until(gone) == until


def test_the_annexes_of_a_place_that_is_gone_are_deleted_in_their_time(clock, now, db, settings, tmp_path):
    settings.ERASURE_LEDGER = tmp_path / "ledger.jsonl"
    settings.MEDIA_ROOT = tmp_path / "media"
    place = open_school("saules", "École des Saules", ["school"], licences=5)
    with inside_operator():
        words = {"accepted_name": "Ève Roy", "content": {}, "digest": "0", "paper_fr": b"", "paper_en": b""}
        AnnexVersion.objects.create(
            tenant_id=place.pk, number=1, accepted_by=uuid4(), accepted_at=now, **words
        )
        erase_again(tenant_id=place.pk, now=now)
    live(clock, date(2031, 11, 15))
    assert len(versions(place)) == 1
    live(clock, date(2031, 11, 16))
    assert versions(place) == []
