"""The catalogue as finance uses it: products, dated price lists, requirements, promotions, the way off the
market.
"""

from datetime import date, timedelta

import pytest

from agenda.loop import send_outbox, tick
from agenda.models import Obligation
from billing.catalogue.queries.catalogue import asked_for, on_sale
from billing.models import Phaseout, Price, PriceList, Product, Promotion, Requirements, StockMove
from demo.factories.billing import catalogue
from isolation.context import inside_operator
from tests.billing.support import clerk, rows_of, url

FORM = {
    "key": "carte-des-sons",
    "kind": "goods",
    "name_fr": "Carte des sons",
    "name_en": "Sound map",
    "unit_fr": "carte",
    "unit_en": "map",
    "counts": "profiles",
    "minimum_quantity": "1",
    "abnormal_quantity": "10",
    "term_months": "12",
    "renewal": "fixed",
    "trial_days": "0",
    "methods": ["cheque", "card"],
    "cheque_minimum": "0",
    "is_sold": "on",
    "features_fr": "Affiche A2\nPlastifiée",
}


@pytest.fixture
def desk(browse, now, db):
    with inside_operator():
        catalogue()
    return clerk(browse, now)


def product(key="preau-ecole"):
    with inside_operator():
        return Product.objects.get(key=key)


def test_a_product_is_written_down_and_changed(desk):
    answer = desk.post(url("product_new"), FORM)
    made = product("carte-des-sons")
    assert answer.status_code == 302
    assert (made.stock, made.abnormal_quantity, made.features("fr")) == (0, 10, ["Affiche A2", "Plastifiée"])
    assert desk.get(url("product", made.pk)).status_code == 200
    answer = desk.post(
        url("product_edit", made.pk), FORM | {"terms": "24; 36", "kind": "subscription", "profile": "school"}
    )
    assert answer.status_code == 302
    assert (product("carte-des-sons").offered_terms, product("carte-des-sons").stock) == ([12, 24, 36], None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "subscription"},
        {"profile": "school"},
        {"terms": "a"},
        {"terms": "0, 61"},
        {"methods": []},
        {"methods": ["cheque"], "trial_days": "7"},
        {"key": "preau-ecole"},
    ],
)
def test_a_product_that_makes_no_sense_is_refused(desk, wrong):
    answer = desk.post(url("product_new"), FORM | wrong)
    assert answer.status_code == 422
    assert "carte-des-sons" not in {each.key for each in rows_of(Product.objects)}


def test_the_list_of_products_shows_prices_and_is_a_csv(desk):
    answer = desk.get(url("products") + "?state=sold&sort=-key")
    assert b"preau-ecole" in answer.content
    assert "4,90" in answer.content.decode()
    csv = b"".join(desk.get(url("products") + "?format=csv")).decode("utf-8-sig")
    assert "preau-ecole" in csv
    assert "4,90" in csv


def test_stock_comes_in_is_counted_and_never_below_zero(desk):
    desk.post(url("product_new"), FORM)
    page = url("product_stock", product("carte-des-sons").pk)
    assert desk.post(page, {"stock-quantity": "12", "stock-how": "received"}).status_code == 302
    assert (
        desk.post(
            page, {"stock-quantity": "9", "stock-how": "counted", "stock-note": "three torn"}
        ).status_code
        == 302
    )
    assert product("carte-des-sons").stock == 9
    assert [move.quantity for move in rows_of(StockMove.objects)] == [-3, 12]
    assert (
        desk.post(
            url("product_stock", product().pk), {"stock-quantity": "1", "stock-how": "received"}
        ).status_code
        == 422
    )


def test_a_list_in_force_is_copied_never_edited(desk, now):
    with inside_operator():
        old = PriceList.objects.get()
    starts_on = date(2027, 1, 1)
    details = {"name": "Tarif 2027", "currency": "EUR", "starts_on": str(starts_on), "source": str(old.pk)}
    assert desk.post(url("price_list_new"), details | {"starts_on": "2026-11-16"}).status_code == 422
    assert desk.post(url("price_list_new"), details).status_code == 302
    assert desk.post(url("price_list_new"), details).status_code == 422
    with inside_operator():
        old.refresh_from_db()
        new = PriceList.objects.get(name="Tarif 2027")
        assert old.ends_on == starts_on
        assert set(new.prices.values_list("product", "net_cents")) == set(
            old.prices.values_list("product", "net_cents")
        )
    sheet = _sheet(new, **{"prices-0-net": "5,20"})
    assert desk.post(url("price_list", new.pk), sheet).status_code == 302
    with inside_operator():
        assert new.prices.get(product__key="formation-jour").net_cents == 520
        new.refresh_from_db()
        assert (new.delivery_net_cents, new.free_delivery_from_cents) == (650, 10000)
    assert desk.get(url("price_list", old.pk)).status_code == 200
    assert desk.post(url("price_list", old.pk), _sheet(old, **{"prices-0-net": "0,01"})).status_code == 302
    with inside_operator():
        assert old.prices.get(product__key="formation-jour").net_cents == 68000


