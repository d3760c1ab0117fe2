"""An unpaid order becomes cancellable after 7 business days, counted as it favours the client."""

from datetime import date, timedelta

import pytest

from billing.catalogue.actions.price_lines import LineDraft
from billing.invoicing.queries.balances import balance_of
from billing.models import Invoice, Order, Payment, Product, QuoteVersion, Refund
from billing.orders.policy.orders import is_cancellable, payment_term
from billing.quotes.actions.write_quote import SiteDraft
from billing.workflows.actions.open_access import open_access
from contracts.gateways.holidays import public_holidays
from demo.factories.billing import ContactFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator
from tests.billing.returns.test_withdrawal import thing, things
from tests.billing.support import rows_of, url
from tests.clauses.stage import at, desk, later, live, mails, plain, read, sign, subscribed, visitor
from tests.clauses.test_lg_s5_2d_amendments_and_specific_terms import amendment
from tests.golden import rows


def holidays(row: dict[str, str]) -> frozenset[date]:
    return public_holidays(row["country"], row["subdivision"] or None, (2026, 2027))


@pytest.mark.parametrize("row", rows("business_days"), ids=lambda row: f"{row['start']}{row['subdivision']}")
def test_the_golden_days(row):
    start = date.fromisoformat(row["start"])
    term = payment_term(
        quoted_on=start, confirmed_on=start, holidays=holidays(row), business_days=int(row["days"])
    )
    assert term.last_day == date.fromisoformat(row["expected"])


def test_the_later_of_the_quotes_date_and_its_confirmation_counts():
    early = date(2026, 11, 2)
    late = date(2026, 11, 16)
    for quoted, confirmed in ((early, late), (late, early)):
        assert payment_term(
            business_days=7, quoted_on=quoted, confirmed_on=confirmed, holidays=frozenset()
        ).last_day == date(2026, 11, 25)


def test_paying_on_the_last_day_is_in_time():
    term = payment_term(
        business_days=7, quoted_on=date(2026, 11, 16), confirmed_on=date(2026, 11, 16), holidays=frozenset()
    )
    assert not is_cancellable(cancellable_on=term.cancellable_from, today=term.last_day, is_paid=False)
    assert is_cancellable(
        cancellable_on=term.cancellable_from, today=term.last_day + timedelta(days=1), is_paid=False
    )
    assert not is_cancellable(cancellable_on=term.cancellable_from, today=date(2030, 1, 1), is_paid=True)


def test_a_deferral_moves_it_and_an_earlier_one_changes_nothing():
    start = date(2026, 11, 16)
    plain = payment_term(business_days=7, quoted_on=start, confirmed_on=start, holidays=frozenset())
    moved = payment_term(
        business_days=7,
        quoted_on=start,
        confirmed_on=start,
        holidays=frozenset(),
        extended_until=date(2026, 12, 14),
    )
    past = payment_term(
        business_days=7,
        quoted_on=start,
        confirmed_on=start,
        holidays=frozenset(),
        extended_until=date(2026, 1, 1),
    )
    assert moved.last_day == date(2026, 12, 23)
    assert past == plain


@pytest.mark.story(
    "LG-S5.2c",
    "LG-S6.3d",
    door="page",
    fr="Un délai jusqu’au vendredi 15 janvier, puis un autre jusqu’au dimanche : le septième jour ouvré "
    "reste le même, et la commande impayée devient annulable le lendemain.",
)
def test_more_time_twice_in_a_row_never_loses_the_day(browse, clock, now):
    """More time until Friday 15 January, then until the Sunday: the seventh business day stays the same, and
    the unpaid order becomes cancellable the day after.
    """
    with inside_operator():
        invoice = invoice_of(order_signed(now=now))
    finance = desk(browse, now)
    for until in ("2027-01-15", "2027-01-17"):
        more = {"new_due_on": until, "document": f"Courrier pour le {until}"}
        assert finance.post(url("invoice_extension", invoice.pk), more).status_code == 302
    live(clock, date(2026, 12, 1), date(2027, 1, 26))
    assert cancellable_since(invoice) is None
    live(clock, date(2027, 1, 28))
    assert cancellable_since(invoice) is not None


