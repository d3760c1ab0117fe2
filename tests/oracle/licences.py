"""A school of three licences and its pupils: what it uses, what it bought, what is refused."""

from datetime import timedelta

from django.db.models import Sum
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from classrooms.actions.apply_import import import_at_once
from classrooms.actions.confirm_import import NothingToImport, confirm_import
from classrooms.actions.prepare_import import Upload, prepare_import
from classrooms.models import Student
from classrooms.policy.licences import LicencesUsedUp
from dpa.actions.request_erasure import request_student_erasure
from dpa.actions.undo_erasure import TooLate, undo_erasure
from dpa.models import Erasure
from isolation.context import inside_operator
from tenants.models import Contract, SeatCount
from tests.oracle.playing import Machine

HEADER = "Nom élève;Nom d'usage élève;Prénom élève;Date naissance;Niveau;Libellé classe"


class Licences(Machine):
    """What the school does with its pupils, and what it buys, renews and lets end, in any order."""

    def __init__(self):
        super().__init__()
        self.clock.move_to(self.now)
        self.made = 0
        self.office = self.browse(self.tenant, self.head)
        self.used_before = self.used()

    def count(self, act, kind=""):
        """Remember the act, a minute after the one before: no two counts have the same instant."""
        super().count(act, kind)
        self.now += timedelta(minutes=1)
        self.clock.move_to(self.now)

    # what happens

    @rule()
    def add_a_pupil(self):
        self.count("add_a_pupil")
        free = self.free()
        page = reverse("classrooms:student_new")
        typed = {"last_name": "Roy", "first_name": self.a_name(), "birth_on": "2019-05-04", "level": "CE1"}
        answer = self.office.post(page, typed)
        assert (answer.status_code == 302) == (free >= 1), (answer.status_code, free)

    @rule(rank=st.integers(0, 3), act=st.sampled_from(["leaves", "leaves", "returns", "stands in a list"]))
    def a_pupil_leaves_or_returns(self, rank, act):
        rows = (self.active() if act == "leaves" else self.departed()).order_by("first_name")
        if rows:
            self.count("a_pupil_leaves_or_returns", act)
            pupil = rows[rank % len(rows)]
            {"leaves": self.leaves, "returns": self.returns}.get(act, self.stands_in_a_list)(pupil)

    def leaves(self, pupil):
        """Note on the pupil's page that they left."""
        assert self.office.post(reverse("classrooms:student_departure", args=[pupil.pk])).status_code == 302
        assert Student.objects.get(pk=pupil.pk).left_on

    def returns(self, pupil):
        """Note on the page of a pupil who left that they are back, if a licence is free."""
        free = self.free()
        self.office.post(reverse("classrooms:student_departure", args=[pupil.pk]))
        assert (Student.objects.get(pk=pupil.pk).left_on is None) == (free >= 1)

    def stands_in_a_list(self, pupil):
        """Import a list in which a pupil who left stands again."""
        day = pupil.birth_on.strftime("%d/%m/%Y")
        row = f"{pupil.last_name};;{pupil.first_name};{day};CE1;CE1 A"
        upload = Upload("\n".join([HEADER, row]).encode(), None, "eleves.csv")
        try:
            self.brought_in(upload, at_once=False)
        except (LicencesUsedUp, NothingToImport):
            return

    @rule(more=st.integers(1, 3), at_once=st.booleans())
    def a_list_is_imported(self, more, at_once):
        self.count("a_list_is_imported")
        free = self.free()
        rows = [f"Leroy;;{self.a_name()};03/02/2018;CE1;CE1 A" for _ in range(more)]
        upload = Upload("\n".join([HEADER, *rows]).encode(), None, "eleves.csv")
        try:
            self.brought_in(upload, at_once=at_once)
        except LicencesUsedUp:
            assert free < more
        else:
            assert free >= more

    def brought_in(self, upload, *, at_once):
        """Import a list, by a command or by the page's two steps."""
        details = {"tenant": self.tenant, "by": self.head, "now": self.now, "today": self.today}
        if at_once:
            import_at_once(upload, **details)
        else:
            batch = prepare_import(upload, **details)
            confirm_import(batch_id=batch.pk, **details)
            self.let_pass(minutes=1)

    @rule(more=st.integers(1, 2))
    def licences_are_added(self, more):
        self.count("licences_are_added")
        with inside_operator():
            contract = self.contracts().order_by("created_at", "pk").first()
            if contract:
                contract.licences += more
                contract.save(update_fields=["licences"])

    @rule(days=st.sampled_from([2, 5]), licences=st.integers(1, 3))
    def another_offer_runs_for_some_days(self, days, licences):
        self.count("another_offer_runs_for_some_days")
        with inside_operator():
            first = Contract.objects.filter(tenant_id=self.tenant.pk).order_by("created_at").first()
            Contract.objects.create(
                customer_id=first.customer_id,
                tenant_id=self.tenant.pk,
                profile_key=first.profile_key,
                profile_version=first.profile_version,
                licences=licences,
                starts_on=self.today + timedelta(days=days - 2),
                ends_on=self.today + timedelta(days=days),
                created_at=self.now,
            )

    @rule(fewer=st.integers(1, 2))
    def renewed_with_fewer(self, fewer):
        self.count("renewed_with_fewer")
        with inside_operator():
            contract = self.contracts().order_by("created_at", "pk").first()
            if contract:
                contract.licences = max(1, contract.licences - fewer)
                contract.save(update_fields=["licences"])

    @rule(days=st.sampled_from([1, 3]))
    def days_pass(self, days):
        self.count("days_pass")
        self.let_pass(days=days)
        self.clock.move_to(self.now)
        self.office.force_login(self.head)

    # what stands, read from rows

    @property
    def today(self):
        return self.tenant.today(self.now)

    def a_name(self):
        """Return a first name nobody has."""
        self.made += 1
        return f"Élève{'abcdefghijklmnopqrstuvwxyz'[self.made % 26]}{'abcdefghij'[self.made // 26]}"

    def active(self):
        """Return the pupils who are at the school and whose data nobody asked to delete."""
        return Student._base_manager.filter(left_on=None, hidden_at=None)

    def departed(self):
        """Return the pupils who left."""
        return Student._base_manager.filter(hidden_at=None).exclude(left_on=None)

    def contracts(self):
        """Return the contracts whose days hold today."""
        rows = Contract.objects.filter(tenant_id=self.tenant.pk, starts_on__lte=self.today)
        return rows.filter(ends_on__gt=self.today).exclude(state="cancelled")

    def used(self):
        """Return how many pupils take a licence."""
        return self.active().count()

    def bought(self):
        """Return how many licences the contracts that run give together."""
        return self.contracts().aggregate(total=Sum("licences"))["total"] or 0

    def free(self):
        """Return how many more pupils may come."""
        return self.bought() - self.used()