def _sheet(price_list, **typed):
    with inside_operator():
        rows = list(price_list.prices.all())
    data = {
        "prices-TOTAL_FORMS": str(len(rows)),
        "prices-INITIAL_FORMS": "0",
        "delivery": "6,50",
        "free_from": "100",
    }
    for n, row in enumerate(rows):
        data |= {
            f"prices-{n}-product": str(row.product_id),
            f"prices-{n}-term_months": "0",
            f"prices-{n}-from_quantity": "1",
            f"prices-{n}-net": f"{row.net_cents / 100:.2f}",
            f"prices-{n}-tax_key": "standard",
        }
    return data | typed


def test_a_list_to_come_is_taken_away_again(desk):
    with inside_operator():
        old = PriceList.objects.get()
    details = {"name": "Tarif 2027", "currency": "EUR", "starts_on": "2027-01-01", "source": str(old.pk)}
    desk.post(url("price_list_new"), details)
    with inside_operator():
        new = PriceList.objects.get(name="Tarif 2027")
    line = {f"prices-{n}-from_quantity": "1" for n in range(2)} | {f"prices-{n}-net": "1" for n in range(2)}
    twice = {f"prices-{n}-product": str(product().pk) for n in range(2)} | line
    twice |= {"prices-TOTAL_FORMS": "2", "prices-INITIAL_FORMS": "0"}
    assert desk.post(url("price_list", new.pk), twice).status_code == 422
    assert desk.post(url("price_list_drop", old.pk)).status_code == 302  # in force: said, not done
    assert desk.post(url("price_list_drop", new.pk)).status_code == 302
    (left,) = rows_of(PriceList.objects)
    assert left.ends_on is None
    assert desk.get(url("price_lists")).status_code == 200


def test_requirements_are_versions_and_a_major_change_is_announced(desk, now):
    page = url("product_requirements", product().pk)
    details = {"requirements-text_fr": "Un navigateur", "requirements-text_en": "A browser"}
    today = str(date(2026, 11, 16))
    assert desk.post(page, details | {"requirements-in_force_on": today}).status_code == 302
    major = details | {"requirements-is_major": "on"}
    assert desk.post(page, major | {"requirements-in_force_on": "2026-12-15"}).status_code == 422
    assert desk.post(page, major | {"requirements-in_force_on": "2026-12-16"}).status_code == 302
    assert [each.version for each in rows_of(Requirements.objects)] == [2, 1]
    with inside_operator():
        tick(now + timedelta(minutes=2))
        assert Obligation.objects.get(clause="LG-S11").state == "dropped"  # nobody runs it yet


def test_a_promotion_is_lower_runs_alone_and_is_no_list_price(desk, now):
    page = url("product_promotion", product().pk)
    details = {
        "promotion-name_fr": "Rentrée",
        "promotion-name_en": "Back to school",
        "promotion-currency": "EUR",
        "promotion-starts_on": "2026-11-16",
        "promotion-last_day": "2026-11-30",
    }
    assert desk.post(page, details | {"promotion-net": "4,90"}).status_code == 422
    assert desk.post(page, details | {"promotion-net": "3,90"}).status_code == 302
    assert desk.post(page, details | {"promotion-net": "3,80"}).status_code == 422
    (made,) = rows_of(Promotion.objects)
    assert made.ends_on == date(2026, 12, 1)
    with inside_operator():
        today = date(2026, 11, 30)
        assert asked_for(product(), on=today).net_cents == 390
        assert asked_for(product(), on=today).list_cents == 490
        assert asked_for(product(), on=today + timedelta(days=1)).net_cents == 490
        shown = {
            each.product.key: each for each in on_sale(today, currency="EUR", rate_pct=None, consumer=False)
        }
        assert (shown["preau-ecole"].price.cents, shown["preau-ecole"].was.cents) == (390, 490)
        assert shown["preau-creche"].was is None


def test_a_product_leaves_the_market_with_six_months_notice(desk, now):
    page = url("product_phaseout", product().pk)
    details = {
        "phaseout-sold_until": "2026-12-01",
        "phaseout-reason_fr": "Remplacé",
        "phaseout-reason_en": "Replaced",
    }
    assert desk.post(page, details | {"phaseout-access_until": "2027-05-15"}).status_code == 422
    assert desk.post(page, details | {"phaseout-access_until": "2027-05-16"}).status_code == 302
    assert desk.post(page, details | {"phaseout-access_until": "2027-05-16"}).status_code == 422
    assert len(rows_of(Phaseout.objects)) == 1
    with inside_operator():
        assert product() in Product.objects.on_sale(date(2026, 11, 30))
        assert product() not in Product.objects.on_sale(date(2026, 12, 1))
        tick(now + timedelta(minutes=2))
        send_outbox(now + timedelta(minutes=2))
        tell = Obligation.objects.get(clause="MC-1s", kind="tell")
        assert (tell.state, tell.evidence["told"]) == ("dropped", 0)
        assert Obligation.objects.get(clause="MC-1s", kind="end").state == "owed"
    assert desk.get(url("product", product().pk)).status_code == 200


def test_a_price_in_another_currency_is_its_own(as_operator):
    catalogue()
    cad = PriceList.objects.create(name="Canada 2026", currency="CAD", starts_on=date(2026, 1, 1))
    Price.objects.create(price_list=cad, product=Product.objects.get(key="preau-ecole"), net_cents=720)
    today = date(2026, 11, 16)
    assert asked_for(Product.objects.get(key="preau-ecole"), on=today, currency="CAD").net_cents == 720
    assert [each.product.key for each in on_sale(today, currency="CAD", rate_pct=None, consumer=True)] == [
        "preau-ecole"
    ]
