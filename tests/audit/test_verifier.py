"""The file that goes with what is handed over verifies it with Python alone and finds what was done."""

import json
import subprocess
import sys
import zipfile
from datetime import timedelta
from hashlib import sha256
from io import StringIO
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from audit.actions import anchor_head, log_action
from audit.actions.export_trail import signed_heads, trail_lines
from audit.actions.sign_text import sign_text
from audit.data import verify_preau
from audit.gateways.keys import known_keys, rotate_key
from audit.gateways.verifier import verifier_script
from audit.policy.note import VerifierKey, signed_note
from exports.actions.seal_archive import SEAL, sealed
from exports.gateways.zip import Entry, archive

# RFC 8032, section 7.1: secret keys aside, public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0"
        "595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eae"
        "b4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9"
        "716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_examples_of_the_standard_hold(public, message, signature):
    told = bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message)
    assert verify_preau.signature_holds(*told)
    assert not verify_preau.signature_holds(told[0], told[1], told[2] + b"x")


def agrees(public, signature, message):
    """Return what the library says, which must be what the file says."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        library = True
    except (InvalidSignature, ValueError):
        library = False
    assert verify_preau.signature_holds(public, signature, message) is library
    return library


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=80), st.integers(0, 511))
def test_it_says_what_the_library_says_of_any_signature_and_of_one_bit_changed(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = key.sign(message)
    assert agrees(public, signature, message)
    changed = bytearray(signature)
    changed[bit // 8] ^= 1 << bit % 8
    assert not agrees(public, bytes(changed), message)


def test_a_signature_made_longer_by_the_order_of_the_group_is_refused():
    key = Ed25519PrivateKey.from_private_bytes(b"\1" * 32)
    public = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    signature = key.sign(b"x")
    longer = int.from_bytes(signature[32:], "little") + verify_preau.L
    assert not agrees(public, signature[:32] + longer.to_bytes(32, "little"), b"x")


@pytest.fixture
def outside(tmp_path):
    """Return a folder with the verifier and the keys alone, and what runs it there."""
    (tmp_path / "verify_preau.py").write_bytes(verifier_script())

    def verify(name, *words, keys=None):
        told = keys if keys is not None else "".join(f"{key}\n" for key in known_keys())
        (tmp_path / "keys.txt").write_text(told)
        command = [sys.executable, "-I", "verify_preau.py", "--keys", "keys.txt", *words, name]
        ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        return ran.returncode, ran.stdout + ran.stderr

    verify.folder = tmp_path
    return verify


@pytest.fixture
def handed_over(outside, now):
    """Return an archive of two files, as an export makes it."""
    files = [Entry("élèves/Zoé.txt", lambda: [b"lu", b" seule"]), Entry("photo.jpg", lambda: [b"\xff\xd8"])]
    sign_text("made\n")
    path = outside.folder / "export.zip"
    path.write_bytes(b"".join(archive(sealed(files, at=now))))
    return path


def test_an_archive_as_it_was_made_is_told_so(outside, handed_over):
    assert outside("export.zip") == (0, "4 files, all as they were signed\n")
    rotate_key()
    assert outside("export.zip")[0] == 0, "what was signed before a new key was made still opens"


def rewritten(path, change):
    """Write an archive again after what somebody did to its files."""
    with zipfile.ZipFile(path) as archived:
        files = {name: archived.read(name) for name in archived.namelist()}
    change(files)
    with zipfile.ZipFile(path, "w") as archived:
        for name, content in files.items():
            archived.writestr(name, content)


def relisted(files):
    """Change a file, list it so, and sign the list with a key of one's own under the same name."""
    text, _blank, _signed = files[SEAL].decode().rpartition("\n\n")
    was, now = (sha256(content).hexdigest() for content in (files["photo.jpg"], b"\xff\xd9"))
    files["photo.jpg"] = b"\xff\xd9"
    forger = Ed25519PrivateKey.generate()
    public = forger.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    key = VerifierKey(known_keys()[-1].name, public)
    files[SEAL] = signed_note(f"{text}\n".replace(was, now), key=key, sign=forger.sign).encode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda files: files.update({"élèves/Zoé.txt": b"lu en classe"}), "élèves/Zoé.txt was changed"),
        (lambda files: files.pop("photo.jpg"), "missing: photo.jpg"),
        (lambda files: files.update({"more.txt": b""}), "not listed: more.txt"),
        (lambda files: files.pop(SEAL), "signed list of files, MANIFEST.txt, is missing"),
        (
            lambda files: files.update({SEAL: files[SEAL].replace(b"photo", b"image")}),
            "signature does not hold",
        ),
        (relisted, "nobody whose key you hold signed it"),
    ],
)
def test_what_was_done_to_an_archive_is_found(outside, handed_over, change, said):
    rewritten(handed_over, change)
    code, told = outside("export.zip")
    assert code == 1
    assert said in told


