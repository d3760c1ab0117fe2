"""Two pupils, two guardians and one who left long ago: once they are erased, nothing brings them back."""

import json
import zipfile
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib.auth import SESSION_KEY
from django.core import mail
from django.db import connection
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from agenda.models import OutboxMessage
from audit.models import Entry
from classrooms.actions.confirm_import import AlreadyConfirmed, NothingToImport, PlanChanged, confirm_import
from classrooms.actions.invite_guardians import invite_guardians
from classrooms.actions.prepare_import import Upload, prepare_import
from classrooms.actions.share_observation import share_observation, unshare_observation
from classrooms.models import Guardian, Observation
from classrooms.policy.sharing import NothingToShare
from demo.factories.people import PASSWORD
from dpa.actions.replay_erasures import replay_erasures
from dpa.actions.request_erasure import (
    AlreadyAsked,
    ask_to_be_deleted,
    delete_guardian,
    request_person_erasure,
    request_student_erasure,
)
from dpa.actions.undo_erasure import TooLate, undo_erasure
from dpa.gateways import ledger
from dpa.models import Erasure, ErasureEvidence
from exports.actions.ask_export import ask_export
from isolation.context import inside_operator
from isolation.policy.names import tenant_schema
from people.actions.accept_invitation import SignInFirst, accept_invitation
from people.actions.invite import AlreadyHere, InvitationClosed
from people.models import Invitation, Person
from tests.oracle.playing import Machine

PROMISED = timedelta(hours=24)
UNDO = timedelta(hours=12)
PARENT = 2  # signs in
INVITED = 3  # was written to, and may answer
GONE_AWAY = 4  # a pupil who left almost two years before the first day
CAN_CHANGE = (
    "classrooms_observation",
    "classrooms_observationchanges",
    "classrooms_photo",
    "classrooms_reading",
    "classrooms_importbatch",
)
STAYS = ("audit_entry", "audit_head")  # nothing of the trail ever goes, and only itself moves its head
HEADER = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Niveau;Libellé classe"
ADULTS = "Nom responsable;Courriel;Nom d'usage enfant;Nom de famille enfant;Prénom enfant;Classes enfants"


@dataclass
class Somebody:
    """One of the people: what says who they are, and every id they have."""

    words: tuple[str, ...]
    row: Any
    ids: set[UUID]
    asked_at: datetime | None = None
    deletion: Erasure | None = None
    photos: list[str] = field(default_factory=list)


