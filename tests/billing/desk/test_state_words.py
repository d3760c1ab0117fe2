"""Each page's state word is the state: what was given up, suspended or credited reads the same everywhere."""

from datetime import date

import pytest

from billing.collections.queries.blocks import DisputeOpen, check_payments
from billing.models import Invoice, Subscription, WriteOff
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from tenants.actions.change_state import change_state
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, live, mails, plain, read, subscribed, visitor
from tests.clauses.test_lg_s6_3p_claims_are_paid import drawn, pay
from tests.clauses.test_mc_7_told_first import suspended

pytestmark = pytest.mark.django_db
LOST = {"reason": "insolvency", "words": "Liquidation", "on": "2027-01-20", "confirm": "1"}


def ours(browse, now, *pages):
    """Return what finance reads on some pages."""
    finance = desk(browse, now)
    return [read(finance.get(page)) for page in pages]


def theirs(browse, contact, *pages):
    """Return what the client reads on some pages."""
    client = visitor(browse, contact)
    return [read(client.get(page)) for page in pages]


def test_an_order_whose_price_was_given_up_is_not_unpaid_anywhere(browse, clock, now):
    with inside_operator():
        order = order_signed(now=now, method="transfer", quantity=500)
        invoice = invoice_of(order)
    console = (url("orders"), url("order", order.pk), url("customer", order.customer_id))
    portal = (url("portal"), url("portal_order", order.pk))
    live(clock, date(2027, 1, 20))
    for page in (*ours(browse, now, *console), *theirs(browse, order.contact, *portal)):
        assert "impayée, annulable" in page
    assert desk(browse, now).post(url("invoice_write_off", invoice.pk), LOST).status_code == 302
    for page in ours(browse, now, *console):
        assert "impayée, annulable" not in page
        assert "passée en perte" in page
    for page in theirs(browse, order.contact, *portal):
        assert "impayée" not in page
        assert "clôturée" in page
        assert "perte" not in page
    finance = desk(browse, now)
    assert order.number in read(finance.get(url("orders") + "?state=written_off"))
    assert order.number not in read(finance.get(url("orders") + "?state=cancellable"))
    assert "passée en perte" in finance.get(url("orders") + "?format=csv").content.decode()
    (row,) = rows_of(WriteOff.objects)
    assert finance.post(url("write_off_undo", row.pk), {"reason": "Le mandataire paie"}).status_code == 302
    for page in (*ours(browse, now, *console), *theirs(browse, order.contact, *portal)):
        assert "impayée, annulable" in page


def test_what_an_event_suspends_is_overdue_on_no_page(browse, clock, now):
    with inside_operator():
        school = subscribed_unpaid(browse, now)
        invoice = Invoice.objects.get()
    pages = [
        url("invoices"),
        url("invoice", invoice.pk),
        url("customer", school.customer_id),
        url("order", invoice.order_id),
        url("late_invoice", invoice.pk),
    ]
    live(clock, date(2027, 1, 20))
    for page in ours(browse, now, *pages):
        assert "échue de 35 j" in page
    event = {"event-on": "2027-01-20", "event-reason": "inondation", "event-suspends": ["payment"]}
    assert desk(browse, now).post(url("force_majeure_start", school.pk), event).status_code == 302
    for page in ours(browse, now, *pages):
        assert "échue de" not in page
        assert "paiement suspendu" in page
    finance = desk(browse, now)
    assert invoice.number in read(finance.get(url("invoices") + "?state=payment_suspended"))
    assert invoice.number not in read(finance.get(url("invoices") + "?state=late"))

    # what the event suspends is told as it is: the service goes on
    live(clock, date(2027, 1, 21))
    (told,) = mails("un événement")
    assert "un événement suspend son paiement" in plain(told.subject)
    assert "suspend le paiement de Préau École" in plain(told.body)

    # over, what it asks is due on the first day after it, and late a day later
    with inside_operator():
        over = school.events.get()
    live(clock, date(2027, 2, 1))
    ended = desk(browse, now).post(url("force_majeure_end", over.pk), {"end-on": "2027-02-01"})
    assert ended.status_code == 302
    live(clock, date(2027, 2, 3))
    (told,) = mails("l’événement est terminé")
    assert "suspendait le paiement de Préau École" in plain(told.body)
    for page in ours(browse, now, *pages):
        assert "échue de" in page


