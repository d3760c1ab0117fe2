"""Restore a backup, and erase again whoever was erased since, before anybody signs in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.contrib.sessions.models import Session
from django.db import connections

from contracts.policy.clauses import keeps
from dpa.actions.replay_erasures import Replay, replay_erasures
from dpa.gateways import backups, ledger
from dpa.gateways.backups import Manifest
from isolation.context import inside, inside_operator
from isolation.gateways.opening import closed_while
from tenants.actions.sign_heads import sign_heads
from tenants.models import Tenant


class LedgerShort(Exception):
    """Raised when the erasure ledger isn't there, or ends before the backup was made."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did."""

    backup: str
    tenants: int
    replay: Replay


@keeps("LG-DBr")
def restore_backup(path: Path, *, bring_up_to_date: Callable[[], None], now: datetime) -> Restored:
    """Return what was done: database and files as they were, every erasure since done again.

    Nothing is served meanwhile, nor after it failed in the middle. Sessions that were open then are closed,
    and the audit trails say that they go on from a backup. `bring_up_to_date` migrates what came back.
    Raises BackupBroken, NotEmpty, LedgerShort, BrokenLedger, ToolFailed.
    """
    told = backups.manifest_of(path)
    check_ledger(told)
    backups.check_empty()
    with closed_while(f"the backup {path.name} is being restored"):
        backups.restore(path, told)
        connections.close_all()
        bring_up_to_date()
        _close_sessions()
        sign_heads(now=now, restored=f"backup {path.name}")
        done = replay_erasures(list(ledger.lines()), now=now)
    return Restored(path.name, len(told.tenants), done)


@keeps("LG-DBr")
def check_ledger(told: Manifest) -> None:
    """Raise LedgerShort unless the ledger goes as far as when a backup was made, this or a newer one.

    Without it nobody knows who must be erased again. Raises BrokenLedger.
    """
    list(ledger.lines())  # whole, line after line
    known = {sha256(text.encode()).hexdigest() for text in ledger.texts()}
    newer = [backups.manifest_told(path) for _day, path in backups.made()]
    for each in (told, *newer):
        if each.ledger_lines and each.ledger_last not in known:
            raise LedgerShort(f"it isn't there, or ends before {each.made_at}, when a backup was made")


def _close_sessions() -> None:
    with inside_operator():
        Session.objects.all().delete()
        tenants = list(Tenant.objects.exclude(state__in=("opening", "erased")))
    for tenant in tenants:
        with inside(tenant):
            Session.objects.all().delete()
