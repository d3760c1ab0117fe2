"""The SEPA QR code of a transfer (EPC069-12).

A bank's app reads holder, account, amount and reference from it.
"""

import io
from decimal import Decimal

from segno import helpers


def sepa_qr_svg(*, holder: str, iban: str, bic: str, cents: int, reference: str, scale: int = 3) -> str:
    """Return the code as an SVG with presentation attributes only: version 002, UTF-8, reference as free
    text.

    Raises ValueError when the amount, a name or the whole doesn't fit the standard.
    """
    if any("\n" in each or "\r" in each for each in (holder, reference)):
        raise ValueError("one line each")
    code = helpers.make_epc_qr(
        name=holder,
        iban=iban.replace(" ", "").upper(),
        amount=Decimal(cents) / 100,
        text=reference,
        bic=bic.strip().upper() or None,
        encoding="utf-8",
    )
    drawing = io.BytesIO()
    plain = {"xmldecl": False, "svgns": True, "svgclass": None, "lineclass": None, "light": "#fff"}
    code.save(drawing, kind="svg", scale=scale, border=4, **plain)
    return drawing.getvalue().decode()
