"""LG-S20.3e: what was ordered and had not begun when a contract ends is asked of nobody, and given back."""

from datetime import date

import pytest

from billing.models import Invoice, Order, QuoteVersion, Refund, Subscription
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, ended_for_breach, live, paid, read, sign, subscribed, visitor
from tests.clauses.test_lg_s5_2d_amendments_and_specific_terms import amendment, licences
from tests.clauses.test_lg_s20_3m_force_majeure import begin

CLAUSE = "LG-S20.3e"


def renewal_signed(browse, clock, now, school):
    """Return the order of a renewal that its client signed."""
    live(clock, date(2027, 10, 12), date(2027, 10, 18))
    prepared = desk(browse, now).post(url("renewal_prepare", school.pk))
    desk(browse, now).post(f"{prepared.url}send/")
    (version,) = rows_of(QuoteVersion.objects.filter(state="sent"))
    sign(visitor(browse, school.contact), version)
    return rows_of(Order.objects.filter(version=version).select_related("contact"))[0]


def balance(order):
    """Return what the invoices of an order ask once its credit notes are taken off, in cents."""
    rows = rows_of(Invoice.objects.filter(order=order))
    return sum(-each.gross_cents if each.is_credit_note else each.gross_cents for each in rows)


def state(order):
    """Return the state of an order."""
    return rows_of(Order.objects.filter(pk=order.pk))[0].state


@pytest.mark.story(
    "LG-S20.3e",
    "LG-S20.3m",
    door="page",
    fr="Le renouvellement est payé quand le contrat finit pour un événement qui dure : rien de l’année "
    "suivante ne sera servi, tout en est rendu.",
)
def test_a_paid_renewal_that_never_begins_is_given_back(browse, clock, now):
    """The renewal is paid when the contract ends for an event that lasts: nothing of the next year will be
    served, all of it is given back.
    """
    school = subscribed(now, renewal="fixed")
    order = renewal_signed(browse, clock, now, school)
    begin(browse, now, school, date(2027, 10, 1), "service")
    paid(order, live(clock, date(2027, 10, 20)))
    live(clock, date(2027, 11, 5))
    with inside_operator():
        event = school.events.get()
    assert desk(browse, now).post(url("force_majeure_terminate", event.pk)).status_code == 302
    assert (balance(order), state(order)) == (0, "cancelled")
    back = sum(each.amount_cents for each in rows_of(Refund.objects))
    assert back > 128_184  # the renewal, and the days of this term that weren't served


@pytest.mark.story(
    "LG-S20.3e",
    "LG-S20.1",
    door="page",
    fr="Signé et pas encore payé, le renouvellement d’une école résiliée pour manquement n’est plus dû ; "
    "payé quand même, il n’ouvre rien et reste au client.",
)
def test_an_unpaid_renewal_of_who_was_ended_for_a_breach_is_void(browse, clock, now):
    """Signed and not paid yet, the renewal of a school ended for a breach is owed no more; paid all the same
    it opens nothing and stays the client's.
    """
    school = subscribed(now, renewal="fixed")
    contact = school.contact
    order = renewal_signed(browse, clock, now, school)
    days = (date(2027, 10, 18), date(2027, 10, 19), date(2027, 11, 5))
    ended_for_breach(browse, clock, now, school, *days)
    assert (balance(order), state(order)) == (0, "cancelled")
    live(clock, date(2027, 11, 6), date(2027, 11, 8))
    assert "échue" not in read(visitor(browse, contact).get(url("portal_invoices")))
    assert len(rows_of(Subscription.objects)) == 1


@pytest.mark.story(
    "LG-S20.3e",
    "LG-S20.3m",
    "LG-S15",
    door="page",
    fr="Des licences signées et pas encore payées ne sont plus dues quand un événement finit le contrat ; le "
    "manquement de l’école les laisse dues.",
)
@pytest.mark.parametrize("for_event", [True, False])
def test_licences_that_never_came_fall_with_a_contract_an_event_ends(browse, clock, now, for_event):
    """Licences that were signed for and not paid yet are owed no more when an event ends the contract; the
    school's own breach leaves them owed.
    """
    school = subscribed(now)
    version = amendment(school.contract, now, 12)
    sign(visitor(browse, school.contact), version)
    (order,) = rows_of(Order.objects.filter(version=version))
    if for_event:
        begin(browse, now, school, date(2026, 11, 16), "service")
        live(clock, date(2026, 12, 18))
        with inside_operator():
            event = school.events.get()
        assert desk(browse, now).post(url("force_majeure_terminate", event.pk)).status_code == 302
    else:
        days = (date(2026, 11, 16), date(2026, 11, 18), date(2026, 12, 4))
        ended_for_breach(browse, clock, now, school, *days)
    assert (balance(order) == 0, state(order) == "cancelled") == (for_event, for_event)
    assert licences(school.contract) == 218


@pytest.mark.story(
    "LG-S20.3e",
    "LG-S15",
    door="agenda",
    fr="Un avenant payé en partie à la fin du terme qu’il complétait est annulé, et cette partie rendue.",
)
def test_an_amendment_paid_in_part_falls_with_its_term(browse, clock, now):
    """An amendment paid in part when the term it added to ends is cancelled, and that part given back."""
    school = subscribed(now)
    version = amendment(school.contract, now, 100)
    sign(visitor(browse, school.contact), version)
    (order,) = rows_of(Order.objects.filter(version=version))
    (invoice,) = rows_of(Invoice.objects.filter(order=order))
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": "10,00"}
    money |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    live(clock, date(2026, 11, 17), date(2027, 10, 12), date(2027, 11, 16), date(2027, 11, 17))
    assert (balance(order), state(order)) == (0, "cancelled")
    assert [each.amount_cents for each in rows_of(Refund.objects)] == [1000]


@pytest.mark.story(
    "LG-S20.3e",
    "LG-S20.3m",
    door="page",
    fr="Deux événements durent, l’un commencé aujourd’hui : le client résilie par son bouton, l’éditeur par "
    "le sien, et chacun compte depuis le premier.",
)
@pytest.mark.parametrize("second", [date(2026, 12, 20), date(2027, 1, 2)])
def test_of_two_events_either_side_ends_by_the_first(browse, clock, now, second):
    """Two events last, one of them since today: the client ends by their button, the operator by its own, and
    each counts from the first.
    """
    school = subscribed(now)
    contact = school.contact
    live(clock, date(2026, 12, 1))
    begin(browse, now, school, date(2026, 12, 1), "service")
    live(clock, second)
    begin(browse, now, school, second, "payment")
    live(clock, date(2027, 1, 2))
    if second == date(2027, 1, 2):
        with inside_operator():
            first = school.events.get(started_on=date(2026, 12, 1))
        answer = desk(browse, now).post(url("force_majeure_terminate", first.pk))
    else:
        answer = visitor(browse, contact).post(url("portal_force_majeure_terminate", school.pk))
    assert answer.status_code == 302
    with inside_operator():
        school.refresh_from_db()
    assert (str(school.ended_on), school.end_reason) == ("2027-01-02", "force_majeure")
