"""Personal data is declared once: what is missing, wrong or in the wrong order is seen here."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ImproperlyConfigured

from contracts import registry
from contracts.models import TermsVersion
from contracts.policy.annex_b import FIELDS, SUBJECTS, Category
from contracts.policy.evidence import Evidence
from contracts.registry import (
    CASCADE,
    declaration_of,
    declarations,
    declare,
    impersonal,
    nothing_personal,
    undeclared,
)


@pytest.fixture
def empty(monkeypatch):
    """Start from no declaration at all."""
    monkeypatch.setattr(registry, "_declared", {})
    monkeypatch.setattr(registry, "_impersonal", {})


def test_every_model_of_a_tenant_is_declared():
    assert [model._meta.label for model in undeclared()] == []


def test_what_is_declared_is_about_known_people_in_a_known_category():
    for declaration in declarations():
        assert declaration.category in set(Category)
        assert set(declaration.subjects) <= SUBJECTS
        for name in declaration.files:
            declaration.model._meta.get_field(name)


def test_rows_go_before_what_they_point_to():
    order = [declaration.model for declaration in declarations()]
    for place, model in enumerate(order):
        for key in model._meta.concrete_fields:
            if key.is_relation and key.related_model in order and key.related_model is not model:
                assert order.index(key.related_model) > place, f"{model._meta.label}.{key.name}"


def test_the_reason_is_said_where_nothing_is_personal():
    assert all(len(why) > 10 for why in impersonal().values())


@pytest.mark.usefixtures("empty")
@pytest.mark.parametrize(
    "wrong",
    [
        {"category": "library loans"},
        {"subject": "parrot"},
        {"subject": ()},
        {"subject": ("student", "parrot")},
    ],
)
def test_an_unknown_word_is_refused(wrong):
    facts = {
        "label": "texts",
        "category": "learning",
        "subject": "student",
        "person": "id",
        "export": None,
        "erase": CASCADE,
    }
    with pytest.raises(ImproperlyConfigured, match="TermsVersion"):
        declare(TermsVersion, **{**facts, **wrong})


@pytest.mark.usefixtures("empty")
def test_declared_twice_is_refused():
    declared = declare(
        TermsVersion,
        label="texts",
        category="consent",
        subject="student",
        person="id",
        export=None,
        erase=CASCADE,
    )
    assert declaration_of(TermsVersion) is declared
    assert (declared.label, declared.subjects, repr(declared.erase)) == (
        "contracts.TermsVersion",
        ("student",),
        "CASCADE",
    )
    with pytest.raises(ImproperlyConfigured, match="twice"):
        nothing_personal(TermsVersion, why="it is a text")
    with pytest.raises(ImproperlyConfigured, match="twice"):
        declare(
            TermsVersion,
            label="texts",
            category="consent",
            subject="student",
            person="id",
            export=None,
            erase=CASCADE,
        )


def test_every_field_of_annex_b_has_a_category():
    assert set(FIELDS.values()) <= set(Category)


def test_evidence_comes_from_whoever_registered(monkeypatch):
    monkeypatch.setattr(registry, "_witness", registry._EvidenceSources())
    at = datetime(2026, 11, 16, tzinfo=UTC)
    assert registry.evidence_of(["LG-DBr"], now=at) == {}
    known = Evidence(last_kept_at=at, count=3)
    registry.evidence(lambda ids, now: dict.fromkeys(ids, known))
    assert registry.evidence_of(["LG-DBr"], now=at) == {"LG-DBr": known}
