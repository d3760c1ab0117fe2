"""What was credited before is not credited again, nor does it refuse what is still owed."""

from datetime import date
from decimal import Decimal

import pytest

from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.discount import Discount
from billing.models import Delivery, Invoice, Product, Refund, RenewalNotice, Return, Subscription
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import final_invoice
from demo.factories.billing import catalogue, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.carts import dear
from tests.billing.invoicing.test_credit_order import after_down_payment, given_back, told
from tests.billing.returns.test_withdrawal import family, sent, thing, things
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, later, live, paid, read, subscribed
from tests.clauses.test_mc_7_told_first import state_of

pytestmark = pytest.mark.django_db


def pay(browse, now, invoice):
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": f"{invoice.gross_cents / 100:.2f}"}
    money |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302


def credit(browse, now, invoice, **typed):
    form = {"reason": "Remise", "since": "start"} | typed
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), form).status_code == 302


def credited():
    return sum(each.net_cents for each in rows_of(Invoice.objects.filter(kind="credit_note")))


def refunded():
    return sum(each.amount_cents for each in rows_of(Refund.objects.all()))


def event_of(browse, now, school, day):
    form = {"event-on": str(day), "event-reason": "inondation", "event-suspends": ["service"]}
    desk(browse, now).post(url("force_majeure_start", school.pk), form)
    (found,) = rows_of(school.events.filter(started_on=day))
    return found


def never_came(browse, clock, now):
    """End the sale of what is on its way; twice, for nothing goes back twice."""
    (parcel,) = rows_of(Delivery.objects)
    live(clock, date(2026, 12, 1))
    desk(browse, now).post(url("delivery_notice", parcel.pk), {"notice-on": "2026-12-01"})
    live(clock, date(2027, 1, 20))
    assert "finie" in desk(browse, now).post(url("delivery_end", parcel.pk), follow=True).text
    live(clock, date(2027, 1, 21))


@pytest.mark.parametrize("pct", [80, 99])
def test_things_that_never_came_are_refunded_whatever_the_down_payment(browse, clock, now, pct):
    with inside_operator():
        catalogue()
        school = Product.objects.get(key="preau-ecole")
        rows = [
            LineDraft(thing("carte", 10000).pk, "carte", 1, 10000),
            LineDraft(school.pk, "école", 10, 490),
        ]
        more = {"lines": rows, "shipping_cents": 590, "down_payment_pct": pct}
        order = order_signed(family(), now=now, method="transfer", **more)
        deposit = Invoice.objects.get(order=order, is_down_payment=True)
    pay(browse, now, deposit)
    with inside_operator():
        final = final_invoice(order=order, **told(now))
    pay(browse, now, final)
    later(clock, minutes=2)
    never_came(browse, clock, now)
    assert (credited(), refunded()) == (10_590, 12_708)


def test_things_that_never_came_are_refunded_net_of_their_discount(browse, clock, now):
    with inside_operator():
        catalogue()
        school = Product.objects.get(key="preau-ecole")
        rows = [
            LineDraft(thing("carte", 10000).pk, "carte", 1, 10000),
            LineDraft(school.pk, "école", 100, 490),
        ]
        more = {"lines": rows, "shipping_cents": 590, "discount": Discount(pct=Decimal(10))}
        invoice = invoice_of(order_signed(family(), now=now, method="transfer", **more))
    pay(browse, now, invoice)
    later(clock, minutes=2)
    never_came(browse, clock, now)
    assert (credited(), refunded()) == (9_590, 11_508)


