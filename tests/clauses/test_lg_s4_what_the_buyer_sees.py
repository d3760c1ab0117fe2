"""LG-S4: what the buyer sees before validating, and the order keeps; no upgrade takes a function away."""

from datetime import date

import pytest

from billing.catalogue.policy.catalogue import lost_features
from billing.catalogue.policy.offer import Incomplete, offer
from billing.models import Product, Subscription
from isolation.context import inside_operator
from tests.billing.carts import FAMILY, bought
from tests.billing.support import rows_of, url
from tests.clauses.stage import by_card, desk, live, plain, read, visitor

CLAUSE = "LG-S4"
KNOWN = {
    "product": "Préau Famille",
    "country": "FR",
    "client": "consumer",
    "features": ("Activités", "Bilan"),
    "price_cents": 990,
    "price_with_vat": True,
    "currency": "EUR",
    "term_months": 1,
    "renewal": "automatic",
    "trial_days": 7,
    "methods": ("card",),
    "requirements_version": 2,
    "requirements": "Un navigateur récent",
}


def test_a_consumer_sees_the_right_of_withdrawal_and_a_professional_none():
    assert offer(KNOWN, is_subscription=True, is_protected=True).withdrawal_days == 14
    assert offer(KNOWN, is_subscription=True, is_protected=False).withdrawal_days == 0


@pytest.mark.parametrize(
    "missing", ["features", "price_cents", "term_months", "renewal", "methods", "requirements"]
)
def test_half_an_offer_is_never_shown(missing):
    known = KNOWN | {missing: () if missing in {"features", "methods"} else None}
    with pytest.raises(Incomplete) as found:
        offer(known, is_subscription=True, is_protected=True)
    assert found.value.missing == (missing,)


def test_a_thing_has_no_term_and_needs_no_requirements():
    known = {key: value for key, value in KNOWN.items() if not key.startswith("requirements")}
    shown = offer(known, is_subscription=False, is_protected=True)
    assert (shown.term_months, shown.renewal, shown.requirements) == (0, "", "")


def test_what_is_kept_says_all_of_it():
    kept = offer(KNOWN, is_subscription=True, is_protected=True).as_kept()
    assert {key: kept[key] for key in KNOWN} == KNOWN | {
        "features": ["Activités", "Bilan"],
        "methods": ["card"],
    }


def test_an_upgrade_takes_nothing_away():
    assert lost_features(["Activités", "Bilan  PDF"], ["bilan pdf", "Activités", "Messagerie"]) == ()
    assert lost_features(["Activités", "Bilan"], ["Activités"]) == ("Bilan",)


OFFERED = {
    "key": "famille-mois",
    "kind": "subscription",
    "profile": "family",
    "name_fr": "Préau Famille, un mois",
    "name_en": "Préau Famille, un mois",
    "features_fr": "Tout y est",
    "unit_fr": "profil",
    "unit_en": "profile",
    "counts": "profiles",
    "minimum_quantity": "1",
    "term_months": "1",
    "renewal": "automatic",
    "trial_days": "0",
    "methods": ["card", "sepa_debit"],
    "cheque_minimum": "0",
    "is_sold": "on",
}


def features_now(product):
    """Return what a product is said to do."""
    (row,) = rows_of(Product.objects.filter(pk=product.pk))
    return row.features("fr")


@pytest.mark.story(
    "LG-S4",
    door="page",
    fr="Une famille s’abonne à un produit qui fait « Tout y est » : l’éditeur veut lui ôter cette fonction, "
    "c’est refusé, en ajouter une est permis ; la famille résilie, son mois finit, et la fonction peut "
    "partir.",
)
def test_a_function_somebody_was_promised_cannot_be_taken_away(browse, clock, shelves, provider, now):
    """A family subscribes to a product that does everything: the operator wants to take that function away
    and is refused, adding one is allowed; the family terminates, its month ends, and the function may go.
    """
    product = shelves["famille-mois"]
    page = url("product_edit", product.pk)
    by_card(provider, bought(browse(None), product, FAMILY, method="card"), clock)
    refused = desk(browse, now).post(page, OFFERED | {"features_fr": "Messagerie"})
    assert refused.status_code == 422
    assert "Tout y est a été promis à des clients qui l’ont encore" in plain(refused.content.decode())
    assert features_now(product) == ["Tout y est"]
    more = OFFERED | {"features_fr": "Tout y est\nMessagerie"}
    assert desk(browse, now).post(page, more).status_code == 302
    with inside_operator():
        running = Subscription.objects.select_related("contact").get()
    home = visitor(browse, running.contact)
    assert "Tout y est" in read(home.get(url("portal_order", running.order_id)))
    assert home.post(url("portal_terminate", running.pk), {"confirm": "1"}).status_code == 302
    live(clock, date(2026, 12, 18))
    gone = desk(browse, now).post(page, OFFERED | {"features_fr": "Messagerie"})
    assert gone.status_code == 302
    assert features_now(product) == ["Messagerie"]