def subscribed_unpaid(browse, now):
    """Return a school that opened, and whose payment the bank took back."""
    school = subscribed(now)
    payment = school.order.allocated_payments().get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    return school


@pytest.mark.parametrize(
    ("suspends", "words"),
    [
        (["service"], "un événement suspend le service"),
        (["payment"], "un événement suspend son paiement"),
        (["service", "payment"], "un événement suspend le service et son paiement"),
    ],
)
def test_the_subject_says_what_the_event_suspends(browse, clock, now, suspends, words):
    school = subscribed(now)
    event = {"event-on": "2026-11-16", "event-reason": "inondation", "event-suspends": suspends}
    assert desk(browse, now).post(url("force_majeure_start", school.pk), event).status_code == 302
    live(clock, date(2026, 11, 17))
    (told,) = mails("un événement")
    assert plain(told.subject).endswith(words)


def test_a_term_whose_price_was_credited_says_so_until_the_next(browse, clock, now):
    school = subscribed(now, term_months=1)
    (invoice,) = rows_of(Invoice.objects)
    lists = (url("subscriptions"), url("subscription", school.pk))
    mine = (url("portal_subscriptions"), url("portal_subscription", school.pk))

    def shown():
        return [*ours(browse, now, *lists), *theirs(browse, school.contact, *mine)]

    credit = url("invoice_credit", invoice.pk)
    part = {"line_1": "10", "reason": "Geste"}
    assert desk(browse, now).post(credit, part).status_code == 302
    assert not any("prix crédité" in page for page in shown())
    with inside_operator():
        rest = invoice.lines.get(position=1).net_cents - 1000
    whole = {"line_1": f"{rest / 100:.2f}".replace(".", ","), "reason": "Facture annulée"}
    assert desk(browse, now).post(credit, whole).status_code == 302
    assert all("en cours, prix crédité" in page for page in shown())
    live(clock, date(2026, 12, 16), date(2026, 12, 17))
    with inside_operator():
        assert Subscription.objects.get().term.position == 2
    assert not any("prix crédité" in page for page in shown())


def test_a_subscription_whose_access_stopped_says_so_since_when_and_why(browse, clock, now):
    school = subscribed(now)
    lists = (url("subscriptions"), url("customer", school.customer_id))
    own = (url("subscription", school.pk),)
    mine = (url("portal_subscriptions"), url("portal_subscription", school.pk))

    def shown():
        return [*ours(browse, now, *lists, *own), *theirs(browse, school.contact, *mine)]

    assert all("en cours" in page and "accès suspendu" not in page for page in shown())
    assert suspended(browse, now, school, "serious_breach") == (302, "suspended")
    pages = shown()
    assert all("accès suspendu" in page and "en cours" not in page for page in pages), pages
    for page in (pages[2], pages[4]):
        assert "Accès suspendu depuis le 16 novembre 2026" in page
        assert "manquement grave" in page.lower()
        assert "revente des accès" in page
    (bought,) = theirs(browse, school.contact, url("portal_order", school.order_id))
    assert "accès est suspendu" in bought
    assert "Votre accès est ouvert" not in bought
    finance = desk(browse, now)
    csv = finance.get(url("subscriptions") + "?format=csv").content.decode()
    assert "accès suspendu" in csv
    found = url("subscription", school.pk)
    assert found in finance.get(url("subscriptions") + "?state=suspended").content.decode()
    assert found not in finance.get(url("subscriptions") + "?state=running").content.decode()
    with inside_operator():
        stop = school.customer.suspensions.get()
    assert finance.post(url("suspension_lift", stop.pk)).status_code == 302
    pages = shown()
    assert not any("accès suspendu" in page or "Accès suspendu depuis" in page for page in pages)
    assert found in finance.get(url("subscriptions") + "?state=running").content.decode()


