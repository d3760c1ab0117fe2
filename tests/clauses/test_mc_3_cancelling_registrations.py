"""MC-3: cancelling all registrations ends the contract at term; its data is kept 180 days, then destroyed."""

from datetime import date

import pytest

from billing.models import Invoice, Order, Refund
from billing.subscriptions.policy.termination import registrations_end_on
from isolation.context import inside_operator
from tenants.models import Tenant
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, live, mails, paid, read, subscribed, visitor

CLAUSE = "MC-3"
TERM_ENDS = date(2027, 11, 16)


@pytest.mark.parametrize(
    ("today", "may_end", "ends_on"),
    [
        (date(2027, 3, 1), True, TERM_ENDS),
        (date(2027, 11, 15), True, TERM_ENDS),
        (TERM_ENDS, True, None),
        (date(2027, 3, 1), False, None),
    ],
)
def test_at_the_end_of_what_is_paid(today, may_end, ends_on):
    assert registrations_end_on(TERM_ENDS, today=today, may_end=may_end) == ends_on


def state_of(subscription):
    """Return the state of a subscription's platform, None once it is gone."""
    with inside_operator():
        found = Tenant.objects.filter(pk=subscription.contract.tenant_id).first()
    return found.state if found else None


@pytest.mark.story(
    "MC-3",
    door="page",
    fr="Un campus à durée ferme annule toutes ses inscriptions en mars : rien n’est remboursé, l’accès dure "
    "jusqu’au terme payé, puis s’arrête sans reconduction ; les données restent 180 jours, et sont détruites "
    "le 181e. Une école, elle, ne trouve pas cette page.",
)
@pytest.mark.parametrize("renewal", ["fixed", "automatic"])
def test_cancelling_all_registrations_ends_it_at_term(browse, clock, now, renewal):
    """A campus cancels all its registrations in March: nothing is refunded, access lasts to the end of what
    is paid, then stops without renewal; the data stays 180 days and is destroyed on the 181st.
    """
    campus = subscribed(now, product="preau-campus", quantity=100, renewal=renewal)
    live(clock, date(2027, 3, 1))
    home = visitor(browse, campus.contact)
    page = url("portal_registrations", campus.pk)
    told = read(home.get(page))
    assert "16 novembre 2027" in told
    assert "14 mai 2028" in told
    assert home.post(page).status_code == 302
    live(clock, date(2027, 3, 2), date(2027, 10, 12), date(2027, 11, 15))
    assert len(mails("résiliation")) == 1
    assert state_of(campus) == Tenant.State.OPEN
    live(clock, date(2027, 11, 16))
    assert state_of(campus) == Tenant.State.ENDED
    assert len(rows_of(Invoice.objects.filter(customer=campus.customer_id))) == 1
    assert rows_of(Refund.objects.all()) == []
    live(clock, date(2028, 5, 13))
    assert state_of(campus) == Tenant.State.ENDED
    live(clock, date(2028, 5, 14), date(2028, 5, 15))
    assert state_of(campus) in {None, Tenant.State.ERASED}


@pytest.mark.story(
    "MC-3",
    door="page",
    fr="Une école, dont le contrat ne finit pas ainsi, ne trouve pas d’inscriptions à annuler : rien ne "
    "change pour elle.",
)
def test_a_school_ends_by_its_own_clauses(browse, clock, now):
    """A school, whose contract doesn't end that way, finds no registrations to cancel: nothing changes."""
    school = subscribed(now)
    live(clock, date(2027, 3, 1))
    home = visitor(browse, school.contact)
    page = url("portal_registrations", school.pk)
    assert "16 novembre 2027" not in read(home.get(page))
    home.post(page)
    assert "Annuler toutes les inscriptions" not in read(home.get(url("portal_subscription", school.pk)))
    live(clock, date(2027, 10, 12), date(2027, 11, 16))
    assert state_of(school) == Tenant.State.OPEN


def test_a_term_that_is_paid_already_is_kept_to_its_end():
    paid_until = date(2028, 11, 16)
    kept = {"today": date(2027, 11, 10), "paid_until": paid_until}
    assert registrations_end_on(TERM_ENDS, may_end=True, **kept) == paid_until
    assert registrations_end_on(TERM_ENDS, may_end=False, **kept) is None


@pytest.mark.story(
    "MC-3",
    door="page",
    fr="Le campus a déjà payé sa reconduction quand il annule toutes ses inscriptions : l’accès dure "
    "jusqu’au bout de ce qui est payé, un an plus tard.",
)
def test_cancelled_once_the_next_term_is_paid_it_lasts_to_its_end(browse, clock, now):
    """The campus has paid its renewal already when it cancels all its registrations: access lasts to the end
    of what is paid, a year later.
    """
    campus = subscribed(now, product="preau-campus", quantity=100, renewal="fixed")
    contact = campus.contact
    with inside_operator():
        Order.objects.filter(pk=campus.order_id).update(version=None)  # taken online, not quoted
    live(clock, date(2027, 10, 12), date(2027, 10, 20))
    again = {"quantity": "100", "method": "transfer", "terms": "on"}
    assert visitor(browse, contact).post(url("portal_renew", campus.pk), again).status_code == 302
    with inside_operator():
        order = Order.objects.latest("confirmed_at")
    paid(order, at(date(2027, 10, 22)))
    live(clock, date(2027, 11, 10))
    home = visitor(browse, contact)
    page = url("portal_registrations", campus.pk)
    assert "16 novembre 2028" in read(home.get(page))
    assert home.post(page).status_code == 302
    live(clock, date(2027, 11, 16), date(2028, 11, 15))
    assert state_of(campus) == Tenant.State.OPEN
    live(clock, date(2028, 11, 16))
    assert state_of(campus) == Tenant.State.ENDED
