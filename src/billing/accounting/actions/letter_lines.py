"""Put one letter on what paid what: the lines of a client's account that add up to nothing together."""

from datetime import datetime
from uuid import UUID

from django.db import connection

from billing.accounting.models import JournalLine
from billing.accounting.policy.letters import letters_of
from billing.accounting.queries.letters import Group, group_of, lines_of
from billing.money.policy.days import paris_day


def letter_document(document_id: UUID, *, now: datetime) -> None:
    """Bring the letters of all that is paid together with a document to what stands."""
    _letter(group_of(documents={document_id}), now)


def letter_payment(payment_id: UUID, *, now: datetime) -> None:
    """Bring the letters of all that is paid together with a payment to what stands."""
    _letter(group_of(payments={payment_id}), now)


def _letter(group: Group, now: datetime) -> None:
    """Give lines that add up to nothing one letter, and take it from those that don't any more."""
    for lines in lines_of(group).values():
        letters = {line.letter for line in lines}
        is_even = sum(line.cents for line in lines) == 0
        if is_even and (len(letters) > 1 or "" in letters):
            _put(lines, letters_of(_next_rank()), now)
        elif not is_even and letters != {""}:
            _put(lines, "", now)


def _put(lines: list[JournalLine], letter: str, now: datetime) -> None:
    JournalLine.objects.filter(pk__in=[line.pk for line in lines]).update(
        letter=letter, lettered_on=paris_day(now) if letter else None
    )


def _next_rank() -> int:
    """Return a number nobody had; unlike an entry's it may leave gaps, so nobody waits for it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('billing_letter_rank')")
        return int(cursor.fetchone()[0])
