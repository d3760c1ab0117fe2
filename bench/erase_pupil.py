"""Erasing a pupil with 5,000 results and 20 photos, against deleting the same rows and files and nothing else."""

import random
from pathlib import Path
from typing import Any

import _ground as g

TURNS, RESULTS, PHOTOS = 7, 5000, 20
OBSERVED = "SELECT observation_id FROM classrooms_observationstudent WHERE student_id = %(pupil)s"
BARE = [
    f"CREATE TEMP TABLE going ON COMMIT DROP AS {OBSERVED}",  # the links go before what they lead to
    "DELETE FROM learning_result WHERE student_id = %(pupil)s",
    *(
        f"DELETE FROM classrooms_{table} WHERE observation_id IN (SELECT observation_id FROM going)"
        for table in ("observationcompetency", "photo", "observationstudent")
    ),
    "DELETE FROM classrooms_observation WHERE id IN (SELECT observation_id FROM going)",
    "DELETE FROM classrooms_enrolment WHERE student_id = %(pupil)s",
    "DELETE FROM classrooms_student WHERE id = %(pupil)s",
]


def main() -> None:
    g.ground()
    import _school
    from django.conf import settings
    from django.db import connections, transaction

    from classrooms.models import Photo, Student
    from dpa.actions.erase_person import erase_person
    from dpa.actions.request_deletion import delete_students
    from isolation.context import inside
    from isolation.policy.names import tenant_schema
    from learning.models import Result

    tenant = g.school("tilleuls")
    with inside(tenant):
        author = _school.person("teacher")
        made = _school.class_of("CE1 A", 2 * TURNS + 28, teacher=author)
        pupils = list(Student.objects.in_class(made).by_name())[: 2 * TURNS]
        for pupil in pupils:
            _school.score(pupil, RESULTS, random.Random(1))
            _school.observe(pupil, author=author, count=PHOTOS, photos=PHOTOS)
        ours, bare = pupils[:TURNS], pupils[TURNS:]
        deletions = [delete_students(student_ids=[pupil.pk], by=None, now=g.NOW).pk for pupil in ours]
        files = {pupil.pk: _files(Photo, pupil, settings.MEDIA_ROOT) for pupil in pupils}
    with connections["migrator"].cursor() as cursor:
        cursor.execute("ANALYZE")

    def product(turn: int) -> None:
        for _step in ("rows", "files"):
            with inside(tenant):
                erase_person(deletion_id=deletions[turn], now=g.NOW)

    def cascade(turn: int) -> None:
        pupil = bare[turn].pk
        with transaction.atomic(using="migrator"), connections["migrator"].cursor() as cursor:
            cursor.execute("SELECT set_config('search_path', %s, true)", [tenant_schema(tenant.pk)])
            for statement in BARE:
                cursor.execute(statement, {"pupil": pupil})
        for path in files[pupil]:
            path.unlink()

    erased, deleted = g.side_by_side(product, cascade, times=TURNS)
    with inside(tenant):
        assert not Result.objects.filter(student__in=pupils).exists()
        assert not Student._base_manager.filter(pk__in=[one.pk for one in pupils]).exists()
    assert not any(path.exists() for paths in files.values() for path in paths)
    g.row(f"DELETE of the same rows in their order, one commit, {PHOTOS} files unlinked", g.ms(deleted), "")
    g.row(
        "erased: ledger on disk, rows of every declared model, names in texts, audit, files, evidence", g.ms(erased), ""
    )
    g.row("ratio", f"{erased / deleted:.2f}", "≤ 3")


def _files(photo: Any, pupil: Any, root: Path) -> list[Path]:
    names = photo.objects.filter(observation__links__student=pupil).values_list("file", flat=True)
    return [Path(root) / name for name in names]


if __name__ == "__main__":
    main()
