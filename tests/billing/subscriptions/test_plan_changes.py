"""What a plan is for: licences and options, more at once for money, fewer from the next renewal on."""

from datetime import date
from uuid import uuid4

import pytest

from billing.models import Order, Price, Product, QuoteVersion, Subscription
from billing.orders.actions.cancel_order import cancel_order
from billing.orders.actions.mark_cancellable import mark_cancellable
from billing.subscriptions.actions.change_plan import (
    NotChangeable,
    PlanChangeRequest,
    change_plan,
    changes_of,
)
from billing.subscriptions.queries.amendable import amendable_contracts
from demo.factories.billing import ContactFactory, catalogue, invoice_of
from demo.world import live_until
from isolation.context import inside_operator
from tests.billing.subscriptions.test_subscription_life import at, opened, pay
from tests.billing.support import buyer, clerk, rows_of, url

HALF = date(2027, 5, 16)


def option(cents=12_000):
    school = Product.objects.get(key="preau-ecole")
    made, is_new = Product.objects.get_or_create(
        key="option-sms",
        defaults={
            "name_fr": "SMS aux familles",
            "name_en": "Text messages",
            "option_of": school,
            "methods": ["transfer", "card"],
        },
    )
    if is_new:
        Price.objects.create(price_list=catalogue(), product=made, net_cents=cents)
    return made


def online(now, **chosen):
    subscription = opened(now, **({"quantity": 20} | chosen))
    Order.objects.filter(pk=subscription.order_id).update(version=None)
    option()
    return Subscription.objects.get(pk=subscription.pk)


def change(subscription, day, **wanted):
    named = {key.replace("_", "-"): count for key, count in wanted.items()}
    return change_plan(
        subscription_id=subscription.pk,
        asked=PlanChangeRequest(named, "transfer", uuid4()),
        contact=subscription.contact,
        now=at(day),
        today=day,
    )


@pytest.mark.usefixtures("as_operator")
def test_more_is_paid_to_the_end_of_the_term_and_there_once_it_is_paid(now):
    subscription = online(now)
    order = change(subscription, HALF, preau_ecole=30, option_sms=1)
    assert [(line.quantity, line.unit_net_cents, line.term_net_cents) for line in order.lines.all()] == [
        (10, 247, 490),
        (1, 6049, 12_000),  # 184 days of 365
    ]
    invoice = invoice_of(order)
    assert {line.ends_on for line in invoice.lines.all()} == {date(2027, 11, 16)}  # the day after
    assert all("15/11/2027" in line.description for line in invoice.lines.all())  # one last day
    contract = subscription.contract
    contract.refresh_from_db()
    assert (contract.licences, subscription.options.count()) == (20, 0)
    pay(invoice_of(order), at(HALF))
    live_until(at(HALF))
    contract.refresh_from_db()
    taken = subscription.options.get()
    assert (contract.licences, taken.quantity, taken.unit_net_cents) == (30, 1, 12_000)
    live_until(at(date(2027, 11, 16)))
    renewal = Subscription.objects.get(pk=subscription.pk).term
    assert renewal.quantity == 30
    assert [(line.quantity, line.unit_net_cents) for line in renewal.order.lines.all()] == [
        (30, 490),
        (1, 12_000),
    ]
    assert subscription.notices.get(renews_on=date(2027, 11, 16)).net_cents == 30 * 490 + 12_000
    assert invoice_of(renewal.order).net_cents == 30 * 490 + 12_000


@pytest.mark.usefixtures("as_operator")
def test_fewer_waits_for_the_next_renewal(now, mailoutbox):
    subscription = online(now)
    pay(invoice_of(change(subscription, HALF, option_sms=2)), at(HALF))
    live_until(at(HALF))
    subscription = Subscription.objects.get(pk=subscription.pk)
    assert change(subscription, HALF, preau_ecole=12, option_sms=0) is None
    subscription = Subscription.objects.get(pk=subscription.pk)
    assert (
        subscription.contract.licences,
        subscription.next_quantity,
        subscription.options.get().quantity,
    ) == (
        20,
        12,
        2,
    )
    live_until(at(HALF))
    (told,) = [mail for mail in mailoutbox if "ce qui change le" in mail.subject]
    assert "prochain renouvellement" in told.body


@pytest.mark.usefixtures("as_operator")
def test_fewer_of_a_fixed_term_announces_no_renewal(now, mailoutbox):
    subscription = online(now, renewal="fixed")
    change(subscription, HALF, preau_ecole=12)
    live_until(at(HALF))
    (told,) = [mail for mail in mailoutbox if "ce qui change" in mail.subject]
    assert "prochain renouvellement" not in told.body
    assert "ne se renouvelle pas" in told.body


