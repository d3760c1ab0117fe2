"""LG-S4: what the buyer sees before validating, and the order keeps; no upgrade takes a function away."""

import pytest

from billing.catalogue.policy.catalogue import lost_features
from billing.catalogue.policy.offer import Incomplete, offer

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
