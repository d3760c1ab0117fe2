"""What the seeding wrote down for the people of a demonstration: addresses and who can sign in."""

import json
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings

TOTP_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Place:
    """An address and what is there."""

    url: str
    name: str


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in; `secret` is that of the second factor, if there is one."""

    place: str
    url: str
    role: str
    name: str
    username: str
    password: str
    secret: str = ""

    @property
    def code(self) -> str:
        """Return the second factor's code of this moment, or nothing."""
        return code_of(self.secret) if self.secret else ""


def code_of(secret: str) -> str:
    """Return the code an authenticator app shows now."""
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // TOTP_SECONDS)))


def write_notes(places: Sequence[Place], people: Sequence[Account]) -> None:
    """Write down where things are and who can sign in; script/demo prints it."""
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    notes = {"places": [asdict(place) for place in places], "people": [asdict(person) for person in people]}
    path.with_suffix(".new").write_text(json.dumps(notes, ensure_ascii=False, indent=1))
    path.with_suffix(".new").replace(path)


def places() -> list[Place]:
    """Return the addresses."""
    return [Place(**each) for each in _read().get("places", [])]


def people() -> list[Account]:
    """Return who can sign in."""
    return [Account(**each) for each in _read().get("people", [])]


def _read() -> dict[str, Any]:
    try:
        notes: dict[str, Any] = json.loads(_path().read_text())
    except (OSError, ValueError):
        return {}
    return notes


def _path() -> Path:
    return Path(settings.STATE) / "people.json"
