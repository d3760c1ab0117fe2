"""A payment method the client saved: renewals are charged on it, it is revoked or replaced, and no digit is
ours.
"""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test import Client

from agenda.models import OutboxMessage
from billing.invoicing.queries.balances import balance_of
from billing.models import Checkout, Invoice, MethodSetup, Payment, SavedMethod
from billing.money.policy.days import day_starts_at, paris_day
from billing.payments.actions.revoke_method import RevokedAlready, revoke_method
from billing.workflows.actions.charge_saved_method import charge_saved_method
from billing.workflows.actions.end_term import end_term
from isolation.context import inside_operator
from tests.billing.online import GOOD_CARD, address_of, look, order_placed, provider_at
from tests.billing.support import buyer, rows_of, url
from tests.clauses.stage import desk, mails, plain

pytestmark = pytest.mark.django_db
LATER_REFUSED = "4000 0000 0000 0341"


@pytest.fixture
def provider(settings):
    """The provider's stand-in."""
    with provider_at(settings) as found:
        yield found


@pytest.fixture
def door():
    """Where the provider posts."""
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def running(provider, door, now):
    """A yearly subscription that was bought online and paid at once; no method is saved."""
    from billing.orders.actions.start_order_checkout import start_order_checkout

    with inside_operator():
        order = order_placed(now=now)
        address = start_order_checkout(order_id=order.pk, contact=order.contact, now=now)
    provider.card(address)
    heard(provider, door, now)
    with inside_operator():
        subscription = order.subscriptions.select_related("contact__customer", "contract").get()
        assert subscription.contact.customer.pk == subscription.customer_id  # read here
        return subscription


def heard(provider, door, now):
    """Let the provider's messages come in and be looked into."""
    assert set(provider.hand_over(door)) <= {200}
    look(now)


def save(provider, door, browse, subscription, now, number=GOOD_CARD):
    """Leave a card from the portal."""
    visitor = buyer(browse, subscription.contact)
    address = address_of(visitor.post(url("portal_method_new")))
    assert provider.card(address, number)[0] == 303
    heard(provider, door, now)
    return visitor


def renew(subscription, clock, *, looking=True):
    """Let the first term end, and return the renewal's invoice."""
    with inside_operator():
        ends_on = subscription.term.ends_on
        moment = day_starts_at(ends_on) + timedelta(minutes=1)
    clock.move_to(moment)
    with inside_operator():
        end_term(subscription_id=subscription.pk, ends_on=ends_on, now=moment, today=ends_on)
    if looking:
        look(moment)
    with inside_operator():
        return Invoice.objects.order_by("-created_at")[0], moment


def test_a_renewal_is_charged_on_it_on_its_due_day(provider, door, running, now, browse, clock):
    save(provider, door, browse, running, now)
    invoice, moment = renew(running, clock)
    heard(provider, door, moment)
    with inside_operator():
        assert balance_of(invoice.pk) == 0
        assert Checkout.objects.get(invoice=invoice).method == SavedMethod.objects.get()
        assert [row.state for row in Payment.objects.all()] == ["credited", "credited"]


@pytest.mark.story(
    "LG-S6.3d",
    door="page",
    fr="Un renouvellement à prélever sur la carte gardée reçoit un report par écrit : la carte est débitée "
    "au nouveau jour, non à l’ancien.",
)
def test_more_time_in_writing_puts_the_charge_off(provider, door, running, now, browse, clock):
    """A renewal that will be charged on the saved card gets more time in writing: the card is charged on the
    new day, not on the old one.
    """
    save(provider, door, browse, running, now)
    invoice, moment = renew(running, clock, looking=False)
    until = paris_day(moment) + timedelta(days=20)
    form = {"new_due_on": str(until), "document": "Lettre du jour"}
    assert desk(browse, moment).post(url("invoice_extension", invoice.pk), form).status_code == 302
    for days, left in ((0, invoice.gross_cents), (19, invoice.gross_cents), (20, 0)):
        then = moment + timedelta(days=days)
        clock.move_to(then)
        heard(provider, door, then)
        with inside_operator():
            assert balance_of(invoice.pk) == left, days


