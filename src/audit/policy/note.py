"""Signed notes: a text with who vouches for it, and the heads of the trail as checkpoints.

The forms are C2SP's signed-note and tlog-checkpoint, with Ed25519 signatures (algorithm 1): a note that we
sign can be opened by any of their readers.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_ED25519 = b"\x01"
_DASH = "— "


class BadNote(ValueError):
    """Raised when a note isn't one, or nobody who is known vouches for it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A key that notes are opened with: a name and the 32 bytes of a public key."""

    name: str
    public: bytes

    @property
    def id(self) -> bytes:
        """Return the four bytes by which a signature says whose it is."""
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        """Return "name+hash+key", as C2SP writes it."""
        return f"{self.name}+{self.id.hex()}+{b64encode(_ED25519 + self.public).decode()}"


def verifier_key(text: str) -> VerifierKey:
    """Return the key a line "name+hash+key" tells. Raises BadNote."""
    name, _plus, rest = text.strip().partition("+")
    told, _plus, encoded = rest.partition("+")
    kind = _decoded(encoded)
    key = VerifierKey(name, kind[1:])
    if kind[:1] != _ED25519 or len(key.public) != 32 or key.id.hex() != told or not name:
        raise BadNote("this is no Ed25519 verifier key")
    return key


def signed_note(text: str, *, key: VerifierKey, sign: Callable[[bytes], bytes]) -> str:
    """Return a text, which ends with a line feed, and one signature of it."""
    signature = b64encode(key.id + sign(text.encode())).decode()
    return f"{text}\n{_DASH}{key.name} {signature}\n"


def opened_note(note: str, keys: Iterable[VerifierKey]) -> str:
    """Return the text of a note that one of these keys vouches for. Raises BadNote."""
    text, blank, signatures = note.rpartition("\n\n")
    known = {(key.name, key.id): key for key in keys}
    for line in signatures.splitlines() if blank else ():
        name, _space, encoded = line.removeprefix(_DASH).partition(" ")
        said = _decoded(encoded)
        key = known.get((name, said[:4]))
        if key is not None and line.startswith(_DASH):
            try:
                Ed25519PublicKey.from_public_bytes(key.public).verify(said[4:], f"{text}\n".encode())
            except InvalidSignature:
                raise BadNote("its signature is wrong") from None
            return f"{text}\n"
    raise BadNote("nobody who is known vouches for it")


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadNote("a key or signature can't be read") from None


@dataclass(frozen=True, slots=True)
class SignedHead:
    """The head of a trail as it was signed: whose trail, how many entries, the hash of the last, and when."""

    origin: str
    entries: int
    hash: str
    at: datetime

    @property
    def text(self) -> str:
        """Return it as a checkpoint: origin, size, hash in base64, and the time as an extension line."""
        root = b64encode(bytes.fromhex(self.hash)).decode()
        return f"{self.origin}\n{self.entries}\n{root}\nat {self.at.isoformat(timespec='seconds')}\n"


def head_told(text: str) -> SignedHead:
    """Return the head a checkpoint tells. Raises BadNote."""
    lines = text.splitlines()
    try:
        origin, entries, root, at = lines
        return SignedHead(
            origin, int(entries), _decoded(root).hex(), datetime.fromisoformat(at.removeprefix("at "))
        )
    except ValueError:
        raise BadNote("it tells no head of a trail") from None
