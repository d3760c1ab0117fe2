"""Read a bank's file: its lines wait for a person, and nothing is applied."""

import hashlib
from collections import Counter
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from audit.actions import log_action
from audit.policy.actor import Actor
from billing.payments.gateways.bank_files import as_text, looks_like_xml, read_camt
from billing.payments.models import BankStatement, BankStatementBalance, BankStatementLine, CsvMapping
from billing.payments.policy.bank import BadFile, Entry, ParsedStatement, StatementPart, Wrong, digest_of
from billing.payments.policy.csv_statement import read_csv
from billing.payments.policy.line_identity import (
    CSV,
    DAYS_APART,
    LineIdentity,
    identity_of,
    recognised,
    with_counterparts,
)
from contracts.policy.redaction import is_iban

LOCK = "SELECT pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('billing bank lines'))"


class ReadBefore(Exception):
    """Raised when this very file was read before; it holds that reading."""

    def __init__(self, statement: BankStatement) -> None:
        super().__init__(statement.pk)
        self.statement = statement


class NoMapping(Exception):
    """Raised when a CSV comes without saying which column is what."""


class _New(NamedTuple):
    """A line that no earlier file held: its place in this one, what it says, what tells it apart."""

    position: int
    entry: Entry
    identity: LineIdentity


@transaction.atomic
def read_statement(
    *, content: bytes, file_name: str, mapping: CsvMapping | None, by: Actor, now: datetime
) -> BankStatement:
    """Return the statement read from a file: lines that an earlier file held are left out.

    The file is not kept, nor any number of an account in it. Raises BadFile, NoMapping, ReadBefore.
    """
    with connection.cursor() as cursor:  # two files that overlap are read one after the other
        cursor.execute(LOCK)
    digest = hashlib.sha256(content).hexdigest()
    if before := BankStatement.objects.filter(digest=digest).first():
        raise ReadBefore(before)
    found = _read(content, mapping)
    if not found.entries:
        raise BadFile(Wrong.ZERO if found.zeros else Wrong.EMPTY)
    lines, known = _new_lines(found, mapping)
    days = [entry.booked_on for entry in found.entries]
    statement = BankStatement.objects.create(
        digest=digest,
        file_name=file_name.replace("\0", "")[:200],
        format=found.format,
        reference=found.reference,
        starts_on=min(days),
        ends_on=max(days),
        known_lines=known,
        zero_lines=found.zeros,
        is_without_sides=not (found.says_sides or (mapping is not None and mapping.says_sides)),
        read_by=by.id if by else None,
        read_at=now,
    )
    statement.pending_lines, statement.balance_lines = found.pending, found.balances
    _keep(statement, found, lines)
    if mapping is not None and found.has_signs and any(entry.cents < 0 for entry in found.entries):
        mapping.note_sides()
    facts = {
        "format": found.format,
        "lines": len(lines),
        "known": known,
        "pending": found.pending,
        "zeros": found.zeros,
        "balances": found.balances,
    }
    log_action("statement.read", by=by, on=statement, at=now, facts=facts)
    return statement


@transaction.atomic
def check_statement(*, statement_id: UUID, by: Actor, now: datetime) -> BankStatement:
    """Return a statement that a person took although its balances and lines differ, or it says no sides."""
    statement = BankStatement.objects.select_for_update(of=("self",)).get(pk=statement_id)
    if statement.must_be_checked:
        statement.mark_checked(at=now)
        log_action("statement.checked", by=by, on=statement, at=now)
    return statement


def _read(content: bytes, mapping: CsvMapping | None) -> ParsedStatement:
    if looks_like_xml(content):
        return read_camt(content)
    if mapping is None:
        raise NoMapping
    details = {"columns": mapping.columns, "delimiter": mapping.delimiter, "day_format": mapping.day_format}
    return read_csv(as_text(content), **details)


def _account(found: ParsedStatement, part: StatementPart, mapping: CsvMapping | None) -> str:
    """Return whose account a part is of; of a CSV of several accounts, the mapping's could be any of them."""
    if part.account or mapping is None:
        return digest_of(part.account)
    if is_iban(part.told_account):
        return digest_of(part.told_account)
    return mapping.account if len(found.parts) == 1 else ""


