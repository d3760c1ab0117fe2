"""Promises that an act keeps: the trail bears witness, with the last time and the count."""

from datetime import timedelta

import pytest

from audit import registry
from audit.actions import log_action
from audit.queries import evidence_count
from audit.registry import ActionMatch
from contracts import registry as contracts
from contracts.policy.evidence import Evidence
from contracts.queries import clause_rows
from contracts.registry import evidence_of
from demo.factories.billing import CustomerFactory, order_signed

CLAUSES = {row.id for row in clause_rows()}


@pytest.fixture
def acts(monkeypatch):
    known = {
        "LG-S5.2": (ActionMatch("quote.signed"),),
        "MC-7": (ActionMatch("suspension.begun", {"cause": "breach"}),),
    }
    monkeypatch.setattr(registry, "_ACTS", known)


@pytest.mark.usefixtures("as_operator", "acts")
def test_an_act_counts_with_its_last_time_and_only_with_its_facts(now):
    customer = CustomerFactory()
    later = now + timedelta(hours=1)
    assert evidence_count(["LG-S5.2", "MC-7"], now) == {}
    for at, verb, facts in (
        (now, "quote.signed", {}),
        (later, "quote.signed", {}),
        (now, "suspension.begun", {"cause": "unpaid"}),
    ):
        log_action(verb, by=None, on=customer, at=at, facts=facts)
    assert evidence_count(["LG-S5.2", "MC-7", "LG-S12"], now) == {
        "LG-S5.2": Evidence(last_kept_at=later, count=2)
    }
    log_action(
        "suspension.begun", by=None, on=customer, at=later, facts={"cause": "breach", "at_once": False}
    )
    assert evidence_count(["MC-7"], now) == {"MC-7": Evidence(last_kept_at=later, count=1)}


@pytest.mark.usefixtures("as_operator")
def test_who_knows_by_how_much_speaks_before_who_only_counts(now, monkeypatch):
    monkeypatch.setattr(contracts, "_witness", contracts._EvidenceSources())
    counted = Evidence(last_kept_at=now, count=9)
    owed = Evidence(last_kept_at=now, margin=timedelta(hours=3), count=2)
    for one in (counted, owed):
        contracts.evidence(lambda ids, now, one=one: dict.fromkeys(ids, one))
    assert evidence_of(["LG-S12"], now=now) == {"LG-S12": owed}


@pytest.mark.usefixtures("as_operator")
def test_an_order_leaves_evidence_of_what_it_kept(now):
    order_signed(now=now)
    found = evidence_of(["LG-S3", "LG-S4", "LG-S5.2", "LG-S5.2x", "LG-S6.1s", "LG-S6.2", "LG-S31"], now=now)
    assert {key for key, each in found.items() if each.count} >= {
        "LG-S4",
        "LG-S5.2",
        "LG-S6.1s",
        "LG-S6.2",
        "LG-S31",
    }
    assert "LG-S5.2x" not in found  # to pass a check is no evidence of it


def test_every_clause_that_is_witnessed_is_one_of_ours():
    assert set(registry._ACTS) <= CLAUSES
