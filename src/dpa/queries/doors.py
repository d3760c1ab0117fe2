"""The doors to the outside of this installation, and who is behind each."""

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from contracts.outgoing import Outgoing, outgoing
from dpa.models import ProcessorVersion
from dpa.queries.processors import house_day, is_refused
from isolation.context import current_context
from tenants.queries import tenant_row

HERE = frozenset({"localhost", "127.0.0.1", "::1"})  # this machine: nothing leaves it
SUGGESTED = Path(__file__).resolve().parent.parent / "data" / "processors.toml"


@dataclass(frozen=True, slots=True)
class Door:
    """A door, the hosts it leads to here, and the sub-processors recorded behind it."""

    outgoing: Outgoing
    hosts: list[str]
    processors: list[str]

    @property
    def is_missing(self) -> bool:
        """Return whether it leads to somebody of whom nothing is recorded."""
        return bool(self.hosts) and not self.processors and not self.outgoing.is_ours


def doors(now: datetime) -> list[Door]:
    """Return every door, with who is behind it today."""
    behind: dict[str, list[str]] = {}
    for version in ProcessorVersion.objects.in_force(house_day(now)).exclude(gateway=""):
        behind.setdefault(version.gateway, []).append(version.name)
    return [Door(one, sorted(set(one.hosts()) - HERE), behind.get(one.key, [])) for one in outgoing()]


def refuses(gateway: str, now: datetime) -> bool:
    """Return whether the tenant we are in refuses a door; outside of one nobody does."""
    place = current_context()
    if place is None or place.tenant_id is None:
        return False
    return is_refused(gateway, tenant_row(), now)


@lru_cache(maxsize=1)
def _suggested() -> dict[str, dict[str, Any]]:
    return tomllib.loads(SUGGESTED.read_text(encoding="utf-8"))


def suggestion(gateway: str) -> dict[str, Any]:
    """Return what is known beforehand of who is behind a door: the operator completes and confirms it."""
    return dict(_suggested().get(gateway, {}))
