"""LG-S22: a consumer withdraws within 14 days, of receipt for goods, of conclusion for a subscription."""

from datetime import date

import pytest

from agenda.models import Obligation
from billing.models import Delivery, Order, Refund, Return, Subscription, Withdrawal
from billing.returns.policy.withdrawal import PartWithdrawn, RefundStanding, refund_standing
from billing.subscriptions.policy.termination import withdrawal
from isolation.context import inside_operator
from tenants.models import Contract, Customer
from tests.billing.carts import FAMILY, PRACTICE, bought, only_order
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, by_card, desk, live, mails, paid, plain, read, visitor

CLAUSE = "LG-S22"
CONCLUDED = date(2026, 11, 2)


HOLIDAYS = frozenset({date(2026, 11, 11), date(2026, 12, 25)})


@pytest.mark.parametrize(
    ("concluded", "last_day"),
    [
        (date(2026, 11, 2), date(2026, 11, 16)),  # a Monday: the day itself isn't counted
        (date(2026, 10, 24), date(2026, 11, 9)),  # a Saturday runs to the Monday
        (date(2026, 10, 25), date(2026, 11, 9)),  # a Sunday too
        (date(2026, 10, 28), date(2026, 11, 12)),  # a holiday runs to the Thursday
        (date(2026, 12, 11), date(2026, 12, 28)),  # Christmas, a Friday: to the Monday
    ],
)
def test_a_last_day_without_work_runs_to_the_next_with(concluded, last_day):
    assert withdrawal(is_consumer=True, concluded_on=concluded, holidays=HOLIDAYS).last_day == last_day


def test_before_the_confirmation_left_it_is_open():
    assert withdrawal(is_consumer=True, concluded_on=None, holidays=HOLIDAYS).last_day == date.max


def test_a_subscription_from_its_conclusion():
    permission = withdrawal(is_consumer=True, concluded_on=CONCLUDED, holidays=HOLIDAYS)
    assert permission.is_open(date(2026, 11, 16))
    assert not permission.is_open(date(2026, 11, 17))
    assert permission.refund_by(date(2026, 11, 10)) == date(2026, 11, 24)
    assert permission.return_due_on(date(2026, 11, 10)) == date(2026, 11, 24)


def test_goods_from_their_receipt_and_before_it_too():
    got = withdrawal(
        is_consumer=True,
        concluded_on=CONCLUDED,
        received_on=date(2026, 11, 9),
        goods=True,
        holidays=HOLIDAYS,
    )
    assert got.last_day == date(2026, 11, 23)
    assert withdrawal(is_consumer=True, concluded_on=CONCLUDED, goods=True, holidays=HOLIDAYS).is_open(
        date(2027, 1, 1)
    )


def test_a_professional_has_none():
    assert withdrawal(is_consumer=False, concluded_on=CONCLUDED, holidays=HOLIDAYS) is None


DUE = date(2026, 12, 4)  # fourteen days from a notice of 20 November
WAITING = PartWithdrawn(goods_out=True, secured_on=None)


@pytest.mark.parametrize(
    ("parts", "stands"),
    [
        ([PartWithdrawn(goods_out=False, secured_on=date(2026, 11, 20))], (DUE, False)),
        ([WAITING], (None, True)),  # L221-24: neither here nor proved to be sent
        ([PartWithdrawn(goods_out=True, secured_on=date(2026, 11, 25))], (DUE, False)),
        ([PartWithdrawn(goods_out=True, secured_on=date(2026, 12, 9))], (date(2026, 12, 9), False)),
        ([PartWithdrawn(goods_out=False, secured_on=date(2026, 11, 20)), WAITING], (DUE, True)),
        ([PartWithdrawn(goods_out=True, secured_on=None, is_refused=True)], (None, False)),
    ],
)
def test_what_is_owed_now_and_what_waits_for_goods(parts, stands):
    assert refund_standing(parts, refund_by=DUE) == RefundStanding(*stands)


def month(browse, clock, shelves, provider, day):
    """Return an order of a month a family concluded on a day, and its contact."""
    live(clock, day)
    by_card(provider, bought(browse(None), shelves["famille-mois"], FAMILY, method="card"), clock)
    with inside_operator():
        placed = only_order()
        return placed, placed.contact


