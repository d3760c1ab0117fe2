"""Files of banks: ISO 20022 statements (camt.053, versions 02 and 08), judged by their schema.

CSV in its encodings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from lxml import etree

from billing.money.policy.days import paris_day
from billing.money.policy.possible_days import is_possible
from billing.payments.policy.bank import (
    MAX_CENTS,
    MAX_LINES,
    BadFile,
    Balance,
    Entry,
    ParsedStatement,
    StatementPart,
    Wrong,
    moved_entries,
)
from contracts.policy.encodings import UnknownEncoding, decoded, is_dos

FOLDER = Path(__file__).resolve().parent.parent / "data" / "camt"

SPACE = "urn:iso:std:iso:20022:tech:xsd:"

FORMATS = ("camt.053.001.02", "camt.053.001.08")

CUT = (etree.ErrorTypes.ERR_DOCUMENT_END, etree.ErrorTypes.ERR_TAG_NOT_FINISHED)

SAID = (  # what libxml says of a schema, in the order it is tried
    (r"The attribute '(.+?)' is required but missing", Wrong.UNNAMED),
    (r"The attribute '(.+?)' is not allowed", Wrong.ATTRIBUTE),
    (r"exceeds the allowed maximum length of '(\d+)'", Wrong.LONG),
    (r"This element is not expected\. Expected is (?:one of )?\( (.*?) \)", Wrong.MISPLACED),
    (r"Missing child element\(s\)\. Expected is (?:one of )?\( (.*?) \)", Wrong.LACKING),
    (r"Character content other than whitespace is not allowed", Wrong.TEXT),
    (r"The value '(.*?)' (?:is not|has (?:more|less|fewer))", Wrong.VALUE),
    (r"'([^']*)' is not a valid value of", Wrong.VALUE),
)

MAX_BYTES = 10 * 1024 * 1024


def read_camt(content: bytes) -> ParsedStatement:
    """Return what an ISO 20022 statement says. Raises BadFile.

    No entity, no document type, nothing fetched: a file that wants any of these is refused. It must be valid
    by the schema of its version; what is wrong is told with its line and element.
    """
    root = _parsed(content)
    name = etree.QName(root)
    version = (name.namespace or "").removeprefix(SPACE)
    if version not in FORMATS or name.localname != "Document":
        raise BadFile(Wrong.VERSION, line=1, element="Document", value=version or name.localname)
    schema = _schema(version)
    if not schema.validate(root):
        raise _told(schema.error_log[0], version)
    booked = [(statement, _booked(statement)) for statement in root.findall(".//{*}Stmt")]
    pending = sum(_status(row) != "BOOK" for row in root.findall(".//{*}Ntry"))
    zeros = sum(not entry.cents for _statement, entries in booked for entry in entries)
    parts = tuple(_part(statement, entries) for statement, entries in booked)
    return ParsedStatement(version, parts, pending, zeros)


def as_text(content: bytes) -> str:
    """Return the text of a CSV, in whichever encoding banks use. Raises BadFile."""
    _check_size(content)
    try:
        text = decoded(content)
    except UnknownEncoding:
        raise BadFile(Wrong.ENCODING) from None
    return content.decode("cp850") if is_dos(content) else text


def looks_like_xml(content: bytes) -> bool:
    """Return whether a file begins as XML does, in UTF-8 or UTF-16."""
    plain = content[:200].replace(b"\0", b"")
    return plain.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def _check_size(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise BadFile(Wrong.TOO_BIG, value=f"{MAX_BYTES // 1024 // 1024}")


def _parsed(content: bytes) -> Any:
    _check_size(content)
    safe = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,  # one inside a value would cut it
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, safe)
    except etree.XMLSyntaxError as error:
        why = Wrong.TRUNCATED if error.code in CUT else Wrong.XML
        raise BadFile(why, line=error.lineno or 0) from None
    if root.getroottree().docinfo.doctype:
        raise BadFile(Wrong.DOCTYPE, line=1, element="!DOCTYPE")
    return root


def _told(error: Any, version: str) -> BadFile:
    """Return what the schema's judge says, in terms that have words in each language."""
    message = error.message.replace(f"{{{SPACE}{version}}}", "")
    where = re.match(r"Element '(\w+)'(?:, attribute '(\w+)')?: ", message)
    told = {"line": error.line, "element": "/@".join(filter(None, where.groups())) if where else ""}
    for words, why in SAID:
        if found := re.search(words, message, re.DOTALL):
            return BadFile(why, value=found[1] if found.groups() else "", **told)
    return BadFile(Wrong.SCHEMA, value=error.type_name, **told)


