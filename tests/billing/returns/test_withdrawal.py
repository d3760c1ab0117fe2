"""A consumer changes their mind: in the portal or on paper, of a subscription, of things, of one among
several.
"""

from datetime import date, datetime, timedelta

import pytest

from agenda.loop import send_outbox, tick
from agenda.models import Obligation
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.discount import Discount
from billing.fulfilment.actions.plan_delivery import arrive, ship
from billing.fulfilment.queries.deliveries import picking_list
from billing.invoicing.queries.balances import balance_of
from billing.models import Delivery, Invoice, Order, Price, Product, Refund, Return, Subscription, Withdrawal
from billing.money.policy.days import paris_day
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.refund_payment import note_refund_sent
from billing.payments.queries.money import unallocated_of
from billing.returns.actions.open_warranty_claim import receive_return, resolve_return
from billing.returns.actions.withdraw import NotWithdrawable, WithdrawalNotice, note_goods_sent, withdraw
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue, invoice_of, order_signed
from demo.world import live_until
from isolation.context import inside_operator
from tenants.models import Tenant
from tests.billing.support import buyer, clerk, rows_of, url

MONDAY = date(2026, 11, 16)


def thing(key="carte", cents=1500, stock=20):
    found, made = Product.objects.get_or_create(
        key=key,
        defaults={
            "name_fr": key.capitalize(),
            "name_en": key.capitalize(),
            "kind": "goods",
            "methods": ["cheque", "transfer"],
            "stock": stock,
        },
    )
    if made:
        Price.objects.create(price_list=catalogue(), product=found, net_cents=cents)
    return found


def family(client="consumer"):
    return ContactFactory(
        customer=CustomerFactory(customer_type=client, siren="" if client == "consumer" else "213599905")
    )


def paid(order: Order, now: datetime) -> Order:
    invoice = invoice_of(order)
    day = paris_day(now)
    record_transfer(
        invoice=invoice,
        amount_cents=invoice.gross_cents,
        received_on=day,
        credited_on=day,
        reference="VIR",
        by=None,
        now=now,
        today=day,
    )
    live_until(now)
    order.refresh_from_db()
    return order


def subscribed(now, contact=None, **chosen):
    chosen = {"method": "transfer", "renewal": "automatic", "quantity": 2} | chosen
    return paid(order_signed(contact or family(), now=now, **chosen), now)


def things(now, *rows, contact=None, shipping=590, pay=True, **chosen):
    lines = [LineDraft(thing(key).pk, key, count, cents) for key, count, cents in rows]
    order = order_signed(
        contact or family(),
        now=now,
        method="transfer",
        lines=lines,
        sites=[],
        shipping_cents=shipping,
        **chosen,
    )
    return paid(order, now) if pay else order


def sent(order, now, *, arrived=None):
    ship(
        delivery_id=order.delivery.pk,
        carrier="La Poste",
        tracking="6A",
        by=None,
        now=now,
        today=paris_day(now),
        reason="Le transporteur passe un autre jour",
    )
    if arrived:
        arrive(delivery_id=order.delivery.pk, on=arrived, by=None, now=now)


def tell(order, taken, now, *, received_on=None, **more):
    today = paris_day(now)
    notice = WithdrawalNotice(taken, more.pop("how", "button"), received_on or today, **more)
    return withdraw(order_id=order.pk, notice=notice, by=None, now=now, today=today)


def notes(order):
    return Invoice.objects.filter(order=order, kind="credit_note").order_by("created_at")


@pytest.mark.usefixtures("as_operator")
def test_a_subscription_ends_at_once_and_all_is_paid_back(now, mailoutbox):
    order = subscribed(now)
    later = now + timedelta(days=14)
    withdrawal = tell(order, {1: 2}, later)
    subscription = Subscription.objects.get(order=order)
    assert (subscription.ended_on, subscription.end_reason) == (MONDAY + timedelta(days=14), "withdrawal")
    assert subscription.terminations.get().how == "withdrawal"
    assert Tenant.objects.get(pk=subscription.contract.tenant_id).state == "ended"
    assert (withdrawal.refund_by, withdrawal.return_due_on) == (date(2026, 12, 14), None)
    assert notes(order).get().gross_cents == order.gross_cents
    refund = Refund.objects.get()
    assert (refund.amount_cents, refund.state) == (order.gross_cents, "asked")
    assert balance_of(invoice_of(order).pk) == 0
    send_outbox(later)
    mail = next(each for each in mailoutbox if "rétractation" in each.subject)
    assert notes(order).get().number in str([name for name, *_rest in mail.attachments])