def given_back(provider):
    """Return what the provider was asked to give back, in cents."""
    return [row["amount"] for row in provider.book.rows.values() if row["object"] == "refund"]


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Une famille s’abonne le lundi 16 novembre ; le lundi 30 à 23 h 30, quatorzième jour, elle se "
    "rétracte d’un bouton et ses 6,00 € lui reviennent.",
)
def test_on_the_fourteenth_night_a_button_still_gives_the_money_back(browse, clock, shelves, provider):
    """A family subscribes on Monday 16 November; on Monday the 30th at 23:30, the fourteenth day, it
    withdraws with a button and gets its 6.00 EUR back.
    """
    placed, family = month(browse, clock, shelves, provider, date(2026, 11, 16))
    clock.move_to(at(date(2026, 11, 30), 22, 30))  # 23:30 in Paris
    home = visitor(browse, family)
    page = url("portal_withdraw", placed.pk)
    assert "6,00 €" in read(home.post(page, {"line_1": "on"}))
    assert home.post(page, {"line_1": "on", "confirm": "1"}).status_code == 302
    live(clock, date(2026, 12, 1))
    assert given_back(provider) == [600]
    assert len(mails("rétractation")) == 1


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Cinq minutes après minuit, le quinzième jour, il est trop tard : la page ne propose plus de se "
    "rétracter, et rien n’est rendu.",
)
def test_five_minutes_into_the_fifteenth_day_it_is_too_late_to_withdraw(browse, clock, shelves, provider):
    """Five minutes past midnight, on the fifteenth day, it is too late: the page offers no withdrawal any
    more, and nothing is given back.
    """
    placed, family = month(browse, clock, shelves, provider, date(2026, 11, 16))
    clock.move_to(at(date(2026, 11, 30), 23, 5))  # 0:05 in Paris
    home = visitor(browse, family)
    assert "Se rétracter" not in read(home.get(url("portal_order", placed.pk)))
    assert home.post(url("portal_withdraw", placed.pk), {"line_1": "on", "confirm": "1"}).status_code == 422
    live(clock, date(2026, 12, 2))
    assert given_back(provider) == []


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Une famille s’abonne un samedi : son quatorzième jour est un samedi, et court donc jusqu’au "
    "lundi soir, où elle se rétracte encore.",
)
def test_a_last_day_on_a_saturday_runs_to_the_monday_night(browse, clock, shelves, provider):
    """A family subscribes on a Saturday: its fourteenth day is a Saturday and so runs to the Monday night,
    when it still withdraws.
    """
    placed, family = month(browse, clock, shelves, provider, date(2026, 11, 28))
    clock.move_to(at(date(2026, 12, 14), 22, 30))  # a Monday, 23:30 in Paris
    answer = visitor(browse, family).post(url("portal_withdraw", placed.pk), {"line_1": "on", "confirm": "1"})
    assert answer.status_code == 302
    live(clock, date(2026, 12, 15))
    assert given_back(provider) == [600]


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Abonnée le 16 novembre, une cliente ajoute deux profils le 20, les paie, et se rétracte le 25 : "
    "l’abonnement finit, et ce qu’elle a ajouté lui est rendu avec lui.",
)
def test_what_was_added_is_given_back_with_the_subscription(browse, clock, shelves, now):
    """Subscribed on 16 November, a client adds two profiles on the 20th, pays for them, and withdraws on the
    25th: the subscription ends, and what was added is given back with it.
    """
    bought(browse(None), shelves["cabinet"], PRACTICE, 5, method="transfer")
    placed = only_order()
    with inside_operator():
        Customer.objects.update(customer_type="consumer")
    first = paid(placed, now)
    live(clock, date(2026, 11, 20))
    with inside_operator():
        running = Subscription.objects.select_related("contact").get()
    contact = running.contact
    more = {"cabinet": "7", "confirm": "1", "method": "transfer", "terms": "on"}
    assert visitor(browse, contact).post(url("portal_plan", running.pk), more).status_code == 302
    with inside_operator():
        added = Order.objects.latest("confirmed_at")
    second = paid(added, at(date(2026, 11, 20), 13))
    live(clock, date(2026, 11, 25))
    home = visitor(browse, contact)
    page = url("portal_withdraw", placed.pk)
    told = read(home.post(page, {"line_1": "on"}))
    assert f"par la commande {added.number}" in told
    assert home.post(page, {"line_1": "on", "confirm": "1"}).status_code == 302
    with inside_operator():
        running.refresh_from_db()
        back = sum(Refund.objects.values_list("amount_cents", flat=True))
        contract = Contract.objects.get(pk=running.contract_id)
    assert running.ended_on == date(2026, 11, 25)
    assert back == first.gross_cents + second.gross_cents
    assert contract.licences == 5


