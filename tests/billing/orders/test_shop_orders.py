"""Orders placed online: from the button to the confirmation, and every way in which they aren't taken."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.test import Client
from pypdf import PdfReader

from agenda.loop import tick
from billing.fulfilment.actions.plan_delivery import ship
from billing.models import (
    Cart,
    CheckoutSteps,
    Contact,
    Dispute,
    Invoice,
    OfferSheet,
    Order,
    Payment,
    Product,
    Refund,
    Refusal,
    RenewalNotice,
    Subscription,
)
from billing.money.policy.days import paris_day
from billing.orders.actions.confirm_cart import CartChanged
from billing.orders.actions.place_order import place_order
from billing.payments.actions.record_transfer import record_transfer
from billing.subscriptions.actions.render_terms import terms_pdf
from billing.workflows.actions.open_access import open_access
from contracts.queries import terms_in_force
from demo.factories.billing import ContactFactory, CustomerFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tenants.models import Customer, Tenant
from tests.billing.carts import (
    FAMILY,
    PRACTICE,
    TEACHER,
    bought,
    dear,
    fill_shelves,
    only_cart,
    only_order,
    order,
    put,
    shown,
)
from tests.billing.online import BAD_CARD, address_of, look, provider_at
from tests.billing.support import buyer, clerk, rows_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelves(db):
    """What is sold."""
    return fill_shelves()


@pytest.fixture
def visitor(browse, shelves):
    """Somebody on the public site."""
    return browse(None)


@pytest.fixture
def provider(settings):
    """The provider's stand-in."""
    with provider_at(settings) as found:
        yield found


def text(answer):
    """Return the words of a page with plain spaces."""
    return answer.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def paid(provider, answer, now, number=None):
    """Pay on the provider's page, and let its messages come in."""
    provider.card(address_of(answer), *([number] if number else []))
    assert set(provider.hand_over(Client(HTTP_HOST="localhost"))) <= {200}
    look(now)


def later(now, **ahead):
    """Let time pass in the agenda."""
    with inside_operator():
        tick(now + timedelta(**ahead))


def mails_to(address):
    """Return the mails sent to somebody."""
    return [each for each in mail.outbox if address in each.to]


def stock(key):
    """Return what is left of a thing."""
    with inside_operator():
        return Product.objects.get(key=key).stock


def test_a_teacher_pays_by_card_and_the_order_is_concluded(visitor, shelves, provider, now):
    answer = bought(visitor, shelves["cartes"], TEACHER, 2, method="card")
    assert answer.status_code == 200  # the page that leads to the provider's
    placed = only_order()
    assert (placed.state, placed.method, stock("cartes")) == ("waiting", "card", 3)
    assert rows_of(Invoice.objects) == []
    paid(provider, answer, now)
    later(now, minutes=5)
    done = only_order()
    assert done.state == "open"
    steps = done.steps
    assert steps.cart_confirmed_at <= steps.terms_at <= steps.paid_at <= steps.confirmed_at
    (told,) = [each for each in mails_to(TEACHER["email"]) if "confirmée" in each.subject]
    names = [name for name, _content, _type in told.attachments]
    assert [
        bool(re.match(shape, name))
        for shape, name in zip(
            (
                r"FA-2026-\d+\.pdf",
                r"conditions-de-vente-2025-09-01\.pdf",
                r"formulaire-de-retractation-CO-.*\.pdf",
            ),
            names,
            strict=True,
        )
    ] == [True, True, True]
    assert all(content.startswith(b"%PDF") for _name, content, _type in told.attachments)
    with inside_operator():
        assert done.delivery.state == "planned"
        assert done.terms_accepted == steps.terms_version
        assert OfferSheet.objects.get(order=done).content["product"] == "Cartes des sons"
    assert "Confirmation envoyée" in text(visitor.get(url("portal_order", done.pk)))


def test_a_monthly_terms_first_notice_stands_in_the_confirmation(visitor, shelves, provider, now):
    answer = bought(visitor, shelves["famille-mois"], FAMILY, method="card")
    placed = only_order()
    assert (placed.term_months, placed.renewal) == (1, "automatic")
    paid(provider, answer, now)
    later(now, minutes=5)
    with inside_operator():
        notice = RenewalNotice.objects.get(subscription__order=placed)
    assert notice.message_key == f"order-confirmed:{placed.pk}"
    (told,) = [each for each in mails_to(FAMILY["email"]) if "confirmée" in each.subject]
    assert "16 décembre 2026" in told.body
    assert "6,00 € l’unité, 6,00 € en tout, TTC".replace(" €", "\xa0€") in told.body.replace("\u202f", "\xa0")
    page = text(visitor.get(url("portal_order", placed.pk)))
    assert "Prix unitaire TTC" in page
    assert "Montant HT" not in page


