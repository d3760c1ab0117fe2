"""A class's records as PDF, a page a pupil, drawn by two warm processes."""

import io
import statistics
import time
from multiprocessing import get_context
from typing import Any
from uuid import UUID

import _ground as g

PUPILS, TURNS, PROCESSES = 30, 5, 2


def main() -> None:
    g.ground()
    import _school
    from django.db import connections

    from classrooms.models import Student
    from isolation.context import inside

    tenant, plain, photos = g.school("tilleuls"), [], []
    with inside(tenant):
        teacher = _school.person("teacher")
        for name, ids, pictures in (("CE1 A", plain, 0), ("CE1 B", photos, 1)):
            made = _school.class_of(name, PUPILS, teacher=teacher, results=6)
            for pupil in Student.objects.in_class(made):
                _school.observe(pupil, author=teacher, count=2, photos=pictures)
                ids.append((tenant.pk, pupil.pk))
    connections.close_all()
    with get_context("fork").Pool(PROCESSES) as pool:
        _measure(pool, plain, "a page with 2 observations, 6 results, progress and competencies")
        _measure(pool, photos, "the same with a photo")


def _measure(pool: Any, ids: list[tuple[UUID, UUID]], what: str) -> None:
    _drawn(pool, ids)
    speeds = []
    for _ in range(TURNS):
        started = time.perf_counter()
        pages = _drawn(pool, ids)
        speeds.append(pages / (time.perf_counter() - started))
    g.row(f"{pages} pages: {what}", f"{statistics.median(speeds):.1f} pages/s", "≥ 25 pages/s")


def _drawn(pool: Any, ids: list[tuple[UUID, UUID]]) -> int:
    return sum(pool.imap_unordered(draw, ids))


def draw(pupil: tuple[UUID, UUID]) -> int:
    """Read a pupil's record, draw it and return how many pages it has."""
    from pypdf import PdfReader

    from classrooms.models import Student
    from dpa.actions.print_record import record_pdf
    from dpa.queries.record import WHOLE, Reader, record_of
    from isolation.context import inside
    from tenants.models import Tenant

    with inside(pupil[0]):
        tenant = Tenant.objects.get(pk=pupil[0])
        student = Student.objects.get(pk=pupil[1])
        record = record_of(student, reader=Reader(WHOLE, None), today=tenant.today(g.NOW))
        made = record_pdf(record, tenant=tenant, now=g.NOW, language="fr")
    return len(PdfReader(io.BytesIO(made)).pages)


if __name__ == "__main__":
    main()
