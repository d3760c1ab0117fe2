"""The SEPA QR code, against the standard's own layout (EPC069-12, version 002)."""

import io
import re

import pytest
import segno

from billing.invoicing.policy.sepa_qr import sepa_qr_svg

TOLD = {
    "holder": "Préau Éditions",
    "iban": "FR76 9999 9000 0100 0001 2345 693",
    "bic": "preafr00xxx",
    "reference": "FA-2026-000001",
}


def test_its_lines_are_those_of_the_standard():
    account = ["PREAFR00XXX", "Préau Éditions", "FR7699999000010000012345693", "EUR1299.84"]
    text = "\n".join(["BCD", "002", "1", "SCT", *account, "", "", "FA-2026-000001"])
    code = segno.make_qr(text, error="M", boost_error=False, encoding="utf-8", eci=False)
    assert sepa_qr_svg(cents=129984, **TOLD) == _drawn(code)


def _drawn(code):
    drawing = io.BytesIO()
    plain = {"xmldecl": False, "svgns": True, "svgclass": None, "lineclass": None, "light": "#fff"}
    code.save(drawing, kind="svg", scale=3, border=4, **plain)
    return drawing.getvalue().decode()


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
        sepa_qr_svg(**{"cents": 1, **TOLD, **change})


def test_the_drawing_has_no_style_and_no_script():
    drawing = sepa_qr_svg(cents=129984, **TOLD)
    assert drawing.startswith("<svg")
    assert not re.search(r"style=|class=|<script|on\w+=", drawing)