def test_a_practice_orders_by_transfer_and_its_space_opens_once_paid(visitor, shelves, now):
    answer = bought(visitor, shelves["cabinet"], PRACTICE, 3, method="transfer", school="Cabinet Tisserand")
    placed = only_order()
    assert answer["Location"] == url("portal_order", placed.pk)
    with inside_operator():
        assert placed.sites.get().slug == "cabinet-tisserand"
        invoice = invoice_of(placed)
        assert (invoice.due_on, invoice.gross_cents) == (placed.confirmed_on, 8640)
        assert placed.customer.siren == "213599905"
    later(now, minutes=1)
    (told,) = mails_to(PRACTICE["email"])
    assert "IBAN" in told.body
    assert len(told.attachments) == 1
    _credit(placed, now)
    later(now, minutes=5)
    later(now, minutes=7)
    done = only_order()
    assert done.state == "open"
    assert done.steps.confirmed_at
    with inside_operator():
        assert Tenant.objects.filter(slug="cabinet-tisserand").exists()
        assert Subscription.objects.get(order=done).terms.get().terms_version == done.steps.terms_version
    (concluded,) = [each for each in mails_to(PRACTICE["email"]) if "confirmée" in each.subject]
    assert len(concluded.attachments) == 2  # no form of withdrawal for a professional


def _credit(placed, now):
    with inside_operator():
        day = paris_day(now)
        invoice = invoice_of(Order.objects.get(pk=placed.pk))
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


def test_a_cheque_costs_its_fee_on_a_line_of_its_own_from_its_number_of_users_on(visitor, shelves):
    put(visitor, shelves["cabinet"], 2, client="professional")
    visitor.post(url("shop_details"), PRACTICE)
    assert 'value="cheque"' not in text(shown(visitor)[0])
    put(visitor, shelves["cabinet"], 1, client="professional")
    visitor.post(url("shop_details"), PRACTICE)
    visitor.post(url("shop_review"), {"method": "cheque"})
    review, _seen = shown(visitor)
    assert "15,00 €" in text(review)  # 18,00 € TTC
    order(visitor)
    placed = only_order()
    with inside_operator():
        assert [line.net_cents for line in placed.lines.filter(kind="cheque_fee")] == [1500]
    assert placed.gross_cents == 8640 + 1800


def test_a_family_with_a_trial_pays_online_only(visitor, shelves, provider):
    put(visitor, shelves["famille"])
    visitor.post(url("shop_details"), FAMILY)
    review = text(shown(visitor)[0])
    assert 'value="card"' in review
    assert 'value="sepa_debit"' in review
    assert 'value="transfer"' not in review
    assert "essayez 14 jours" in review
    assert "30 novembre 2026" in review
    put(visitor, shelves["cartes"])
    visitor.post(url("shop_details"), FAMILY)
    assert "Pas d’essai ainsi" in text(shown(visitor)[0])


def test_a_refused_card_can_be_tried_again_or_paid_another_way(visitor, shelves, provider, now):
    answer = bought(visitor, shelves["cartes"], TEACHER, 1, method="card")
    paid(provider, answer, now, BAD_CARD)
    placed = only_order()
    page = text(visitor.get(url("portal_order", placed.pk)))
    assert "Virement" in page
    again = visitor.post(url("portal_order_pay", placed.pk))
    assert again.status_code == 200
    assert visitor.post(url("portal_order_method", placed.pk), {"method": "cheque"}).status_code == 302
    assert only_order().method == "card"
    visitor.post(url("portal_order_method", placed.pk), {"method": "transfer"})
    assert only_order().method == "transfer"
    with inside_operator():
        assert invoice_of(placed).due_on == placed.confirmed_on
    paid(provider, again, now)  # the page is closed: nobody pays twice
    assert rows_of(Payment.objects) == []
    later(now, hours=25)
    assert only_order().state == "waiting"  # it waits for the transfer now


def test_an_order_nobody_paid_online_is_cancelled_after_a_day_and_the_buyer_told(
    visitor, shelves, provider, now
):
    bought(visitor, shelves["cartes"], TEACHER, 2, method="card")
    assert stock("cartes") == 3
    later(now, hours=23)
    assert only_order().state == "waiting"
    later(now, hours=25)
    later(now, hours=26)
    gone = only_order()
    assert (gone.state, gone.cancel_reason, stock("cartes")) == ("cancelled", "unpaid_online", 5)
    (told,) = mails_to(TEACHER["email"])
    assert "annulée" in told.subject
    (refusal,) = rows_of(Refusal.objects)
    assert refusal.notified_at
    assert "pas été payée dans la journée" in text(visitor.get(url("portal_order", gone.pk)))


