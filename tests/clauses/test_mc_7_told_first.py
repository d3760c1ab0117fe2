"""MC-7 at the console: misuse stops access only once an e-mail said so; what is serious stops it at once."""

from datetime import timedelta

import pytest

from isolation.context import inside_operator
from tenants.models import Tenant
from tests.billing.support import url
from tests.clauses.stage import desk, subscribed

pytestmark = pytest.mark.django_db


def suspended(browse, now, subscription, cause, told_on=None):
    """Ask at the console for access to stop; return the answer's status and what became of the school."""
    form = {"suspend-cause": cause, "suspend-reason": "revente des accès"}
    form |= {"suspend-told_on": str(told_on)} if told_on else {}
    answer = desk(browse, now).post(url("suspend_now", subscription.pk), form)
    with inside_operator():
        return answer.status_code, Tenant.objects.get(pk=subscription.contract.tenant_id).state


@pytest.mark.story(
    "MC-7",
    "LG-S19",
    door="page",
    fr="Pour un usage détourné, l’accès ne s’arrête pas tant qu’aucun courriel ne l’a dit, ni la veille "
    "du jour qu’il porte ; prévenu, l’établissement est fermé.",
)
def test_misuse_stops_nothing_before_an_email_said_so(browse, now):
    """For misuse access doesn't stop while no e-mail said so, nor before its day; once told, it does."""
    subscription = subscribed(now)
    today = now.date()
    status, state = suspended(browse, now, subscription, "breach")
    assert (status < 500, state) == (True, "open")
    assert suspended(browse, now, subscription, "breach", today + timedelta(days=1))[1] == "open"
    assert suspended(browse, now, subscription, "breach", today) == (302, "suspended")


@pytest.mark.story(
    "MC-7",
    door="page",
    fr="Une date saisie à la main ne prouve rien : tant que le produit n’a pas envoyé lui-même "
    "l’avertissement, l’accès reste ouvert.",
)
@pytest.mark.xfail(
    strict=True,
    reason="billing.subscriptions.forms.subscriptions:SuspendForm takes a day typed by hand for the warning",
)
def test_a_day_typed_by_hand_is_no_warning(browse, now):
    """A day typed by hand proves nothing: while the product sent no warning itself, access stays."""
    subscription = subscribed(now)
    long_ago = now.date() - timedelta(days=300)
    assert suspended(browse, now, subscription, "breach", long_ago)[1] == "open"
