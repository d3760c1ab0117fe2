"""Read a bank's file: its lines wait for a person, and nothing is applied."""

import hashlib
from datetime import datetime

from django.db import transaction

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.payments.gateways.bank_files import as_text, looks_like_xml, read_camt
from billing.payments.models import BankStatement, BankStatementLine, CsvMapping
from billing.payments.policy.bank import BadFile, ParsedStatement, fingerprints, read_csv


class ReadBefore(Exception):
    """Raised when this very file was read before; it holds that reading."""

    def __init__(self, statement: BankStatement) -> None:
        super().__init__(statement.pk)
        self.statement = statement


class NoMapping(Exception):
    """Raised when a CSV comes without saying which column is what."""


@transaction.atomic
def read_statement(
    *, content: bytes, file_name: str, mapping: CsvMapping | None, by: Actor, now: datetime
) -> BankStatement:
    """Return the statement read from a file: lines that an earlier file held are left out.

    The file is not kept, nor any number of an account in it. Raises BadFile, NoMapping, ReadBefore.
    """
    digest = hashlib.sha256(content).hexdigest()
    if before := BankStatement.objects.filter(digest=digest).first():
        raise ReadBefore(before)
    found, account = _read(content, mapping)
    if not found.entries:
        raise BadFile("no booked line in it")
    names = fingerprints(found.entries, account=hashlib.sha256(account.encode()).hexdigest())
    known = set(BankStatementLine.objects.filter(fingerprint__in=names).values_list("fingerprint", flat=True))
    days = [entry.booked_on for entry in found.entries]
    statement = BankStatement.objects.create(
        digest=digest,
        file_name=file_name[:200],
        format=found.format,
        reference=found.reference,
        starts_on=min(days),
        ends_on=max(days),
        known_lines=len(known),
        read_by=by.id if by else None,
        read_at=now,
    )
    BankStatementLine.objects.bulk_create(
        BankStatementLine(
            statement=statement,
            position=number,
            fingerprint=name,
            booked_on=entry.booked_on,
            amount_cents=entry.cents,
            currency=entry.currency,
            name=entry.name,
            text=entry.text,
            reference=entry.reference,
        )
        for number, (entry, name) in enumerate(zip(found.entries, names, strict=True), start=1)
        if name not in known
    )
    facts = {
        "format": found.format,
        "lines": len(names) - len(known),
        "known": len(known),
        "pending": found.pending,
    }
    log_action("statement.read", by=by, on=statement, at=now, facts=facts)
    return statement


def _read(content: bytes, mapping: CsvMapping | None) -> tuple[ParsedStatement, str]:
    if looks_like_xml(content):
        return read_camt(content)
    if mapping is None:
        raise NoMapping
    details = {"columns": mapping.columns, "delimiter": mapping.delimiter, "day_format": mapping.day_format}
    return read_csv(as_text(content), **details), mapping.name