class Erasure(Machine):
    """What is asked, undone, imported, restored, shared, answered, while days pass; in any order."""

    def __init__(self):
        super().__init__()
        self.clock.move_to(self.now)
        Path(self.ledger).unlink(missing_ok=True)
        for path in self.media.rglob("*"):
            path.unlink() if path.is_file() else None
        for name, content in self.files.items():
            (self.media / name).parent.mkdir(parents=True, exist_ok=True)
            (self.media / name).write_bytes(content)
        self.people = [Somebody(**one) for one in self.everybody()]
        self.batch = None
        self.token = None
        self.mails = len(mail.outbox)
        self.parents_browser = self.browse(self.tenant, self.people[PARENT].row.person)
        self.backup = self.backed_up()

    # what happens

    @rule(who=st.integers(0, 3), how=st.sampled_from(["school", "school", "account"]))
    def ask(self, who, how):
        self.count("ask")
        self.ask_for(who, how)

    def ask_for(self, who, how):
        """Ask for somebody's deletion, unless it is under way."""
        somebody = self.people[who]
        with suppress(AlreadyAsked):
            self.started(somebody, self.asked_for(who, how))

    def started(self, somebody, deletion):
        """Remember a deletion that has begun, once its confirmation has left."""
        if deletion and deletion.state == "requested":  # one that isn't waits for the school's word
            somebody.deletion = deletion
            somebody.asked_at = self.now
            self.let_pass(minutes=2)
            self.clock.move_to(self.now)
            self.mails = len(mail.outbox)

    def asked_for(self, who, how):
        """Return a deletion that is carried out; None when the one meant isn't there any more."""
        row = self.people[who].row
        details = {"by": self.head, "now": self.now}
        if who < PARENT:
            known = type(row)._base_manager.filter(pk=row.pk).exists()
            return request_student_erasure(student_ids=[row.pk], **details) if known else None
        guardian = Guardian.objects.filter(pk=row.pk).first()
        if guardian is None:
            return None
        if how == "account" and guardian.person_id:
            return request_person_erasure(person=guardian.person, **details)
        return delete_guardian(guardian=guardian, **details)

    @rule()
    def the_parent_wishes_it(self):
        self.count("the_parent_wishes_it")
        somebody = self.people[PARENT]
        person = Person.objects.filter(pk__in=somebody.ids, is_active=True).first()
        if person:
            with suppress(AlreadyAsked):
                self.started(somebody, ask_to_be_deleted(person=person, now=self.now))

    @rule(who=st.integers(0, 3))
    def undo(self, who):
        self.count("undo")
        somebody = self.people[who]
        if somebody.deletion is None:
            return
        in_time = self.now < somebody.asked_at + UNDO
        try:
            undo_erasure(deletion=somebody.deletion, by=self.head, now=self.now)
        except TooLate:
            assert not in_time
        else:
            assert in_time, "undone after the time to undo"
            somebody.deletion = None
            somebody.asked_at = None

    @rule(hours=st.sampled_from([1, 11, 13, 30]))
    def hours_pass(self, hours):
        self.count("hours_pass")
        self.let_pass(minutes=60 * hours)
        self.clock.move_to(self.now)

    @rule()
    def a_list_is_read(self):
        self.count("a_list_is_read")
        named = [one for one in self.people[:PARENT] if not self.may_be_gone(one)]
        adults = [one for one in self.people[PARENT:GONE_AWAY] if not self.may_be_gone(one)]
        if named:
            rows = [f"{one.row.last_name};;{one.row.first_name};03/02/2018;CM1;CM1 Z" for one in named]
            beside = [
                f"Roux;{adult.row.email};;{named[0].row.last_name};{named[0].row.first_name};CM1 Z"
                for adult in adults
            ]
            files = ["\n".join([HEADER, *rows]).encode(), "\n".join([ADULTS, *beside]).encode()]
            self.batch = prepare_import(Upload(*files, "eleves.csv"), by=self.head, **self.told)

    @rule()
    def the_list_is_confirmed(self):
        self.count("the_list_is_confirmed")
        if self.batch:
            with suppress(AlreadyConfirmed, NothingToImport, PlanChanged):
                confirm_import(batch_id=self.batch.pk, by=self.head, **self.told)

    @rule(which=st.integers(0, 2))
    def share(self, which):
        self.count("share")
        observation = Observation.objects.filter(pk=self.observations[which].pk).first()
        if observation:
            unshare_observation(observation_id=observation.pk, by=self.head, now=self.now)
            with suppress(NothingToShare):
                share_observation(observation_id=observation.pk, by=self.head, **self.told)

    @rule()
    def the_parent_takes_a_copy(self):
        self.count("the_parent_takes_a_copy")
        person = Person.objects.filter(pk__in=self.people[PARENT].ids, is_active=True).first()
        if person:
            ask_export(kind="children", subject_id=None, by=person, now=self.now)
            self.let_pass(minutes=5)
            self.clock.move_to(self.now)

    def may_invite(self):
        """Return whether the guardian who may answer is invited: not while they are being deleted."""
        return self.people[INVITED].asked_at is None

    @precondition(lambda self: self.may_invite())
    @rule()
    def invite(self):
        self.count("invite")
        self.invite_the_guardian()

    def invite_the_guardian(self):
        """Send an invitation, if there is still somebody to invite."""
        rows = Guardian.objects.filter(pk=self.people[INVITED].row.pk)
        with suppress(AlreadyHere):
            invite_guardians(guardians=rows, by=self.head, **self.told)
        found = Invitation.objects.filter(email=self.people[INVITED].row.email).first()
        self.token = found.token if found else self.token

    @rule()
    def answer_the_invitation(self):
        self.count("answer_the_invitation")
        if self.token is None:
            return
        try:
            person = accept_invitation(token=self.token, password=PASSWORD, now=self.now, last_name="Ivoire")
        except (InvitationClosed, SignInFirst):
            return
        assert not self.people[INVITED].asked_at, "an invitation opened an account that is being erased"
        self.people[INVITED].ids.add(person.pk)

    @rule()
    def the_parent_signs_in(self):
        self.count("the_parent_signs_in")
        browser = self.browse(self.tenant)
        typed = {"login": self.people[PARENT].words[0], "password": PASSWORD}
        browser.post(reverse("account_login"), typed)
        if SESSION_KEY in browser.session:
            assert not self.people[PARENT].asked_at, "signed in though the account is closed"

    @rule()
    def back_up(self):
        self.count("back_up")
        self.backup = self.backed_up()

    @rule()
    def restore(self):
        self.count("restore")
        self.put_back(self.backup)
        replay_erasures(ledger.lines(), now=self.now)

    # what was promised

    def may_be_gone(self, somebody):
        """Return whether somebody's time to undo is over: nothing new may name them from here on."""
        return somebody.asked_at is not None and self.now >= somebody.asked_at + UNDO

    def gone(self):
        """Return who must be gone by now."""
        asked = [one for one in self.people if one.asked_at and self.now >= one.asked_at + PROMISED]
        kept_for = (self.tenant.today(self.now) - self.people[GONE_AWAY].row.left_on).days
        return asked + ([self.people[GONE_AWAY]] if kept_for >= 730 + 2 else [])

    # rows, files, lines

    @property
    def told(self):
        return {"tenant": self.tenant, "now": self.now, "today": self.tenant.today(self.now)}

    def tables(self, schema):
        """Return the tables of a schema that can be read from here."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.relname FROM pg_class c WHERE c.relnamespace = %s::regnamespace "
                "AND c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1",
                [schema],
            )
            return [name for (name,) in cursor.fetchall()]

    def tables_that_say(self, words, schema):
        """Return the tables in any column of which one of these words stands."""
        part = 'SELECT \'{0}\' WHERE EXISTS (SELECT 1 FROM "{1}"."{0}" t WHERE t::text ILIKE ANY(%(words)s))'
        parts = [part.format(name, schema) for name in self.tables(schema)]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), {"words": [f"%{word}%" for word in words]})
            return [name for (name,) in cursor.fetchall()]

    def backed_up(self):
        """Return every row of the school's schema, by table."""
        schema = tenant_schema(self.tenant.pk)
        kept = {}
        with connection.cursor() as cursor:
            for name in self.tables(schema):
                cursor.execute(f'SELECT json_agg(t)::text FROM "{schema}"."{name}" t')
                kept[name] = cursor.fetchone()[0] or "[]"
        return kept

    def put_back(self, backup):
        """Bring back every row that is gone since, and the texts and lists that were changed."""
        schema = tenant_schema(self.tenant.pk)
        with connection.cursor() as cursor:
            for name, rows in backup.items():
                if name in STAYS:
                    continue
                then = "NOTHING"
                if name in CAN_CHANGE and (found := json.loads(rows)):
                    columns = [column for column in found[0] if column != "id"]
                    then = "UPDATE SET " + ", ".join(f'"{one}" = excluded."{one}"' for one in columns)
                target = "(id)" if then != "NOTHING" else ""
                cursor.execute(
                    f'INSERT INTO "{schema}"."{name}" SELECT * FROM '
                    f'json_populate_recordset(NULL::"{schema}"."{name}", %s::json) '
                    f"ON CONFLICT {target} DO {then}",
                    [rows],
                )

    def ledger_ids(self):
        """Return every id the ledger names, read from its file."""
        path = Path(self.ledger)
        texts = path.read_text().splitlines() if path.exists() else []
        return {UUID(one) for text in texts for one in json.loads(text)["subjects"]}