def test_pressing_twice_makes_one_order(visitor, shelves, now):
    put(visitor, shelves["cartes"], 2)
    visitor.post(url("shop_details"), TEACHER)
    visitor.post(url("shop_review"), {"method": "transfer"})
    _page, seen = shown(visitor)
    order(visitor, seen=seen)
    assert order(visitor, seen=seen).status_code == 302
    assert len(rows_of(Order.objects)) == 1
    with inside_operator():  # both presses were on their way at once
        cart = Cart.objects.get()
        assert place_order(cart_id=cart.pk, now=now, today=paris_day(now)) == Order.objects.get()
        assert Customer.objects.filter(email=TEACHER["email"]).count() == 1
    assert stock("cartes") == 3


def test_a_price_that_changed_is_shown_and_confirmed_again(visitor, shelves):
    put(visitor, shelves["cartes"], 1)
    visitor.post(url("shop_details"), TEACHER)
    visitor.post(url("shop_review"), {"method": "transfer"})
    _page, seen = shown(visitor)
    dear("cartes", 1990)
    answer = order(visitor, seen=seen)
    assert answer.status_code == 422
    assert "a changé" in text(answer)
    assert "23,88 €" in text(answer)
    assert rows_of(Order.objects) == []
    assert order(visitor).status_code == 302
    with inside_operator():
        assert Order.objects.get().lines.get(kind="product").unit_net_cents == 1990


def test_what_changes_between_the_confirmation_and_the_order_stops_it(visitor, shelves, now):
    put(visitor, shelves["cartes"], 1)
    visitor.post(url("shop_details"), TEACHER)
    visitor.post(url("shop_review"), {"method": "transfer"})
    order(visitor, terms=False)  # confirmed, not accepted
    with inside_operator():
        cart = Cart.objects.get()
        cart.mark_terms(at=cart.reviewed_at, version=shelves["cartes"].pk)
    dear("cartes", 1990)
    with inside_operator(), pytest.raises(CartChanged):
        place_order(cart_id=cart.pk, now=now, today=paris_day(now))


def test_of_two_visitors_one_gets_the_last_thing(visitor, browse, shelves):
    other = browse(None)
    seen = {}
    for client, who in ((visitor, TEACHER), (other, FAMILY)):
        put(client, shelves["cartes"], 4)
        client.post(url("shop_details"), who)
        client.post(url("shop_review"), {"method": "transfer"})
        seen[client] = shown(client)[1]
    assert order(visitor, seen=seen[visitor]).status_code == 302
    answer = order(other, seen=seen[other])
    assert answer["Location"] == url("shop_cart")
    assert "il en reste 1" in text(other.get(url("shop_cart")))
    assert len(rows_of(Order.objects)) == 1
    assert stock("cartes") == 1


@pytest.mark.parametrize("why", ["overdue", "disputed"])
def test_who_owes_or_contests_orders_nothing_and_only_they_are_told_why(visitor, shelves, now, why):
    with inside_operator():
        known = ContactFactory(
            email="anne@tisserand.example", customer=CustomerFactory(email="autre@tisserand.example")
        )
        when = now - timedelta(days=90) if why == "overdue" else now
        owed = invoice_of(order_signed(known, now=when))
        if why == "disputed":
            Dispute.objects.create(invoice=owed, reason="Pas reçue.", opened_at=now)
    answer = bought(visitor, shelves["cabinet"], PRACTICE, 1, method="transfer")
    assert answer.status_code == 422
    assert "à l’adresse que nous connaissons" in text(answer)
    assert len(rows_of(Order.objects)) == 1
    order(visitor)
    (refusal,) = rows_of(Refusal.objects)
    assert (refusal.reason, refusal.contact_id) == (why, known.pk)
    mail.outbox.clear()
    later(now, minutes=1)
    later(now, minutes=3)
    assert [each.to for each in mail.outbox if "pas pu prendre" in each.subject] == [[known.email]]
    assert rows_of(Refusal.objects)[0].notified_at
    mine = buyer(lambda _tenant: visitor, known)
    put(mine, shelves["cabinet"], 1, client="professional")
    assert ("en retard" if why == "overdue" else "contesté") in text(order(mine, method="transfer"))


