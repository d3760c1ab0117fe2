"""The heads of the trails are signed outside the database: a shortened or rewritten trail is found."""

from base64 import b64encode
from contextlib import suppress
from datetime import timedelta
from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from audit.actions import anchor_head, log_action, verify
from audit.actions.anchor import Departs, signed_head, trail_here
from audit.gateways.heads import append_note, newest_note
from audit.gateways.keys import key_in_use, known_keys, rotate_key
from audit.models import Entry, Head, PersonalPart
from audit.personal_data import forget, parts_of
from audit.policy.note import BadNote, SignedHead, head_told, opened_note, signed_note, verifier_key
from tenants.actions.sign_heads import sign_heads

# The worked example of Go's golang.org/x/mod/sumdb/note, the form C2SP took up.
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
ADAGE = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
SIGNED = (
    f"{ADAGE}\n— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)


class TakenBack(Exception):
    """Raised to take back what was done since a savepoint."""


def test_a_note_that_another_tool_signed_is_opened():
    assert str(verifier_key(NEUMANN)) == NEUMANN
    assert opened_note(SIGNED, [verifier_key(NEUMANN)]) == ADAGE


@pytest.mark.parametrize(
    "note",
    [
        SIGNED.replace("answer", "Answer"),
        SIGNED.replace("x08go", "x08gp"),
        SIGNED.replace("PeterNeumann x", "PeterPan x"),
        ADAGE,
        "",
        "\n\n— x y\n",
    ],
)
def test_a_note_that_was_changed_or_is_none_is_refused(note):
    with pytest.raises(BadNote):
        opened_note(note, [verifier_key(NEUMANN)])


@pytest.mark.parametrize("line", ["", "a+b", NEUMANN[:-4], NEUMANN.replace("c74f20a3", "c74f20a4")])
def test_a_line_that_is_no_key_is_refused(line):
    with pytest.raises(BadNote):
        verifier_key(line)


def test_a_head_is_told_as_a_checkpoint(now):
    head = SignedHead("preau.example/audit/operator", 7, "ab" * 32, now)
    origin, size, root, at = head.text.splitlines()
    assert (origin, size, root) == (head.origin, "7", b64encode(b"\xab" * 32).decode())
    assert at == "at 2026-11-16T09:00:00+00:00"
    assert head_told(head.text) == head
    with pytest.raises(BadNote):
        head_told("preau.example\n7\n")


def entry(now):
    return log_action("student.created", by=None, on=uuid4(), at=now)


def test_a_head_is_signed_once_and_again_when_the_trail_went_on(in_school, now):
    entry(now)
    assert anchor_head(now=now)
    assert not anchor_head(now=now)
    last = entry(now)
    assert anchor_head(now=now)
    told = signed_head()
    assert (told.entries, told.hash) == (last.seq, last.hash)
    assert told.origin == f"{settings.PUBLIC_HOST}/audit/{in_school.pk}"
    assert verify(now=now).is_whole


def sign_and_cut(now):
    """Sign the head of a trail with one entry more, then cut this entry off with its head."""
    with suppress(TakenBack), transaction.atomic():
        entry(now)
        anchor_head(now=now)
        raise TakenBack


def test_a_tail_cut_with_its_head_is_found_and_not_signed_again(in_school, now):
    entry(now)
    anchor_head(now=now)
    sign_and_cut(now)
    verdict = verify()
    assert not verdict.is_whole
    assert verdict.broken_at == Entry.objects.count() + 1
    with pytest.raises(Departs):
        anchor_head(now=now)
    assert anchor_head(now=now, restored="Sauvegarde du 15 novembre, disque perdu")
    assert verify(now=now).is_whole
    assert Entry.objects.latest("seq").facts["reason"].startswith("Sauvegarde")


def test_a_rewritten_tail_is_found(in_school, now):
    sign_and_cut(now)
    other = entry(now)
    verdict = verify()
    assert (verdict.broken_at, "departs" in verdict.reason) == (other.seq, True)


def test_a_trail_that_nobody_signed_for_hours_is_a_finding(in_school, now):
    entry(now)
    later = now + timedelta(hours=4)
    assert not verify(now=later).is_whole
    anchor_head(now=later)
    assert verify(now=later).is_whole
    for path in Path(settings.AUDIT_HEADS).rglob("*.txt"):
        path.unlink()
    assert "no head was signed" in verify(now=later).reason


def test_a_forged_or_torn_signed_head_is_told_apart(in_school, now):
    entry(now)
    anchor_head(now=now)
    (path,) = Path(settings.AUDIT_HEADS).rglob("*.txt")
    whole = path.read_text()
    path.write_text(whole + "preau.example/audit\n9")  # the power was cut
    assert verify(now=now).is_whole
    last = entry(now)
    anchor_head(now=now)
    assert signed_head().entries == last.seq
    assert "9\n" not in path.read_text().replace(whole, "").splitlines()[:1]
    forged = SignedHead("x", last.seq - 1, last.previous_hash, now).text
    key = known_keys()[-1]
    append_note(trail_here(), signed_note(forged, key=key, sign=lambda _: b"0" * 64), at=now)
    assert "can't be trusted" in verify().reason


def test_what_an_older_key_signed_still_counts(in_school, now):
    entry(now)
    anchor_head(now=now)
    before = key_in_use().verifier
    after = rotate_key().verifier
    assert before != after
    assert key_in_use().verifier == after
    assert verify(now=now).is_whole
    entry(now)
    anchor_head(now=now)
    assert opened_note(newest_note(trail_here()), [after])
    assert len(list(Path(settings.SIGNING_KEYS).glob("*.pem"))) == 1
    assert (
        Path(settings.SIGNING_KEYS).joinpath(f"{len(known_keys()):04}-{after.id.hex()}.pem").stat().st_mode
        & 0o77
        == 0
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_head SET seq = 0",
        "DELETE FROM audit_head",
        "INSERT INTO audit_head (id, \"only\", seq, hash) VALUES (gen_random_uuid(), false, 0, '')",
        "DELETE FROM audit_personalpart",
        "UPDATE audit_personalpart SET part = '{}'",
        "DELETE FROM audit_entry",
        "UPDATE audit_entry SET verb = ''",
        "SELECT public.audit_forget(ARRAY[]::uuid[])",
        "INSERT INTO audit_entry (id, seq, at, verb, subject_type, subject_id, facts, about, personal_digest,"
        " previous_hash, hash) SELECT gen_random_uuid(), seq + 5, at, verb, subject_type, subject_id, facts,"
        " about, '', hash, hash FROM audit_entry ORDER BY seq DESC LIMIT 1",
        "INSERT INTO audit_entry (id, seq, at, verb, subject_type, subject_id, facts, about, personal_digest,"
        " previous_hash, hash) SELECT gen_random_uuid(), seq + 1, at, verb, subject_type, subject_id, facts,"
        " about, '', repeat('0', 64), hash FROM audit_entry ORDER BY seq DESC LIMIT 1",
    ],
)
def test_a_tenants_role_can_touch_neither_heads_nor_what_is_written(in_school, now, statement):
    entry(now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_personal_parts_go_by_the_one_function(in_school, now):
    gone = uuid4()
    log_action("student.created", by=None, on=gone, at=now, personal={"name": "Zoé"}, about=[gone])
    log_action("student.created", by=None, on=uuid4(), at=now, personal={"name": "Élan"})
    assert forget(parts_of(PersonalPart.objects.all(), [gone])) == 1
    assert forget(parts_of(PersonalPart.objects.all(), [gone])) == 0
    assert PersonalPart.objects.filter(part__name="Élan").exists()
    assert Head.objects.get().seq == Entry.objects.count()


@pytest.mark.usefixtures("db")
def test_all_trails_are_signed_and_one_that_departs_keeps_none_back(school, nursery, now):
    assert sign_heads(now=now) >= 3
    assert sign_heads(now=now) == 0
    folders = {path.name for path in Path(settings.AUDIT_HEADS).iterdir()}
    assert folders >= {"operator", str(school.pk), str(nursery.pk)}


@pytest.mark.usefixtures("db")
def test_keys_are_shown_and_rotated_by_command():
    out = StringIO()
    call_command("signing_keys", rotate=True, stdout=out)
    lines = out.getvalue().split()
    assert lines[-1] == str(key_in_use().verifier)
    assert [str(verifier_key(line)) for line in lines] == lines