def test_an_archive_cut_short_is_found(outside, handed_over):
    handed_over.write_bytes(handed_over.read_bytes()[:-200])
    assert outside("export.zip")[0] in {1, 2}


def test_keys_of_somebody_else_open_nothing(outside, handed_over):
    stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n"
    code, told = outside("export.zip", keys=stranger)
    assert code == 1
    assert "nobody whose key you hold signed it" in told
    assert outside("export.zip", keys="")[0] == 2


def test_a_signed_text_is_shown_and_a_changed_one_is_not(outside):
    note = sign_text('{"reference": "E-1"}\n')
    (outside.folder / "certificate.txt").write_text(note)
    assert outside("certificate.txt") == (0, '{"reference": "E-1"}\n')
    (outside.folder / "certificate.txt").write_text(note.replace("E-1", "E-2"))
    assert outside("certificate.txt")[0] == 1


@pytest.fixture
def trail(outside, in_school, now):
    """Return five entries handed over, their names aside, and the heads signed after the third and fifth."""
    for n in range(5):
        log_action(
            "thing.done", by=None, on=uuid4(), at=now, facts={"n": n, "é": "è"}, personal={"name": "Zoé"}
        )
        if n in {2, 4}:
            anchor_head(now=now + timedelta(hours=n))
    (outside.folder / "heads.txt").write_text(signed_heads())
    path = outside.folder / "trail.jsonl"
    path.write_text("".join(trail_lines()))
    assert "Zoé" not in path.read_text()
    return path


def test_a_trail_is_verified_up_to_the_head_that_was_sent(outside, trail):
    code, told = outside("trail.jsonl", "--heads", "heads.txt")
    assert (code, told) == (0, "6 entries, unbroken from the first, and as 2 heads tell\n")


def forged(lines):
    """Return a history rewritten from its second entry on, its hashes made anew."""
    entries = [json.loads(line) for line in lines]
    entries[1]["facts"] = {"n": 42}
    for before, entry in zip(entries, entries[1:], strict=False):
        entry["previous_hash"] = before["hash"]
        entry["hash"] = verify_preau.link_hash(before["hash"], entry)
    return [json.dumps(entry) + "\n" for entry in entries]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: [*lines[:2], lines[2].replace('"n": 1', '"n": 7'), *lines[3:]], "entry 3 was changed"),
        (lambda lines: [*lines[:1], *lines[2:]], "entry 2 is missing"),
        (lambda lines: lines[:4], "it was cut: 6 entries stood there"),
        (forged, "it departs from the head signed at"),
        (lambda lines: [], "it was cut"),
        (lambda lines: lines[-2:], "entry 1 is missing"),
        (lambda lines: [*forged(lines)[-2:]], "entry 1 is missing"),
    ],
)
def test_what_was_done_to_a_trail_is_found(outside, trail, change, said):
    lines = trail.read_text().splitlines(keepends=True)
    trail.write_text("".join(change(lines)))
    code, told = outside("trail.jsonl", "--heads", "heads.txt")
    assert code == 1
    assert said in told


def test_a_head_that_was_changed_vouches_for_nothing(outside, trail):
    heads = outside.folder / "heads.txt"
    heads.write_text(heads.read_text().replace("\n6\n", "\n5\n"))
    assert outside("trail.jsonl", "--heads", "heads.txt")[0] == 1


def test_without_a_head_nothing_is_vouched_for(outside, trail):
    (outside.folder / "heads.txt").write_text("")
    assert outside("trail.jsonl", "--heads", "heads.txt")[0] == 2


def test_what_is_added_after_a_signature_is_refused(outside):
    (outside.folder / "certificate.txt").write_text(sign_text("a\n") + "more\n")
    assert outside("certificate.txt")[0] == 1


def test_what_is_no_trail_is_said(outside, trail):
    trail.write_text("bonjour\n")
    assert outside("trail.jsonl", "--heads", "heads.txt")[0] == 2


def test_the_command_verifies_with_the_keys_of_the_installation(outside, handed_over):
    told = StringIO()
    call_command("verify", str(handed_over), stdout=told)
    assert "4 files" in told.getvalue()
    rewritten(handed_over, lambda files: files.pop("photo.jpg"))
    with pytest.raises(CommandError, match="missing: photo.jpg"):
        call_command("verify", str(handed_over))


@pytest.mark.django_db
def test_keys_and_verifier_are_published_on_every_host(in_school):
    sign_text("made\n")
    for host in ("localhost", f"{in_school.slug}.localhost"):
        client = Client(HTTP_HOST=host)
        keys = client.get("/.well-known/preau-keys.txt")
        assert keys.content.decode() == "".join(f"{key}\n" for key in known_keys())
        assert keys.headers["Content-Type"].startswith("text/plain")
        assert client.get("/.well-known/verify_preau.py").content == verifier_script()
