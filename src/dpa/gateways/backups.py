"""Backups on disk: a folder each, with the database, the files and a manifest of what belongs to it."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from hashlib import file_digest
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from django.conf import settings
from django.db import connections

from exports.gateways import storage
from isolation.gateways.cluster import bootstrap, make_tenant_role
from isolation.gateways.tools import run_tool
from isolation.policy.names import roles

DATABASE = "database.dump"
FILES = "files.tar"
MANIFEST = "manifest.json"
_CHUNK = 256 * 1024
STAMP = "%Y-%m-%dT%H%M%SZ"
_MADE_BY_BOOTSTRAP = (
    " SCHEMA - public ",
    " EXTENSION ",
    " COMMENT - EXTENSION ",
    " FUNCTION public name_key(",
    " FUNCTION public name_fold(",
    " FUNCTION public name_letters(",
)


class BackupBroken(Exception):
    """Raised when a backup can't be restored from: says what is wrong with it."""


class NotEmpty(Exception):
    """Raised when there is something already where a backup would be restored to."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, and how far the erasure ledger went when it was made."""

    made_at: str
    database: str
    tenants: tuple[str, ...]
    ledger_lines: int
    ledger_last: str  # the hash of its last line, "" for an empty ledger
    digests: dict[str, str]

    @property
    def tenant_ids(self) -> list[UUID]:
        """Return the tenants that had a schema, and so a role."""
        return [UUID(each) for each in self.tenants]


def folder() -> Path:
    """Return where backups lie. Raises BackupBroken where no place was set."""
    if not settings.BACKUP_DIR:
        raise BackupBroken("no place for backups: set PREAU_BACKUP_DIR to a folder on another disk")
    return Path(settings.BACKUP_DIR)


def made() -> list[tuple[date, Path]]:
    """Return the backups that were made whole, the oldest first, each with its day."""
    found = [path for path in folder().glob("*Z") if (path / MANIFEST).exists()]
    return sorted((datetime.strptime(path.name, STAMP).date(), path) for path in found)  # noqa: DTZ007


def destroy(path: Path) -> None:
    """Take a backup off the disk; one that was cut short in the middle is no backup any more."""
    (path / MANIFEST).unlink(missing_ok=True)
    shutil.rmtree(path)


@contextmanager
def locked() -> Iterator[None]:
    """Let one process at a time make or destroy backups. Raises BlockingIOError while another does."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def write(*, tenants: list[UUID], ledger_lines: int, ledger_last: str, now: datetime) -> Path:
    """Return the folder of a backup made now: files first, then the database, so that no row lacks its file.

    What an earlier attempt left unfinished is thrown away. Raises ToolFailed.
    """
    for left in folder().glob("*.part"):
        shutil.rmtree(left)
    place = folder() / f"{now:{STAMP}}.part"
    place.mkdir(mode=0o700)
    with tarfile.open(place / FILES, "w") as tar:
        for name in storage.walk():
            _add(tar, name)
    params = connections["migrator"].get_connection_params()
    owner = roles(params["dbname"]).migrator
    run_tool("pg_dump", ["--format=custom", f"--role={owner}", f"--file={place / DATABASE}"], params)
    digests = {name: _digest(place / name) for name in (DATABASE, FILES)}
    told = Manifest(
        now.isoformat(),
        params["dbname"],
        tuple(str(each) for each in sorted(tenants)),
        ledger_lines,
        ledger_last,
        digests,
    )
    _write_whole(place / MANIFEST, json.dumps(asdict(told), indent=1))
    return place.rename(place.with_suffix(""))


def _add(tar: tarfile.TarFile, name: str) -> None:
    """Add a stored file; one that goes meanwhile was erased, and is left out."""
    try:
        size = storage.size(name)
        file = storage.opened(name)
    except FileNotFoundError:
        return
    with file:
        member = tarfile.TarInfo(name)
        member.size = size
        tar.addfile(member, file)


def manifest_of(path: Path) -> Manifest:
    """Return what a backup says of itself, its files as they were written. Raises BackupBroken."""
    found = manifest_told(path)
    for name, digest in found.digests.items():
        if not (path / name).exists() or _digest(path / name) != digest:
            raise BackupBroken(f"{path / name} isn't what was written")
    return found


def manifest_told(path: Path) -> Manifest:
    """Return what a backup says of itself. Raises BackupBroken."""
    try:
        told = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(**told | {"tenants": tuple(told["tenants"])})
    except (OSError, ValueError, TypeError, KeyError) as wrong:
        raise BackupBroken(f"{path} is no whole backup: {wrong}") from None


def check_empty() -> None:
    """Raise NotEmpty unless the database holds nothing of ours and the folder of files nothing at all."""
    params = _login()
    with psycopg.connect(**params) as database:
        row = database.execute("SELECT to_regclass('public.tenants_tenant') IS NULL").fetchone()
    if row != (True,):
        raise NotEmpty(f"the database {params['dbname']} isn't empty: a backup is restored into a new one")
    if next(storage.walk(), None) is not None:
        raise NotEmpty("the storage of files isn't empty: a backup is restored into a new one")


def restore(path: Path, told: Manifest) -> None:
    """Bring back the roles, the database and the files of a backup. Raises ToolFailed, BackupBroken."""
    params = _login()
    if params["dbname"] != told.database:
        raise BackupBroken(f"it is of the database {told.database}, whose name its roles carry")
    with psycopg.connect(**params) as connection:
        names = bootstrap(connection, database=told.database, app_role=settings.DATABASE_APP_ROLE)
        for tenant_id in told.tenant_ids:
            make_tenant_role(
                connection,
                database=told.database,
                tenant_id=tenant_id,
                app_role=settings.DATABASE_APP_ROLE,
            )
    listed = run_tool("pg_restore", ["--list", str(path / DATABASE)], params)
    wanted = [line for line in listed.splitlines() if not any(part in line for part in _MADE_BY_BOOTSTRAP)]
    chosen = path.parent / f"{path.name}.list"
    chosen.write_text("\n".join(wanted), encoding="utf-8")
    try:
        options = ["--exit-on-error", "--no-owner", f"--role={names.migrator}", f"--use-list={chosen}"]
        run_tool("pg_restore", [*options, f"--dbname={told.database}", str(path / DATABASE)], params)
    finally:
        chosen.unlink()
    with tarfile.open(path / FILES) as tar:
        for member in tar:
            if (content := tar.extractfile(member)) is not None:
                storage.write(member.name, iter(partial(content.read, _CHUNK), b""))


def _login() -> dict[str, Any]:
    """Return how the login of migrations connects, without the role it takes on, which may not exist yet."""
    params = connections["migrator"].get_connection_params()
    return {key: params[key] for key in ("dbname", "user", "password", "host", "port") if params.get(key)}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _write_whole(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