@pytest.mark.usefixtures("as_operator")
def test_fewer_is_what_the_next_term_is_for(now):
    subscription = online(now)
    pay(invoice_of(change(subscription, HALF, option_sms=2)), at(HALF))
    live_until(at(HALF))
    subscription = Subscription.objects.get(pk=subscription.pk)
    change(subscription, HALF, preau_ecole=12, option_sms=0)
    live_until(at(date(2027, 11, 16)))
    subscription = Subscription.objects.get(pk=subscription.pk)
    assert (
        subscription.term.quantity,
        subscription.contract.licences,
        subscription.next_quantity_agreed,
    ) == (
        12,
        12,
        None,
    )
    assert subscription.options.get().quantity == 0
    assert subscription.term.order.net_cents == 12 * 490


@pytest.mark.usefixtures("as_operator")
def test_asking_for_as_many_as_now_takes_it_back(now):
    subscription = online(now)
    change(subscription, HALF, preau_ecole=12)
    change(Subscription.objects.get(pk=subscription.pk), HALF, preau_ecole=20)
    assert Subscription.objects.get(pk=subscription.pk).next_quantity_agreed is None


@pytest.mark.usefixtures("as_operator")
def test_an_unpaid_change_that_is_cancelled_takes_nothing_away(now):
    subscription = online(now)
    order = change(subscription, HALF, preau_ecole=30)
    later = at(order.cancellable_on)
    mark_cancellable(order_id=order.pk, now=later)
    cancel_order(order_id=order.pk, reason="x", by=None, now=later, today=order.cancellable_on)
    assert Subscription.objects.get(pk=subscription.pk).contract.licences == 20


@pytest.mark.usefixtures("as_operator")
def test_a_quoted_contract_changes_by_amendment_only_options_too(now):
    subscription = opened(now, quantity=20)
    option()
    with pytest.raises(NotChangeable):
        changes_of(subscription, {"preau-ecole": 30}, today=HALF)
    rows = amendable_contracts(subscription.customer, today=HALF)
    assert [(row.product.key, row.held, row.term_price_cents) for row in rows] == [
        ("preau-ecole", 20, 490),
        ("option-sms", 0, 12_000),
    ]


def test_finance_amends_an_option_and_notes_fewer(browse, now):
    with inside_operator():
        contact = ContactFactory()
        subscription = opened(now, quantity=20, contact=contact)
        option()
    desk = clerk(browse, now)
    name = f"contract-{subscription.contract_id}"
    asked = {
        "contact": contact.pk,
        "method": "transfer",
        "valid_until": "2026-11-30",
        "payment_days": "30",
        "language": "fr",
        f"{name}-licences_after": "20",
        f"{name}-term_price": "4,90",
        f"{name}-option-sms-licences_after": "1",
        f"{name}-option-sms-term_price": "100,00",
        "act": "save",
    }
    assert desk.post(url("amend", contact.customer_id), asked).status_code == 302
    with inside_operator():
        version = QuoteVersion.objects.latest("created_at")
        line = version.lines.get()
        assert (version.is_amendment, line.product.key, line.licences_after, line.term_net_cents) == (
            True,
            "option-sms",
            1,
            10_000,
        )
    assert (
        desk.post(
            url("plan_schedule", subscription.pk), {"plan-preau-ecole": "15", "plan-option-sms": "0"}
        ).status_code
        == 302
    )
    (found,) = rows_of(Subscription.objects)
    assert found.next_quantity_agreed == 15


def test_the_buyer_reads_price_and_effect_before_anything_happens(browse, now):
    with inside_operator():
        contact = ContactFactory()
        subscription = online(now, contact=contact)
    page = buyer(browse, contact)
    address = url("portal_plan", subscription.pk)
    assert "SMS aux familles" in page.get(address).text
    wanted = {"preau-ecole": "21", "option-sms": "0"}
    told = page.post(address, wanted).text
    assert "4,90" in told
    assert "Commander et payer" in told
    assert len(rows_of(Order.objects)) == 1
    assert page.post(address, wanted | {"confirm": "1", "method": "transfer"}).status_code == 422
    assert (
        page.post(address, wanted | {"confirm": "1", "method": "transfer", "terms": "on"}).status_code == 302
    )
    assert len(rows_of(Order.objects)) == 2
