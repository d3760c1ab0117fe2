"""From the paid order to the parcel, and back again.

Dispatch days, withheld parcels, returns and their ends.
"""

from datetime import date, datetime, timedelta

import pytest

from agenda.loop import send_outbox, tick
from agenda.models import Obligation
from billing.catalogue.actions.move_stock import NotThatMany, move_stock
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.shelves import OutOfStock
from billing.fulfilment.actions.plan_delivery import NotPlanned, Withheld, arrive, see_to_dispatch, ship
from billing.fulfilment.queries.deliveries import address_of, picking_list
from billing.models import Delivery, OfferSheet, Order, Price, Product, Requirements, Return, StockMove
from billing.money.policy.address import Address
from billing.money.policy.days import paris_day
from billing.orders.actions.decrement_stock import restock
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.returns.actions.open_warranty_claim import (
    NotOrdered,
    WarrantyClaimInput,
    open_warranty_claim,
    receive_return,
    resolve_return,
)
from demo.factories.billing import ContactFactory, CustomerFactory, catalogue, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.support import clerk, rows_of, url

MONDAY = datetime.fromisoformat("2026-11-16T09:00:00+00:00")


def thing(stock=20):
    found = Product.objects.filter(key="carte").first()
    if found is None:
        found = Product.objects.create(
            key="carte",
            name_fr="Carte des sons",
            name_en="Sound map",
            kind="goods",
            methods=["cheque", "transfer"],
            stock=0,
            unit_fr="carte",
            unit_en="map",
            features_fr="Affiche A2",
            features_en="A2 poster",
        )
        Price.objects.create(price_list=catalogue(), product=found, net_cents=1500)
        move_stock(product=found, quantity=stock, why="received", by=None, now=MONDAY)
        found.refresh_from_db()
    return found


def sold(now, *, quantity=3, client="professional", paid=True):
    map_ = thing()
    today = paris_day(now)
    buyer = ContactFactory(
        customer=CustomerFactory(customer_type=client, siret="" if client == "consumer" else "21359990500011")
    )
    line = LineDraft(map_.pk, "Carte des sons", quantity, 1500)
    order = order_signed(buyer, now=now, lines=[line], sites=[], method="cheque")
    if paid:
        cheque = receive_cheque(
            invoice=invoice_of(order),
            amount_cents=order.gross_cents,
            received_on=today,
            reference="",
            by=None,
            now=now,
        )
        clear_payment(payment_id=cheque.id, credited_on=today, by=None, now=now, today=today)
        tick(now)
        order.refresh_from_db()
    return order


@pytest.mark.usefixtures("as_operator")
def test_a_parcel_is_planned_for_the_next_tuesday_once_the_money_is_there(now):
    order = sold(now, paid=False)
    assert not Delivery.objects.filter(order=order).exists()
    assert thing().stock == 17  # taken when the order was validated
    paid = sold(now)
    delivery = paid.delivery
    assert (delivery.leaves_on, delivery.promised_on) == (date(2026, 11, 17), date(2026, 12, 16))
    assert Obligation.objects.get(clause="LG-S7", subject_id=delivery.id).run_at == datetime.fromisoformat(
        "2026-11-17T15:00:00+00:00"
    )
    found = picking_list(date(2026, 11, 17), today=date(2026, 11, 16))
    assert [(parcel.delivery, parcel.withheld) for parcel in found.parcels] == [(delivery, False)]
    assert found.to_fetch == [("carte", "Carte des sons", 3)]


@pytest.mark.usefixtures("as_operator")
def test_what_did_not_leave_goes_to_the_next_dispatch_day(now):
    delivery = sold(now).delivery
    told = see_to_dispatch(
        delivery_id=delivery.id, now=now + timedelta(days=1, hours=7), today=date(2026, 11, 17)
    )
    assert told == {"sent": False, "withheld": False, "leaves_on": "2026-11-19"}
    delivery.refresh_from_db()
    assert delivery.leaves_on == date(2026, 11, 19)


