"""LG-S19 at the console: what is serious stops access at once, is written down, and is lifted."""

import pytest

from isolation.context import inside_operator
from tenants.models import Tenant
from tests.billing.support import url
from tests.clauses.stage import desk, subscribed
from tests.clauses.test_mc_7_told_first import suspended

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