@pytest.mark.story(
    "LG-S6.2k",
    "LG-S5.2x",
    door="page",
    fr="Le client conteste la facture qui sera prélevée : sa carte n’est pas débitée tant que le litige "
    "dure, et l’est dans la semaine où il est réglé.",
)
def test_no_card_is_charged_for_what_its_client_contests(provider, door, running, now, browse, clock):
    """The client contests the invoice that will be charged: their card isn't while the dispute lasts, and is
    within the week it is settled.
    """
    save(provider, door, browse, running, now)
    invoice, moment = renew(running, clock, looking=False)
    told = {"dispute-reason": "Une classe a fermé"}
    assert desk(browse, moment).post(url("dispute_open", invoice.pk), told).status_code == 302
    for days in (0, 1, 8, 15):
        then = moment + timedelta(days=days)
        clock.move_to(then)
        heard(provider, door, then)
        with inside_operator():
            assert balance_of(invoice.pk) == invoice.gross_cents, days
    settled = {"dispute-reason": "Maintenue"}
    assert desk(browse, then).post(url("dispute_close", invoice.pk), settled).status_code == 302
    for days in (16, 22, 23):
        then = moment + timedelta(days=days)
        clock.move_to(then)
        heard(provider, door, then)
    with inside_operator():
        assert balance_of(invoice.pk) == 0


@pytest.mark.story(
    "LG-S20.3m",
    door="page",
    fr="Un événement suspend le paiement quand vient le renouvellement : la carte gardée n’est pas débitée "
    "tant qu’il dure, et l’est quand il est passé.",
)
def test_no_card_is_charged_while_an_event_suspends_the_payment(provider, door, running, now, browse, clock):
    """An event suspends the payment when the renewal comes: the saved card isn't charged while it lasts, and
    is once it is over.
    """
    save(provider, door, browse, running, now)
    with inside_operator():
        ends_on = running.term.ends_on
    before = day_starts_at(ends_on) - timedelta(days=5)
    clock.move_to(before)
    form = {"event-on": str(paris_day(before)), "event-reason": "inondation", "event-suspends": ["payment"]}
    assert desk(browse, before).post(url("force_majeure_start", running.pk), form).status_code == 302
    invoice, moment = renew(running, clock)
    for days in (0, 8, 16):
        then = moment + timedelta(days=days)
        clock.move_to(then)
        heard(provider, door, then)
        with inside_operator():
            assert balance_of(invoice.pk) == invoice.gross_cents, days
            event = running.events.get()
    over = {"end-on": str(paris_day(then))}
    assert desk(browse, then).post(url("force_majeure_end", event.pk), over).status_code == 302
    for days in (17, 24, 25):
        then = moment + timedelta(days=days)
        clock.move_to(then)
        heard(provider, door, then)
    with inside_operator():
        assert balance_of(invoice.pk) == 0


@pytest.mark.story(
    "LG-S6.3d",
    "LG-S20.3m",
    door="agenda",
    fr="Un délai écrit et un événement se croisent sur un renouvellement prélevé : la carte gardée est "
    "débitée au jour qui vaut à la fin, dans un ordre comme dans l’autre.",
)
@pytest.mark.parametrize("extended_first", [True, False])
def test_more_time_and_an_event_meet_and_the_card_is_charged_on_the_last_day(
    provider, door, running, now, browse, clock, extended_first
):
    """More time in writing and an event meet on a renewal that is charged: the saved card is charged on the
    day that holds in the end, in either order.
    """
    save(provider, door, browse, running, now)
    invoice, moment = renew(running, clock, looking=False)
    until = paris_day(moment) + timedelta(days=30)

    def extend(then):
        form = {"new_due_on": str(until), "document": "Lettre du jour"}
        assert desk(browse, then).post(url("invoice_extension", invoice.pk), form).status_code == 302

    if extended_first:
        extend(moment)
    form = {"event-on": str(paris_day(moment)), "event-reason": "inondation", "event-suspends": ["payment"]}
    assert desk(browse, moment).post(url("force_majeure_start", running.pk), form).status_code == 302
    if not extended_first:
        extend(moment)
    then = moment + timedelta(days=9)
    clock.move_to(then)
    heard(provider, door, then)
    with inside_operator():
        event = running.events.get()
    over = {"end-on": str(paris_day(then))}
    assert desk(browse, then).post(url("force_majeure_end", event.pk), over).status_code == 302
    for days, left in ((10, invoice.gross_cents), (29, invoice.gross_cents), (30, 0), (31, 0)):
        then = moment + timedelta(days=days)
        clock.move_to(then)
        heard(provider, door, then)
        with inside_operator():
            assert balance_of(invoice.pk) == left, days


