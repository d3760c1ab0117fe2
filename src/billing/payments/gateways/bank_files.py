"""Files of banks: ISO 20022 statements (camt.053, versions 02 and 08), judged by their schema.

CSV by its mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from billing.payments.policy.bank import BadFile, Entry, ParsedStatement

FOLDER = Path(__file__).resolve().parent.parent / "data" / "camt"

SPACE = "urn:iso:std:iso:20022:tech:xsd:"

FORMATS = ("camt.053.001.02", "camt.053.001.08")

MAX_BYTES = 10 * 1024 * 1024


def read_camt(content: bytes) -> tuple[ParsedStatement, str]:
    """Return what an ISO 20022 statement says, and its account (for digests only, never kept).

    Raises BadFile.

    No entity, no document type, nothing fetched: a file that wants any of these is refused. It must be valid
    by the schema of its version; what is wrong is told with its line and element.
    """
    root = _parsed(content)
    name = etree.QName(root)
    version = (name.namespace or "").removeprefix(SPACE)
    if version not in FORMATS or name.localname != "Document":
        raise BadFile(
            f"neither {FORMATS[0]} nor {FORMATS[1]}: {version or name.localname}", line=1, element="Document"
        )
    schema = _schema(version)
    if not schema.validate(root):
        raise _told(schema.error_log[0], version)
    statements = root.findall(".//{*}Stmt")
    entries = [entry for statement in statements for entry in _entries(statement)]
    pending = sum(_status(row) != "BOOK" for row in root.findall(".//{*}Ntry"))
    account = "".join(_texts(root, "{*}BkToCstmrStmt/{*}Stmt/{*}Acct/{*}Id//*"))
    reference = _text(statements[0], "{*}Id") if statements else ""
    return ParsedStatement(version, tuple(entry.clean for entry in entries), reference[:80], pending), account


def as_text(content: bytes) -> str:
    """Return the text of a CSV, in whichever of the two encodings banks use. Raises BadFile."""
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadFile("neither UTF-8 nor Windows-1252")


def looks_like_xml(content: bytes) -> bool:
    """Return whether a file begins as XML does."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _parsed(content: bytes) -> Any:
    if len(content) > MAX_BYTES:
        raise BadFile(f"more than {MAX_BYTES // 1024 // 1024} MB")
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, safe)
    except etree.XMLSyntaxError as error:
        raise BadFile(error.msg or "not XML", line=error.lineno or 0) from None
    if root.getroottree().docinfo.doctype:
        raise BadFile("a document type isn't accepted", line=1, element="!DOCTYPE")
    return root


def _told(error: Any, version: str) -> BadFile:
    message = error.message.replace(f"{{{SPACE}{version}}}", "")
    found = re.match(r"Element '(\w+)'(?:, attribute '\w+')?: (.*)", message)
    return BadFile(found[2] if found else message, line=error.line, element=found[1] if found else "")


@cache
def _schema(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(FOLDER / f"{version}.xsd")))


def _entries(statement: Any) -> Iterator[Entry]:
    for row in statement.findall("{*}Ntry"):
        if _status(row) == "BOOK":
            yield from _split(row)


def _status(row: Any) -> str:
    return _text(row, "{*}Sts/{*}Cd") or _text(row, "{*}Sts")


def _split(row: Any) -> Iterator[Entry]:
    """Yield the payments of an entry: one each when a batch says all their amounts, else the entry as a
    whole.
    """
    total = _cents(row.find("{*}Amt"))
    currency = row.find("{*}Amt").get("Ccy")
    day = _day(row)
    sign = -1 if _text(row, "{*}CdtDbtInd") == "DBIT" else 1
    bank = _text(row, "{*}AcctSvcrRef") or _text(row, "{*}NtryRef")
    parts = row.findall("{*}NtryDtls/{*}TxDtls")
    amounts = [_amount_of(part) for part in parts]
    if len(parts) > 1 and all(amounts) and sum(amounts) == total:
        for number, (part, cents) in enumerate(zip(parts, amounts, strict=True), start=1):
            own = _text(part, "{*}Refs/{*}AcctSvcrRef") or (f"{bank}/{number}" if bank else "")
            yield _entry(part, row, day, sign * cents, currency, own)
        return
    yield _entry(parts[0] if len(parts) == 1 else row, row, day, sign * total, currency, bank)


def _entry(part: Any, row: Any, day: date, cents: int, currency: str, bank: str) -> Entry:
    party = "Dbtr" if cents > 0 else "Cdtr"
    people = f"{{*}}RltdPties/{{*}}{party}"
    name = _text(part, f"{people}/{{*}}Pty/{{*}}Nm") or _text(part, f"{people}/{{*}}Nm")
    words = [
        *_texts(part, ".//{*}RmtInf/{*}Ustrd"),
        *_texts(part, ".//{*}RmtInf/{*}Strd/{*}CdtrRefInf/{*}Ref"),
    ]
    text = " ".join(words) or _text(part, "{*}AddtlTxInf") or _text(row, "{*}AddtlNtryInf")
    end_to_end = _text(part, "{*}Refs/{*}EndToEndId")
    return Entry(day, cents, currency, name, text, "" if end_to_end == "NOTPROVIDED" else end_to_end, bank)


def _amount_of(part: Any) -> int:
    for path in ("{*}Amt", "{*}AmtDtls/{*}TxAmt/{*}Amt"):
        found = part.find(path)
        if found is not None:
            return _cents(found)
    return 0


def _cents(element: Any) -> int:
    cents = Decimal(element.text) * 100
    if cents != cents.to_integral_value():
        raise BadFile(f"more than two decimals: {element.text}", line=element.sourceline, element="Amt")
    return int(cents)


def _day(row: Any) -> date:
    for path in ("{*}BookgDt/{*}Dt", "{*}BookgDt/{*}DtTm", "{*}ValDt/{*}Dt", "{*}ValDt/{*}DtTm"):
        if found := _text(row, path):
            return date.fromisoformat(found[:10])
    raise BadFile("no day of booking", line=row.sourceline, element="BookgDt")


def _text(element: Any, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _texts(element: Any, path: str) -> list[str]:
    return [found.text.strip() for found in element.findall(path) if found.text and found.text.strip()]
