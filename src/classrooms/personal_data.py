"""What the classroom holds about people, how it leaves and how it goes."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.gateways.keys import known_secret
from classrooms import models
from classrooms.models.removals import KEY
from classrooms.policy.matching import Key
from classrooms.policy.removals import Digester, folded_keys
from contracts.registry import CASCADE, declare, nothing_personal
from isolation.context import current_tenant_id

Rows = QuerySet[Any]


def _rows(*fields: str) -> Any:
    """Return an export: these fields of each row, under their own names."""

    def export(rows: Rows) -> Iterator[dict[str, Any]]:
        yield from rows.values("id", *fields)

    return export


def _self_or_account(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return the rows meant: a pupil or a guardian by their own id, or by their account's."""
    return rows.filter(Q(pk__in=person_ids) | Q(person_id__in=person_ids))


def _of_student(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    return rows.filter(Q(student_id__in=person_ids) | Q(student__person_id__in=person_ids))


def _of_guardian(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    return rows.filter(Q(guardian_id__in=person_ids) | Q(guardian__person_id__in=person_ids))


def _of_either(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    return _of_student(rows, person_ids) | _of_guardian(rows, person_ids)


def _about_only(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return the observations about nobody but these pupils: one that others are in stays theirs."""
    pupils = models.Student._base_manager.filter(Q(pk__in=person_ids) | Q(person_id__in=person_ids)).values(
        "pk"
    )
    links = models.ObservationStudent.objects
    mine = links.filter(student__in=pupils).values("observation_id")
    others = links.filter(observation=OuterRef("pk")).exclude(
        student__in=pupils
    )  # looked up, never read through
    return rows.filter(~Exists(others), pk__in=mine)


def _changes_about_only(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return the changes about none but these pupils, of whom they or their observation speak."""
    theirs = Q(student_id__in=person_ids) | Q(student__person_id__in=person_ids)
    others = models.ChangesStudent.objects.filter(changes=OuterRef("pk")).exclude(theirs)
    drafted = models.ChangesStudent.objects.filter(theirs).values("changes_id")
    shared = models.ObservationStudent.objects.filter(theirs).values("observation_id")
    return rows.filter(~Exists(others), Q(pk__in=drafted) | Q(observation_id__in=shared))


def _that_show(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return the photos that show one of these pupils, alone or among others: all of them go.

    Whoever wrote that a pupil is in an observation says it of its photos, be it shared or not yet.
    """
    theirs = Q(student_id__in=person_ids) | Q(student__person_id__in=person_ids)
    shown = models.ObservationStudent.objects.filter(theirs).values("observation_id")
    drafted = models.ChangesStudent.objects.filter(theirs).values("changes__observation_id")
    return rows.filter(Q(observation_id__in=shown) | Q(observation_id__in=drafted))


def _readings_of(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return what guardians read and answered.

    Theirs, and on the observations about nobody but these pupils.
    """
    about = _about_only(models.Observation.objects.all(), person_ids)
    return _of_guardian(rows, person_ids) | rows.filter(observation__in=about)


def _open_imports(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return the uploads still holding rows, whoever they name, when a pupil or a guardian is among these
    people.
    """
    mine = Q(pk__in=person_ids) | Q(person_id__in=person_ids)
    known = Exists(models.Student._base_manager.filter(mine)) | Exists(models.Guardian.objects.filter(mine))
    return rows.filter(known).exclude(rows=[], guardian_rows=[])


def _removals_of(rows: Rows, person_ids: Collection[UUID]) -> Rows:
    """Return what is remembered of removals of these people, as long as something here still names them.

    A digest is found by making it again from the names and addresses, with the key.
    """
    key = known_secret(KEY)
    mine = Q(pk__in=person_ids) | Q(person_id__in=person_ids)
    if key is None or not rows.exists():
        return rows.none()
    digester = Digester(key, current_tenant_id())
    names = [folded_keys(*each) for each in models.Student._base_manager.filter(mine).values_list(*_NAMES)]
    emails = models.Guardian.objects.filter(mine).values_list("email", flat=True)
    digests = {one for each in names for one in digester.of_student(each)}
    digests |= {digester.of_guardian(email) for email in emails}
    return rows.filter(digest__in=digests | _links_of(rows, digester, names, list(emails)))


def _links_of(
    rows: Rows, digester: Digester, names: Collection[tuple[Key, ...]], emails: Collection[str]
) -> set[str]:
    """Return the digests of all links these pupils and these guardians may have had."""
    if not rows.filter(kind=models.Removal.Kind.LINK).exists():
        return set()
    others = models.Guardian.objects.values_list("email", flat=True) if names else ()
    found = {one for email in others for each in names for one in digester.of_link(email, each)}
    pupils = models.Student._base_manager.values_list(*_NAMES) if emails else ()
    every = [folded_keys(*each) for each in pupils]
    return found | {one for email in emails for each in every for one in digester.of_link(email, each)}


def _stays(rows: Rows, now: datetime) -> int:
    """Leave what is remembered of removals: it goes by itself after seven months."""
    return 0


def _give_up(rows: Rows, now: datetime) -> int:
    """Empty uploads that wait: they are made again from the file."""
    waiting = {
        models.ImportBatch.State.PREVIEW,
        models.ImportBatch.State.WAITING,
        models.ImportBatch.State.STOPPED,
    }
    return rows.filter(state__in=waiting).update(
        rows=[],
        guardian_rows=[],
        refused=[],
        choices={},
        brought_back=[],
        state=models.ImportBatch.State.GIVEN_UP,
    )


_BOTH = ("student", "guardian")
_NAMES = ("last_name", "preferred_last_name", "first_name", "birth_on")
_IDENTITY = ("last_name", "preferred_last_name", "first_name", "birth_on", "level", "handedness", "left_on")
declare(
    models.Student,
    label=_("pupil"),
    category="identification",
    subject="student",
    person=_self_or_account,
    export=_rows(*_IDENTITY),
    erase=CASCADE,
    keep_for="retention.left_days",
)
declare(
    models.Enrolment,
    label=_("classes attended"),
    category="education",
    subject="student",
    person=_of_student,
    export=_rows("student_id", "school_class__name", "school_class__year__name", "starts_on", "ends_on"),
    erase=CASCADE,
)
declare(
    models.GroupStudent,
    label=_("groups"),
    category="education",
    subject="student",
    person=_of_student,
    export=_rows("student_id", "group__name", "group__year__name"),
    erase=CASCADE,
)
declare(
    models.Teaching,
    label=_("classes taught"),
    category="professional",
    subject="teacher",
    person="person_id",
    export=_rows("person_id", "school_class__name", "group__name", "starts_on", "ends_on"),
    erase=CASCADE,
)
declare(
    models.Guardian,
    label=_("guardian’s address"),
    category="contact",
    subject="guardian",
    person=_self_or_account,
    export=_rows("email", "created_at", "invited_at", "joined_at"),
    erase=CASCADE,
)
declare(
    models.Guardianship,
    label=_("links between guardians and pupils"),
    category="contact",
    subject=_BOTH,
    person=_of_either,
    export=_rows("student_id", "guardian_id"),
    erase=CASCADE,
)
declare(
    models.GuardianInformation,
    label=_("information given to guardians"),
    category="consent",
    subject=_BOTH,
    person=_of_student,
    export=_rows("student_id", "informed_on", "how", "covers"),
    erase=CASCADE,
)
declare(
    models.AccountDeclaration,
    label=_("declarations about accounts"),
    category="consent",
    subject="student",
    person=_of_student,
    export=_rows("student_id", "declared_at", "version"),
    erase=CASCADE,
)
declare(
    models.Observation,
    label=_("observations"),
    category="learning",
    subject=("student", "teacher"),
    person=_about_only,
    export=_rows("observed_on", "text", "state", "shared_at", "changes_shared_at"),
    erase=CASCADE,
    keep_for="retention.left_days",
)
declare(
    models.ObservationStudent,
    label=_("mentions in observations"),
    category="learning",
    subject="student",
    person=_of_student,
    export=_rows(
        "student_id", "observation_id", "observation__observed_on", "observation__text", "observation__state"
    ),
    erase=CASCADE,
)
declare(
    models.ObservationChanges,
    label=_("changes not shared yet"),
    category="learning",
    subject=("student", "teacher"),
    person=_changes_about_only,
    export=_rows("observation_id", "observed_on", "text", "levels", "changed_at"),
    erase=CASCADE,
)
declare(
    models.ChangesStudent,
    label=_("mentions in changes not shared yet"),
    category="learning",
    subject="student",
    person=_of_student,
    export=_rows("student_id", "changes__observation_id"),
    erase=CASCADE,
)
declare(
    models.ObservationCompetency,
    label=_("competencies observed"),
    category="learning",
    subject="student",
    person=lambda rows, ids: rows.filter(observation__in=_about_only(models.Observation.objects.all(), ids)),
    export=_rows("observation_id", "competency__name_fr", "level"),
    erase=CASCADE,
)
declare(
    models.Photo,
    label=_("photos"),
    category="learning",
    subject=("student", "teacher"),
    person=_that_show,
    export=_rows("observation_id", "caption", "file", "pending", "created_at"),
    erase=CASCADE,
    files=("file",),
)
declare(
    models.ReadReceipt,
    label=_("readings and answers"),
    category="learning",
    subject=_BOTH,
    person=_readings_of,
    export=_rows(
        "guardian_id", "observation_id", "read_at", "read_again_at", "thanked_at", "answer", "answered_at"
    ),
    erase=CASCADE,
)
declare(
    models.ImportBatch,
    label=_("imports that waited"),
    category="identification",
    subject=_BOTH,
    person=_open_imports,
    export=None,
    erase=_give_up,
)
declare(
    models.Removal,
    label=_("removals remembered for seven months"),
    category="identification",
    subject=_BOTH,
    person=_removals_of,
    export=_rows("kind", "reason", "removed_on", "forget_on"),
    erase=_stays,
)
nothing_personal(models.SchoolYear, why="a name and two dates")
nothing_personal(models.SchoolClass, why="a class's name and level; who is in it stands in Enrolment")
nothing_personal(models.Household, why="an id and a day; who is in it stands in Student and Guardian")
nothing_personal(models.Group, why="a group's name; who is in it stands in GroupStudent")
nothing_personal(models.Competency, why="the framework of what pupils learn")