@pytest.mark.usefixtures("as_operator")
def test_the_promise_is_kept_when_the_money_left_and_late_until_then(now):
    order = subscribed(now)
    tell(order, {1: 2}, now)
    owed = Obligation.objects.get(clause="LG-S22", kind="refund")
    assert owed.due_at == datetime.fromisoformat("2026-11-30T23:00:00+00:00")
    live_until(now + timedelta(days=15))
    owed.refresh_from_db()
    assert owed.state == "owed"
    note_refund_sent(refund_id=Refund.objects.get().pk, sent_on=MONDAY, by=None, now=now)
    tick(now + timedelta(days=17))
    owed.refresh_from_db()
    assert owed.state == "kept"
    assert owed.evidence == {"credit_notes": [str(notes(order).get().pk)]}
    assert Refund.objects.count() == 1


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize(("days", "code"), [(15, "late")])
def test_after_fourteen_days_a_subscription_goes_on(now, days, code):
    order = subscribed(now)
    with pytest.raises(NotWithdrawable) as why:
        tell(order, {1: 2}, now + timedelta(days=days))
    assert (why.value.code, why.value.on) == (code, date(2026, 11, 30))
    assert tell(order, {1: 2}, now + timedelta(days=days), received_on=date(2026, 11, 30), how="form")


@pytest.mark.usefixtures("as_operator")
def test_a_professional_has_no_such_right_but_a_small_one_outside_their_trade(now):
    order = subscribed(now, family("professional"))
    for more in ({}, {"employees": 6, "outside_main_activity": True}, {"employees": 5}):
        with pytest.raises(NotWithdrawable, match="professional"):
            tell(order, {1: 2}, now, **more)
    assert tell(order, {1: 2}, now, employees=5, outside_main_activity=True).employees == 5


@pytest.mark.usefixtures("as_operator")
def test_one_thing_among_several_before_it_leaves_stays_on_the_shelf(now):
    order = things(now, ("carte", 3, 1500), ("affiche", 2, 890))
    tell(order, {1: 2}, now)
    order.delivery.refresh_from_db()
    assert order.delivery.state == "planned"
    assert picking_list(date(2026, 11, 17), today=MONDAY).to_fetch == [
        ("affiche", "Affiche", 2),
        ("carte", "Carte", 1),
    ]
    assert (thing("carte").stock, thing("affiche").stock) == (19, 18)
    note = notes(order).get()
    assert note.net_cents == 3000  # the delivery stays due: two things are still sent
    tell(order, {1: 1, 2: 2}, now)
    assert sum(each.net_cents for each in notes(order)) == order.net_cents
    assert sum(each.gross_cents for each in notes(order)) == order.gross_cents
    order.delivery.refresh_from_db()
    assert order.delivery.state == "cancelled"
    assert thing("carte").stock == thing("affiche").stock == 20


@pytest.mark.usefixtures("as_operator")
def test_goods_that_left_come_back_with_a_slip_and_their_price_waits_for_them(now, mailoutbox):
    order = things(now, ("carte", 3, 1500))
    sent(order, now, arrived=date(2026, 11, 18))
    later = now + timedelta(days=16)  # 2 December: the 14 days began on the 18th of November
    withdrawal = tell(order, {1: 3}, later)
    back = Return.objects.get()
    assert (back.ground, back.state, withdrawal.return_due_on) == ("withdrawal", "open", date(2026, 12, 16))
    assert not notes(order).exists()
    send_outbox(later)
    mail = next(each for each in mailoutbox if "rétractation" in each.subject)
    assert [name for name, *_rest in mail.attachments] == [f"{back.number}.pdf"]
    here = now + timedelta(days=20)
    receive_return(
        return_id=back.pk, on=paris_day(here), is_complete=True, by=None, now=here, today=paris_day(here)
    )
    assert notes(order).get().gross_cents == order.gross_cents
    assert Refund.objects.get().amount_cents == order.gross_cents
    send_outbox(here)
    assert any("remboursons" in each.subject for each in mailoutbox)
    done = resolve_return(
        return_id=back.pk, remedy="refund", back_on_shelf=True, by=None, now=here, today=paris_day(here)
    )
    assert done.credit_note == notes(order).get()
    assert thing().stock == 20
    assert Refund.objects.count() == 1


