"""LG-D9: no transfer outside of the European Economic Area by default; each has a mechanism."""

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from dpa.models import ProcessorVersion
from dpa.policy.processors import EEA, NoMechanism, OtherWithoutWords, check_transfer
from isolation.context import inside_operator
from tests.clauses.processors import MAILER, ROLE, announce, head, is_pending, own, page, start, told
from tests.clauses.stage import desk, live, mails, plain, read


@pytest.mark.parametrize("country", sorted(EEA))
def test_inside_nothing_is_asked(country):
    check_transfer(country=country, mechanism="")


@pytest.mark.parametrize("country", ["US", "GB", "CH", "MA"])
def test_outside_a_mechanism_is_asked(country):
    with pytest.raises(NoMechanism):
        check_transfer(country=country, mechanism="")
    with pytest.raises(NoMechanism):
        check_transfer(country=country, mechanism="trust")
    check_transfer(country=country, mechanism="adequacy")
    check_transfer(country=country, mechanism="standard_clauses")


def test_another_mechanism_says_which():
    with pytest.raises(OtherWithoutWords):
        check_transfer(country="US", mechanism="other", words="  ")
    check_transfer(country="US", mechanism="other", words="Binding corporate rules")


def test_the_database_keeps_none_without_a_mechanism(as_operator, now):
    row = {"processor": uuid4(), "name": "A", "contract_on": date(2026, 1, 1), "created_at": now}
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessorVersion.objects.create(country="US", **row)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProcessorVersion.objects.create(country="US", mechanism="other", **row)


@pytest.mark.story(
    "LG-D9",
    door="page",
    fr="Un sous-traitant passe de la France aux États-Unis : sans mécanisme, la page refuse ; avec des "
    "clauses types, les établissements sont prévenus, ont sept jours ouvrés, et rien ne part avant.",
)
def test_another_country_asks_for_a_mechanism_and_for_everybody(browse, clock, now, school, nursery):
    """A sub-processor moves from France to the United States: refused without a mechanism; with standard
    clauses the tenants are told, have 7 business days, and nothing starts before.
    """
    with inside_operator():
        before = ProcessorVersion.objects.create(
            processor=uuid4(),
            name=MAILER["name"],
            registration=MAILER["registration"],
            activity=MAILER["activity"],
            categories=MAILER["categories"],
            country="FR",
            contract_on=date(2026, 11, 1),
            starts_on=date(2026, 11, 2),
            created_at=now,
        )
    head(browse, school, now)
    head(browse, nursery, now)
    refused = desk(browse, now, ROLE).post(
        page("processor_edit", before.pk), MAILER | {"country": "US", "confirm": "yes"}
    )
    assert refused.status_code == 400
    assert "Espace économique européen" in plain(refused.content.decode())
    change = announce(browse, now, before, country="US", mechanism="standard_clauses")
    told(clock)
    assert len(mails("Courrier Exemple")) == 2
    assert "États-Unis" in plain(mails("Courrier Exemple")[0].body)
    assert "26 novembre 2026" in start(browse, now, change)
    live(clock, date(2026, 11, 25))
    assert is_pending(change)
    assert "un autre pays" in read(head(browse, school, now).get(own("processors")))
    live(clock, date(2026, 11, 26))
    assert not is_pending(change)
    assert "clauses contractuelles types" in read(head(browse, school, now).get(own("processors")))
