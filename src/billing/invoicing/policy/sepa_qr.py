"""The SEPA QR code of a transfer (EPC069-12).

A bank's app reads holder, account, amount and reference from it.
"""

import io

import segno

MOST_CENTS = 99_999_999_999

MOST_BYTES = 331


def epc_text(*, holder: str, iban: str, bic: str, cents: int, reference: str) -> str:
    """Return the content of the code: version 002, UTF-8, SEPA credit transfer, reference as free text.

    Raises ValueError when the amount, a name or the whole doesn't fit the standard.
    """
    if not 1 <= cents <= MOST_CENTS:
        raise ValueError("an amount from 0.01 to 999,999,999.99 euros")
    if not 1 <= len(holder) <= 70 or len(reference) > 140:
        raise ValueError("the holder has 1 to 70 characters, the reference 140 at most")
    if any("\n" in each or "\r" in each for each in (holder, reference)):
        raise ValueError("one line each")
    amount = f"EUR{cents // 100}.{cents % 100:02d}"
    account = iban.replace(" ", "").upper()
    lines = ["BCD", "002", "1", "SCT", bic.strip().upper(), holder, account, amount, "", "", reference]
    text = "\n".join(lines)
    if len(text.encode()) > MOST_BYTES:
        raise ValueError(f"more than {MOST_BYTES} bytes")
    return text


def sepa_qr_svg(*, holder: str, iban: str, bic: str, cents: int, reference: str, scale: int = 3) -> str:
    """Return the code as an SVG with presentation attributes only, error correction M as the standard
    asks.
    """
    text = epc_text(holder=holder, iban=iban, bic=bic, cents=cents, reference=reference)
    code = segno.make_qr(text, error="M", boost_error=False, encoding="utf-8", eci=False)
    if int(code.version) > 13:
        raise ValueError("larger than version 13")
    drawing = io.BytesIO()
    plain = {"xmldecl": False, "svgns": True, "svgclass": None, "lineclass": None, "light": "#fff"}
    code.save(drawing, kind="svg", scale=scale, border=4, **plain)
    return drawing.getvalue().decode()
