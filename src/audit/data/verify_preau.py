#!/usr/bin/env python3
"""Verify, with nothing but Python 3.9 or later and no network, what Préau signed.

    python3 verify_preau.py --keys KEYS FILE
                an archive (.zip), a certificate or another signed note
    python3 verify_preau.py --keys KEYS --heads HEADS TRAIL.jsonl
                an audit trail, up to the heads you hold

KEYS is a file of verifier keys, one a line, as published at https://<public host>/.well-known/preau-keys.txt.
Fetch it yourself, or compare the one in the archive with it: who forges an archive forges the keys in it.
Exit code 0: everything is as it was signed. 1: something is not, and is said. 2: it could not be read.

The notes are C2SP's signed-note form with Ed25519 (RFC 8032); this file only verifies, it holds no secret.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import hashlib
import json
import sys
import zipfile
import zlib
from collections.abc import Iterable
from typing import Any

Point = tuple[int, int, int, int]
Keys = dict[tuple[str, bytes], bytes]

P = 2**255 - 19  # the field
L = 2**252 + 27742317777372353535851937790883648493  # the order of the base point
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)  # a square root of minus one

START = "0" * 64
SEALED = "MANIFEST.txt"


class Wrong(Exception):
    """What is not as it was signed, in words."""


class Unreadable(Exception):
    """What is no file of the kind it should be, in words."""


# --- Ed25519, RFC 8032 section 5.1: verification only ---


def _x_of(y: int, sign: int) -> int:
    if y >= P:
        raise ValueError("no point")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        if sign:
            raise ValueError("no point")
        return 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        raise ValueError("no point")
    return P - x if x & 1 != sign else x


def _point(encoded: bytes) -> Point:
    number = int.from_bytes(encoded, "little")
    y, sign = number & (1 << 255) - 1, number >> 255
    x = _x_of(y, sign)
    return x, y, 1, x * y % P


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def _times(number: int, point: Point) -> Point:
    found = (0, 1, 1, 0)
    while number:
        if number & 1:
            found = _add(found, point)
        point = _add(point, point)
        number >>= 1
    return found


def _same(one: Point, other: Point) -> bool:
    return not (one[0] * other[2] - other[0] * one[2]) % P and not (one[1] * other[2] - other[1] * one[2]) % P


_Y = 4 * pow(5, P - 2, P) % P
_X = _x_of(_Y, 0)
BASE = (_X, _Y, 1, _X * _Y % P)


def signature_holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Return whether a key of 32 bytes made this signature of 64 for a message."""
    if len(public) != 32 or len(signature) != 64:
        return False
    try:
        key, commitment = _point(public), _point(signature[:32])
    except ValueError:
        return False
    scalar = int.from_bytes(signature[32:], "little")
    if scalar >= L:
        return False
    digest = hashlib.sha512(signature[:32] + public + message).digest()
    challenge = int.from_bytes(digest, "little") % L
    return _same(_times(scalar, BASE), _add(commitment, _times(challenge, key)))


# --- Signed notes ---


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("a key or a signature can't be read") from None


def keys_told(text: str) -> Keys:
    """Return the keys of a file, by name and the four bytes that tell them apart. Raises Unreadable."""
    found: Keys = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, _plus, rest = line.partition("+")
        told, _plus, encoded = rest.partition("+")
        kind = _decoded(encoded)
        short = hashlib.sha256(name.encode() + b"\n" + kind).digest()[:4]
        if kind[:1] != b"\x01" or len(kind) != 33 or short.hex() != told:
            raise Unreadable("this is no Ed25519 verifier key: " + line)
        found[name, short] = kind[1:]
    if not found:
        raise Unreadable("there is no key in the file of keys")
    return found


def opened(note: str, keys: Keys) -> str:
    """Return the text that somebody whose key we hold signed. Raises Wrong."""
    text, blank, signatures = note.rpartition("\n\n")
    lines = signatures.splitlines() if blank else []
    if not all(line.startswith("\u2014 ") for line in lines):
        raise Wrong("something was added after the signatures")
    for line in lines:
        name, _space, encoded = line[2:].partition(" ")
        said = _decoded(encoded)
        public = keys.get((name, said[:4]))
        if public is None:
            continue
        if signature_holds(public, said[4:], (text + "\n").encode()):
            return text + "\n"
        raise Wrong("the signature does not hold: the text was changed, or the signature was")
    raise Wrong("nobody whose key you hold signed it")


def notes_in(text: str) -> list[str]:
    """Return the notes of a file that holds one after the other."""
    found: list[str] = []
    lines: list[str] = []
    for line in text.splitlines():
        if lines and lines[-1].startswith("\u2014 ") and not line.startswith("\u2014 "):
            found.append("\n".join(lines).lstrip("\n") + "\n")
            lines = []
        lines.append(line)
    if any(lines):
        found.append("\n".join(lines).lstrip("\n") + "\n")
    return found


# --- Archives ---


