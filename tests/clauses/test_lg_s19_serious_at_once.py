"""LG-S19 at the console: what is serious stops access at once, is written down, and is lifted."""

from datetime import date

import pytest

from isolation.context import inside_operator
from tenants.models import Tenant
from tests.billing.support import url
from tests.clauses.stage import desk, later, live, read, subscribed
from tests.clauses.test_mc_7_told_first import state_of, suspended

pytestmark = pytest.mark.django_db


@pytest.mark.story(
    "LG-S19",
    door="page",
    fr="Un manquement grave, lui, ferme l’accès sur-le-champ, sans courriel préalable ; la suspension "
    "est écrite et se lève d’un geste.",
)
def test_what_is_serious_stops_access_at_once(browse, now):
    """A serious breach closes access at once, without an e-mail before; it is written down, and lifted."""
    subscription = subscribed(now)
    assert suspended(browse, now, subscription, "serious_breach") == (302, "suspended")
    with inside_operator():
        stop = subscription.customer.suspensions.get()
    assert stop.at_once
    desk(browse, now).post(url("suspension_lift", stop.pk))
    with inside_operator():
        assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "open"


@pytest.mark.story(
    "LG-S19",
    door="agenda",
    fr="Une école qui manque au contrat est prévenue par un courriel du produit ; l’accès ne s’arrête "
    "qu’après huit jours ouvrés sans effet, et pas du tout si le manquement a cessé entre-temps.",
)
@pytest.mark.parametrize(("remedied", "becomes"), [(False, "suspended"), (True, "open")])
def test_a_breach_stops_access_after_eight_business_days(browse, clock, now, remedied, becomes):
    """A school in breach is told by the product's own e-mail; access stops only after eight business days
    without effect, and not at all once it was remedied.
    """
    school = subscribed(now)
    assert suspended(browse, now, school, "breach") == (302, "open")
    later(clock, minutes=2)
    live(clock, date(2026, 11, 20))
    with inside_operator():
        notice = school.customer.suspensions.get()
    if remedied:
        answer = desk(browse, now).post(url("suspension_lift", notice.pk), follow=True)
        assert "rien n’avait été fermé" in read(answer)
    live(clock, date(2026, 11, 26), hour=20)  # the eighth business day after Monday 16 November
    assert state_of(school) == "open"
    live(clock, date(2026, 11, 27))
    assert state_of(school) == becomes


@pytest.mark.story(
    "LG-S19",
    "LG-S20.3s",
    door="page",
    fr="Une école déjà suspendue pour un manquement en commet un grave : il est écrit aussi, lever le "
    "premier ne rouvre rien, et la résiliation est possible sur-le-champ.",
)
def test_a_serious_breach_of_who_is_suspended_already_is_one_cause_more(browse, clock, now):
    """A school suspended for a breach commits a serious one: it is written down too, to lift the first opens
    nothing, and the subscription may be terminated at once.
    """
    school = subscribed(now)
    suspended(browse, now, school, "breach")
    later(clock, minutes=2)
    live(clock, date(2026, 11, 26), date(2026, 11, 27))
    assert state_of(school) == "suspended"
    with inside_operator():
        first = school.customer.suspensions.get()
    end = url("end_suspended", school.pk)
    desk(browse, now).post(end)
    assert state_of(school) == "suspended"  # fifteen days for the first
    assert suspended(browse, now, school, "serious_breach") == (302, "suspended")
    desk(browse, now).post(url("suspension_lift", first.pk))
    assert state_of(school) == "suspended"
    desk(browse, now).post(end)
    assert state_of(school) == "ended"
