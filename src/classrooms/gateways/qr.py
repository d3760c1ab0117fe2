"""QR codes."""

from io import BytesIO

import segno


def qr_code(text: str) -> str:
    """Return a QR code as an SVG drawing, to stand in a document."""
    drawing = BytesIO()
    segno.make(text, error="m").save(drawing, kind="svg", scale=4, border=2, xmldecl=False, svgns=True)
    return drawing.getvalue().decode()
