"""A breach speaks in the name of who runs this installation, whoever that is."""

from datetime import timedelta

import pytest

from billing.money.gateways.seller import seller
from demo.factories.people import person_with
from dpa.actions.record_breach import BreachFacts, record_breach, scope_breach
from dpa.actions.send_breach_notice import send_breach_notice
from dpa.models import BreachResponse
from dpa.queries.breach_mails import to_controller, told_in
from dpa.queries.breach_texts import authority_draft
from isolation.context import inside, inside_operator

pytestmark = pytest.mark.django_db


@pytest.fixture
def other_house(tmp_path, monkeypatch):
    """Return the name in the file of another house that runs the product."""
    from billing.money.gateways.seller import FILE

    mine = tmp_path / "seller.toml"
    mine.write_text(FILE.read_text().replace('name = "Préau Éditions"', 'name = "Maison des Écoles"'))
    monkeypatch.setenv("PREAU_SELLER", str(mine))
    seller.cache_clear()
    yield seller()["name"]
    seller.cache_clear()


def test_the_notice_and_the_draft_name_the_house_of_the_installation(school, now, other_house):
    with inside(school):
        person_with("administrator", now=now, email="direction@ecole.example")
    with inside_operator():
        facts = BreachFacts(
            now, now - timedelta(days=1), None, "Une copie", "Sauvegardes", ["confidentiality"]
        )
        breach = record_breach(facts=facts, is_drill=False, by=None, now=now)
        (one,) = scope_breach(
            breach=breach,
            tenant_ids=[school.pk],
            categories=["identification"],
            account_id=None,
            by=None,
            now=now,
        )
        notice = send_breach_notice(affected=one, by=None, now=now)
        told = told_in(notice)
        mail = to_controller(notice.deliveries.get())
    draft = authority_draft(
        told, BreachResponse(breach_id=breach.pk), controller="École", clock=None, now=now, language="fr"
    )
    assert draft["processor"].startswith(other_house)
    assert mail.context["operator"] == other_house