def test_a_refused_renewal_gets_a_link_once(provider, door, running, now, browse, clock):
    save(provider, door, browse, running, now, LATER_REFUSED)
    invoice, moment = renew(running, clock)
    heard(provider, door, moment)
    with inside_operator():
        assert balance_of(invoice.pk) == invoice.gross_cents
        details = {"invoice_id": invoice.pk, "now": moment, "today": paris_day(moment)}
        assert charge_saved_method(**details) == "refused"
        assert OutboxMessage.objects.filter(template="billing/charge_refused").count() == 1
    assert (
        len(provider.book.of_intent("charge", rows_of(Checkout.objects.filter(invoice=invoice))[0].intent_id))
        == 1
    )


def test_without_a_method_a_renewal_is_invoiced_as_before(provider, door, running, now, clock):
    invoice, _ = renew(running, clock)
    with inside_operator():
        assert balance_of(invoice.pk) == invoice.gross_cents
        assert not Checkout.objects.filter(invoice=invoice).exists()


class _Killed(Exception):
    """Takes back what we wrote after the provider heard us."""


def test_killed_after_the_provider_heard_us_it_is_charged_once(provider, door, running, now, browse, clock):
    save(provider, door, browse, running, now)
    invoice, moment = renew(running, clock, looking=False)
    details = {"invoice_id": invoice.pk, "now": moment, "today": paris_day(moment)}
    with inside_operator():
        charge_and_be_killed(details)
        assert balance_of(invoice.pk) == invoice.gross_cents
        assert charge_saved_method(**details) == "paid"
        assert balance_of(invoice.pk) == 0
    heard(provider, door, moment)
    charged(provider, 2)


def test_killed_there_the_providers_message_finds_it_first(provider, door, running, now, browse, clock):
    save(provider, door, browse, running, now)
    invoice, moment = renew(running, clock, looking=False)
    details = {"invoice_id": invoice.pk, "now": moment, "today": paris_day(moment)}
    with inside_operator():
        charge_and_be_killed(details)
    heard(provider, door, moment)
    with inside_operator():
        assert balance_of(invoice.pk) == 0
        assert charge_saved_method(**details) == "nothing"
    charged(provider, 2)


def charge_and_be_killed(told):
    """Charge, and lose what we wrote of it."""
    try:
        with transaction.atomic():
            assert charge_saved_method(**told) == "paid"
            raise _Killed
    except _Killed:
        return


def charged(provider, count):
    """Check how many payments there are: the order's, and one for the renewal."""
    assert len([row for row in provider.book.rows.values() if row["object"] == "payment_intent"]) == count
    assert len(rows_of(Payment.objects)) == count


def test_paid_meanwhile_nothing_is_charged(provider, door, running, now, browse, clock):
    save(provider, door, browse, running, now)
    invoice, moment = renew(running, clock)
    heard(provider, door, moment)
    with inside_operator():
        assert charge_saved_method(invoice_id=invoice.pk, now=moment, today=paris_day(moment)) == "nothing"