def cards_in_hand(browse, clock, shelves):
    """Return an order of three sets of cards, paid, sent on the 17th and in a family's hands on the 20th."""
    bought(browse(None), shelves["cartes"], FAMILY, 3, method="transfer")
    placed = only_order()
    paid(placed, at(date(2026, 11, 16)))
    live(clock, date(2026, 11, 17))
    (parcel,) = rows_of(Delivery.objects)
    desk(browse, at(date(2026, 11, 17))).post(url("delivery_ship", parcel.pk), {"ship-carrier": "La Poste"})
    live(clock, date(2026, 11, 20))
    arrived = desk(browse, at(date(2026, 11, 20))).post(
        url("delivery_arrive", parcel.pk), {"arrive-on": "2026-11-20"}
    )
    assert arrived.status_code == 302
    return placed


def receive(browse, back, day, *, is_complete=True):
    """Write down on finance's page that goods came back on a day."""
    said = {"receive-on": str(day), **({"receive-is_complete": "on"} if is_complete else {})}
    assert desk(browse, at(day)).post(url("return_receive", back.pk), said).status_code == 302


HELD = "Le prix des biens attend qu’ils soient ici ou que vous ayez prouvé les avoir expédiés"
OWED = "dû au client depuis"


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Une famille rend des cartes qu’elle a reçues : tant qu’elles ne sont ni revenues ni prouvées en "
    "chemin, rien n’est dû, passés les quatorze jours non plus, et les pages comme le courriel disent ce "
    "qui est attendu ; la preuve d’envoi, écrite le 9 décembre, rend le remboursement dû ce jour-là.",
)
def test_the_price_of_goods_waits_for_them_or_the_proof_of_their_sending(browse, clock, shelves, now):
    """A family gives back cards it received: while they are neither back nor proved to be on their way
    nothing is owed, not after the fourteen days either, and pages and mail say what is waited for; the proof
    of sending, written down on 9 December, makes the refund due that day.
    """
    placed = cards_in_hand(browse, clock, shelves)
    home = visitor(browse, placed.contact)
    page = url("portal_withdraw", placed.pk)
    assert HELD in read(home.post(page, {"line_1": "3"}))
    done = home.post(page, {"line_1": "3", "confirm": "1"}, follow=True)
    assert HELD in plain(done.content.decode())
    live(clock, date(2026, 11, 21))
    (told,) = mails("rétractation")
    assert HELD in plain(told.body)
    assert HELD in plain(told.alternatives[0][0])

    def shown():
        """Return what the client's page, finance's page and the day's work say."""
        order, work = url("portal_order", placed.pk), url("todo")
        finance = desk(browse, now)
        yours = read(visitor(browse, placed.contact).get(order))
        return yours, read(finance.get(url("order", placed.pk))), read(finance.get(work))

    live(clock, date(2026, 12, 8))
    yours, ours, work = shown()
    assert HELD in yours
    assert "renvoyez-les au plus tard le 4 décembre 2026" in yours
    assert "Prix retenu" in ours
    assert "À rembourser au plus tard le" not in ours
    assert OWED not in work
    assert rows_of(Refund.objects) == []

    live(clock, date(2026, 12, 9))
    (withdrawn,) = rows_of(Withdrawal.objects)
    proof = {"on": "2026-12-09", "proof": "Colissimo 6A99"}
    assert desk(browse, now).post(url("withdrawal_sent", withdrawn.pk), proof).status_code == 302
    yours, ours, work = shown()
    assert HELD not in yours
    assert "Ce que vous en avez payé est remboursé au plus tard le 9 décembre 2026" in yours
    assert "9 décembre 2026" in ours
    assert OWED in work
    (refund,) = rows_of(Refund.objects)
    assert refund.amount_cents == placed.gross_cents
    (back,) = rows_of(Return.objects)
    live(clock, date(2026, 12, 11))
    receive(browse, back, date(2026, 12, 11))
    assert len(rows_of(Refund.objects)) == 1  # the goods, here too, ask for nothing twice


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Des cartes rendues reviennent incomplètes le 27 novembre : elles ne sont plus attendues, les pages "
    "et un courriel disent qu’on se décide au plus tard le 4 décembre, et la journée de travail le "
    "rappelle ; le jour passé, la promesse est en retard ; ce qui manquait arrive le 7, et leur prix est dû "
    "ce jour-là.",
)
def test_goods_back_incomplete_are_decided_by_a_day_and_waited_for_no_more(browse, clock, shelves, now):
    """Cards come back incomplete on 27 November: they aren't waited for any more, pages and a mail say that
    it is decided by 4 December, and the day's work says so too; once that day is over the promise is late;
    what was missing comes on the 7th, and their price is owed that day.
    """
    placed = cards_in_hand(browse, clock, shelves)
    home = visitor(browse, placed.contact)
    assert home.post(url("portal_withdraw", placed.pk), {"line_1": "3", "confirm": "1"}).status_code == 302
    live(clock, date(2026, 11, 27))
    (back,) = rows_of(Return.objects)
    receive(browse, back, date(2026, 11, 27), is_complete=False)
    live(clock, date(2026, 11, 28))
    (told,) = mails("incomplet")
    for words in (plain(told.body), plain(told.alternatives[0][0])):
        assert DECIDED in words
        assert HELD not in words

    def shown():
        """Return what the client's page, finance's pages and the day's work say."""
        finance = desk(browse, now)
        addresses = url("order", placed.pk), url("return", back.pk), url("todo")
        yours = read(visitor(browse, placed.contact).get(url("portal_order", placed.pk)))
        return yours, *(read(finance.get(address)) for address in addresses)

    yours, ours, page, work = shown()
    assert DECIDED in yours
    assert HELD not in yours
    assert "Prix retenu" not in ours
    assert "à décider au plus tard le 4 décembre 2026" in ours
    assert "Décidez au plus tard le 4 décembre 2026" in page
    assert back.number in work
    assert promise(back).missed_at is None

    live(clock, date(2026, 12, 6))
    assert promise(back).missed_at == at(date(2026, 12, 4), 23)  # midnight in Paris
    assert rows_of(Refund.objects) == []
    live(clock, date(2026, 12, 7))
    receive(browse, back, date(2026, 12, 7))
    live(clock, date(2026, 12, 8))
    (refund,) = rows_of(Refund.objects)
    assert refund.amount_cents == placed.gross_cents
    assert promise(back).state == "kept"
    yours, ours, page, work = shown()
    assert DECIDED not in yours
    assert "À rembourser au plus tard le 7 décembre 2026" in ours
    assert back.number not in work
    assert "Le reste est arrivé" not in page


