"""The keys kept outside the database.

Those everything we vouch for is signed with: made here, one in use, the public half of all kept; and secrets
without which digests in the database tell nothing.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings

from audit.policy.note import VerifierKey, signed_note, verifier_key


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The key in use, with both halves."""

    verifier: VerifierKey
    private: Ed25519PrivateKey

    def note(self, text: str) -> str:
        """Return a text signed by it."""
        return signed_note(text, key=self.verifier, sign=self.private.sign)


def key_in_use() -> SigningKey:
    """Return the key that signs now; the first is made when it is asked for."""
    with _locked() as folder:
        found = _private_files(folder)
        return _read(found[-1]) if found else _made(folder, 1)


def rotate_key() -> SigningKey:
    """Return a new key that signs from now on; the private half of the one before is destroyed."""
    with _locked() as folder:
        before = _private_files(folder)
        made = _made(folder, 1 + len(list(folder.glob("*.vkey"))))
        for old in before:
            old.unlink()
        return made


def known_keys() -> list[VerifierKey]:
    """Return the public halves of all keys that ever signed, the oldest first."""
    folder = Path(settings.SIGNING_KEYS)
    return [verifier_key(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.vkey"))]


def secret_key(name: str) -> bytes:
    """Return the 32 secret bytes kept under a name; they are made when they are first asked for."""
    with _locked() as folder:
        path = _secret_file(folder, name)
        if not path.exists():
            _write(path, secrets.token_bytes(32), 0o600)
        return path.read_bytes()


def known_secret(name: str) -> bytes | None:
    """Return the secret bytes kept under a name, None while nobody asked for any to be made."""
    path = _secret_file(Path(settings.SIGNING_KEYS), name)
    return path.read_bytes() if path.exists() else None


def _secret_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.secret"


def _private_files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.pem"))


def _made(folder: Path, number: int) -> SigningKey:
    """Return a new pair, on disk before it is used; nobody else may read the private half."""
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = VerifierKey(settings.PUBLIC_HOST, public)
    name = f"{number:04}-{key.id.hex()}"
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    _write(folder / f"{name}.vkey", f"{key}\n".encode(), 0o644)
    _write(folder / f"{name}.pem", secret, 0o600)
    return SigningKey(key, private)


def _read(path: Path) -> SigningKey:
    private = load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(private, Ed25519PrivateKey), "no other kind is made here"
    return SigningKey(verifier_key(path.with_suffix(".vkey").read_text(encoding="utf-8")), private)


def _write(path: Path, content: bytes, mode: int) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


@contextmanager
def _locked() -> Iterator[Path]:
    folder = Path(settings.SIGNING_KEYS)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
