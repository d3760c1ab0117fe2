"""MC-7 at the console: misuse stops access once the product's own e-mail left; what is serious, at once."""

from datetime import timedelta

import pytest

from billing.models import Suspension
from isolation.context import inside_operator
from tenants.models import Tenant
from tests.billing.support import url
from tests.clauses.stage import desk, later, mails, read, subscribed

pytestmark = pytest.mark.django_db


def suspended(browse, now, subscription, cause, told_on=None):
    """Ask at the console for access to stop; return the answer's status and what became of the school."""
    form = {"suspend-cause": cause, "suspend-reason": "revente des accès"}
    form |= {"suspend-told_on": str(told_on)} if told_on else {}
    answer = desk(browse, now).post(url("suspend_now", subscription.pk), form)
    return answer.status_code, state_of(subscription)


def state_of(subscription):
    """Return the state of a subscription's school."""
    with inside_operator():
        return Tenant.objects.get(pk=subscription.contract.tenant_id).state


def _refuse(template, mail, *, key):
    raise OSError("the relay doesn't answer")


@pytest.mark.story(
    "MC-7",
    door="mail",
    fr="Pour un usage détourné, le campus est prévenu par un courriel du produit : tant qu’il n’est pas "
    "parti l’accès reste ouvert, parti il s’arrête, sans autre délai.",
)
def test_misuse_stops_access_once_the_products_own_email_left(browse, clock, now, monkeypatch):
    """For misuse a campus is told by the product's own e-mail: while it waits access stays, once it left
    access stops, without more delay.
    """
    campus = subscribed(now, product="preau-campus", quantity=100)
    with monkeypatch.context() as broken:
        broken.setattr("agenda.loop.rendered", _refuse)
        assert suspended(browse, now, campus, "breach") == (302, "open")
        later(clock, minutes=2)
        assert state_of(campus) == "open"
        assert "Son courriel attend de partir" in read(desk(browse, now).get(url("subscription", campus.pk)))
    later(clock, hours=2)
    later(clock, minutes=2)
    assert len(mails("l’accès s’arrêtera si rien n’est fait")) == 1
    assert state_of(campus) == "suspended"


@pytest.mark.story(
    "MC-7",
    door="page",
    fr="Une date saisie à la main ne prouve rien : tant que le produit n’a pas envoyé lui-même "
    "l’avertissement, l’accès reste ouvert.",
)
def test_a_day_typed_by_hand_is_no_warning(browse, clock, now):
    """A day typed by hand proves nothing: while the product sent no warning itself, access stays."""
    school = subscribed(now)
    long_ago = now.date() - timedelta(days=300)
    assert suspended(browse, now, school, "breach", long_ago)[1] == "open"
    later(clock, minutes=2)
    assert state_of(school) == "open"
    campus = subscribed(later(clock, minutes=2), product="preau-campus", quantity=100)
    assert suspended(browse, now, campus, "breach", long_ago)[1] == "open"
    later(clock, minutes=2)
    later(clock, minutes=2)
    assert state_of(campus) == "suspended"


@pytest.mark.story(
    "MC-7",
    door="page",
    fr="L’accès du campus est arrêté, puis le courriel d’avertissement revient : l’accès est rendu aussitôt "
    "et ne s’arrête qu’après un nouveau courriel.",
)
def test_a_bounce_known_after_access_stopped_gives_it_back(browse, clock, now):
    """Access of a campus is stopped, then the e-mail that warned bounces: access is back at once and stops
    only after a new e-mail.
    """
    campus = subscribed(now, product="preau-campus", quantity=100)
    suspended(browse, now, campus, "breach")
    later(clock, minutes=2)
    later(clock, minutes=2)
    assert state_of(campus) == "suspended"
    with inside_operator():
        told = Suspension.objects.get()
    assert desk(browse, now).post(url("suspension_bounce", told.pk)).status_code == 302
    assert state_of(campus) == "open"
    later(clock, minutes=2)
    assert state_of(campus) == "open"
    assert suspended(browse, now, campus, "breach") == (302, "open")
    later(clock, minutes=2)
    later(clock, minutes=2)
    assert len(mails("l’accès s’arrêtera si rien n’est fait")) == 2
    assert state_of(campus) == "suspended"
