"""Erasing pupils with 5,000 results and 20 photos each, against deleting the same rows and files and nothing
else.

The floor deletes what the product deletes, from the same tables under the same keys, constraints and indexes,
a table after the other, in one transaction, and unlinks the files. (Keys that cascade would spare it some
statements: 3 ms instead of 5. Django 5.2 declares none, so no table of the product has any.) Part of an
erasure is done once however many go: ledger, exports that hold them, names in texts, messages and promises
about them, evidence, audit. So both are measured, one pupil alone and ten at once.
"""

import random
from pathlib import Path
from typing import Any

import _ground as g

TURNS = 7
RESULTS = 5000
PHOTOS = 20
TOGETHER = 10
TURNS_TOGETHER = 3
OBSERVED = "SELECT observation_id FROM classrooms_observationstudent WHERE student_id = ANY(%(pupils)s)"
BARE = [
    f"CREATE TEMP TABLE going ON COMMIT DROP AS {OBSERVED}",  # the links go before what they lead to
    "DELETE FROM learning_result WHERE student_id = ANY(%(pupils)s)",
    *(
        f"DELETE FROM classrooms_{table} WHERE observation_id IN (SELECT observation_id FROM going)"
        for table in ("observationcompetency", "photo", "observationstudent")
    ),
    "DELETE FROM classrooms_observation WHERE id IN (SELECT observation_id FROM going)",
    "DELETE FROM classrooms_enrolment WHERE student_id = ANY(%(pupils)s)",
    "DELETE FROM classrooms_student WHERE id = ANY(%(pupils)s)",
]


def main() -> None:
    g.ground()
    import _school
    from django.conf import settings
    from django.db import connections, transaction

    from classrooms.models import Photo, Student
    from dpa.actions.erase_person import erase_person
    from dpa.actions.request_erasure import request_student_erasure
    from isolation.context import inside
    from isolation.policy.names import tenant_schema
    from learning.models import Result

    tenant = g.school("tilleuls")
    groups = [1] * 2 * TURNS + [TOGETHER] * 2 * TURNS_TOGETHER
    with inside(tenant):
        author = _school.person("teacher")
        made = _school.class_of("CE1 A", sum(groups) + 28, teacher=author)
        rest = iter(Student.objects.in_class(made).by_name())
        pupils = [[next(rest).pk for _ in range(size)] for size in groups]
        for pupil in Student.objects.filter(pk__in=sum(pupils, [])):
            _school.score(pupil, RESULTS, random.Random(1))
            _school.observe(pupil, author=author, count=PHOTOS, photos=PHOTOS)
        deletions = [request_student_erasure(student_ids=ids, by=None, now=g.NOW).pk for ids in pupils[::2]]
        files = [_files(Photo, ids, settings.MEDIA_ROOT) for ids in pupils]
    with connections["migrator"].cursor() as cursor:
        cursor.execute("ANALYZE")

    def product(turn: int) -> None:
        for _step in ("rows", "files"):
            with inside(tenant):
                erase_person(deletion_id=deletions[turn], now=g.NOW)

    def bare(turn: int) -> None:
        with transaction.atomic(using="migrator"), connections["migrator"].cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', %s, true)", [tenant_schema(tenant.pk)])
            for statement in BARE:
                cursor.execute(statement, {"pupils": pupils[2 * turn + 1]})
        for path in files[2 * turn + 1]:
            path.unlink()

    one = g.side_by_side(product, bare, times=TURNS)
    ten = g.side_by_side(
        lambda turn: product(TURNS + turn), lambda turn: bare(TURNS + turn), times=TURNS_TOGETHER
    )
    with inside(tenant):
        erased = sum(pupils, [])
        assert not Result.objects.filter(student__in=erased).exists()
        assert not Student._base_manager.filter(pk__in=erased).exists()
    assert not any(path.exists() for paths in files for path in paths)
    for who, (ours, floor), wanted in (("a pupil", one, "≤ 3"), (f"{TOGETHER} pupils at once", ten, "")):
        g.row(f"{who}: DELETE of the same rows in their order, one commit, files unlinked", g.ms(floor), "")
        g.row(
            f"{who}: erased, with ledger on disk, names in texts, messages, audit, evidence", g.ms(ours), ""
        )
        g.row(f"{who}: ratio", f"{ours / floor:.2f}", wanted)


def _files(photo: Any, pupils: list[Any], root: Path) -> list[Path]:
    names = photo.objects.filter(observation__links__student__in=pupils).values_list("file", flat=True)
    return [Path(root) / name for name in names]


if __name__ == "__main__":
    main()