def _new_lines(found: ParsedStatement, mapping: CsvMapping | None) -> tuple[list[_New], int]:
    """Return the lines nobody knew, and how many were known: of earlier files and of statements before.

    A known line keeps which line of another format it answered for. The parts of a CSV are other accounts,
    each line of them another one; those of a CAMT may tell a line again.
    """
    known = _known(found)
    answered: set[UUID | None] = set()
    new: list[_New] = []
    position = 0
    for part in found.parts:
        account = _account(found, part, mapping)
        name = digest_of(part.told_account)
        told = [identity_of(entry, account=account, format=found.format, told=name) for entry in part.entries]
        if found.format == CSV:
            again = recognised(told, [each for each in known if each.key not in answered])
            answered |= {match.key for match in again if match}
        else:
            again = recognised(told, [*known, *(line.identity for line in new)])
        known = with_counterparts(known, told, again)
        for entry, identity, match in zip(part.entries, told, again, strict=True):
            position += 1
            if match is None:
                new.append(_New(position, entry, identity))
    _keep_counterparts(known)
    return new, position - len(new)


def _keep_counterparts(known: list[LineIdentity]) -> None:
    rows = [
        BankStatementLine(
            pk=each.key, counterpart_digest=each.counterpart, counterpart_account=each.counterpart_account
        )
        for each in known
        if each.counterpart
    ]
    BankStatementLine.objects.bulk_update(rows, ["counterpart_digest", "counterpart_account"], batch_size=500)


def _known(found: ParsedStatement) -> list[LineIdentity]:
    days = [entry.booked_on for entry in found.entries]
    rows = BankStatementLine.objects.filter(
        booked_on__gte=min(days) - DAYS_APART,
        booked_on__lte=max(days) + DAYS_APART,
        amount_cents__in={entry.cents for entry in found.entries},
    )
    found_rows = list(rows.select_related("statement"))
    accounts = _accounts_of_files({row.statement_id for row in found_rows if not row.account})
    return [_identity(row, accounts.get(row.statement_id, "")) for row in found_rows]


def _accounts_of_files(statement_ids: set[UUID]) -> dict[UUID, str]:
    """Return of which account a file that doesn't say it is, as the lines that were known again tell."""
    rows = BankStatementLine.objects.filter(statement__in=statement_ids).exclude(counterpart_account="")
    pairs = set(rows.order_by().values_list("statement_id", "counterpart_account"))
    count = Counter(statement_id for statement_id, _account in pairs)
    return {statement_id: account for statement_id, account in pairs if count[statement_id] == 1}


def _identity(row: BankStatementLine, account_of_file: str) -> LineIdentity:
    return LineIdentity(
        row.account,
        row.booked_on,
        row.amount_cents,
        row.currency,
        row.servicer_digest,
        row.end_to_end_digest,
        row.text,
        row.name,
        row.statement.format,
        row.told_account,
        key=row.pk,
        counterpart=row.counterpart_digest,
        counterpart_account=row.counterpart_account or account_of_file,
    )


def _keep(statement: BankStatement, found: ParsedStatement, lines: list[_New]) -> None:
    count = Counter(replace(each, format="") for each in _known(found))
    rows = []
    for position, entry, identity in lines:
        plain = replace(identity, format="")
        count[plain] += 1
        rows.append(_line(statement, position, entry, identity, digest_of(plain, count[plain])))
    BankStatementLine.objects.bulk_create(rows)
    BankStatementBalance.objects.bulk_create(
        _balance(statement, number, part) for number, part in enumerate(found.parts, start=1) if part.account
    )


def _line(
    statement: BankStatement, position: int, entry: Entry, identity: LineIdentity, fingerprint: str
) -> BankStatementLine:
    payer = entry.payer_account
    return BankStatementLine(
        statement=statement,
        position=position,
        fingerprint=fingerprint,
        booked_on=entry.booked_on,
        amount_cents=entry.cents,
        currency=entry.currency,
        name=entry.name,
        text=entry.text,
        reference=entry.reference,
        joined=entry.joined,
        account=identity.account,
        told_account=identity.told,
        servicer_digest=identity.servicer,
        end_to_end_digest=identity.end_to_end,
        payer_digest=salted_hmac("billing.payer", payer, algorithm="sha256").hexdigest() if payer else "",
    )


def _balance(statement: BankStatement, position: int, part: StatementPart) -> BankStatementBalance:
    opening = part.opening
    closing = part.closing
    return BankStatementBalance(
        statement=statement,
        position=position,
        account=digest_of(part.account),
        account_hint=part.account[-4:],
        reference=part.reference[:80],
        currency=part.currency,
        opening_cents=opening.cents if opening else None,
        opening_on=opening.on if opening else None,
        closing_cents=closing.cents if closing else None,
        closing_on=closing.on if closing else None,
        difference_cents=part.difference_cents,
    )