@pytest.mark.usefixtures("as_operator")
def test_a_parcel_stays_here_while_something_is_overdue(now):
    order = sold(now)
    unpaid = order_signed(order.contact, now=now)
    later = now + timedelta(days=90)
    day = date(2027, 1, 15)
    assert invoice_of(unpaid).due_on < day
    with pytest.raises(Withheld) as held:
        ship(delivery_id=order.delivery.id, carrier="La Poste", tracking="", by=None, now=later, today=day)
    assert held.value.cents == unpaid.gross_cents
    told = see_to_dispatch(delivery_id=order.delivery.id, now=later, today=day)
    assert told["withheld"] is True
    assert picking_list(Delivery.objects.get().leaves_on, today=day).to_fetch == []


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize(
    ("client", "risk"), [("consumer", date(2026, 11, 20)), ("professional", date(2026, 11, 16))]
)
def test_sent_then_in_the_clients_hands(now, client, risk):
    order = sold(now, client=client)
    delivery = order.delivery
    day = date(2026, 11, 17)
    ship(
        delivery_id=delivery.id,
        carrier="La Poste",
        tracking="6A1",
        by=None,
        now=now + timedelta(days=1),
        today=day,
        reason="Le transporteur passe un autre jour",
    )
    with pytest.raises(NotPlanned):
        ship(delivery_id=delivery.id, carrier="x", tracking="", by=None, now=now, today=day)
    arrive(delivery_id=delivery.id, on=date(2026, 11, 20), by=None, now=now + timedelta(days=4))
    order.refresh_from_db()
    assert (order.ownership_on, order.risk_on) == (date(2026, 11, 16), risk)
    assert {each.state for each in Obligation.objects.filter(subject_id=delivery.id)} == {"kept"}
    send_outbox(now + timedelta(days=2))


@pytest.mark.usefixtures("as_operator")
def test_stock_is_taken_once_given_back_once_and_never_below_zero(now):
    order = sold(now, paid=False)
    restock(order=order, now=now)
    assert restock(order=order, now=now) == 0
    assert thing().stock == 20
    with pytest.raises(NotThatMany):
        move_stock(product=thing(), quantity=-21, why="counted", by=None, now=now)
    assert sorted(move.quantity for move in StockMove.objects.all()) == [-3, 3, 20]


@pytest.mark.usefixtures("as_operator")
def test_the_order_keeps_what_the_buyer_was_shown(now):
    school = Product.objects.get(pk=catalogue().prices.get(product__key="preau-ecole").product_id)
    school.features_fr = "Cahier de réussites\nExports"
    school.save()
    version = Requirements.objects.create(
        product=school,
        version=1,
        text_fr="Un navigateur",
        text_en="A browser",
        published_on=date(2026, 1, 1),
        in_force_on=date(2026, 1, 1),
        created_at=now,
    )
    order = order_signed(now=now)
    sheet = OfferSheet.objects.get(order=order)
    assert sheet.requirements == version
    kept = {
        key: sheet.content[key]
        for key in ("features", "price_cents", "term_months", "methods", "requirements")
    }
    assert kept == {
        "features": ["Cahier de réussites", "Exports"],
        "price_cents": 490,
        "term_months": 12,
        "methods": ["cheque"],
        "requirements": "Un navigateur",
    }


def said(map_, ground="conformity", **more):
    return WarrantyClaimInput(map_.pk, 1, ground, "Le carton est déchiré", date(2026, 11, 25), **more)


def delivered(now, client="consumer"):
    order = sold(now, client=client)
    ship(
        delivery_id=order.delivery.id,
        carrier="La Poste",
        tracking="",
        by=None,
        now=now,
        today=date(2026, 11, 16),
        reason="Le transporteur passe un autre jour",
    )
    arrive(delivery_id=order.delivery.id, on=date(2026, 11, 18), by=None, now=now)
    return order


