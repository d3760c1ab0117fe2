"""LG-S6.1e: a manifest price error is told whatever the order came to, one of zero too."""

import pytest

from tests.billing.support import url
from tests.clauses.stage import desk, later, mails, plain
from tests.clauses.test_lg_s22_nothing_was_paid import given

pytestmark = pytest.mark.django_db


@pytest.mark.story(
    "LG-S6.1e",
    door="mail",
    fr="Une erreur de prix manifeste sur une commande à zéro : la famille apprend pourquoi, et le prix juste "
    "avec sa TVA.",
)
def test_a_price_error_of_zero_is_told(browse, clock, now):
    """A manifest price error of an order of zero: the family learns why, and the right price with its VAT."""
    order = given(now)
    words = "La remise de cent pour cent était une erreur de saisie."
    asked = {"because_of": "price_error", "words": words, "right_price": "100,00"}
    assert desk(browse, now).post(url("order_refuse", order.pk), asked).status_code == 302
    later(clock, minutes=5)
    (told,) = [each for each in mails("") if words in plain(each.body)]
    assert "120,00 €" in plain(told.body)