def verify_archive(path: str, keys: Keys) -> str:
    """Return what was found of an archive whose list of files is signed. Raises Wrong, Unreadable."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if SEALED not in names:
                raise Wrong(f"its signed list of files, {SEALED}, is missing")
            listed = _listed(opened(archive.read(SEALED).decode(), keys))
            twice = {name for name in names if names.count(name) > 1}
            added = sorted(set(names) - set(listed) - {SEALED})
            missing = sorted(set(listed) - set(names))
            for words, wrong in (("twice", sorted(twice)), ("not listed", added), ("missing", missing)):
                if wrong:
                    raise Wrong(words + ": " + ", ".join(wrong))
            for name, (digest, size) in listed.items():
                content = hashlib.sha256()
                length = 0
                with archive.open(name) as file:
                    for piece in iter(lambda: file.read(1 << 20), b""):
                        content.update(piece)
                        length += len(piece)
                if (content.hexdigest(), length) != (digest, size):
                    raise Wrong(f"{name} was changed")
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise Wrong(f"the archive is damaged: {error}") from None
    return f"{len(listed)} files, all as they were signed"


def _listed(text: str) -> dict[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for line in text.splitlines():
        if len(line) > 66 and line[64] == " ":
            digest, size, name = line.split(" ", 2)
            found[name] = (digest, int(size))
    return found


# --- The audit trail ---


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link_hash(previous: str, entry: dict[str, Any]) -> str:
    """Return the hash of an entry, which covers the hash of the one before it."""
    names = (
        "seq",
        "at",
        "verb",
        "actor_id",
        "subject_type",
        "subject_id",
        "facts",
        "about",
        "personal_digest",
    )
    return hashlib.sha256(_canonical([previous] + [entry[name] for name in names])).hexdigest()


def head_told(text: str) -> tuple[str, int, str, str]:
    """Return whose head a note tells, its entries, its hash and when. Raises Unreadable."""
    lines = text.splitlines()
    try:
        origin, entries, root, at = lines[:4]
        return origin, int(entries), _decoded(root).hex(), at[3:]
    except ValueError:
        raise Unreadable("this note tells no head of a trail") from None


def verify_trail(lines: Iterable[str], notes: Iterable[str], keys: Keys) -> str:
    """Return what was found of a trail, an entry a line, against the heads we hold.

    Raises Wrong, Unreadable.
    """
    heads = _heads(notes, keys)
    held = sum(map(len, heads.values()))
    previous, seq = START, 0
    for number, line in enumerate(filter(str.strip, lines), 1):
        try:
            entry = json.loads(line)
            _check_link(entry, previous, seq)
            seq, previous = entry["seq"], entry["hash"]
        except (ValueError, KeyError, TypeError) as error:
            raise Unreadable(f"line {number} is no entry of a trail: {error!r}") from None
        for digest, at in heads.pop(seq, ()):
            if digest != previous:
                raise Wrong(f"it departs from the head signed at {at} at or before entry {seq}")
    if heads:
        raise Wrong(f"it was cut: {max(heads)} entries stood there when a head you hold was signed")
    return f"{seq} entries, unbroken from the first, and as {held} heads tell"


def _heads(notes: Iterable[str], keys: Keys) -> dict[int, list[tuple[str, str]]]:
    """Return the hashes that were signed, with their time, by how many entries stood there."""
    heads = [head_told(opened(note, keys)) for note in notes]
    if not heads:
        raise Unreadable("there is no head in the file of heads: without one nothing vouches for a trail")
    origins = sorted({head[0] for head in heads})
    if len(origins) > 1:
        raise Wrong("these heads are of several trails: " + ", ".join(origins))
    found: dict[int, list[tuple[str, str]]] = {}
    for _origin, entries, digest, at in heads:
        found.setdefault(entries, []).append((digest, at))
    return found


def _check_link(entry: dict[str, Any], previous: str, seq: int) -> None:
    """Refuse an entry that doesn't follow the one before; the first follows nothing."""
    if entry["seq"] != seq + 1:
        raise Wrong(f"entry {seq + 1} is missing: in its place stands {entry['seq']}")
    if entry["previous_hash"] != previous or entry["hash"] != link_hash(previous, entry):
        raise Wrong(f"entry {entry['seq']} was changed")


# --- The command ---


def main(arguments: list[str]) -> int:
    """Verify what is asked and return the exit code."""
    parser = argparse.ArgumentParser(description="Verify, offline, what Préau signed.")
    parser.add_argument("file")
    parser.add_argument("--keys", required=True, help="the published keys, one a line")
    parser.add_argument("--heads", help="signed heads you hold: the file is then an audit trail")
    asked = parser.parse_args(arguments)
    try:
        sys.stdout.write(
            verified(asked.file, keys_told(_read(asked.keys)), heads=asked.heads).rstrip() + "\n"
        )
    except Wrong as wrong:
        sys.stderr.write(f"NOT AS SIGNED: {wrong}\n")
        return 1
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        sys.stderr.write(f"can't be read: {error}\n")
        return 2
    return 0


def verified(file: str, keys: Keys, heads: str | None = None) -> str:
    """Return what was found of a file: a trail where heads are given, an archive, or a signed note.

    Raises Wrong, Unreadable, OSError, UnicodeDecodeError.
    """
    if heads:
        with open(file, encoding="utf-8") as lines:
            return verify_trail(lines, notes_in(_read(heads)), keys)
    return verify_archive(file, keys) if zipfile.is_zipfile(file) else opened(_read(file), keys)


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