@pytest.mark.usefixtures("as_operator")
def test_a_claim_that_nothing_covers_is_refused_at_once_with_its_reason(now):
    order = delivered(now, "professional")
    today = date(2026, 11, 25)
    back = open_warranty_claim(order=order, said=said(thing()), by=None, now=now, today=today)
    assert (back.state, back.refusal, back.settled_on) == ("refused", "no_guarantee", today)
    with pytest.raises(NotOrdered):
        open_warranty_claim(
            order=order,
            said=WarrantyClaimInput(thing().pk, 4, "conformity", "x", today),
            by=None,
            now=now,
            today=today,
        )


class TestPages:
    """The same, by the pages."""

    def test_the_picking_list_and_its_paper(self, browse, now, db):
        with inside_operator():
            delivery = sold(now).delivery
        desk = clerk(browse, now)
        page = desk.get(url("picking"))
        assert delivery.number in page.content.decode()
        assert desk.get(url("picking_pdf") + "?day=2026-11-17").content.startswith(b"%PDF")
        assert desk.get(url("picking") + "?day=nonsense").status_code == 200
        assert delivery.number in desk.get(url("deliveries") + "?state=planned").content.decode()

    def test_a_parcel_by_its_page(self, browse, now, db):
        with inside_operator():
            delivery = sold(now, client="consumer").delivery
        desk = clerk(browse, now)

        def at(name):
            return url(name, delivery.pk)

        assert desk.get(at("delivery")).status_code == 200
        assert (
            desk.post(at("delivery_arrive"), {"arrive-on": "2026-11-16"}).status_code == 302
        )  # not sent: said
        assert desk.post(at("delivery_notice"), {"notice-on": "2026-11-17"}).status_code == 422  # to come
        assert desk.post(at("delivery_notice"), {"notice-on": "2026-11-16"}).status_code == 302
        assert desk.post(at("delivery_end")).status_code == 302  # too early: said
        assert desk.post(at("delivery_ship"), {}).status_code == 422
        assert desk.post(at("delivery_ship"), {"ship-carrier": "La Poste"}).status_code == 422  # why today?
        early = {"ship-carrier": "La Poste", "ship-reason": "Le transporteur passe plus tôt"}
        assert desk.post(at("delivery_ship"), early).status_code == 302
        assert desk.post(at("delivery_arrive"), {"arrive-on": "2026-11-16"}).status_code == 302
        (row,) = rows_of(Delivery.objects)
        assert (row.state, row.delivered_on) == ("delivered", date(2026, 11, 16))

    def test_a_sale_is_ended_once_and_its_things_are_back_once(self, browse, now, db, clock):
        with inside_operator():
            delivery = sold(now, client="consumer").delivery
            stock = thing().stock
            Delivery.objects.filter(pk=delivery.pk).update(notice_on=now.date())
        clock.move_to(now + timedelta(days=90))
        desk = clerk(browse, now + timedelta(days=90))
        for _ in range(2):
            assert desk.post(url("delivery_end", delivery.pk)).status_code == 302
        with inside_operator():
            assert Delivery.objects.get().state == "cancelled"
            assert thing().stock == stock + 3

    def test_a_return_by_its_page_to_a_price_reduced(self, browse, now, db):
        with inside_operator():
            order = delivered(now)
            map_ = thing()
        desk = clerk(browse, now)
        form = {
            "product": str(map_.pk),
            "quantity": "1",
            "ground": "hidden_defect",
            "problem": "Déchirée",
            "claimed_on": "2026-11-16",
            "proof": "photo",
        }
        assert desk.get(url("return_new", order.pk)).status_code == 200
        assert desk.post(url("return_new", order.pk), form).status_code == 422  # when was it discovered?
        form |= {"discovered_on": "2026-11-15", "requested_remedy": "price_reduced"}
        assert desk.post(url("return_new", order.pk), form | {"quantity": "9"}).status_code == 422
        assert desk.post(url("return_new", order.pk), form).status_code == 302
        (back,) = rows_of(Return.objects)
        assert desk.get(url("return_slip", back.pk)).content.startswith(b"%PDF")
        settle = url("return_resolve", back.pk)
        worth = {"settle-outcome": "price_reduced", "settle-reduced_by": "5,00"}
        assert desk.post(settle, worth).status_code == 302  # the goods aren't here: said
        received = {"receive-on": "2026-11-16", "receive-is_complete": "on"}
        assert desk.post(url("return_receive", back.pk), received).status_code == 302
        assert desk.post(settle, {"settle-outcome": "price_reduced"}).status_code == 422
        assert desk.post(settle, worth | {"settle-reduced_by": "15,01"}).status_code == 422
        assert desk.post(settle, {"settle-outcome": "repair"}).status_code == 422
        assert desk.post(settle, worth).status_code == 302
        (back,) = rows_of(Return.objects.select_related("credit_note"))
        assert (back.state, back.remedy, back.credit_note.net_cents) == ("ended", "price_reduced", 500)
        assert desk.get(url("return", back.pk)).status_code == 200
        assert back.number in desk.get(url("returns")).content.decode()
        with inside_operator():
            send_outbox(now + timedelta(hours=1))

    def test_goods_that_come_back_incomplete_are_refused(self, browse, now, db):
        with inside_operator():
            order = delivered(now)
            map_ = thing()
            back = open_warranty_claim(
                order=order, said=said(map_), by=None, now=now, today=date(2026, 11, 16)
            )
        desk = clerk(browse, now)
        desk.post(url("return_receive", back.pk), {"receive-on": "2026-11-16"})
        settle = url("return_resolve", back.pk)
        assert desk.post(settle, {"settle-outcome": "repair"}).status_code == 422
        assert desk.post(
            settle, {"settle-outcome": "no:incomplete", "settle-words": "Il manque le mode d’emploi."}
        )
        (back,) = rows_of(Return.objects)
        assert (back.state, back.refusal) == ("refused", "incomplete")