def test_far_too_many_for_a_household_is_refused_and_said(visitor, shelves, now):
    with inside_operator():
        Product.objects.filter(key="cartes").update(stock=50)
    answer = bought(visitor, shelves["cartes"], TEACHER, 20, method="transfer")
    assert answer.status_code == 422
    assert "bien plus" in text(answer)
    later(now, minutes=1)
    (told,) = mails_to(TEACHER["email"])
    assert "Morvan" not in told.body  # nothing a stranger typed
    assert rows_of(Order.objects) == []


def test_an_address_we_know_begins_a_customer_of_its_own(visitor, shelves, now):
    with inside_operator():
        known = ContactFactory(email=TEACHER["email"])
        secret = order_signed(known, now=now, method="transfer")
    bought(visitor, shelves["cartes"], TEACHER | {"email": "LUC@morvan.example"}, 1, method="transfer")
    with inside_operator():
        mine = Order.objects.exclude(pk=secret.pk).get()
        assert mine.customer_id != known.customer_id
    assert visitor.get(url("portal_order", mine.pk)).status_code == 200
    assert visitor.get(url("portal_order", secret.pk)).status_code == 404


def test_a_client_who_came_in_types_nothing_again(visitor, shelves, now):
    with inside_operator():
        known = ContactFactory()
    put(visitor, shelves["affiche"], 2, client="consumer")
    mine = buyer(lambda _tenant: visitor, known)  # the cart waited
    page = text(mine.get(url("shop_details")))
    assert known.email in page
    assert 'name="email"' not in page
    assert "8,90 €" in text(mine.get(url("shop_cart")))  # a professional's price
    mine.post(url("shop_details"), {"delivery_street": ""})
    order(mine, method="transfer")
    assert only_order().customer_id == known.customer_id
    assert len(rows_of(Contact.objects)) == 1


def test_a_cart_forgets_who_left(visitor, shelves):
    with inside_operator():
        known = ContactFactory()
    mine = buyer(lambda _tenant: visitor, known)
    put(mine, shelves["affiche"], 2)
    mine.post(url("portal_sign_out"))
    assert known.email not in text(mine.get(url("shop_details")))
    assert only_cart().contact_id is None


def test_finance_refuses_an_order_it_suspects_and_gives_the_money_back(
    visitor, browse, shelves, provider, now
):
    answer = bought(visitor, shelves["cartes"], TEACHER, 2, method="card")
    provider.card(address_of(answer))
    provider.hand_over(Client(HTTP_HOST="localhost"))
    look(now)
    placed = only_order()
    with inside_operator():
        CheckoutSteps.objects.filter(order=placed).update(confirmed_at=None)
    finance = clerk(browse, now)
    assert (
        finance.post(
            url("order_refuse", placed.pk), {"because_of": "fraud_suspected", "words": ""}
        ).status_code
        == 422
    )
    words = "La banque nous signale une carte volée."
    finance.post(url("order_refuse", placed.pk), {"because_of": "fraud_suspected", "words": words})
    gone = only_order()
    assert (gone.state, stock("cartes")) == ("cancelled", 5)
    with inside_operator():
        assert sorted(Invoice.objects.filter(order=gone).values_list("kind", flat=True)) == [
            "credit_note",
            "invoice",
        ]
        assert Refund.objects.get().amount_cents == gone.gross_cents
        assert gone.delivery.state == "cancelled"
    mail.outbox.clear()
    later(now, minutes=3)
    assert words in mails_to(TEACHER["email"])[-1].body
    assert words in text(visitor.get(url("portal_order", gone.pk)))


def test_a_concluded_order_is_taken_back_for_its_price_only(visitor, browse, shelves, provider, now):
    dear("cartes", 15)
    answer = bought(visitor, shelves["cartes"], TEACHER, 2, method="card")
    paid(provider, answer, now)
    later(now, minutes=5)
    placed = only_order()
    finance = clerk(browse, now)
    assert placed.steps.confirmed_at
    asked = {"because_of": "fraud_suspected", "words": "Non."}
    page = text(finance.post(url("order_refuse", placed.pk), asked, follow=True))
    assert "est conclue" in page
    wrong = asked | {
        "because_of": "price_error",
        "words": "Le prix affiché était de 0,15 € au lieu de 14,90 €.",
    }
    assert finance.post(url("order_refuse", placed.pk), wrong).status_code == 422
    assert finance.post(url("order_refuse", placed.pk), wrong | {"right_price": "1"}).status_code == 422
    finance.post(url("order_refuse", placed.pk), wrong | {"right_price": "35,70"})
    assert only_order().state == "cancelled"
    with inside_operator():
        assert Refund.objects.get().amount_cents == placed.gross_cents
    mail.outbox.clear()
    later(now, minutes=8)
    told = mails_to(TEACHER["email"])[-1].body.replace("\xa0", " ").replace("\u202f", " ")
    assert "42,84 €" in told  # as it was shown to a small professional, VAT included
    assert "au lieu de 14,90" in told