class Gone(Erasure):
    """Asked for and not undone: gone within 24 hours, from every row, file and message; and it stays so."""

    @invariant()
    def nothing_says_who_they_were(self):
        words = [word for one in self.gone() for word in one.words]
        if words:
            assert self.tables_that_say(words, tenant_schema(self.tenant.pk)) == []
            with inside_operator():
                assert self.tables_that_say(words, "public") == []

    @invariant()
    def no_file_of_theirs_is_left(self):
        gone = self.gone()
        for one in gone:
            assert not [name for name in one.photos if (self.media / name).exists()]
        words = [word for one in gone for word in one.words]
        for path in self.media.rglob("*.zip") if words else ():
            with zipfile.ZipFile(path) as archive:
                texts = [archive.read(name).decode(errors="ignore") for name in archive.namelist()]
            assert not [word for word in words for text in texts if word in text], path

    @invariant()
    def each_has_its_proof_in_time(self):
        for one in self.people:
            if one.deletion and self.now >= one.asked_at + PROMISED:
                proof = ErasureEvidence.objects.get(deletion_id=one.deletion.pk)
                assert one.asked_at + UNDO <= proof.erased_at <= one.asked_at + PROMISED
                assert one.deletion.pk.hex in Path(self.ledger).read_text().replace("-", "")


class Unheard(Erasure):
    """Who asked isn't written to, isn't waited for, and can't come in; the trail stays whole."""

    @invariant()
    def nobody_who_asked_is_written_to(self):
        addresses = {word for one in self.people if one.asked_at for word in one.words if "@" in word}
        for message in mail.outbox[self.mails :]:
            assert not addresses & set(message.to), message.subject
        self.mails = len(mail.outbox)

    @invariant()
    def no_message_about_them_waits(self):
        ids = {str(pk) for one in self.gone() for pk in one.ids}
        with inside_operator():
            rows = OutboxMessage.objects.filter(state="waiting")
            waiting = [message for message in rows if ids & {str(value) for value in message.ids.values()}]
        assert not waiting

    @invariant()
    def no_session_of_theirs_is_open(self):
        if self.people[PARENT].asked_at:
            assert self.parents_browser.get(reverse("classrooms:family")).status_code != 200

    @invariant()
    def what_the_trail_lacks_the_ledger_names(self):
        named = self.ledger_ids()
        for entry in Entry.objects.exclude(personal_digest="").filter(personal=None):
            assert named & {*entry.about, entry.subject_id, entry.actor_id}, entry.verb

    @invariant()
    def who_undid_it_is_back_as_before(self):
        for one in self.people[:PARENT]:
            if one.asked_at is None:
                assert type(one.row).objects.filter(pk=one.row.pk).exists()


class Invited(Erasure):
    """An invitation sent while a guardian is being deleted opens nothing."""

    def may_invite(self):
        return True

    @rule()
    def a_guardian_asks_and_is_invited(self):
        self.count("a_guardian_asks_and_is_invited")
        self.ask_for(INVITED, "school")
        self.invite_the_guardian()