@pytest.mark.story(
    "LG-S5.2c",
    "LG-S6.3x",
    "LG-S8",
    door="page",
    fr="La preuve d’un virement ouvre une commande de cartes, qui ne sont encore à personne ; les fonds ne "
    "viennent jamais : colis encore ici, la commande attend son argent et s’annule, tout revient en rayon.",
)
def test_what_only_a_proof_had_opened_waits_again_and_is_cancelled(browse, clock, now):
    """The proof of a transfer opens an order of cards, which are nobody's yet; the funds never come: with its
    parcel still here the order waits for its money and is cancelled, all of it is back on the shelf.
    """
    order, invoice = goods_ordered(now)
    payment = proved(browse, now, invoice)
    assert states_of(order) == ("open", None, "planned")
    page = read(visitor(browse, order.contact).get(url("portal_order", order.pk)))
    assert "Virement envoyé" in page
    live(clock, date(2026, 11, 26))
    taken_back = {"bounce-on": "2026-11-26", "bounce-reason": "jamais exécuté"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), taken_back).status_code == 302
    assert states_of(order) == ("waiting", None, "planned")
    live(clock, date(2026, 11, 27))
    assert cancellable_since(invoice) is not None
    cancelled = desk(browse, now).post(url("order_cancel", order.pk), {"reason": "impayée"})
    assert cancelled.status_code == 302
    assert states_of(order) == ("cancelled", None, "cancelled")
    assert stock_of("carte") == 5


