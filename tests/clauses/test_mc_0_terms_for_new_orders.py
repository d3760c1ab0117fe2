"""MC-0: terms change for new orders only, a running subscription keeps its version.

What is signed can't be retracted.
"""

import re
from datetime import date

import pytest
from django.urls import reverse

from billing.models import QuoteVersion
from billing.orders.policy.orders import binds
from billing.subscriptions.queries.subscriptions import terms_in_force
from contracts.policy.terms import check_in_force, tells_running, version_at_renewal
from demo.factories.billing import quote_sent
from isolation.context import inside_operator
from tests.billing.support import PUBLIC, url
from tests.clauses.stage import at, desk, later, live, mails, read, subscribed, visitor

CLAUSE = "MC-0"
TODAY = date(2026, 11, 16)


def test_they_change_at_any_time_without_notice():
    details = {"published_on": TODAY, "is_substantial": True, "change": "MC-0", "notice_days": 0}
    assert check_in_force(TODAY, **details) == TODAY


@pytest.mark.parametrize(
    ("change", "renews_under"), [("MC-0", "2025"), ("LG-S30", "2026"), ("QZ-6t", "2026")]
)
def test_a_running_subscription_keeps_the_version_it_was_taken_under(change, renews_under):
    assert version_at_renewal(change, taken_under="2025", in_force="2026") == renews_under


def test_one_taken_under_none_takes_what_is_in_force():
    assert version_at_renewal("MC-0", taken_under=None, in_force="2026") == "2026"
    assert version_at_renewal("LG-S30", taken_under="2025", in_force=None) == "2025"


def test_only_those_it_will_bind_are_told():
    assert tells_running("LG-S30", is_substantial=True)
    assert not tells_running("LG-S30", is_substantial=False)
    assert not tells_running("MC-0", is_substantial=True)


def test_what_is_signed_is_the_contract():
    assert binds("signed")
    assert not any(binds(state) for state in ("draft", "sent", "expired", "withdrawn", "superseded"))


def terms_of(browse, campus):
    """Return the version of the terms a campus reads on its subscription's page."""
    page = read(visitor(browse, campus.contact).get(url("portal_subscription", campus.pk)))
    return re.search(r"Conditions de vente Version (\S+)", page)[1]


@pytest.mark.django_db
@pytest.mark.story(
    "MC-0",
    door="page",
    fr="Les conditions d’un campus changent le jour même, sans préavis : qui commande ensuite les "
    "accepte, qui est abonné garde les siennes, reconduction comprise, et n’en reçoit aucun avis. Un devis "
    "signé ne se retire plus.",
)
def test_new_terms_are_for_new_orders_and_what_runs_keeps_its_own(browse, clock, now):
    """A campus's terms change the same day, without notice: who orders next accepts them, who subscribed
    keeps theirs, renewal included, and gets no notice of them. A signed quote is taken back no more.
    """
    with inside_operator():
        first = terms_in_force("campus", "fr", on=date(2026, 11, 16))
        sent = quote_sent(now=now, product="preau-campus")
    running = subscribed(now, product="preau-campus", quantity=100, terms=first.pk)
    with inside_operator():
        signed = QuoteVersion.objects.get(order=running.order)
    for version, left in ((signed, "signed"), (sent, "withdrawn")):
        desk(browse, now).post(url("quote_withdraw", version.pk))
        with inside_operator():
            assert QuoteVersion.objects.get(pk=version.pk).state == left
    live(clock, date(2027, 3, 1))
    typed = {
        "kind": "sale",
        "profile": "campus",
        "language": "fr",
        "version": "2027-03",
        "is_substantial": "yes",
        "in_force_on": "2027-03-01",
        "text": "Un texte nouveau.",
        "confirm": "1",
    }
    writer = desk(browse, now, "operator_administrator")
    assert writer.post(reverse("tenants:publish_terms", urlconf=PUBLIC), typed).status_code == 302
    later(clock, minutes=2)
    assert mails("version 2027-03") == []
    with inside_operator():
        new = terms_in_force("campus", "fr", on=date(2027, 3, 1))
    assert new.version == "2027-03"
    newcomer = subscribed(at(date(2027, 3, 1), 13), product="preau-campus", quantity=5, terms=new.pk)
    assert terms_of(browse, newcomer) == "2027-03"
    live(clock, date(2027, 10, 12), date(2027, 11, 16))
    assert terms_of(browse, running) == first.version
