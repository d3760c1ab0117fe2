"""What is kept as a code is read in words, in the reader's language; what a person typed stays as it is."""

import pytest
from django.utils.translation import override

from billing.orders.labels import reason_words

CODES = (
    "withdrawal",
    "term",
    "trial",
    "phased_out",
    "button",
    "email",
    "breach",
    "suspended",
    "force_majeure",
    "order cancelled",
    "shared out again",
    "refunded",
    "made at the provider",
    "unpaid_online",
    "fraud_suspected",
    "overdue",
    "disputed",
    "abnormal_quantity",
    "price_error",
)


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_never_shown_as_it_is_kept(code):
    for language in ("fr", "en"):
        with override(language):
            assert reason_words(code)
            assert language == "en" or reason_words(code) != code


def test_a_persons_words_stay():
    assert reason_words("La boîte est déchirée.") == "La boîte est déchirée."
