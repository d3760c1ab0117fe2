"""A trial: a method is saved, access opens, and at its end it is ended or activated, invoiced and charged."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client

from agenda.loop import tick
from agenda.models import Obligation, OutboxMessage
from billing.catalogue.models.lines import totals_of
from billing.invoicing.queries.balances import balance_of
from billing.models import (
    Checkout,
    Invoice,
    MethodSetup,
    Order,
    OrderLine,
    Payment,
    Product,
    SavedMethod,
    Trial,
)
from billing.money.policy.days import day_starts_at, paris_day
from billing.orders.actions.start_order_checkout import start_order_checkout
from billing.orders.queries.trial import trial_offered
from billing.payments.actions.revoke_method import revoke_method
from billing.payments.actions.start_checkout import NotOffered
from billing.returns.actions.withdraw import WithdrawalNotice, withdraw
from billing.subscriptions.actions.end_trial import NotInTrial, end_trial
from billing.subscriptions.actions.terminate import terminate_on_notice
from billing.subscriptions.queries.forecast import forecast
from billing.subscriptions.queries.subscriptions import of_tenant
from billing.workflows.actions.activate_trial import activate_trial, remind_of_trial
from isolation.context import inside_operator
from tenants.models import Customer
from tests.billing.online import (
    BAD_CARD,
    BAD_IBAN,
    GOOD_CARD,
    GOOD_IBAN,
    address_of,
    look,
    order_placed,
    provider_at,
)
from tests.billing.support import buyer, clerk, rows_of, url

pytestmark = pytest.mark.django_db
LATER_REFUSED = "4000 0000 0000 0341"
DAYS = 30


@pytest.fixture
def provider(settings):
    """The provider's stand-in."""
    with provider_at(settings) as found:
        yield found


@pytest.fixture
def placed(now):
    """An order of a year with a trial of thirty days."""
    with inside_operator():
        order = order_placed(now=now, trial_days=DAYS)
        assert order.contact.customer_id == order.customer_id  # read here: outside there is no database
        return order


@pytest.fixture
def door():
    """Where the provider posts."""
    return Client(HTTP_HOST="localhost")


@pytest.fixture
def ends_on(now):
    """The first day after the trial."""
    return paris_day(now) + timedelta(days=DAYS)


def begin(order, now):
    """Return the provider's page."""
    with inside_operator():
        return start_order_checkout(order_id=order.pk, contact=order.contact, now=now)


def heard(provider, door, now):
    """Let the provider's messages come in and be looked into."""
    assert set(provider.hand_over(door)) <= {200}
    look(now)


def try_it(provider, door, order, now, number=GOOD_CARD):
    """Leave a card, and let access open."""
    assert provider.card(begin(order, now), number)[0] == 303
    heard(provider, door, now)


def pass_to(day, clock, minutes=5):
    """Let the agenda work until a day's first minutes."""
    moment = day_starts_at(day) + timedelta(minutes=minutes)
    clock.move_to(moment)
    with inside_operator():
        for _ in range(4):  # what is promised by what is kept
            tick(moment)
            moment += timedelta(minutes=2)
    return moment


def standing(order):
    """Return the state of the order, what its invoices still ask, and its payments."""
    with inside_operator():
        invoices = [(row.issued_on, balance_of(row.pk)) for row in Invoice.objects.filter(order=order)]
        payments = [(row.method, row.state) for row in Payment.objects.filter(customer=order.customer)]
        return Order.objects.get(pk=order.pk).state, invoices, payments


def of(order):
    """Return the trial, its subscription and its first term."""
    with inside_operator():
        trial = Trial.objects.select_related("subscription__contract").get(subscription__order=order)
        return trial, trial.subscription, trial.subscription.term


def mails(template):
    """Return how many mails of a kind wait or left."""
    return len(rows_of(OutboxMessage.objects.filter(template=f"billing/{template}")))


