"""MC-11: a new price reaches a running subscription at the end of its initial period.

A promotion is no list price.
"""

import re
from datetime import date

import pytest
from django.urls import reverse

from billing.models import Invoice, Order, PriceList
from billing.subscriptions.policy.renewal import price_of_one_more, price_to_announce
from isolation.context import inside_operator
from tests.billing.support import PUBLIC, rows_of, url
from tests.clauses.stage import desk, live, read, subscribed, visitor

CLAUSE = "MC-11"


@pytest.mark.parametrize(
    ("change", "listed", "announced"),
    [
        (
            "initial_period",
            15_00,
            15_00,
        ),  # bought at 9.00 in a promotion: the list price comes with the renewal
        ("announced_renewal", 15_00, 15_00),
        ("announced_renewal", None, 9_00),  # left the list: it keeps its price
        ("free_or_quoted", 15_00, 9_00),
        ("free", 15_00, 0),
    ],
)
def test_what_a_renewal_announces(change, listed, announced):
    assert price_to_announce(change, current_cents=9_00, list_cents=listed) == announced


@pytest.mark.parametrize(
    ("change", "listed", "one_more"),
    [
        ("initial_period", 24_00, 24_00),
        ("initial_period", 9_00, 9_00),  # a price that fell too
        ("initial_period", None, 19_00),  # left the list
        ("announced_renewal", 24_00, 19_00),
        ("free", 24_00, 19_00),
    ],
)
def test_what_is_added_costs_the_list_price_where_new_prices_hold_at_once(change, listed, one_more):
    assert price_of_one_more(change, current_cents=19_00, list_cents=listed) == one_more


def test_a_rule_there_is_not_is_an_error():
    with pytest.raises(ValueError, match="no rule"):
        price_to_announce("whenever", current_cents=1, list_cents=1)


def replace_prices(finance, starts_on, cents):
    """Copy the price list in the console into one that starts on a day, and write the campus's new price."""
    with inside_operator():
        source = PriceList.objects.get()
        held = list(source.prices.values_list("product_id", "product__key", "net_cents"))
    new = {"name": "Tarif", "currency": "EUR", "starts_on": str(starts_on), "source": source.pk}
    sheet = {"delivery": "0", "prices-TOTAL_FORMS": len(held), "prices-INITIAL_FORMS": "0"}
    for n, (product, key, net) in enumerate(held):
        net = cents if key == "preau-campus" else net
        row = {"product": product, "term_months": 0, "from_quantity": 1, "net": f"{net / 100:.2f}"}
        sheet |= {f"prices-{n}-{name}": value for name, value in row.items()}
    made = finance.post(url("price_list_new"), new)
    assert finance.post(made.url, sheet).status_code == 302


@pytest.mark.story(
    "MC-11",
    door="page",
    fr="Le tarif passe de 19 à 24 € : le visiteur paie 24 € dès ce jour, le campus abonné garde 19 € "
    "jusqu’au bout de sa première période, et passe à 24 € ensuite, annoncés à temps.",
)
def test_a_new_price_waits_for_the_end_of_a_running_initial_period(browse, clock, now):
    """The list price goes from 19 to 24 EUR: a visitor pays 24 at once, the campus that subscribed keeps 19
    to the end of its initial period and goes to 24 then, told in time.
    """
    campus = subscribed(now, product="preau-campus", quantity=100)
    page = url("portal_subscription", campus.pk)
    live(clock, date(2027, 2, 1))
    replace_prices(desk(browse, now), date(2027, 3, 1), 2400)
    live(clock, date(2027, 3, 1))
    shop = read(browse(None).get(reverse("website:prices", urlconf=PUBLIC)))
    assert "Préau Campus, un an 24,00 € HT · par inscrit" in shop
    assert "Prix unitaire HT 19,00 €" in read(visitor(browse, campus.contact).get(page))
    live(clock, date(2027, 10, 17), date(2027, 11, 16))
    after = read(visitor(browse, campus.contact).get(page))
    assert "Prix unitaire HT 24,00 €" in after
    assert "Renouvellement le 16 novembre 2027 annoncé le 17 octobre 2027 24,00 €" in after
    asked = read(visitor(browse, campus.contact).get(url("portal_invoices")))
    assert "16 novembre 2027 16 décembre 2027 2 880,00 € 2 880,00 € à payer" in asked  # 100 x 24.00 + 20 %


