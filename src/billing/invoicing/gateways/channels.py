"""The one door through which documents leave for their recipients.

A folder of files until a platform is put in.

A gateway of one's own has the two methods of `Gateway` and is named in settings: EINVOICE_GATEWAYS =
{"platform": "…"}.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.utils.dateparse import parse_datetime
from django.utils.module_loading import import_string

from billing.money.policy.numbering import checked_number

REASON_LENGTH = 500


@dataclass(frozen=True, slots=True)
class InvoiceFiles:
    """A document ready to leave: its number, the page and the electronic invoice."""

    number: str
    pdf: bytes
    xml: bytes


@dataclass(frozen=True, slots=True)
class PlatformStatus:
    """What the other side says of a document: "received", "refused" (with a reason) or "paid".

    `name`: how the answer is found again where it lies, when that isn't the document's number.
    """

    number: str
    state: str
    at: datetime
    reason: str = ""
    name: str = ""


class Gateway(Protocol):
    """How documents of one channel leave, and how answers come back.

    It may also have `unreadable()`: the names of what came back and nobody could read.
    """

    @property
    def supports_statuses(self) -> bool:
        """Return whether answers come back by it: then one is waited for, and its absence is seen."""

    def send(self, parcel: InvoiceFiles) -> str:
        """Hand a document over and return the other side's name for it; the same document twice is one."""

    def answers(self) -> Iterator[PlatformStatus]:
        """Return what the other side said so far; the same answer may come again."""


class FileDrop:
    """A folder per channel: `out` is emptied by whatever carries files to the platform, `in` holds its
    answers.

    An answer is a file of JSON: {"number": "FA-2026-000001", "state": "refused", "at":
    "2026-11-16T09:00:00Z", "reason": "…"}. A file that can't be read is left where it is, and listed.
    """

    def __init__(self, channel: str) -> None:
        self.folder = Path(settings.EINVOICE_DROP) / channel

    @property
    def supports_statuses(self) -> bool:
        """Return whether somebody made the folder for answers."""
        return (self.folder / "in").is_dir()

    def send(self, parcel: InvoiceFiles) -> str:
        """Write the page and the XML under the document's number, each whole or not at all."""
        out = self.folder / "out"
        out.mkdir(parents=True, exist_ok=True)
        name = checked_number(parcel.number).replace("/", "_")
        for ending, content in (("xml", parcel.xml), ("pdf", parcel.pdf)):
            part = out / f".{name}.{ending}.part"
            part.write_bytes(content)
            os.replace(part, out / f"{name}.{ending}")
        return name

    def answers(self) -> Iterator[PlatformStatus]:
        """Return the answers that lie in the folder, oldest name first."""
        for path in sorted((self.folder / "in").glob("*.json")):
            if answer := _read(path):
                yield answer

    def unreadable(self) -> list[str]:
        """Return the names of the files that can't be read, or aren't called as an answer is: somebody looks,
        then takes them away.
        """
        files = [path for path in sorted((self.folder / "in").glob("*")) if not path.is_dir()]
        return [path.name for path in files if path.suffix != ".json" or _read(path) is None]


def _read(path: Path) -> PlatformStatus | None:
    try:
        row = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once_each)
        at = parse_datetime(row["at"])
        number, state, reason = row["number"], row["state"], row.get("reason") or ""
        if at is None or at.tzinfo is None or not all(isinstance(it, str) for it in (number, state, reason)):
            return None
        return PlatformStatus(number, state, at.astimezone(UTC), reason[:REASON_LENGTH], name=path.name)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return None


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object of JSON; raises ValueError when it says one thing twice."""
    row = dict(pairs)
    if len(row) != len(pairs):
        raise ValueError("a key stands twice")
    return row


def gateway(channel: str) -> Gateway:
    """Return the gateway of a channel."""
    path = settings.EINVOICE_GATEWAYS.get(channel)
    found: Gateway = import_string(path)(channel) if path else FileDrop(channel)
    return found


def einvoice_hosts() -> list[str]:
    """Return the hosts of the platforms put in: each gateway names its own, a folder has none."""
    found = (import_string(path) for path in settings.EINVOICE_GATEWAYS.values())
    return sorted({host for gateway in found for host in getattr(gateway, "HOSTS", ())})
