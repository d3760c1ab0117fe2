"""Where the project stands on this machine: its checkout, and where it may write."""

import hashlib
import os
import pwd
import stat
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from functools import cached_property
from pathlib import Path


class Stop(Exception):
    """Raised with the sentence a person reads when the command can't go on."""


def say(text: str = "", *, aside: bool = False) -> None:
    """Print a line at once, also into a pipe; `aside` on stderr, so that a command's answer stands alone."""
    stream = sys.stderr if aside else sys.stdout
    stream.write(text + "\n")
    stream.flush()


def is_root() -> bool:
    """Return whether we run as root, which PostgreSQL refuses to do."""
    return os.geteuid() == 0


def servant() -> str | None:
    """Return the unprivileged user that runs the database for root, or None when we need no other."""
    return "nobody" if is_root() else None


@dataclass(frozen=True)
class Ground:
    """A checkout and the folder beside or away from it that holds what is made: environment, state, words."""

    checkout: Path
    base: Path

    @property
    def state(self) -> Path:
        """Return the folder that holds one folder per running instance."""
        return self.base / ".state"

    @property
    def venv(self) -> Path:
        """Return the folder of the virtual environment."""
        return self.base / ".venv"

    @property
    def python(self) -> str:
        """Return the interpreter of the virtual environment."""
        return str(self.venv / "bin" / "python")

    @cached_property
    def packages(self) -> Path:
        """Return the site-packages folder of the virtual environment."""
        return next((self.venv / "lib").glob("python3.*/site-packages"))

    @property
    def locale(self) -> Path:
        """Return the folder with the compiled words: the checkout's own when it can be written."""
        return (self.checkout if self.base == self.checkout else self.base) / "locale"

    def python_path(self) -> str:
        """Return the folder of the rooms, for PYTHONPATH."""
        return str(self.checkout / "src")


def find_ground(environ: Mapping[str, str] = os.environ) -> Ground:
    """Return the ground of the checkout this file lies in."""
    checkout = Path(__file__).resolve().parents[2]
    os.umask(0o022)
    base = _base(checkout, environ)
    base.mkdir(parents=True, exist_ok=True)
    ground = Ground(checkout, base)
    ground.state.mkdir(exist_ok=True)
    return ground


def _base(checkout: Path, environ: Mapping[str, str]) -> Path:
    name = f"preau-{hashlib.sha256(os.fsencode(checkout)).hexdigest()[:8]}"
    if is_root():
        ours = checkout.stat().st_uid == 0 and os.access(checkout, os.W_OK)
        return checkout if ours and open_to_all(checkout) else Path("/var/lib") / name
    if os.access(checkout, os.W_OK):
        return checkout
    home = Path(environ.get("XDG_STATE_HOME") or Path(pwd.getpwuid(os.geteuid()).pw_dir) / ".local" / "state")
    try:
        home.mkdir(parents=True, exist_ok=True)
    except OSError:
        home = Path(tempfile.gettempdir())
    return home / (name if os.access(home, os.W_OK) else f"{name}-{os.geteuid()}")


def open_to_all(folder: Path) -> bool:
    """Return whether any user can walk to the folder; an unprivileged database must."""
    return all(place.stat().st_mode & stat.S_IXOTH for place in (folder, *folder.parents))


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner can look into."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def try_lock(file: int, *, shared: bool = False) -> bool:
    """Return whether the lock on an open file could be had at once."""
    try:
        flock(file, (LOCK_SH if shared else LOCK_EX) | LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def lock(path: Path, waiting: str = "") -> Iterator[int]:
    """Hold a lock file alone; say what we wait for when somebody else holds it."""
    file = open_lock(path)
    try:
        if not try_lock(file):
            if waiting:
                say(waiting)
            flock(file, LOCK_EX)
        yield file
    finally:
        os.close(file)


def open_lock(path: Path) -> int:
    """Open a lock file without taking the lock; closing it lets go."""
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
