"""The erasure ledger's lines: ids and instants only, each bound to the line before."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from contracts.policy.months import months_after

KEPT_MONTHS = 7
TENANT = "tenant"  # the kind of a line about a whole tenant: of whom is everybody

HOUSE = UUID(int=0)  # the place of a line about somebody the operator itself knows: no tenant's


class BrokenLedger(Exception):
    """Raised when a line was changed, removed or can't be read; carries its number."""

    def __init__(self, number: int) -> None:
        super().__init__(f"line {number}")
        self.number = number


@dataclass(frozen=True, slots=True)
class Line:
    """One erasure: in which tenant, of whom, on which word, when. Never a name."""

    deletion: UUID
    tenant: UUID
    kind: str
    subjects: tuple[UUID, ...]
    asked_at: datetime
    erased_at: datetime
    answers: tuple[str, ...] = ()  # of doubtful names in texts: dpa.policy.doubts


def written(line: Line, *, previous: str) -> str:
    """Return a line as it stands in the file, without its end.

    `previous` is the line before, or an empty string.
    """
    fields: dict[str, Any] = {
        "deletion": str(line.deletion),
        "tenant": str(line.tenant),
        "kind": line.kind,
        "subjects": sorted(str(subject) for subject in line.subjects),
        "asked_at": line.asked_at.isoformat(),
        "erased_at": line.erased_at.isoformat(),
        "after": sha256(previous.encode()).hexdigest(),
    }
    if line.answers:
        fields["answers"] = list(line.answers)
    return json.dumps(fields, sort_keys=True)


def read(texts: Iterable[str]) -> Iterator[Line]:
    """Yield the lines of a ledger and check that none was changed, added or removed in between.

    The first line is taken as it is: older ones were pruned. Raises BrokenLedger.
    """
    previous: str | None = None
    for number, text in enumerate(texts, start=1):
        fields = _fields(text, number)
        if previous is not None and fields.get("after") != sha256(previous.encode()).hexdigest():
            raise BrokenLedger(number)
        previous = text
        yield _line(fields, number)


def is_kept(line: Line, *, today: date) -> bool:
    """Return whether a line is still needed: a restore can bring back what was erased for 7 months."""
    return today < months_after(line.erased_at.date(), KEPT_MONTHS)


def _fields(text: str, number: int) -> dict[str, Any]:
    try:
        fields = json.loads(text)
    except ValueError:
        raise BrokenLedger(number) from None
    if not isinstance(fields, dict):
        raise BrokenLedger(number)
    return fields


def _line(fields: dict[str, Any], number: int) -> Line:
    try:
        return Line(
            deletion=UUID(fields["deletion"]),
            tenant=UUID(fields["tenant"]),
            kind=str(fields["kind"]),
            subjects=tuple(UUID(subject) for subject in fields["subjects"]),
            asked_at=datetime.fromisoformat(fields["asked_at"]),
            erased_at=datetime.fromisoformat(fields["erased_at"]),
            answers=tuple(str(answer) for answer in fields.get("answers", ())),
        )
    except (AttributeError, KeyError, TypeError, ValueError):
        raise BrokenLedger(number) from None