def test_an_unpaid_invoice_that_stopped_access_is_named_where_it_is_said(browse, clock, now):
    with inside_operator():
        school = subscribed_unpaid(browse, now)
        invoice = Invoice.objects.get()
    live(clock, date(2027, 1, 2), date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28))
    for page in (
        *ours(browse, now, url("subscription", school.pk)),
        *theirs(browse, school.contact, url("portal_subscription", school.pk)),
    ):
        assert "Accès suspendu depuis le 28 janvier 2027" in page
        assert f"Facture impayée {invoice.number}" in page


def test_a_school_suspended_by_hand_says_so_too(browse, now):
    school = subscribed(now)
    by_hand = {"state": "suspended", "reason": "Demandé par la mairie", "now": now}
    with inside_operator():
        change_state(tenant_id=school.contract.tenant_id, **by_hand)
    (page,) = ours(browse, now, url("subscription", school.pk))
    assert "accès suspendu" in page
    assert "Demandé par la mairie" in page
    (page,) = theirs(browse, school.contact, url("portal_subscription", school.pk))
    assert "accès suspendu" in page
    assert "Demandé par la mairie" not in page  # a note of the operator's own


def test_what_a_client_contests_says_so_and_is_to_be_settled(browse, clock, now):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer", quantity=500))
    claim = drawn(browse, clock, now, invoice)
    late = date(2027, 2, 15)
    live(clock, late)
    of_claim = (url("portal_claims"), url("portal_claim", claim.pk))
    of_invoice = (url("portal_invoices"), url("portal_invoice", invoice.pk))
    both = url("portal")
    finance = desk(browse, now)

    def told():
        pages = theirs(browse, invoice.order.contact, both, *of_claim, *of_invoice)
        return [page.count("en litige") for page in pages]

    assert told() == [0, 0, 0, 0, 0]
    assert "Réclamer son paiement" in read(finance.get(url("todo")))
    contest = {"dispute-reason": "Payée à temps, selon la mairie."}
    assert finance.post(url("interest_claim_dispute", claim.pk), contest).status_code == 302
    assert told() == [1, 1, 1, 0, 0]
    todo = read(finance.get(url("todo")))
    assert "Réclamer son paiement" not in todo
    assert f"intérêts de retard de {invoice.number}, en litige" in todo
    assert "Clore le litige" in todo
    assert read(finance.get(url("late"))).count("en litige") == 1
    assert finance.post(url("dispute_open", invoice.pk), contest).status_code == 302
    assert told() == [2, 1, 1, 1, 1]
    console = (url("invoices"), url("customer", invoice.customer_id), url("order", invoice.order_id))
    for page in ours(browse, now, *console, url("late_invoice", invoice.pk)):
        assert "en litige" in page
    assert read(finance.get(url("late"))).count("en litige") == 2
    for act, about in (("interest_claim_dispute", claim), ("dispute_close", invoice)):
        assert finance.post(url(act, about.pk), contest).status_code == 302
    assert told() == [0, 0, 0, 0, 0]
    assert "Réclamer son paiement" in read(finance.get(url("todo")))


@pytest.mark.parametrize("about", ["invoice", "claim"])
def test_what_is_contested_keeps_orders_back_whichever_it_is(browse, clock, now, about):
    with inside_operator():
        invoice = invoice_of(order_signed(now=now, method="transfer", quantity=500))
    claim = drawn(browse, clock, now, invoice)  # not due before 14 February
    pay(desk(browse, now), invoice, "2940", "2027-01-15")
    contest = {"dispute-reason": "Contesté"}
    act = {"invoice": ("dispute_open", invoice.pk), "claim": ("interest_claim_dispute", claim.pk)}[about]
    assert desk(browse, now).post(url(*act), contest).status_code == 302
    with inside_operator(), pytest.raises(DisputeOpen):
        check_payments(invoice.customer_id, date(2027, 1, 15))