def test_a_method_is_saved_nothing_is_charged_and_access_opens(provider, placed, door, now, ends_on, browse):
    address = begin(placed, now)
    session = provider.book.get(rows_of(MethodSetup.objects)[0].session_id)
    assert (session["mode"], session["amount_total"]) == ("setup", None)
    status, back = provider.card(address)
    (setup,) = rows_of(MethodSetup.objects)
    assert (status, back.endswith(url("portal_method_saved", setup.pk))) == (303, True)
    heard(provider, door, now)
    assert standing(placed) == ("open", [], [])
    trial, subscription, term = of(placed)
    assert (trial.starts_on, trial.ends_on, trial.state) == (paris_day(now), ends_on, "running")
    assert (term.starts_on, subscription.activated_on) == (ends_on, ends_on)
    assert (term.ends_on.year, term.ends_on.month, term.ends_on.day) == (
        ends_on.year + 1,
        ends_on.month,
        ends_on.day,
    )
    assert subscription.contract.ends_on == term.ends_on
    (method,) = rows_of(SavedMethod.objects)
    assert (method.kind, method.provider_customer_id[:4], method.provider_method_id[:3]) == (
        "card",
        "cus_",
        "pm_",
    )
    assert rows_of(Order.objects.filter(pk=placed.pk))[0].ownership_on is None
    visitor = buyer(browse, placed.contact)
    assert "votre essai commence" in visitor.get(back.replace("http://localhost", "")).content.decode()
    page = visitor.get(url("portal_subscription", subscription.pk)).content.decode()
    assert url("portal_trial", subscription.pk) in page


def test_the_order_says_what_the_button_does(provider, placed, now, browse):
    visitor = buyer(browse, placed.contact)
    page = visitor.get(url("portal_order", placed.pk)).content.decode()
    assert "30 jours d’essai" in page
    assert "Rien n’est débité aujourd’hui" in page
    assert address_of(visitor.post(url("portal_order_pay", placed.pk))) == begin(placed, now)


def test_a_debit_can_be_saved_as_well(provider, placed, door, now):
    provider.debit(begin(placed, now), GOOD_IBAN)
    heard(provider, door, now)
    assert standing(placed)[0] == "open"
    assert rows_of(SavedMethod.objects)[0].kind == "debit"


def test_a_refused_card_saves_nothing_and_can_try_another(provider, placed, door, now):
    address = begin(placed, now)
    assert provider.card(address, BAD_CARD)[0] == 402
    heard(provider, door, now)
    assert standing(placed)[0] == "waiting"
    assert begin(placed, now) == address
    provider.card(address)
    heard(provider, door, now)
    assert standing(placed)[0] == "open"


def test_without_any_message_the_way_back_or_the_agenda_find_it(provider, placed, now, browse):
    _, back = provider.card(begin(placed, now))
    visitor = buyer(browse, placed.contact)
    assert visitor.get(back.replace("http://localhost", "")).status_code == 200
    look(now)
    assert standing(placed)[0] == "open"


def test_the_agenda_finds_it_alone_and_a_page_left_alone_expires(provider, placed, now):
    begin(placed, now)
    provider.book.expire(rows_of(MethodSetup.objects)[0].session_id)
    look(now + timedelta(hours=26))
    assert rows_of(MethodSetup.objects)[0].state == "expired"
    provider.card(begin(placed, now + timedelta(hours=27)))
    look(now + timedelta(hours=54))
    assert standing(placed)[0] == "open"


def test_not_ended_it_is_activated_invoiced_and_charged_that_day(provider, placed, door, now, ends_on, clock):
    try_it(provider, door, placed, now)
    pass_to(ends_on - timedelta(days=1), clock)
    assert standing(placed) == ("open", [], [])
    moment = pass_to(ends_on, clock)
    heard(provider, door, moment)
    assert standing(placed) == ("open", [(ends_on, 0)], [("card", "credited")])
    trial, _subscription, _term = of(placed)
    assert (trial.activated_on, trial.state) == (ends_on, "activated")
    (invoice,) = rows_of(Invoice.objects)
    assert (invoice.due_on, invoice.supplied_on, invoice.gross_cents) == (
        ends_on,
        ends_on,
        placed.gross_cents,
    )
    assert mails("trial_activated") == 1
    assert mails("charge_refused") == 0
    (attempt,) = rows_of(Checkout.objects)
    assert (attempt.state, attempt.session_id, attempt.method_id is not None) == ("paid", None, True)


