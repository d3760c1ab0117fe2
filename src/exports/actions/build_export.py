"""Build an export, one step at a time, so that an interruption costs one step."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.utils.translation import override

from agenda.actions import enqueue_message, instant, open_obligation
from audit.actions import log_action
from exports.actions.seal_archive import sealed
from exports.gateways import storage
from exports.gateways.zip import Entry, archive
from exports.models import ExportJob
from exports.policy.keeping import gone_at
from exports.policy.naming import distinct, file_name
from exports.registry import builder_of
from isolation.context import current_tenant_id


@dataclass
class Parts:
    """Where a step puts its files: in the storage, under names that only tell its place in the plan."""

    place: str
    name: str = ""
    files: list[tuple[str, str]] = field(default_factory=list)
    about: list[UUID] = field(default_factory=list)

    def folder(self, *names: str) -> None:
        """Say under which folder of the archive the files go."""
        self.name = "/".join(file_name(name) for name in names)

    def speaks_of(self, ids: Iterable[UUID]) -> None:
        """Say of what else the files speak."""
        self.about += ids

    def put(self, path: str, content: bytes) -> None:
        """Put a file."""
        self._write(path, [content])

    def lines(self, path: str, lines: Iterable[str]) -> None:
        """Put a text, line by line."""
        self._write(path, (line.encode() for line in lines))

    def stored(self, path: str, name: str) -> None:
        """Put a file that lies in the storage already."""
        self.files.append((path, name))

    def _write(self, path: str, pieces: Iterable[bytes]) -> None:
        name = f"{self.place}/{len(self.files):04d}"
        storage.write(name, pieces)
        self.files.append((path, name))

    def close(self) -> None:
        """Write the list of the files last: a part with a list is whole."""
        listed = json.dumps({"folder": self.name, "files": self.files})
        storage.write(f"{self.place}/list.json", [listed.encode()])


@transaction.atomic
def build_step(*, job_id: UUID, now: datetime) -> bool:
    """Do the next step of an export and return whether another remains.

    Plan, one part per call, the archive, then the parts are cleared away: each a transaction of its own, each
    the same when it is done again after a crash.
    """
    job = ExportJob.objects.select_for_update().filter(pk=job_id).first()
    if job is None or job.state in {ExportJob.State.FAILED, ExportJob.State.EXPIRED}:
        return False
    if job.state == ExportJob.State.READY:
        storage.delete_folder(f"{_home(job)}/parts")
        return False
    if job.state == ExportJob.State.WAITING:
        found = builder_of(job.kind)
        job.plan_steps(steps=list(found.steps(job)), about=list(found.about(job)), now=now)
    elif job.done < len(job.plan):
        _make_part(job, now)
    else:
        _assemble(job, now)
    return True


def _make_part(job: ExportJob, now: datetime) -> None:
    parts = Parts(_part(job, job.done))
    storage.delete_folder(parts.place)
    with override(job.language):
        builder_of(job.kind).part(job, job.plan[job.done], parts, now)
    parts.close()
    about = sorted({*job.about, *parts.about})
    ExportJob.objects.filter(pk=job.pk).update(done=job.done + 1, about=about)


def _assemble(job: ExportJob, now: datetime) -> None:
    name = f"{_home(job)}/export.zip"
    size = storage.write(name, archive(sealed(_entries(job), at=now)))
    until = gone_at(ready_at=now)
    job.finish(file=name, size=size, at=now, until=until)
    open_obligation("LG-DCp", kind="expire", subject=job.pk, **instant(until), now=now)
    enqueue_message("exports/ready", ids={"job": str(job.pk)}, now=now, key=f"export-ready-{job.pk}")
    log_action("export.ready", by=None, on=job, at=now, facts={"kind": job.kind, "size": size})


def _entries(job: ExportJob) -> Iterator[Entry]:
    lists = [json.loads(storage.read(f"{_part(job, number)}/list.json")) for number in range(len(job.plan))]
    folders = distinct(part["folder"] or f"\0{number}" for number, part in enumerate(lists))
    for part, folder in zip(lists, folders, strict=True):
        for path, name in part["files"]:
            if storage.exists(name):  # a photo may have been deleted since
                yield Entry(f"{folder}/{path}" if part["folder"] else path, partial(storage.pieces_of, name))


def _home(job: ExportJob) -> str:
    return storage.folder(current_tenant_id(), job.pk)


def _part(job: ExportJob, number: int) -> str:
    return f"{_home(job)}/parts/{number:05d}"
