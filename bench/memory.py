"""Memory of a web worker after 300 requests, and of a task worker during a whole school's export."""

import os
import subprocess
import sys
from pathlib import Path

import _ground as g

REQUESTS = 300
CLASSES = 7
PUPILS = 30


def main() -> None:
    g.ground()
    import _school

    from classrooms.models import Student
    from exports.actions.ask_export import ask_export
    from isolation.context import inside

    tenant = g.school("tilleuls")
    with inside(tenant):
        head = _school.person()
        teacher = _school.person("teacher")
        for number in range(CLASSES):
            made = _school.class_of(f"CE1 {number}", PUPILS, teacher=teacher, results=12)
            for rank, pupil in enumerate(Student.objects.in_class(made)):
                _school.observe(pupil, author=teacher, count=3, photos=int(rank % 5 == 0))
        session = _school.session(head)
        pages = _pages(made, Student.objects.in_class(made).first())
    g.row(
        f"a web worker, 4 threads, after {REQUESTS} requests over {len(pages)} pages",
        f"{_web(pages, session)} MB",
        "≤ 200 MB",
    )
    with inside(tenant):
        job = ask_export(kind="school", subject_id=None, by=head, now=g.NOW)
    peak = _task()
    with inside(tenant):
        job.refresh_from_db()
    assert job.state == "ready", job.state
    what = f"a task worker exporting a school of {CLASSES * PUPILS} pupils ({job.size / 1e6:.1f} MB of ZIP)"
    g.row(what, f"{peak} MB", "≤ 300 MB")


def _pages(school_class: object, pupil: object) -> list[str]:
    one = school_class.pk  # type: ignore[attr-defined]
    other = pupil.pk
    own = [f"/classes/{one}/", f"/pupils/{other}/", f"/results/classes/{one}/", f"/results/pupils/{other}/"]
    return [
        "/",
        "/classes/",
        "/pupils/",
        "/record/",
        "/record/new/",
        "/results/",
        "/people/",
        "/exports/",
        "/imports/",
        *own,
    ]


def _web(pages: list[str], session: str) -> int:
    import _web

    with _web.served(
        options=["--workers=1", "--threads=4", "--worker-class=gthread", "--no-control-socket"]
    ) as (
        port,
        pid,
    ):
        for number in range(REQUESTS):
            _web.Page(port, "tilleuls.localhost", pages[number % len(pages)], session).once()
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return max(g.peak_memory(worker) for worker in workers)


def _task() -> int:
    script = Path(__file__).with_name("_tick.py")
    done = subprocess.run(
        [sys.executable, str(script)], env=os.environ, capture_output=True, text=True, check=True
    )
    return int(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