def test_seen_to_twice_it_is_activated_and_charged_once(provider, placed, door, now, ends_on, clock):
    try_it(provider, door, placed, now)
    moment = pass_to(ends_on, clock)
    with inside_operator():
        assert activate_trial(order_id=placed.pk, now=moment, today=ends_on) == ""
    pass_to(ends_on + timedelta(days=1), clock)
    assert len(rows_of(Invoice.objects)) == 1
    assert len([row for row in provider.book.rows.values() if row["object"] == "payment_intent"]) == 1


def test_a_card_refused_at_the_end_gets_a_link_and_falls_late_as_any(
    provider, placed, door, now, ends_on, clock, browse
):
    try_it(provider, door, placed, now, LATER_REFUSED)
    moment = pass_to(ends_on, clock)
    heard(provider, door, moment)
    state, [(_, left)], payments = standing(placed)
    assert (state, left, payments) == ("open", placed.gross_cents, [])
    assert mails("charge_refused") == 1
    (attempt,) = rows_of(Checkout.objects)
    assert attempt.state == "failed"
    visitor = buyer(browse, placed.contact)
    (invoice,) = rows_of(Invoice.objects)
    assert "Payer en ligne" in visitor.get(url("portal_pay", invoice.pk)).content.decode()
    pass_to(ends_on + timedelta(days=1), clock)
    with inside_operator():
        overdue = Obligation.objects.get(kind="overdue", subject_id=invoice.pk)
        assert overdue.state == "kept"


def test_a_debit_refused_days_after_the_end_is_owed_again(provider, placed, door, now, ends_on, clock):
    provider.debit(begin(placed, now), BAD_IBAN)
    heard(provider, door, now)
    moment = pass_to(ends_on, clock)
    assert standing(placed)[2] == [("debit", "received")]
    provider.book.settle_debit(provider.intent())
    heard(provider, door, moment + timedelta(days=2))
    assert standing(placed)[1:] == ([(ends_on, placed.gross_cents)], [("debit", "bounced")])
    assert mails("payment_bounced") == 1


def test_a_method_revoked_meanwhile_gets_a_link(provider, placed, door, now, ends_on, clock):
    try_it(provider, door, placed, now)
    with inside_operator():
        method = SavedMethod.objects.get()
        revoke_method(method_id=method.pk, by=None, now=now)
    look(now)
    assert provider.book.get(method.provider_method_id)["customer"] is None
    pass_to(ends_on, clock)
    assert standing(placed)[1:] == ([(ends_on, placed.gross_cents)], [])
    assert mails("charge_refused") == 1