@cache
def _schema(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(FOLDER / f"{version}.xsd")))


def _booked(statement: Any) -> list[Entry]:
    rows = [row for row in statement.findall("{*}Ntry") if _status(row) == "BOOK"]
    if len(rows) > MAX_LINES:
        raise BadFile(Wrong.TOO_MANY, line=statement.sourceline, value=str(MAX_LINES))
    return [entry.clean for row in rows for entry in _split(row)]


def _part(statement: Any, entries: list[Entry]) -> StatementPart:
    opening, closing = _between(statement)
    found = opening or closing
    return StatementPart(
        moved_entries(entries),
        account=_account(statement.find("{*}Acct")),
        reference=_text(statement, "{*}Id"),
        currency=found[1] if found else _text(statement, "{*}Acct/{*}Ccy") or "EUR",
        opening=opening[0] if opening else None,
        closing=closing[0] if closing else None,
    )


def _account(account: Any) -> str:
    """Return the number of an account without its spaces, empty where there is none."""
    if account is None:
        return ""
    number = _text(account, "{*}Id/{*}IBAN") or _text(account, "{*}Id/{*}Othr/{*}Id")
    return re.sub(r"\s", "", number).upper()


def _between(statement: Any) -> tuple[tuple[Balance, str] | None, tuple[Balance, str] | None]:
    """Return the balances a statement stands between.

    Of one in several pages, a page opens or closes on an interim balance where it has no other: the first of
    two opens it, the last closes it.
    """
    opening = next(chain(_balances(statement, "OPBD"), _balances(statement, "PRCD")), None)
    closing = next(_balances(statement, "CLBD"), None)
    interim = list(_balances(statement, "ITBD"))
    if opening is None and interim and (closing or len(interim) > 1):
        opening = interim.pop(0)
    if closing is None and interim and opening:
        closing = interim[-1]
    return opening, closing


def _balances(statement: Any, kind: str) -> Iterator[tuple[Balance, str]]:
    for row in statement.findall("{*}Bal"):
        if _text(row, "{*}Tp/{*}CdOrPrtry/{*}Cd") == kind:
            sign = -1 if _text(row, "{*}CdtDbtInd") == "DBIT" else 1
            amount = row.find("{*}Amt")
            yield Balance(sign * _cents(amount), _day(row, ("{*}Dt",))), amount.get("Ccy")


def _status(row: Any) -> str:
    return _text(row, "{*}Sts/{*}Cd") or _text(row, "{*}Sts")


def _split(row: Any) -> Iterator[Entry]:
    """Yield the payments of an entry: one each when a batch says all their amounts, else the entry as a
    whole.

    The number of an entry in its statement (NtryRef) is no reference of it: the next file counts otherwise.
    """
    total = _cents(row.find("{*}Amt"))
    currency = row.find("{*}Amt").get("Ccy")
    day = _day(row, ("{*}BookgDt", "{*}ValDt"))
    sign = -1 if _text(row, "{*}CdtDbtInd") == "DBIT" else 1
    bank = _text(row, "{*}AcctSvcrRef")
    parts = row.findall("{*}NtryDtls/{*}TxDtls")
    amounts = [_amount_of(part, currency) for part in parts]
    if len(parts) > 1 and all(amounts) and sum(amounts) == total:
        for number, (part, cents) in enumerate(zip(parts, amounts, strict=True), start=1):
            own = _text(part, "{*}Refs/{*}AcctSvcrRef") or (f"{bank}/{number}" if bank else "")
            yield _entry(part, row, day, sign * cents, currency, own)
        return
    yield _entry(parts[0] if len(parts) == 1 else row, row, day, sign * total, currency, bank)


