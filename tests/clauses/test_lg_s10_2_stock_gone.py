"""LG-S10.2: a quote reserves nothing; stock gone before acceptance: a new version, to be accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.catalogue.actions.price_lines import LineDraft
from billing.catalogue.policy.stock import gone
from billing.models import Order, QuoteVersion
from demo.factories.billing import ContactFactory, quote_sent
from isolation.context import inside_operator
from tests.billing.carts import TEACHER, bought
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, read, sign, visitor


def test_what_ran_out_is_named_in_the_order_wanted():
    wanted = {"mallette": 3, "cartes": 10, "preau-ecole": 218}
    assert gone(wanted, {"mallette": 2, "cartes": 10, "preau-ecole": None}) == ("mallette",)
    assert gone(wanted, {"mallette": 0, "cartes": 9, "preau-ecole": None}) == ("mallette", "cartes")


def test_the_last_ones_can_be_had():
    assert gone({"mallette": 3}, {"mallette": 3}) == ()


def test_what_is_not_counted_never_runs_out():
    assert gone({"preau-ecole": 10**6, "formation": 4}, {"preau-ecole": None}) == ()


@given(st.integers(1, 500), st.integers(0, 500), st.integers(1, 500))
def test_a_quote_reserves_nothing(quoted, left, sold_since):
    before = gone({"mallette": quoted}, {"mallette": left})
    after = gone({"mallette": quoted}, {"mallette": max(0, left - sold_since)})
    assert set(before) <= set(after)


@pytest.mark.story(
    "LG-S10.2",
    door="page",
    fr="Un devis ne réserve rien : la boutique vend les derniers jeux avant la signature, qui est "
    "refusée ; une nouvelle version propose l’affiche, et c’est elle que l’école accepte.",
)
def test_the_shop_sells_out_before_the_signature_and_a_new_version_is_accepted(browse, now, shelves):
    """A quote reserves nothing: the shop sells the last decks before the signature, which is refused; a new
    version offers the poster, and that is what the school accepts.
    """
    decks, posters = shelves["cartes"], shelves["affiche"]
    with inside_operator():
        contact = ContactFactory()
        line = LineDraft(decks.pk, "Cartes des sons", 3, 1490)
        first = quote_sent(contact, now=now, method="transfer", lines=[line], site_slug="")
    assert bought(browse(None), decks, TEACHER, 4, method="transfer").status_code == 302
    school = visitor(browse, contact)
    assert "En rupture de stock : Cartes des sons" in read(sign(school, first))
    assert len(rows_of(Order.objects)) == 1
    finance = desk(browse, now)
    finance.post(url("quote_revise", first.pk))
    second = next(row for row in rows_of(QuoteVersion.objects) if row.pk != first.pk)
    sheet = {"contact": str(contact.pk), "method": "transfer", "valid_until": "2026-12-16"}
    sheet |= {"payment_days": "30", "term_months": "12", "language": "fr", "act": "save"}
    sheet |= {"sites-TOTAL_FORMS": "0", "sites-INITIAL_FORMS": "0"}
    sheet |= {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "0", "lines-0-quantity": "3"}
    sheet |= {"lines-0-product": str(posters.pk), "lines-0-unit_net": "8,90"}
    assert finance.post(url("quote_edit", second.pk), sheet).status_code == 302
    finance.post(url("quote_send", second.pk))
    assert "commande est ferme" in read(sign(school, second))
    assert [row.gross_cents for row in rows_of(Order.objects.filter(version=second))] == [3204]
    assert "Affiche des progrès 3 8,90 €" in read(school.get(url("portal_quote", second.pk)))