class TestEnding:
    """One button, and nothing is invoiced."""

    def test_at_the_trials_end(self, provider, placed, door, now, ends_on, clock, browse):
        try_it(provider, door, placed, now)
        _, subscription, _ = of(placed)
        visitor = buyer(browse, placed.contact)
        assert "Rien n’est facturé" in visitor.get(url("portal_trial", subscription.pk)).content.decode()
        assert visitor.post(url("portal_trial", subscription.pk), {"when": "end"}).status_code == 302
        assert of(placed)[1].ended_on is None
        assert (
            "Vous avez arrêté l’essai"
            in visitor.get(url("portal_subscription", subscription.pk)).content.decode()
        )
        assert mails("trial_ended") == 1
        pass_to(ends_on, clock)
        trial, ended, _ = of(placed)
        assert (ended.ended_on, ended.end_reason, trial.activated_on) == (ends_on, "trial", None)
        pass_to(ends_on + timedelta(days=3), clock)
        assert standing(placed)[1:] == ([], [])

    def test_at_once(self, provider, placed, door, now, ends_on, clock, browse):
        try_it(provider, door, placed, now)
        _, subscription, _ = of(placed)
        visitor = buyer(browse, placed.contact)
        assert visitor.post(url("portal_trial", subscription.pk), {"when": "now"}).status_code == 302
        assert of(placed)[1].ended_on == paris_day(now)
        pass_to(ends_on, clock)
        assert standing(placed)[1:] == ([], [])
        assert (
            visitor.post(url("portal_trial", subscription.pk), {"when": "now"}).status_code == 302
        )  # and says why not

    def test_an_answer_is_needed(self, provider, placed, door, now, browse):
        try_it(provider, door, placed, now)
        _, subscription, _ = of(placed)
        assert buyer(browse, placed.contact).post(url("portal_trial", subscription.pk)).status_code == 422

    def test_not_twice_nor_on_its_end(self, provider, placed, door, now, ends_on):
        try_it(provider, door, placed, now)
        _, subscription, _ = of(placed)
        details = {"subscription_id": subscription.pk, "by": None, "now": now}
        with inside_operator():
            with pytest.raises(NotInTrial):
                end_trial(at_once=False, today=ends_on, **details)
            assert end_trial(at_once=False, today=ends_on - timedelta(days=1), **details) == ends_on
            with pytest.raises(NotInTrial):
                end_trial(at_once=True, today=paris_day(now), **details)

    def test_its_page_promises_no_renewal_any_more(self, provider, placed, door, now, browse):
        try_it(provider, door, placed, now)
        _, subscription, _ = of(placed)
        visitor = buyer(browse, placed.contact)
        page = url("portal_subscription", subscription.pk)
        change = url("portal_plan", subscription.pk)
        assert change in visitor.get(page).content.decode()
        with inside_operator():
            end_trial(subscription_id=subscription.pk, at_once=False, by=None, now=now, today=paris_day(now))
        ended = visitor.get(page).content.decode()
        assert "Vous avez arrêté l’essai" in ended
        assert change not in ended
        assert "Ensuite" not in ended

    def test_the_mail_that_opens_it_speaks_of_no_payment(self, provider, placed, door, now, clock):
        mail.outbox.clear()
        try_it(provider, door, placed, now)
        with inside_operator():
            for minutes in (2, 4):
                tick(now + timedelta(minutes=minutes))
        (told,) = [each for each in mail.outbox if "accès est ouvert" in each.subject]
        assert "essai commence" in told.subject
        assert "crédité" not in told.subject + told.body

    def test_a_termination_by_mail_ends_it_too(self, provider, placed, door, now, ends_on, clock):
        try_it(provider, door, placed, now)
        _, subscription, _ = of(placed)
        with inside_operator():
            word = terminate_on_notice(
                subscription_id=subscription.pk, how="email", received_at=now, by=None, now=now
            )
            assert word.effective_on == ends_on
        pass_to(ends_on, clock)
        assert of(placed)[1].ended_on == ends_on
        assert standing(placed)[1:] == ([], [])


def test_the_reminder_leaves_three_days_before_unless_it_was_ended(
    provider, placed, door, now, ends_on, clock
):
    try_it(provider, door, placed, now)
    pass_to(ends_on - timedelta(days=3), clock)
    assert mails("trial_reminder") == 0
    pass_to(ends_on - timedelta(days=3), clock, minutes=9 * 60 + 5)
    assert mails("trial_reminder") == 1
    with inside_operator():
        _, subscription, _ = of(placed)
        end_trial(subscription_id=subscription.pk, at_once=False, by=None, now=now, today=paris_day(now))
        assert remind_of_trial(order_id=placed.pk, now=now) is False


def test_the_forecast_foretells_what_then_happens(provider, placed, door, now, ends_on, clock):
    try_it(provider, door, placed, now)
    with inside_operator():
        _, subscription, term = of(placed)
        until = term.ends_on
        told = forecast(subscription.contract.tenant, today=paris_day(now), until=until)
        days = [(each.on, each.what, each.amount_cents) for each in told if each.clause == "LG-S14.3"]
        assert days == [
            (ends_on - timedelta(days=3), "trial_reminder", None),
            (ends_on, "activated", term.net_cents),
        ]
        assert [each.what for each in told if each.what == "renewed"] == ["renewed"]
        end_trial(subscription_id=subscription.pk, at_once=False, by=None, now=now, today=paris_day(now))
        told = forecast(subscription.contract.tenant, today=paris_day(now), until=until)
        ahead = {"trial_reminder", "trial_ended", "activated", "renewed", "renewal_announced", "ended"}
        assert [(each.on, each.what) for each in told if each.what in ahead] == [(ends_on, "trial_ended")]
    pass_to(ends_on, clock)
    with inside_operator():
        assert [row.ended_on for row in of_tenant(subscription.contract.tenant_id)] == [ends_on]