@pytest.mark.story(
    "MC-11",
    door="page",
    fr="Un campus abonné à 19 € inscrit dix personnes de plus après le passage du tarif à 24 € : les "
    "nouvelles inscriptions se paient au nouveau tarif, les anciennes gardent le leur.",
)
def test_new_registrations_of_a_running_campus_cost_the_new_price(browse, clock, now):
    """A campus that subscribed at 19 EUR registers ten more people once the list says 24: new registrations
    cost the new price, the first ones keep theirs.
    """
    campus = subscribed(now, product="preau-campus", quantity=100)
    with inside_operator():
        Order.objects.filter(subscriptions=campus).update(version=None)  # taken online, not quoted
    live(clock, date(2027, 2, 1))
    replace_prices(desk(browse, now), date(2027, 3, 1), 2400)
    live(clock, date(2027, 3, 1))
    asked = {"preau-campus": "110"}
    told = read(visitor(browse, campus.contact).post(url("portal_plan", campus.pk), asked))
    assert "171,00 €" in told  # 10 x round(24.00 x 260 days / 365)


@pytest.mark.story(
    "MC-11",
    door="page",
    fr="Le tarif d’un campus sur devis passe de 19 à 24 € : l’avenant qu’on prépare propose 24 € pour les "
    "nouvelles inscriptions, celui d’une école garde son prix.",
)
@pytest.mark.parametrize(("product", "price"), [("preau-campus", "24,00"), ("preau-ecole", "4,90")])
def test_an_amendment_is_prepared_at_the_price_of_its_day(browse, clock, now, product, price):
    """The list price of a quoted campus goes from 19 to 24 EUR: the amendment that is prepared proposes 24
    for new registrations; a school's keeps its price.
    """
    running = subscribed(now, product=product, quantity=100)
    live(clock, date(2027, 2, 1))
    replace_prices(desk(browse, now), date(2027, 3, 1), 2400)
    live(clock, date(2027, 3, 1))
    form = desk(browse, now).get(url("amend", running.customer_id)).content.decode()
    name = f"contract-{running.contract_id}-term_price"
    assert re.search(rf'name="{name}"[^>]*value="{price}"', form) or re.search(
        rf'value="{price}"[^>]*name="{name}"', form
    ), form


@pytest.mark.story(
    "MC-11",
    door="agenda",
    fr="Un campus déménage en Martinique pendant son année : sa reconduction est facturée à la TVA du jour, "
    "8,50 %, au prix annoncé.",
)
def test_a_renewal_is_taxed_as_on_its_own_day(browse, clock, now):
    """A campus moves to Martinique during its year: its renewal is invoiced at the tax of its day, 8.50 %, at
    the price announced.
    """
    campus = subscribed(now, product="preau-campus", quantity=100)
    live(clock, date(2027, 6, 1))
    finance = desk(browse, now)
    page = url("customer_edit", campus.customer_id)
    form = finance.get(page).context["form"]
    typed = {each.html_name: each.value() for each in form if each.value() not in (None, False)}
    typed |= {form["postcode"].html_name: "97200", form["city"].html_name: "Fort-de-France"}
    assert finance.post(page, typed).status_code == 302
    live(clock, date(2027, 10, 12), date(2027, 11, 16))
    first, renewal = rows_of(Invoice.objects.order_by("issued_on", "number"))
    assert first.net_cents == renewal.net_cents
    with inside_operator():
        assert [[str(line.vat_rate) for line in each.lines.all()] for each in (first, renewal)] == [
            ["20.00"],
            ["8.50"],
        ]
    assert renewal.gross_cents == renewal.net_cents + round(renewal.net_cents * 85 / 1000)
