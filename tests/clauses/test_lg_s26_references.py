"""LG-S26: a professional customer's name and logo can be marked as a usable reference."""

from datetime import date

import pytest
from django.urls import reverse

from billing.customers.policy.reference import NotAReference, check_reference, may_be_named
from demo.factories.billing import CustomerFactory
from isolation.context import inside_operator
from tests.billing.support import PUBLIC, url
from tests.clauses.stage import at, desk, read

CLAUSE = "LG-S26"
SPRING = date(2026, 4, 1)
AUTUMN = date(2026, 10, 1)


@pytest.mark.parametrize("client", ["professional", "public_body"])
def test_a_professional_is_named_from_their_word_until_they_take_it_back(client):
    check_reference(client)
    details = {"agreed_on": SPRING, "revoked_on": AUTUMN}
    days = [date(2026, 3, 31), SPRING, date(2026, 9, 30), AUTUMN]
    assert [may_be_named(client, on=day, **details) for day in days] == [False, True, True, False]
    assert may_be_named(client, agreed_on=SPRING, revoked_on=None, on=date(2036, 1, 1))


def test_a_consumer_is_never_named():
    with pytest.raises(NotAReference):
        check_reference("consumer")
    assert not may_be_named("consumer", agreed_on=SPRING, revoked_on=None, on=AUTUMN)


@pytest.mark.django_db
@pytest.mark.story(
    "LG-S26",
    door="page",
    fr="Une école donne son accord : l’accueil la nomme le jour même ; elle le retire, et n’y est plus. Une "
    "famille n’est jamais nommée, même si quelqu’un l’écrit.",
)
def test_a_school_is_named_on_its_word_and_no_longer_once_it_takes_it_back(browse, clock, now):
    """A school gives its word: the home page names it that day; it takes it back and is there no more. A
    family is never named, even if somebody writes it down.
    """
    with inside_operator():
        school = CustomerFactory(name="École des Tilleuls")
        family = CustomerFactory(name="Famille Ferrand", customer_type="consumer")
    home = reverse("website:home", urlconf=PUBLIC)
    clock.move_to(at(date(2026, 11, 16)))
    finance = desk(browse, now)
    for customer, name in ((school, "École des Tilleuls"), (family, "Famille Ferrand")):
        typed = {"name": name, "agreed_on": "2026-11-16", "word": "Courriel de la directrice"}
        assert finance.post(url("reference", customer.pk), typed).status_code == 302
    shown = read(browse(None).get(home))
    assert "École des Tilleuls" in shown
    assert "Famille Ferrand" not in shown
    clock.move_to(at(date(2026, 12, 1)))
    assert desk(browse, now).post(url("reference_revoke", school.pk)).status_code == 302
    assert "École des Tilleuls" not in read(browse(None).get(home))