def _entry(part: Any, row: Any, day: date, cents: int, currency: str, bank: str) -> Entry:
    party = "Dbtr" if cents > 0 else "Cdtr"
    payments = part.findall("{*}NtryDtls/{*}TxDtls") or [part]
    words = " | ".join(filter(None, (_words(payment) for payment in payments)))
    more = [
        *_texts(part, ".//{*}RmtInf/{*}Strd/{*}AddtlRmtInf"),
        *_texts(part, ".//{*}AddtlTxInf"),
        *_texts(row, "{*}AddtlNtryInf"),
    ]
    text = words or _text(part, "{*}AddtlTxInf") or _text(row, "{*}AddtlNtryInf") or " ".join(more)
    end_to_end = _text(part, "{*}Refs/{*}EndToEndId")
    return Entry(
        day,
        cents,
        currency,
        _party_name(part, f"Ultmt{party}") or _party_name(part, party),
        " ".join(text.split()),
        "" if end_to_end == "NOTPROVIDED" else end_to_end,
        bank,
        joined=" | ".join([*filter(None, (_unbroken(payment) for payment in payments)), *more]),
        payer_account=_account(part.find(f"{{*}}RltdPties/{{*}}{party}Acct")),
    )


def _words(payment: Any) -> str:
    """Return what a payment is for, as its payer wrote it: words, then references."""
    paths = ("{*}Ustrd", "{*}Strd/{*}CdtrRefInf/{*}Ref", "{*}Strd/{*}RfrdDocInf/{*}Nb")
    return " ".join(found for path in paths for found in _texts(payment, f".//{{*}}RmtInf/{path}"))


def _unbroken(payment: Any) -> str:
    """Return the words of a payment without the breaks of their lines, empty where there are none."""
    lines = _texts(payment, ".//{*}RmtInf/{*}Ustrd")
    return "".join(lines) if len(lines) > 1 else ""


def _party_name(part: Any, party: str) -> str:
    """Return the name of who paid or was paid; the one on whose behalf it was done comes first."""
    people = f"{{*}}RltdPties/{{*}}{party}"
    return _text(part, f"{people}/{{*}}Pty/{{*}}Nm") or _text(part, f"{people}/{{*}}Nm")


def _amount_of(part: Any, currency: str) -> int:
    """Return what a part of an entry says it is, in the entry's own currency; 0 when it doesn't say."""
    for path in ("{*}Amt", "{*}AmtDtls/{*}TxAmt/{*}Amt"):
        found = part.find(path)
        if found is not None and found.get("Ccy") == currency:
            return _cents(found)
    return 0


def _cents(element: Any) -> int:
    cents = Decimal(element.text) * 100
    if cents != cents.to_integral_value():
        raise BadFile(Wrong.DECIMALS, line=element.sourceline, element="Amt", value=element.text)
    if abs(cents) > MAX_CENTS:
        raise BadFile(Wrong.LARGE, line=element.sourceline, element="Amt", value=element.text)
    return int(cents)


def _day(row: Any, places: Iterable[str]) -> date:
    """Return the day in Paris: an instant late in the evening elsewhere is the next day's here."""
    for place in places:
        for kind, length in (("Dt", 10), ("DtTm", None)):
            found = row.find(f"{place}/{{*}}{kind}")
            if found is not None and (text := (found.text or "").strip()):
                return _read_day(found, place, text[:length])
    raise BadFile(Wrong.DAY, line=row.sourceline, element="BookgDt")


def _read_day(said: Any, place: str, text: str) -> date:
    told = {"line": said.sourceline, "element": place.removeprefix("{*}"), "value": text}
    try:
        instant = datetime.fromisoformat(text)
        day = paris_day(instant) if instant.tzinfo else instant.date()
    except (ValueError, OverflowError):
        raise BadFile(Wrong.DAY, **told) from None
    if not is_possible(day):
        raise BadFile(Wrong.DISTANT, **told)
    return day


def _text(element: Any, path: str) -> str:
    return (element.findtext(path) or "").strip()


def _texts(element: Any, path: str) -> list[str]:
    return [found.text.strip() for found in element.findall(path) if found.text and found.text.strip()]