def test_an_event_ends_what_was_reduced_at_its_down_payment(browse, clock, now):
    with inside_operator():
        order = order_signed(now=now, method="transfer", renewal="automatic", down_payment_pct=80)
        deposit = Invoice.objects.get(order=order, is_down_payment=True)
    pay(browse, now, deposit)
    with inside_operator():
        final = final_invoice(order=order, **told(now))
    pay(browse, now, final)
    later(clock, minutes=2)
    (school,) = rows_of(Subscription.objects.select_related("contact__customer", "contract__tenant"))
    live(clock, date(2026, 12, 1))
    credit(browse, now, deposit, line_1="500,00")
    event = event_of(browse, now, school, date(2026, 12, 1))
    live(clock, date(2027, 1, 1))
    assert "544,85" in read(desk(browse, now).get(url("subscription", school.pk)))
    desk(browse, now).post(url("force_majeure_terminate", event.pk))
    assert state_of(school) == "ended"
    assert credited() == 50_000 + 54_485  # 350 of 365 days of 568.20


def test_an_event_gives_back_the_days_of_the_price_that_was_kept(browse, clock, now):
    school = subscribed(now)
    (invoice,) = rows_of(Invoice.objects.filter(kind="invoice"))
    live(clock, date(2027, 1, 10))
    credit(browse, now, invoice, line_1="534,10")
    live(clock, date(2027, 5, 17))
    event = event_of(browse, now, school, date(2027, 5, 17))
    live(clock, date(2027, 6, 17))
    desk(browse, now).post(url("force_majeure_terminate", event.pk))
    assert credited() == 53_410 + 26_778  # 183 of 365 days of 534.10


def test_a_notice_that_came_back_credits_what_still_exceeds_the_price_told(browse, clock, now):
    school = subscribed(now)
    live(clock, date(2027, 10, 1))
    dear("preau-ecole", 980)
    live(clock, date(2027, 10, 12), date(2027, 11, 16))
    (notice,) = rows_of(RenewalNotice.objects.filter(renews_on=date(2027, 11, 16)))
    with inside_operator():
        order = school.term.order
        invoice = Invoice.objects.get(order=order)
    paid(order, at(date(2027, 11, 18)))
    live(clock, date(2027, 11, 20))
    credit(browse, now, invoice, line_1="1000,00")
    desk(browse, now).post(url("renewal_notice_bounce", notice.pk))
    assert credited() == 218 * 490


@pytest.mark.parametrize("by_hand", ["5,00", "15,00"])
def test_a_sale_undone_after_a_reduction_gives_the_rest_back(browse, clock, now, by_hand):
    with inside_operator():
        placed = things(now, ("carte", 1, 1500))
        sent(placed, now, arrived=date(2026, 11, 16))
        card = Product.objects.get(key="carte")
        invoice = invoice_of(placed)
    credit(browse, now, invoice, line_1=by_hand)
    clock.move_to(at(date(2027, 1, 16)))
    typed = {"product": str(card.pk), "quantity": "1", "ground": "hidden_defect", "problem": "Déchirée"}
    typed |= {"claimed_on": "2027-01-16", "discovered_on": "2027-01-10", "proof": "photo"}
    desk(browse, now).post(url("return_new", placed.pk), typed | {"requested_remedy": "sale_undone"})
    (back,) = rows_of(Return.objects.all())
    here = {"receive-on": str(paris_day(at(date(2027, 1, 16)))), "receive-is_complete": "on"}
    desk(browse, now).post(url("return_receive", back.pk), here)
    undone = {"settle-outcome": "sale_undone"}
    assert desk(browse, now).post(url("return_resolve", back.pk), undone).status_code == 302
    assert credited() == 1500


@pytest.mark.parametrize("first", ["deposit", "final"])
def test_an_order_is_credited_with_what_is_left_of_its_down_payments(browse, now, first):
    with inside_operator():
        catalogue()
        deposit, final = after_down_payment(now, pct=80, discount=Discount(pct=Decimal("7.3")))
    if first == "deposit":
        credit(browse, now, deposit, line_1="100,00")
    else:
        credit(browse, now, final, whole="1")
    credit(browse, now, final, order="1", reason="Vente annulée")
    with inside_operator():
        assert given_back(deposit, final) == [deposit.net_cents, final.net_cents]
