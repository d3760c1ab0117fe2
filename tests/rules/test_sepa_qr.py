"""The SEPA QR code, against the standard's own layout (EPC069-12, version 002)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.invoicing.policy.sepa_qr import epc_text, sepa_qr_svg

TOLD = {
    "holder": "Préau Éditions",
    "iban": "FR76 9999 9000 0100 0001 2345 693",
    "bic": "preafr00xxx",
    "reference": "FA-2026-000001",
}


def test_its_lines_are_those_of_the_standard():
    assert epc_text(cents=129984, **TOLD).split("\n") == [
        "BCD",
        "002",
        "1",
        "SCT",
        "PREAFR00XXX",
        "Préau Éditions",
        "FR7699999000010000012345693",
        "EUR1299.84",
        "",
        "",
        "FA-2026-000001",
    ]


@given(cents=st.integers(1, 99_999_999_999))
def test_the_amount_is_exact(cents):
    amount = epc_text(cents=cents, **TOLD).split("\n")[7]
    assert int(amount.removeprefix("EUR").replace(".", "")) == cents


@pytest.mark.parametrize(
    "change",
    [
        {"cents": 0},
        {"cents": 10**11},
        {"holder": "x" * 71},
        {"reference": "x" * 141},
        {"reference": "a\nb"},
        {"holder": ""},
    ],
)
def test_what_does_not_fit_is_refused(change):
    with pytest.raises(ValueError):
        epc_text(**{"cents": 1, **TOLD, **change})


def test_the_drawing_has_no_style_and_no_script():
    drawing = sepa_qr_svg(cents=129984, **TOLD)
    assert drawing.startswith("<svg")
    assert not re.search(r"style=|class=|<script|on\w+=", drawing)