DECIDED = "Les biens sont revenus incomplets. Au plus tard le 4 décembre 2026 nous vous disons"


def promise(back):
    """Return where the promise to decide about goods stands."""
    (obligation,) = rows_of(Obligation.objects.filter(clause="LG-S22", kind="decision", subject_id=back.pk))
    return obligation


@pytest.mark.story(
    "LG-S22",
    door="page",
    fr="Des cartes reviennent incomplètes le 8 décembre, après le jour du remboursement : sept jours restent "
    "pour envoyer le reste ; arrivé, il ne peut plus être refusé, le prix est rendu ; il ne peut pas être "
    "arrivé avant les cartes.",
)
def test_what_is_missing_can_still_be_sent_and_what_is_paid_back_is_not_refused(browse, clock, shelves):
    """Cards come back incomplete on 8 December, after the day of the refund: seven days are left to send the
    rest; once it came it can't be refused any more, the price is given back; it can't have come before the
    cards.
    """
    placed = cards_in_hand(browse, clock, shelves)
    home = visitor(browse, placed.contact)
    assert home.post(url("portal_withdraw", placed.pk), {"line_1": "3", "confirm": "1"}).status_code == 302
    live(clock, date(2026, 12, 8))
    (back,) = rows_of(Return.objects)
    receive(browse, back, date(2026, 12, 8), is_complete=False)
    live(clock, date(2026, 12, 9))
    (told,) = mails("incomplet")
    assert "Au plus tard le 15 décembre 2026 nous vous disons" in plain(told.body)
    finance = desk(browse, at(date(2026, 12, 9)))
    page = read(finance.get(url("return", back.pk)))
    assert "le délai de la garantie" not in page
    assert "la marchandise est revenue incomplète" in page
    early = {"receive-on": "2026-12-01", "receive-is_complete": "on"}
    wrong = finance.post(url("return_receive", back.pk), early)
    assert "ne peut pas être arrivé avant" in plain(wrong.content.decode())
    receive(browse, back, date(2026, 12, 9))
    assert len(rows_of(Refund.objects)) == 1
    refused = finance.post(url("return_resolve", back.pk), {"settle-outcome": "no:incomplete"})
    assert refused.status_code == 422
    assert rows_of(Return.objects)[0].state == "received"
    ended = finance.post(url("return_resolve", back.pk), {"settle-outcome": "refund"})
    assert ended.status_code == 302
    assert len(rows_of(Refund.objects)) == 1