@pytest.mark.usefixtures("as_operator")
def test_a_proof_that_they_were_sent_is_enough(now):
    order = things(now, ("carte", 3, 1500))
    sent(order, now)  # not even received yet
    withdrawal = tell(order, {1: 1}, now)
    assert not notes(order).exists()
    note_goods_sent(withdrawal=withdrawal, on=MONDAY, proof="6A99", by=None, now=now, today=MONDAY)
    assert notes(order).get().net_cents == 1500
    assert Obligation.objects.filter(clause="LG-S22", kind="refund").exists()


@pytest.mark.usefixtures("as_operator")
def test_goods_back_incomplete_are_refused_and_nothing_is_paid(now):
    order = things(now, ("carte", 1, 1500))
    sent(order, now, arrived=MONDAY)
    tell(order, {1: 1}, now)
    back = Return.objects.get()
    receive_return(return_id=back.pk, on=MONDAY, is_complete=False, by=None, now=now, today=MONDAY)
    resolve_return(return_id=back.pk, refusal="incomplete", by=None, now=now, today=MONDAY)
    assert not notes(order).exists()
    assert not Refund.objects.exists()


@pytest.mark.usefixtures("as_operator")
def test_an_unpaid_order_is_void_and_its_invoice_taken_back(now):
    order = things(now, ("carte", 3, 1500), pay=False)
    tell(order, {1: 3}, now)
    order.refresh_from_db()
    assert (order.state, order.cancel_reason) == ("cancelled", "withdrawal")
    assert (balance_of(invoice_of(order).pk), thing().stock) == (0, 20)
    assert not Refund.objects.exists()
    assert not Obligation.objects.waiting().filter(clause="LG-S5.2c", subject_id=order.pk).exists()


@pytest.mark.usefixtures("as_operator")
def test_a_cheque_that_isnt_credited_yet_is_paid_back_once_it_is(now):
    contact = family()
    order = order_signed(
        contact, now=now, method="cheque", lines=[LineDraft(thing().pk, "carte", 3, 1500)], sites=[]
    )
    cheque = receive_cheque(
        invoice=invoice_of(order),
        amount_cents=order.gross_cents,
        received_on=MONDAY,
        reference="7",
        by=None,
        now=now,
    )
    tell(order, {1: 3}, now)
    assert not Refund.objects.exists()
    clear_payment(payment_id=cheque.pk, credited_on=MONDAY, by=None, now=now, today=MONDAY)
    tick(now + timedelta(days=1))
    refund = Refund.objects.get()
    assert refund.amount_cents == order.gross_cents  # the fee for the cheque too: nothing is kept
    assert unallocated_of(cheque) == 0


@pytest.mark.usefixtures("as_operator")
def test_a_discount_and_a_deposit_never_make_a_credit_beyond_what_was_asked(now):
    rows = [LineDraft(thing(key).pk, key, 3, cents) for key, cents in (("carte", 1500), ("affiche", 890))]
    order = order_signed(
        family(),
        now=now,
        method="transfer",
        lines=rows,
        sites=[],
        shipping_cents=590,
        down_payment_pct=50,
        discount=Discount(cents=1000),
    )
    deposit = Invoice.objects.get(order=order)
    record_transfer(
        invoice=deposit,
        amount_cents=deposit.gross_cents,
        received_on=MONDAY,
        credited_on=MONDAY,
        reference="A",
        by=None,
        now=now,
        today=MONDAY,
    )
    tell(order, {1: 3}, now)
    final = Invoice.objects.get(order=order, kind="invoice", is_down_payment=False)
    for invoice in (deposit, final):
        back = sum(each.gross_cents for each in invoice.corrections.all())
        assert 0 <= back <= invoice.gross_cents
    tell(order, {2: 3}, now)
    for invoice in (deposit, final):
        assert sum(each.gross_cents for each in invoice.corrections.all()) == invoice.gross_cents
    assert sum(each.amount_cents for each in Refund.objects.all()) == deposit.gross_cents


