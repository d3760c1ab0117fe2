"""Cards go through the payment provider's own page; no card or bank number is stored, logged or shown."""

import re
from pathlib import Path

import pytest
from django.apps import apps

from billing.money.policy.redaction import MASK, redacted
from billing.payments.policy.online import CARD, DEBIT, methods_online

ROOT = Path(__file__).resolve().parents[2]
FIELD = re.compile(r"card_?number|\bpan\b|\bcvc\b|\bcvv\b|card_expir|iban", re.IGNORECASE)


def test_no_column_could_hold_one():
    columns = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("billing").get_models()
        for field in model._meta.get_fields()
        if FIELD.search(field.name)
    ]
    assert columns == []


def test_no_page_of_ours_asks_for_one():
    asked = re.compile(r"""(name|autocomplete)=["'](cc-|card|iban|cvc)""", re.IGNORECASE)
    pages = (ROOT / "templates" / "billing").rglob("*.html")
    assert [page.name for page in pages if asked.search(page.read_text())] == []


@pytest.mark.parametrize("number", ["4242 4242 4242 4242", "FR76 3000 6000 0112 3456 7890 189"])
def test_one_that_a_client_wrote_all_the_same_is_not_kept(number):
    assert redacted(f"règlement {number} facture 12") == f"règlement {MASK} facture 12"


def test_what_can_be_paid_on_the_providers_page():
    assert methods_online(frozenset({"card", "debit", "cheque"}), currency="EUR") == (CARD, DEBIT)
    assert methods_online(frozenset({"card", "debit"}), currency="GBP") == (CARD,)
    assert methods_online(frozenset({"cheque", "transfer"}), currency="EUR") == ()