def test_another_one_takes_its_place_and_the_first_is_forgotten(provider, door, running, now, browse):
    visitor = save(provider, door, browse, running, now)
    (first,) = rows_of(SavedMethod.objects)
    provider.debit(address_of(visitor.post(url("portal_method_new"))))
    heard(provider, door, now)
    look(now + timedelta(minutes=5))
    second, before = rows_of(SavedMethod.objects.order_by("revoked_at"))[::-1]
    if second.revoked_at:
        second, before = before, second
    assert (second.kind, before.pk, before.detached_at is not None) == ("debit", first.pk, True)
    assert second.provider_customer_id == first.provider_customer_id
    assert provider.book.get(first.provider_method_id)["customer"] is None
    page = visitor.get(url("portal_method")).content.decode()
    assert "Prélèvement SEPA" in page
    assert "2606" not in page


def test_it_is_revoked_in_the_portal_and_forgotten_at_the_provider(provider, door, running, now, browse):
    visitor = save(provider, door, browse, running, now)
    (method,) = rows_of(SavedMethod.objects)
    assert "Carte" in visitor.get(url("portal_method")).content.decode()
    assert "plus rien n’y est débité" in visitor.get(url("portal_method_revoke")).content.decode()
    assert visitor.post(url("portal_method_revoke")).status_code == 302
    look(now)
    assert provider.book.get(method.provider_method_id)["customer"] is None
    assert rows_of(SavedMethod.objects)[0].detached_at is not None
    assert visitor.post(url("portal_method_revoke")).status_code == 302  # nothing is saved any more
    with pytest.raises(RevokedAlready), inside_operator():
        revoke_method(method_id=method.pk, by=None, now=now)


def test_another_client_sees_nothing_of_it(provider, door, running, now, browse):
    save(provider, door, browse, running, now)
    with inside_operator():
        stranger = order_placed(now=now).contact
        assert stranger.customer_id != running.customer_id
    visitor = buyer(browse, stranger)
    assert "Aucun moyen de paiement" in visitor.get(url("portal_method")).content.decode()
    (setup,) = rows_of(MethodSetup.objects)
    assert visitor.get(url("portal_method_saved", setup.pk)).status_code == 404
    assert (
        visitor.post(url("portal_method_new")).status_code == 302
    )  # nothing that runs would be charged on it


def test_no_digit_of_it_is_kept_anywhere(provider, door, running, now, browse):
    save(provider, door, browse, running, now)
    with inside_operator(), connection.cursor() as cursor:
        for model in (SavedMethod, MethodSetup, Checkout):
            cursor.execute(f"SELECT row_to_json(t)::text FROM {model._meta.db_table} t")
            assert not [text for (text,) in cursor.fetchall() if "4242" in text]


@pytest.mark.parametrize(
    ("is_saved", "said"),
    [
        (True, "Il ne reste rien à payer de la facture jointe"),
        (False, "Aucun moyen de paiement n’est enregistré"),
    ],
)
def test_the_mail_of_a_renewal_says_what_is_left_and_how_to_pay_it(
    provider, door, running, now, browse, clock, is_saved, said
):
    if is_saved:
        save(provider, door, browse, running, now)
    invoice, _moment = renew(running, clock)
    (renewed,) = [plain(each.body) for each in mails("est renouvelé")]
    assert said in renewed
    assert (f"La facture {invoice.number}, jointe, demande" in renewed) is not is_saved
    assert ("Payer la facture en ligne" in renewed) is not is_saved


def test_a_renewal_to_be_charged_later_says_when(provider, door, running, now, browse, clock):
    save(provider, door, browse, running, now)
    invoice, moment = renew(running, clock, looking=False)
    form = {"new_due_on": str(paris_day(moment) + timedelta(days=20)), "document": "Lettre du jour"}
    assert desk(browse, moment).post(url("invoice_extension", invoice.pk), form).status_code == 302
    look(moment)
    (renewed,) = [plain(each.body) for each in mails("est renouvelé")]
    assert "à payer au plus tard le 6 décembre 2027" in renewed
    assert "débitée ce jour-là sur la carte" in renewed
