"""What the shop has and what happened there.

Things on the shelves, parcels on their way, one that comes back.
"""

from datetime import timedelta
from typing import Any

from billing.catalogue.actions.move_stock import move_stock
from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.actions.publish_requirements import publish_requirements
from billing.catalogue.actions.run_promotion import run_promotion
from billing.catalogue.actions.write_price_list import copy_price_list
from billing.fulfilment.actions.plan_delivery import arrive, ship
from billing.models import Contact, Delivery, Order, Price, PriceList, Product
from billing.orders.actions.confirm_cart import accept_terms, confirm_cart
from billing.orders.actions.fill_cart import choose_method, put_in_cart, save_details
from billing.orders.actions.place_order import place_order
from billing.orders.actions.price_cart import price_cart
from billing.payments.actions.record_transfer import record_transfer
from billing.returns.actions.open_warranty_claim import WarrantyClaimInput, open_warranty_claim
from demo.factories.billing import catalogue, invoice_of, order_signed
from demo.world.cast import COMMUNE
from demo.world.days import Days
from tenants.models import Customer

BUYER = "Hélène Marsan"
THINGS = (
    # key, French, English, cents, stock, features in French, in English
    (
        "cartes-des-sons",
        "Cartes des sons",
        "Sound cards",
        1490,
        60,
        "36 cartes plastifiées\nBoîte en carton",
        "36 laminated cards\nCardboard box",
    ),
    (
        "affiche-progres",
        "Affiche des progrès",
        "Progress poster",
        890,
        120,
        "Format A2\nEffaçable à sec",
        "A2 format\nDry-erase",
    ),
    (
        "coffret-rentree",
        "Coffret de rentrée",
        "Back-to-school box",
        3900,
        0,
        "Cartes, affiche et guide",
        "Cards, poster and guide",
    ),
)
TEACHER = {
    "name": "Youna Le Bihan",
    "first_name": "Youna",
    "last_name": "Le Bihan",
    "email": "youna@lebihan.example",
    "street": "17 venelle des Ajoncs",
    "postcode": "29200",
    "city": "Brest",
}
FUNCTIONS = (
    "Profils, classes et groupes\nCahier de réussites partagé avec les familles\nBilans PDF et export "
    "complet",
    "Profiles, classes and groups\nRecord of achievements shared with families\nPDF reports and full export",
)
NEEDS = (
    "Un navigateur de moins de trois ans (Firefox, Chrome, Edge, Safari) sur ordinateur ou tablette.\n"
    "Une connexion à 2 Mbit/s par classe ; rien à installer.",
    "A browser less than three years old (Firefox, Chrome, Edge, Safari) on a computer or a tablet.\n"
    "A connection of 2 Mbit/s per class; nothing to install.",
)


def fill_the_shop(days: Days) -> None:
    """Say what each product does and needs, put things on the shelves, write the list for Canada."""
    prices = catalogue()
    now = days.at(118)
    today = days.ago(118)
    Product.objects.filter(kind="subscription").update(
        features_fr=FUNCTIONS[0], features_en=FUNCTIONS[1], terms=[12, 24, 36], has_custom_terms=True
    )
    _offer_to_families(prices)
    for product in Product.objects.filter(kind="subscription"):
        publish_requirements(
            product=product,
            text_fr=NEEDS[0],
            text_en=NEEDS[1],
            is_major=False,
            in_force_on=today,
            by=None,
            now=now,
            today=today,
        )
    prices.delivery_net_cents = 590
    prices.free_delivery_from_cents = 10000
    prices.save(update_fields=["delivery_net_cents", "free_delivery_from_cents"])
    for key, fr, en, cents, stock, features_fr, features_en in THINGS:
        thing = Product.objects.create(
            key=key,
            name_fr=fr,
            name_en=en,
            kind="goods",
            methods=["card", "transfer", "cheque"],
            unit_fr="pièce",
            unit_en="piece",
            features_fr=features_fr,
            features_en=features_en,
            abnormal_quantity=20,
            stock=0,
        )
        Price.objects.create(price_list=prices, product=thing, net_cents=cents)
        if stock:
            move_stock(product=thing, quantity=stock, why="received", note="imprimeur", by=None, now=now)
    _list_for_canada(days)


def _offer_to_families(prices: PriceList) -> None:
    """Sell what a household subscribes to by itself: online, tried for two weeks first."""
    features = ("Les réussites de vos enfants, à la maison", "Your children’s achievements, at home")
    family = Product.objects.create(
        key="preau-famille",
        name_fr="Préau Famille, un an",
        name_en="Préau Family, one year",
        profile="family",
        methods=["card", "sepa_debit"],
        renewal="automatic",
        trial_days=14,
        unit_fr="enfant",
        unit_en="child",
        abnormal_quantity=6,
        features_fr=features[0],
        features_en=features[1],
    )
    Price.objects.create(price_list=prices, product=family, net_cents=3900)