@pytest.mark.usefixtures("as_operator")
def test_a_replacement_leaves_the_shelves_and_its_parcel_is_planned(now):
    order = delivered(now)
    map_ = thing()
    day = date(2026, 11, 16)
    before = map_.stock
    back = open_warranty_claim(
        order=order, said=said(map_, requested_remedy="replacement"), by=None, now=now, today=day
    )
    receive_return(return_id=back.pk, on=day, is_complete=True, by=None, now=now, today=day)
    done = resolve_return(
        return_id=back.pk, remedy="replacement", back_on_shelf=False, by=None, now=now, today=day
    )
    sent = done.replacement
    assert (sent.state, sent.gross_cents, sent.delivery.state, sent.delivery.leaves_on) == (
        "open",
        0,
        "planned",
        date(2026, 11, 17),
    )
    assert thing().stock == before - back.quantity  # what came back torn isn't sold again
    assert not sent.invoices.exists()


@pytest.mark.usefixtures("as_operator")
def test_a_replacement_goes_where_the_first_one_went(now):
    order = delivered(now)
    map_ = thing()
    day = date(2026, 11, 16)
    Order.objects.filter(pk=order.pk).update(
        deliver_to=Address("Gîte", "2 rue Haute", "29200", "Brest", "FR").kept()
    )
    back = open_warranty_claim(
        order=order, said=said(map_, requested_remedy="replacement"), by=None, now=now, today=day
    )
    receive_return(return_id=back.pk, on=day, is_complete=True, by=None, now=now, today=day)
    sent = resolve_return(return_id=back.pk, remedy="replacement", by=None, now=now, today=day).replacement
    assert address_of(sent.delivery) == ["Gîte", "2 rue Haute", "29200 Brest"]


@pytest.mark.usefixtures("as_operator")
def test_no_replacement_without_one_on_the_shelf(now):
    order = delivered(now)
    map_ = thing()
    day = date(2026, 11, 16)
    move_stock(product=map_, quantity=-map_.stock, why="counted", by=None, now=now)
    back = open_warranty_claim(
        order=order, said=said(map_, requested_remedy="replacement"), by=None, now=now, today=day
    )
    receive_return(return_id=back.pk, on=day, is_complete=True, by=None, now=now, today=day)
    with pytest.raises(OutOfStock):
        resolve_return(return_id=back.pk, remedy="replacement", by=None, now=now, today=day)