def test_an_order_whose_parcel_left_is_not_taken_back(visitor, browse, shelves, provider, now):
    answer = bought(visitor, shelves["cartes"], TEACHER, 1, method="card")
    paid(provider, answer, now)
    later(now, minutes=5)
    placed = only_order()
    with inside_operator():
        ship(
            delivery_id=placed.delivery.pk,
            carrier="La Poste",
            tracking="1",
            by=None,
            now=now,
            today=paris_day(now),
            reason="Le transporteur passe un autre jour",
        )
    details = {"because_of": "price_error", "words": "Erreur.", "right_price": "99,00"}
    page = text(clerk(browse, now).post(url("order_refuse", placed.pk), details, follow=True))
    assert "déjà parti" in page
    assert only_order().state == "open"


def test_a_practices_open_space_ends_with_an_order_sold_by_error(visitor, browse, shelves, now):
    bought(visitor, shelves["cabinet"], PRACTICE, 3, method="transfer", school="Cabinet Tisserand")
    placed = only_order()
    _credit(placed, now)
    with inside_operator():
        open_access(order_id=placed.pk, now=now, today=paris_day(now))
    details = {"because_of": "price_error", "words": "Erreur.", "right_price": "990,00"}
    clerk(browse, now).post(url("order_refuse", placed.pk), details)
    assert only_order().state == "cancelled"
    with inside_operator():
        assert Subscription.objects.get().ended_on == paris_day(now)
        assert Tenant.objects.get(slug="cabinet-tisserand").state == "ended"


def test_finance_sees_each_step_and_its_time(visitor, browse, shelves, now):
    bought(visitor, shelves["cartes"], TEACHER, 1, method="transfer")
    page = text(clerk(browse, now).get(url("order", only_order().pk)))
    for told in ("Panier confirmé", "Conditions acceptées", "Confirmation envoyée", "Commandée en ligne"):
        assert told in page


def test_finance_reads_why_orders_were_not_taken(visitor, browse, shelves, now):
    bought(visitor, shelves["cartes"], TEACHER, 20, method="transfer")
    with inside_operator():
        Product.objects.filter(key="cartes").update(stock=50)
    order(visitor)
    finance = clerk(browse, now)
    page = text(finance.get(url("refusals")))
    assert TEACHER["email"] in page
    assert "quantité anormale" in page
    assert TEACHER["email"] in finance.get(url("refusals") + "?format=csv").content.decode("utf-8-sig")
    later(now, days=31)
    assert [row.email for row in rows_of(Refusal.objects)] == [""]


@pytest.mark.paper
def test_the_terms_accepted_come_on_paper_in_both_languages(shelves, now):
    with inside_operator():
        for language, said in (("fr", "Conditions"), ("en", "French text prevails")):
            terms = terms_in_force("sale", "family", language, now)
            words = " ".join(page.extract_text() for page in PdfReader(BytesIO(terms_pdf(terms))).pages)
            assert said.lower() in " ".join(words.split()).lower()
            assert terms.version in words


def test_a_flood_of_orders_is_stopped(visitor, shelves):
    put(visitor, shelves["cartes"], 1)
    visitor.post(url("shop_details"), TEACHER)
    visitor.post(url("shop_review"), {"method": "transfer"})
    for _time in range(20):
        assert order(visitor, seen="0" * 64).status_code == 422
    assert "Beaucoup de commandes" in text(order(visitor))


def test_typing_anothers_number_never_tells_what_they_owe(visitor, shelves, now):
    with inside_operator():
        CustomerFactory(email="autre@erables.example")
        owing = ContactFactory(customer=CustomerFactory(siren="908000060"), created_at=now)
        order_signed(owing, now=now - timedelta(days=90))
        curious = ContactFactory(
            email=PRACTICE["email"], customer=CustomerFactory(siren="908000037")
        )  # known for longer
    answer = bought(visitor, shelves["cabinet"], PRACTICE | {"siren": "908000060"}, 1, method="transfer")
    assert answer.status_code == 422
    assert "échue" not in text(answer)
    assert [row.contact_id for row in rows_of(Refusal.objects)] == [owing.pk]
    later(now, minutes=1)
    assert mails_to(curious.email) == []