def _list_for_canada(days: Days) -> None:
    today = days.ago(118)
    now = days.at(118)
    made = copy_price_list(
        source=None, name="Tarif Canada", currency="CAD", starts_on=today, by=None, now=now, today=today
    )
    euros = PriceList.objects.in_force(days.today).filter(currency="EUR").get()
    Price.objects.bulk_create(
        Price(price_list=made, product_id=price.product_id, net_cents=price.net_cents * 3 // 2)
        for price in euros.prices.filter(product__key__in=("preau-campus", "preau-cabinet"))
    )


def sell_things(days: Days) -> None:
    """Let a teacher buy cards for her own children, and pay."""
    customer = Customer.objects.create(
        name=BUYER,
        customer_type="consumer",
        email="helene@marsan.example",
        street="8 rue des Tanneurs",
        postcode="35000",
        city="Rennes",
        created_at=days.at(20),
    )
    buyer = Contact.objects.create(
        customer=customer,
        email=customer.email,
        first_name="Hélène",
        last_name="Marsan",
        created_at=days.at(20),
    )
    _pay(_order(buyer, days, ago=20, key="cartes-des-sons", count=2), days, ago=20)


def send_a_parcel(days: Days) -> None:
    """Let the parcel leave on its day."""
    delivery = Delivery.objects.get(order__customer__name=BUYER)
    now = days.at(14, hour=15)
    ship(
        delivery_id=delivery.pk,
        carrier="La Poste",
        tracking="6A17293048512",
        by=None,
        now=now,
        today=days.ago(14),
        reason="Le transporteur passe un autre jour",
    )


def deliver_it(days: Days) -> None:
    """Put it in her hands."""
    delivery = Delivery.objects.get(order__customer__name=BUYER)
    arrive(delivery_id=delivery.pk, on=days.ago(11), by=None, now=days.at(11))


def take_one_back(days: Days) -> None:
    """One box came torn: she asks for another."""
    order = Order.objects.get(customer__name=BUYER)
    thing = Product.objects.get(key="cartes-des-sons")
    said = WarrantyClaimInput(
        thing.pk,
        1,
        "conformity",
        "La boîte est déchirée et six cartes manquent.",
        days.ago(6),
        requested_remedy="replacement",
    )
    open_warranty_claim(order=order, said=said, by=None, now=days.at(6), today=days.ago(6))


def order_online(days: Days) -> None:
    """Let a teacher fill a cart on the site, accept the terms, and pay by transfer two days later."""
    now = days.at(4)
    today = days.ago(4)
    thing = Product.objects.get(key="affiche-progres")
    place: dict[str, Any] = {"country": "FR", "client": "consumer", "contact": None, "now": now}
    cart = put_in_cart(
        cart=None, product_id=thing.pk, quantity=3, term_months=0, language="fr", today=today, **place
    )
    cart = save_details(cart=cart, details=TEACHER, **place)
    cart = choose_method(cart=cart, method="transfer", now=now)
    seen = confirm_cart(cart=cart, seen=price_cart(cart, now=now, today=today).digest, now=now, today=today)
    assert seen.terms is not None, "the house published its terms"
    accept_terms(cart=cart, ticked=True, version=seen.terms.pk, now=now)
    _pay(place_order(cart_id=cart.pk, now=now, today=today), days, ago=2)


def leave_parcels_to_send(days: Days) -> None:
    """Let the commune order posters and pay; run a promotion until the end of next month."""
    commune = Contact.objects.get(customer__name=COMMUNE)
    _pay(_order(commune, days, ago=1, key="affiche-progres", count=12), days, ago=1)
    run_promotion(
        product=Product.objects.get(key="cartes-des-sons"),
        currency="EUR",
        net_cents=1190,
        name_fr="Offre d’automne",
        name_en="Autumn offer",
        starts_on=days.ago(1),
        ends_on=days.today + timedelta(days=30),
        by=None,
        now=days.at(1),
    )


def _order(contact: Contact, days: Days, *, ago: int, key: str, count: int) -> Order:
    price = Price.objects.select_related("product").get(product__key=key, price_list__currency="EUR")
    line = LineDraft(price.product_id, price.product.name("fr"), count, price.net_cents)
    return order_signed(
        contact,
        now=days.at(ago),
        method="transfer",
        lines=[line],
        site_name="",
        site_slug="",
        shipping_cents=590,
        valid_until=days.today + timedelta(days=30),
    )


def _pay(order: Order, days: Days, *, ago: int) -> None:
    invoice = invoice_of(order)
    record_transfer(
        invoice=invoice,
        amount_cents=invoice.gross_cents,
        received_on=days.ago(ago),
        credited_on=days.ago(ago),
        reference=order.number,
        by=None,
        now=days.at(ago),
        today=days.ago(ago),
    )
