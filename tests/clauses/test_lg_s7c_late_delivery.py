"""LG-S7c: 30 days without a date; 30 days late and after a formal notice a consumer may end the sale."""

from datetime import date

import pytest

from agenda.models import Obligation
from billing.fulfilment.policy.delivery import NotYet, is_all_refunded, late_delivery_refund_by, promised_day
from billing.models import Delivery, Invoice, Refund
from demo.factories.billing import ContactFactory, CustomerFactory, invoice_of
from isolation.context import inside_operator
from tests.billing.carts import TEACHER, bought, only_order
from tests.billing.returns.test_withdrawal import things
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, live, paid, plain, read

CLAUSE = "LG-S7c"
PROMISED = date(2026, 10, 1)
TOLD = date(2026, 10, 20)


def test_without_a_date_thirty_days_at_most():
    made = {"confirmed_on": date(2026, 11, 16), "leaves_on": date(2026, 11, 17)}
    assert promised_day(**made) == date(2026, 12, 16)
    assert promised_day(**made, agreed_on=date(2027, 1, 5)) == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("leaves_on", "days", "promised"),
    [
        (date(2026, 12, 31), 10, date(2027, 1, 5)),  # it leaves by the day agreed
        (date(2027, 1, 7), 10, date(2027, 1, 7)),
        (date(2027, 1, 28), 10, date(2027, 1, 15)),
        (date(2027, 1, 28), 0, date(2027, 1, 5)),
    ],
)
def test_a_day_agreed_moves_by_the_clients_own_days_and_no_further(leaves_on, days, promised):
    found = promised_day(
        confirmed_on=date(2026, 11, 16), leaves_on=leaves_on, agreed_on=date(2027, 1, 5), client_days=days
    )
    assert found == promised


def test_without_a_date_the_clients_own_days_are_added():
    made = {"confirmed_on": date(2026, 11, 16), "leaves_on": date(2026, 12, 1)}
    assert promised_day(**made, client_days=14) == date(2026, 12, 30)


def test_thirty_days_late_and_told_the_sale_may_end():
    found = late_delivery_refund_by(
        consumer_protected=True,
        indicated_on=PROMISED,
        notice_on=TOLD,
        delivered_on=None,
        today=date(2026, 11, 1),
    )
    assert found == date(2026, 11, 15)  # refunded within 14 days


@pytest.mark.parametrize(
    ("notice_on", "delivered_on", "today", "reason"),
    [
        (TOLD, None, date(2026, 10, 31), "on_time"),
        (None, None, date(2026, 11, 1), "no_notice"),
        (date(2026, 11, 2), None, date(2026, 11, 1), "no_notice"),
        (TOLD, date(2026, 10, 30), date(2026, 11, 1), "delivered"),
    ],
)
def test_before_that_it_may_not(notice_on, delivered_on, today, reason):
    with pytest.raises(NotYet) as wait:
        late_delivery_refund_by(
            consumer_protected=True,
            indicated_on=PROMISED,
            notice_on=notice_on,
            delivered_on=delivered_on,
            today=today,
        )
    assert wait.value.reason == reason
    assert wait.value.possible_on == (date(2026, 11, 1) if reason == "on_time" else None)


def test_a_professional_never_may():
    with pytest.raises(NotYet) as never:
        late_delivery_refund_by(
            consumer_protected=False,
            indicated_on=PROMISED,
            notice_on=TOLD,
            delivered_on=None,
            today=date(2027, 11, 1),
        )
    assert never.value.reason == "professional"


@pytest.mark.parametrize(("left", "refunded"), [((0, 0, 0), True), ((1, 0, 0), False), ((0, 1, 0), False)])
def test_only_all_of_it_is_a_refund(left, refunded):
    names = ("uncredited_cents", "owed_cents", "unmade_cents")
    assert is_all_refunded(**dict(zip(names, left, strict=True))) is refunded
    assert is_all_refunded(uncredited_cents=0, owed_cents=0, unmade_cents=1) is False


def ended(browse, now, parcel):
    """Return what the desk says when a client's word that they end the sale is noted."""
    answer = desk(browse, now).post(url("delivery_end", parcel.pk), follow=True)
    return plain(answer.content.decode())


def refund_promised(parcel):
    """Return the promise to refund a parcel that never came."""
    rows = Obligation.objects.filter(clause="LG-S7c", kind="refund", subject_id=parcel.pk)
    (found,) = rows_of(rows)
    return found