class Bought(Licences):
    """Nobody is ever added beyond what was bought; what was bought may become less than what is used."""

    @invariant()
    def nobody_is_added_beyond_what_was_bought(self):
        used = self.used()
        assert used <= max(self.bought(), self.used_before), (self.bought(), self.used_before, used)
        self.used_before = used


class Counted(Licences):
    """The number on each page, in the rows and in the count that billing reads is the same."""

    @invariant()
    def one_number_everywhere(self):
        used = self.used()
        counted = SeatCount.objects.filter(tenant_id=self.tenant.pk).order_by("-counted_at").first()
        licences = self.office.get(reverse("billing:licences")).context
        imports = self.office.get(reverse("classrooms:imports")).context
        assert (counted.active if counted else 0) == used, ("counted", counted, "rows", used)
        assert (licences["used"] or 0) == used, ("licences page", licences["used"], "rows", used)
        assert imports["seats"].active == used
        assert licences["bought"] == imports["seats"].bought == self.bought()


class Deleting:
    """What a school does beside: it asks for a pupil's deletion, and undoes it in time."""

    @precondition(lambda self: self.active().exists())
    @rule(taken=st.booleans(), undone=st.booleans())
    def a_deletion_is_asked(self, taken, undone):
        self.count("a_deletion_is_asked")
        pupil = self.active().order_by("first_name").first()
        request_student_erasure(student_ids=[pupil.pk], by=self.head, now=self.now)
        while taken and self.free() > 0:  # others take what is free meanwhile
            self.add_a_pupil()
        if undone:
            self.the_deletion_is_undone()

    @rule()
    def the_deletion_is_undone(self):
        self.count("the_deletion_is_undone")
        deletion = Erasure.objects.filter(state="requested").first()
        if deletion:
            try:
                undo_erasure(deletion=deletion, by=self.head, now=self.now)
            except (TooLate, LicencesUsedUp):
                return


class BoughtWhileDeleting(Deleting, Bought):
    """The same, while deletions are asked for and undone."""


class CountedWhileDeleting(Deleting, Counted):
    """The same, while deletions are asked for and undone."""
