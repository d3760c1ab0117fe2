"""A class's records as PDF, read and drawn by two warm processes."""

import io
import statistics
import time
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import _ground as g
from pypdf import PdfReader

PUPILS = 15
TURNS = 7
PROCESSES = 2


def main() -> None:
    g.ground()
    import _school
    from django.db import connections

    from classrooms.models import Student
    from isolation.context import inside

    tenant = g.school("tilleuls")
    plain = []
    photos = []
    with inside(tenant):
        teacher = _school.person("teacher")
        for name, ids, pictures in (("CE1 A", plain, 0), ("CE1 B", photos, 1)):
            made = _school.class_of(name, PUPILS, teacher=teacher, results=6)
            for pupil in Student.objects.in_class(made):
                _school.observe(pupil, author=teacher, count=2, photos=pictures)
                ids.append((tenant.pk, pupil.pk))
    connections.close_all()
    with get_context("fork").Pool(PROCESSES) as pool:
        _measure(pool, plain, "2 observations, 6 results, progress, competencies")
        _measure(pool, photos, "the same with a photo")


def _measure(pool: Any, ids: list[tuple[UUID, UUID]], what: str) -> None:
    pages = sum(
        len(PdfReader(io.BytesIO(made)).pages) for made in pool.map(draw, ids)
    )  # warms the processes too
    speeds = []
    for _ in range(TURNS):
        started = time.perf_counter()
        for _made in pool.imap_unordered(draw, ids):
            pass
        speeds.append(pages / (time.perf_counter() - started))
    said = f"{statistics.median(speeds):.1f} pages/s, best {max(speeds):.1f}"
    g.row(f"{len(ids)} records, {pages} pages: {what}", said, "≥ 25 pages/s")


def draw(pupil: tuple[UUID, UUID]) -> bytes:
    """Read a pupil's record from the database and return it as PDF."""
    from classrooms.models import Student
    from dpa.actions.print_record import record_pdf
    from dpa.queries.record import WHOLE, Reader, record_of
    from isolation.context import inside
    from tenants.models import Tenant

    with inside(pupil[0]):
        tenant = Tenant.objects.get(pk=pupil[0])
        student = Student.objects.get(pk=pupil[1])
        record = record_of(student, reader=Reader(WHOLE, None), today=tenant.today(g.NOW))
        return record_pdf(record, tenant=tenant, now=g.NOW, language="fr")


if __name__ == "__main__":
    main()