class TestWithdrawing:
    """A consumer changes their mind while they try."""

    def take_back(self, order, now, *positions):
        with inside_operator():
            Customer.objects.filter(pk=order.customer_id).update(customer_type="consumer")
            taken = {line.position: line.quantity for line in order.lines.filter(position__in=positions)}
            notice = WithdrawalNotice(taken, "button", paris_day(now))
            return withdraw(order_id=order.pk, notice=notice, by=None, now=now, today=paris_day(now))

    def test_of_all_of_it_nothing_is_invoiced_and_the_method_stays(
        self, provider, placed, door, now, ends_on, clock
    ):
        try_it(provider, door, placed, now)
        self.take_back(placed, now, 1)
        _, subscription, _ = of(placed)
        assert (subscription.ended_on, subscription.end_reason) == (paris_day(now), "withdrawal")
        pass_to(ends_on - timedelta(days=3), clock, minutes=9 * 60 + 5)
        pass_to(ends_on, clock)
        pass_to(ends_on + timedelta(days=1), clock)
        assert standing(placed)[1:] == ([], [])
        assert (mails("trial_reminder"), mails("trial_activated"), mails("withdrawal_refunded")) == (0, 0, 0)
        (method,) = rows_of(SavedMethod.objects)
        assert (method.revoked_at, method.detached_at) == (None, None)

    def test_of_a_part_only_the_rest_is_charged(self, provider, placed, door, now, ends_on, clock):
        with inside_operator():
            first = placed.lines.get()
            second = OrderLine(
                order=placed, site=first.site, **(first.terms() | {"position": 2, "quantity": 5})
            )
            second.save()
            placed.put(totals_of([first, second]))
            placed.save()
        try_it(provider, door, placed, now)
        self.take_back(placed, now, 2)
        moment = pass_to(ends_on, clock)
        heard(provider, door, moment)
        with inside_operator():
            rows = {row.kind: row.net_cents for row in Invoice.objects.filter(order=placed)}
            payment = Payment.objects.get()
            assert rows == {"invoice": 15 * 490, "credit_note": 5 * 490}
            assert (payment.amount_cents, payment.refunds.count()) == (10 * 588, 0)


class TestWhoMayTry:
    """Placed online, paid online, subscriptions alone."""

    def test_never_by_transfer(self, as_operator, now):
        order = order_placed(now=now, trial_days=DAYS, method="transfer")
        assert trial_offered(order) == 0

    def test_not_with_a_thing_that_ships(self, as_operator, now):
        order = order_placed(now=now, trial_days=DAYS)
        assert trial_offered(order) == DAYS
        thing = Product.objects.create(
            key="affiche", name_fr="Affiche", name_en="Poster", kind="goods", stock=3
        )
        OrderLine.objects.create(
            order=order,
            position=2,
            product=thing,
            description="Affiche",
            quantity=1,
            unit_net_cents=900,
            vat_rate=20,
        )
        assert trial_offered(order) == 0

    def test_an_order_cancelled_meanwhile_gets_its_method_forgotten(self, provider, placed, door, now):
        address = begin(placed, now)
        with inside_operator():
            Order.objects.get(pk=placed.pk).mark_cancelled("drop", at=now, reason="Abandonnée")
        provider.card(address)
        heard(provider, door, now)
        look(now + timedelta(minutes=5))
        (method,) = rows_of(SavedMethod.objects)
        assert method.detached_at is not None
        assert standing(placed)[0] == "cancelled"

    def test_one_that_is_tried_is_not_paid_again(self, provider, placed, door, now):
        try_it(provider, door, placed, now)
        with pytest.raises(NotOffered):
            begin(placed, now)


def test_the_consoles_pages_show_the_trial_the_method_and_the_attempts(provider, placed, door, now, browse):
    try_it(provider, door, placed, now)
    _, subscription, _ = of(placed)
    desk = clerk(browse, now)
    assert "Moyen de paiement déposé pour l’essai" in desk.get(url("order", placed.pk)).content.decode()
    page = desk.get(url("subscription", subscription.pk)).content.decode()
    assert "Essai" in page
    assert "Moyen de paiement enregistré" in page