@pytest.mark.story(
    "LG-S5.2c",
    "LG-S8",
    door="page",
    fr="Rejeté puis payé pour de bon, le virement rouvre la commande : elle appartient au client du jour du "
    "crédit, et le même colis part.",
)
def test_paid_after_all_it_opens_again_with_the_same_parcel(browse, clock, now):
    """Refused, then paid for good, the transfer opens the order again: it is the client's from the day of the
    credit, and the same parcel leaves.
    """
    order, invoice = goods_ordered(now)
    payment = proved(browse, now, invoice)
    taken_back = {"bounce-on": "2026-11-16", "bounce-reason": "rejeté"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), taken_back).status_code == 302
    live(clock, date(2026, 11, 18))
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": amount(invoice)}
    money |= {"received_on": "2026-11-17", "credited_on": "2026-11-17"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    later(clock, minutes=2)
    assert states_of(order) == ("open", date(2026, 11, 17), "planned")
    with inside_operator():
        assert order.delivery.leaves_on == date(2026, 11, 19)


@pytest.mark.story(
    "LG-S5.2c",
    "LG-S14.2f",
    door="page",
    fr="Une reconduction et deux cartes ouvertes sur une preuve ; le colis part, les fonds ne viennent pas : "
    "la reconduction attend, la commande reste ouverte et ne s’annule pas ; payée, elle reconduit.",
)
def test_what_has_left_keeps_its_order_open_and_only_the_renewal_waits(browse, clock, now):
    """A renewal and two cards are opened on a proof; the parcel leaves, the money never comes: the renewal
    waits, the order stays open and can't be cancelled; paid, it renews.
    """
    school = subscribed(now, renewal="fixed")
    live(clock, date(2027, 10, 17))
    assert desk(browse, now).post(url("renewal_prepare", school.pk)).status_code == 302
    order = renewal_and_cards(browse, school, at(date(2027, 10, 17)))
    invoice = rows_of(Invoice.objects.filter(order=order))[0]
    proof = {"invoice": str(invoice.pk), "method": "transfer", "amount": amount(invoice)}
    proof |= {"received_on": "2027-10-17", "proof_document": "Avis d’exécution"}
    assert desk(browse, now).post(url("payment_new"), proof).status_code == 302
    later(clock, minutes=2)
    live(clock, date(2027, 10, 19))
    with inside_operator():
        parcel, payment = Order.objects.get(pk=order.pk).delivery, Payment.objects.latest("created_at")
    label = {"ship-carrier": "La Poste", "ship-tracking": "6A", "ship-reason": "Il est prêt"}
    assert desk(browse, now).post(url("delivery_ship", parcel.pk), label).status_code == 302
    taken_back = {"bounce-on": "2027-10-19", "bounce-reason": "rejeté"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), taken_back).status_code == 302
    assert (states_of(order), renews(school)) == (("open", None, "shipped"), False)
    live(clock, date(2027, 11, 3))
    desk(browse, now).post(url("order_cancel", order.pk), {"reason": "impayée"})
    assert states_of(order)[0] == "open"
    money = {"invoice": str(invoice.pk), "method": "transfer", "amount": amount(invoice)}
    money |= {"received_on": "2027-11-03", "credited_on": "2027-11-03"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    assert renews(school)
    live(clock, date(2027, 11, 16), date(2027, 11, 17))
    with inside_operator():
        assert school.terms.count() == 2


def renewal_and_cards(browse, school, when):
    """Return the order of a signed quote that renews a school's subscription and sells two cards."""
    with inside_operator():
        (line,) = QuoteVersion.objects.filter(state="draft").latest("created_at").lines.all()
        lines = [
            LineDraft(
                line.product_id,
                line.description,
                line.quantity,
                line.unit_net_cents,
                site=0,
                contract_id=line.contract_id,
            ),
            LineDraft(thing("carte").pk, "carte", 2, 1500),
        ]
        sites = [SiteDraft(school.contract.tenant.name, school.contract.tenant.slug)]
        sent = quote_sent(school.contact, now=when, lines=lines, sites=sites, method="transfer")
        version = QuoteVersion.objects.select_related("quote__contact__customer").get(pk=sent.pk)
    assert sign(visitor(browse, school.contact), version).status_code == 200
    return rows_of(Order.objects.filter(version=version))[0]


def renews(school):
    with inside_operator():
        school.refresh_from_db()
        return school.renewal_order_id is not None


@pytest.mark.story(
    "LG-S5.2c",
    "LG-S20.3m",
    door="page",
    fr="Un événement suspend le paiement avant le septième jour ouvré, ou après : la commande qui attend "
    "n’est pas annulable tant qu’il dure, et le redevient le jour d’après.",
)
@pytest.mark.parametrize("begun", [date(2026, 12, 2), date(2026, 12, 14)])
def test_an_event_that_suspends_the_payment_holds_the_day(browse, clock, now, begun):
    """An event suspends the payment before the seventh business day, or after: the order that waits can't be
    cancelled while it lasts, and can from the day after.
    """
    school = subscribed(now)
    live(clock, date(2026, 12, 1))
    version = amendment(school.contract, at(date(2026, 12, 1)), 12)
    assert sign(visitor(browse, school.contact), version).status_code == 200
    (invoice,) = rows_of(Invoice.objects.filter(order__version=version))
    (order,) = rows_of(Order.objects.filter(version=version))
    live(clock, *sorted({date(2026, 12, 11), begun} if begun > date(2026, 12, 11) else {begun}))
    event = {"event-on": str(begun), "event-reason": "inondation", "event-suspends": ["service", "payment"]}
    assert desk(browse, now).post(url("force_majeure_start", school.pk), event).status_code == 302
    live(clock, date(2026, 12, 15), date(2026, 12, 18))
    assert cancellable_since(invoice) is None
    desk(browse, now).post(url("order_cancel", order.pk), {"reason": "impayée"})
    with inside_operator():
        assert Order.objects.get(pk=order.pk).state == "waiting"
        event = school.events.get()
    over = {"end-on": "2026-12-18"}
    assert desk(browse, now).post(url("force_majeure_end", event.pk), over).status_code == 302
    live(clock, date(2026, 12, 19), date(2026, 12, 21))
    assert cancellable_since(invoice) is not None


@pytest.mark.story(
    "LG-S5.2c",
    door="page",
    fr="L’acompte d’une commande est payé : le solde est demandé aussitôt, et la commande ne "
    "devient annulable que sept jours ouvrés plus tard.",
)
def test_once_the_deposit_is_there_the_rest_is_asked_and_the_days_begin_anew(browse, clock, now):
    """An order's deposit is paid: the rest is asked at once, and the order can be cancelled seven business
    days after that only.
    """
    with inside_operator():
        order = order_signed(now=now, method="transfer", down_payment_pct=30)
        deposit = Invoice.objects.get(order=order, is_down_payment=True)
    live(clock, date(2026, 11, 24))
    money = {"invoice": str(deposit.pk), "method": "transfer", "amount": amount(deposit)}
    money |= {"received_on": "2026-11-24", "credited_on": "2026-11-24"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    (rest,) = rows_of(Invoice.objects.filter(order=order, is_down_payment=False))
    assert rest.gross_cents + deposit.gross_cents == order.gross_cents
    live(clock, date(2026, 11, 26), date(2026, 12, 3))
    assert cancellable_since(rest) is None
    live(clock, date(2026, 12, 4))
    assert cancellable_since(rest) is not None


@pytest.mark.story(
    "LG-S5.2c",
    "LG-S5.2d",
    door="page",
    fr="Le virement de l’acompte est prouvé par écrit : le solde est demandé aussitôt, et personne ne parle "
    "d’accès ouvert ; la banque le crédite, rien n’est demandé deux fois.",
)
def test_a_deposit_proved_in_writing_asks_the_rest_at_once(browse, clock, now):
    """The transfer of a deposit is proved in writing: the rest is asked at once, and nobody speaks of open
    access; the bank credits it, and nothing is asked twice.
    """
    with inside_operator():
        order = order_signed(now=now, method="transfer", down_payment_pct=30)
        deposit = Invoice.objects.get(order=order, is_down_payment=True)
    proof = {"received_on": "2026-11-16", "proof_document": "Avis d’exécution du 16 novembre 2026"}
    proof |= {"invoice": str(deposit.pk), "method": "transfer", "amount": amount(deposit)}
    assert desk(browse, now).post(url("payment_new"), proof).status_code == 302
    (rest,) = rows_of(Invoice.objects.filter(order=order, is_down_payment=False))
    assert rest.gross_cents + deposit.gross_cents == order.gross_cents
    later(clock, minutes=12)
    assert len(mails(rest.number)) == 1
    assert not mails("accès est ouvert")
    (payment,) = rows_of(Payment.objects.all())
    credited = {"credit-on": "2026-11-17"}
    live(clock, date(2026, 11, 17))
    assert desk(browse, now).post(url("payment_credit", payment.pk), credited).status_code == 302
    assert len(rows_of(Invoice.objects.filter(order=order))) == 2


def goods_ordered(now):
    """Return an order of two cards by transfer, and its invoice; three cards are left on the shelf."""
    with inside_operator():
        order = things(now, ("carte", 2, 1500), contact=ContactFactory.create(), pay=False)
        Product.objects.filter(key="carte").update(stock=3)
        return Order.objects.select_related("contact__customer").get(pk=order.pk), invoice_of(order)


def portal_page(browse, order):
    """Return the page of an order as its client's browser gets it."""
    return visitor(browse, order.contact).get(url("portal_order", order.pk)).content.decode()


def amount(invoice):
    return f"{invoice.gross_cents / 100:.2f}"


def proved(browse, now, invoice):
    """Return the transfer whose written proof finance records, the order it pays open."""
    proof = {"received_on": "2026-11-16", "proof_document": "Avis d’exécution du 16 novembre 2026"}
    proof |= {"invoice": str(invoice.pk), "method": "transfer", "amount": amount(invoice)}
    assert desk(browse, now).post(url("payment_new"), proof).status_code == 302
    with inside_operator():
        order = Order.objects.get(invoices=invoice)
        open_access(order_id=order.pk, now=now, today=now.date())
        return Payment.objects.get()


def states_of(order):
    """Return the state of an order, the day it became its client's, and the state of its parcel."""
    with inside_operator():
        row = Order.objects.select_related("delivery").get(pk=order.pk)
        return row.state, row.ownership_on, row.delivery.state


def stock_of(key):
    with inside_operator():
        return Product.objects.get(key=key).stock


def cancellable_since(invoice):
    with inside_operator():
        return Order.objects.get(invoices=invoice).cancellable_since


@pytest.mark.story(
    "LG-S5.2c",
    door="page",
    fr="L’acompte est payé, le solde ne vient pas : la commande s’annule, ses factures sont créditées et "
    "l’acompte est rendu, ce que dit le courriel.",
)
def test_an_order_whose_rest_is_not_paid_is_cancelled_and_its_deposit_given_back(browse, clock, now):
    """The deposit is paid and the rest doesn't come: the order is cancelled, its invoices are credited and
    the deposit is given back, as the mail says.
    """
    with inside_operator():
        order = order_signed(now=now, method="transfer", down_payment_pct=30)
        deposit = Invoice.objects.get(order=order, is_down_payment=True)
    money = {"invoice": str(deposit.pk), "method": "transfer", "amount": amount(deposit)}
    money |= {"received_on": "2026-11-16", "credited_on": "2026-11-16"}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302
    live(clock, date(2026, 11, 26))
    assert (
        desk(browse, now).post(url("order_cancel", order.pk), {"reason": "solde impayé"}).status_code == 302
    )
    with inside_operator():
        order.refresh_from_db()
        (refund,) = Refund.objects.all()
        left = [balance_of(each.pk) for each in Invoice.objects.filter(order=order, kind="invoice")]
    assert (order.state, refund.amount_cents, left) == ("cancelled", deposit.gross_cents, [0, 0])
    later(clock, minutes=2)
    (mail,) = mails("annulée")
    assert f"{amount(deposit).replace('.', ',')} €" in plain(mail.body)
    assert len(mail.attachments) == 2
    assert desk(browse, now).post(url("refund_sent", refund.pk)).status_code == 302


@pytest.mark.story(
    "LG-S5.2c",
    door="page",
    fr="Un chèque d’acompte attend son crédit : la commande ne s’annule pas avant.",
)
def test_an_order_whose_cheque_is_in_hand_is_not_cancelled(browse, clock, now):
    """A cheque for the deposit waits for its credit: the order isn't cancelled before."""
    with inside_operator():
        order = order_signed(now=now, method="cheque", down_payment_pct=30)
        deposit = Invoice.objects.get(order=order, is_down_payment=True)
    cheque = {"invoice": str(deposit.pk), "method": "cheque", "amount": amount(deposit)}
    assert (
        desk(browse, now).post(url("payment_new"), cheque | {"received_on": "2026-11-16"}).status_code == 302
    )
    live(clock, date(2026, 11, 26))
    desk(browse, now).post(url("order_cancel", order.pk), {"reason": "solde impayé"})
    with inside_operator():
        order.refresh_from_db()
    assert order.state == "waiting"