@pytest.mark.story(
    "LG-S7c",
    door="page",
    fr="Le jour montré passe de trente jours sans que rien n’arrive : la veille la vente tient encore, le "
    "lendemain elle finit ; un avoir partiel n’y fait rien, et le remboursement n’est tenu qu’une fois tout "
    "l’argent parti.",
)
def test_a_consumer_ends_a_sale_that_never_came_and_only_all_the_money_keeps_it(browse, clock, shelves, now):
    """Thirty days pass after the day shown and nothing came: the day before the sale still stands, the day
    after it ends; a partial credit note changes nothing, and the refund is kept only once all the money left.
    """
    bought(browse(None), shelves["cartes"], TEACHER, 2, method="transfer")
    placed = only_order()
    (invoice,) = rows_of(Invoice.objects.filter(order=placed))
    money = {"invoice": str(invoice.pk), "method": "transfer", "received_on": "2026-11-16"}
    money |= {"amount": f"{invoice.gross_cents / 100:.2f}", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    live(clock, date(2026, 11, 16))
    (parcel,) = rows_of(Delivery.objects.all())
    live(clock, date(2026, 12, 1))
    desk(browse, now).post(url("delivery_notice", parcel.pk), {"notice-on": "2026-12-01"})
    live(clock, date(2026, 12, 17))  # 30 days after Tuesday 17 November, the day shown
    assert "à partir du 18 décembre 2026" in ended(browse, now, parcel)
    live(clock, date(2026, 12, 18))
    part = {"line_1": "5,00"}
    desk(browse, now).post(url("invoice_credit", invoice.pk), part)
    assert "1er janvier 2027" in ended(browse, now, parcel)
    credited = sum(each.gross_cents for each in rows_of(Invoice.objects.filter(kind="credit_note")))
    assert credited == invoice.gross_cents  # what was credited by hand, and the rest
    live(clock, date(2026, 12, 20))
    assert refund_promised(parcel).state != "kept"
    refunds = rows_of(Refund.objects.all())
    assert sum(each.amount_cents for each in refunds) == invoice.gross_cents
    for refund in refunds[:-1]:
        desk(browse, now).post(url("refund_sent", refund.pk))
    live(clock, date(2026, 12, 22))
    assert refund_promised(parcel).state != "kept"
    desk(browse, now).post(url("refund_sent", refunds[-1].pk))
    live(clock, date(2026, 12, 24))
    assert refund_promised(parcel).state == "kept"


@pytest.mark.story(
    "LG-S7c",
    door="page",
    fr="Un professionnel met en demeure et attend quatre-vingt-dix jours : sa vente ne finit pas ; le même "
    "devis à un consommateur, livrable le 5 janvier, ne finit que trente jours après ce jour convenu.",
)
def test_a_professional_never_ends_it_and_an_agreed_day_counts(browse, clock, now):
    """A professional gives notice and waits ninety days: the sale doesn't end; the same quote to a consumer,
    to be delivered by 5 January, ends only thirty days after that agreed day.
    """
    with inside_operator():
        office = ContactFactory(customer=CustomerFactory(customer_type="professional"))
        theirs = things(now, ("carte", 2, 1500), contact=office).delivery
        agreed = things(now, ("affiche", 1, 900), deliver_by=date(2027, 1, 5)).delivery
    assert agreed.promised_on == date(2027, 1, 5)
    live(clock, date(2026, 12, 1))
    for parcel in (theirs, agreed):
        desk(browse, now).post(url("delivery_notice", parcel.pk), {"notice-on": "2026-12-01"})
    live(clock, date(2027, 2, 4))
    assert "à partir du 5 février 2027" in ended(browse, now, agreed)
    live(clock, date(2027, 2, 14))
    assert "Seul un consommateur" in ended(browse, now, theirs)
    assert "28 février 2027" in ended(browse, now, agreed)  # 14 days to pay back


@pytest.mark.story(
    "LG-S7c",
    "LG-S6.3x",
    door="page",
    fr="L’argent d’une commande arrive deux semaines après, puis une autre facture échue retient le colis "
    "deux semaines : ces jours sont ceux du client, la vente ne finit que trente jours après le reste.",
)
def test_the_days_the_client_kept_it_here_are_theirs(browse, clock, shelves, now):
    """The money of an order comes two weeks later, then another overdue invoice keeps the parcel here for two
    weeks: these days are the client's, the sale ends only thirty days after the rest.
    """
    bought(browse(None), shelves["cartes"], TEACHER, 2, method="transfer")
    placed = only_order()
    with inside_operator():
        other = things(at(date(2026, 11, 16)), ("affiche", 1, 900), contact=placed.contact, pay=False)
        invoice_of(other)
    live(clock, date(2026, 12, 1))
    paid(placed, at(date(2026, 12, 1)))
    (parcel,) = rows_of(Delivery.objects.filter(order=placed))
    assert (parcel.announced_on, parcel.leaves_on) == (date(2026, 11, 17), date(2026, 12, 1))
    assert parcel.promised_on == date(2026, 12, 30)
    live(clock, date(2026, 12, 17), date(2026, 12, 22), hour=16)  # the other invoice was due on the 16th
    page = read(desk(browse, now).get(url("delivery", parcel.pk)))
    assert "6 janvier 2027 21 jours de plus : il a attendu l’argent du client" in page
    (promise,) = rows_of(Obligation.objects.filter(clause="LG-S7c", subject_id=parcel.pk, state="owed"))
    assert promise.occurrence == "2027-01-06"
    desk(browse, now).post(url("delivery_notice", parcel.pk), {"notice-on": "2026-12-22"})
    paid(other, at(date(2026, 12, 23)))
    live(clock, date(2027, 1, 7))
    assert "à partir du 8 janvier 2027" in ended(browse, now, parcel)
    live(clock, date(2027, 1, 8))
    assert "22 janvier 2027" in ended(browse, now, parcel)