@pytest.mark.usefixtures("as_operator")
def test_a_renewal_by_itself_cant_be_withdrawn_from(now):
    order = subscribed(now, term_months=1)
    live_until(datetime(2026, 12, 16, 12, tzinfo=now.tzinfo))
    renewal = Subscription.objects.get(order=order).term.order
    assert renewal != order
    with pytest.raises(NotWithdrawable, match="nothing"):
        tell(renewal, {1: 2}, datetime(2026, 12, 17, 12, tzinfo=now.tzinfo))


def test_the_button_says_first_what_follows(browse, now, mailoutbox):
    with inside_operator():
        contact = family()
        order = things(now, ("carte", 2, 1500), ("affiche", 1, 890), contact=contact)
        sent(order, now, arrived=MONDAY)
    page = buyer(browse, contact)
    assert "Se rétracter" in page.get(url("portal_order", order.pk)).text
    address = url("portal_withdraw", order.pk)
    assert page.get(address).status_code == 200
    assert page.post(address, {}).status_code == 422
    told = page.post(address, {"line_1": "1"}).text
    for words in ("30 novembre 2026", "18,00", "Confirmer la rétractation"):
        assert words in told
    with inside_operator():
        assert not Withdrawal.objects.exists()
    assert page.post(address, {"line_1": "1", "confirm": "1"}).status_code == 302
    with inside_operator():
        back = Return.objects.get()
        assert (back.product.key, back.quantity) == ("carte", 1)
    assert page.get(url("portal_return_slip", back.pk))["Content-Type"] == "application/pdf"
    assert page.get(url("portal_withdrawal_form", order.pk))["Content-Type"] == "application/pdf"
    assert "Bon de retour" in page.get(url("portal_order", order.pk)).text


def test_a_big_professional_is_told_why_not(browse, now):
    with inside_operator():
        contact = family("professional")
        order = subscribed(now, contact)
    page = buyer(browse, contact)
    assert "5 salariés" in page.get(url("portal_order", order.pk)).text
    answer = page.post(url("portal_withdraw", order.pk), {"line_1": "on", "employees": "12"})
    assert answer.status_code == 422
    assert page.get(url("portal_withdrawal_form", order.pk)).status_code == 200  # a small one may need it
    asked = {"line_1": "on", "employees": "3", "outside_main_activity": "on", "confirm": "1"}
    assert page.post(url("portal_withdraw", order.pk), asked).status_code == 302
    assert rows_of(Withdrawal.objects)[0].employees == 3


def test_finance_records_a_form_with_the_day_it_was_given_and_the_proof_of_sending(browse, now):
    with inside_operator():
        order = things(now, ("carte", 2, 1500))
        sent(order, now, arrived=MONDAY)
    desk = clerk(browse, now)
    address = url("withdrawal_record", order.pk)
    assert desk.get(address).status_code == 200
    details = {"line_1": "2", "how": "form", "on": "2026-11-16", "reason": "changé d’avis"}
    assert desk.post(address, details | {"on": "2026-11-17"}).status_code == 422
    assert desk.post(address, details).status_code == 302
    (withdrawal,) = rows_of(Withdrawal.objects)
    assert (withdrawal.how, withdrawal.received_on) == ("form", MONDAY)
    assert "formulaire de rétractation" in desk.get(url("order", order.pk)).text
    proof = url("withdrawal_sent", withdrawal.pk)
    assert desk.get(proof).status_code == 200
    assert desk.post(proof, {"on": "2026-11-01", "proof": "x"}).status_code == 422
    assert desk.post(proof, {"on": "2026-11-16", "proof": "Colissimo"}).status_code == 302
    with inside_operator():
        assert notes(order).get().gross_cents == order.gross_cents
        assert Delivery.objects.get().state == "delivered"
