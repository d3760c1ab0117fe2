"""One running Préau: its folder, its database, its broker, and the environment handed to Django."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from database import Cluster, cluster_in, use, wait_for_rest
from environment import settings_environment
from ground import Ground, Stop, open_lock, private_folder, try_lock


@dataclass
class Instance:
    """What an instance is made of; `environment` grows as its parts start."""

    ground: Ground
    folder: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def cluster(self) -> Cluster:
        """Return the instance's own PostgreSQL."""
        return cluster_in(self.folder / "postgres", self.ground)

    @property
    def broker_note(self) -> Path:
        """Return the file that says where the running broker is."""
        return self.folder / "broker.url"

    def log(self, name: str) -> Path:
        """Return the log of one of the instance's processes."""
        return self.folder / "log" / f"{name}.log"

    def command(self, *arguments: str) -> list[str]:
        """Return the command that runs manage.py."""
        return [self.ground.python, str(self.ground.checkout / "manage.py"), *arguments]


def instance_at(ground: Ground, port: int, folder: Path | None = None) -> Instance:
    """Return the instance of a port, its folder laid out and its environment without database and broker."""
    folder = folder or ground.state / f"demo-{port}"
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o711)
    for name in ("media", "mail", "log"):
        private_folder(folder / name)
    instance = Instance(ground, folder, port)
    instance.environment = settings_environment(
        ground,
        PREAU_DEMO="1",
        PREAU_PUBLIC_HOST="localhost",
        PREAU_PORT=str(port),
        PREAU_STATE=str(folder),
        SECRET_KEY=_secret_key(folder),
    )
    return instance


def use_database(instance: Instance, *, beyond_exec: bool = False) -> int | None:
    """Start the instance's database unless DATABASE_URL names another; return the lock that keeps it up."""
    if os.environ.get("DATABASE_URL"):
        return None
    instance.environment["DATABASE_URL"], users = use(instance.cluster, beyond_exec=beyond_exec)
    return users


def is_served(instance: Instance) -> bool:
    """Return whether somebody holds the instance's lock."""
    file = open_lock(instance.folder / "serving.lock")
    try:
        return not try_lock(file)
    finally:
        os.close(file)


@contextmanager
def only_server(instance: Instance) -> Iterator[None]:
    """Hold the instance's lock, or stop when it is served already."""
    file = open_lock(instance.folder / "serving.lock")
    try:
        if not try_lock(file):
            raise Stop(f"This demo is already running: http://localhost:{instance.port}")
        yield
    finally:
        os.close(file)


def throw_away(instance: Instance) -> Instance:
    """Return the instance as new: all it has stored is deleted. Its database must be at rest."""
    if not wait_for_rest(instance.cluster, seconds=3):
        raise Stop(
            "A command still uses this demo's data. Wait for it or stop it, then start again with --fresh."
        )
    for path in instance.folder.iterdir():
        if path.name != "serving.lock":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    return instance_at(instance.ground, instance.port, instance.folder)


@contextmanager
def temporary_folder(ground: Ground, prefix: str) -> Iterator[Path]:
    """Give a folder that is gone afterwards; those left by killed runs go too."""
    for old in ground.state.glob(f"{prefix}-*"):
        if _is_left(old):
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{prefix}-", dir=ground.state))
    folder.chmod(0o711)
    owner = open_lock(folder / "owner.lock")
    try_lock(owner)
    try:
        yield folder
    finally:
        os.close(owner)
        shutil.rmtree(folder, ignore_errors=True)


def _is_left(folder: Path) -> bool:
    if not (folder / "owner.lock").exists():
        return False
    file = open_lock(folder / "owner.lock")
    try:
        return try_lock(file)
    finally:
        os.close(file)


def _secret_key(folder: Path) -> str:
    path = folder / "secret-key"
    if not path.exists():
        new = path.with_suffix(".new")
        new.write_text(secrets.token_urlsafe(48))
        new.chmod(0o600)
        new.rename(path)
    return path.read_text()
