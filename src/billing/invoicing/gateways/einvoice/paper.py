"""The electronic invoice inside the page people read: Factur-X, a PDF/A-3 that holds its own XML."""

import io
import logging

import facturx
from pypdf import PdfReader

XML_NAME = "factur-x.xml"

logging.getLogger("facturx").setLevel(logging.ERROR)


def with_xml(pdf: bytes, xml: bytes, *, title: str, author: str, language: str) -> bytes:
    """Return a PDF/A-3b with the XML put into it, profile EN 16931. The XML was judged before.

    Nothing is asked here.
    """
    return bytes(
        facturx.generate_from_binary(
            pdf,
            xml,
            flavor="factur-x",
            level="en16931",
            check_xsd=False,
            check_schematron=False,
            pdf_metadata={"author": author, "title": title, "subject": title, "keywords": "Factur-X"},
            lang=f"{language}-{'GB' if language == 'en' else 'FR'}",
            afrelationship="alternative",
        )
    )


def xml_in(pdf: bytes) -> bytes:
    """Return the XML a Factur-X PDF holds; raise KeyError when it holds none."""
    return bytes(PdfReader(io.BytesIO(pdf)).attachments[XML_NAME][0])
