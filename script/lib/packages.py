"""What the operating system must provide.

Named, looked for, installed when we may, or asked for in one exact line.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ground import Stop, is_root, say


@dataclass(frozen=True)
class Need:
    """A Debian package and how to see that what it brings is already there."""

    package: str
    is_there: Callable[[], bool]


def _library(name: str) -> Callable[[], bool]:
    def is_there() -> bool:
        try:
            ctypes.CDLL(name)
        except OSError:
            return False
        return True

    return is_there


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _font(name: str) -> Callable[[], bool]:
    return lambda: any(Path("/usr/share/fonts").rglob(f"{name}*"))


RUNNING = (
    Need("libpango-1.0-0", _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", _library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", _library("libharfbuzz-subset.so.0")),
)
FONTS = (  # what draws names in every writing; a document is made without them all the same, with boxes
    Need("fonts-noto-core", _font("NotoSansArabic")),
    Need("fonts-noto-cjk", _font("NotoSansCJK")),
    Need("fonts-noto-color-emoji", _font("NotoColorEmoji")),
)
TESTING = (
    *RUNNING,
    Need("chromium", _program("chromium")),
    Need("libatomic1", _library("libatomic.so.1")),  # playwright's driver
)


def provide(needs: tuple[Need, ...]) -> None:
    """Install the packages that are missing, or stop with the line that does."""
    missing = [need.package for need in needs if not need.is_there()]
    if not missing:
        return
    become = _become_root()
    if become is None or not shutil.which("apt-get"):
        raise Stop(_ask(missing))
    say(f"Installing {', '.join(missing)}…", aside=True)
    if not _install(become, missing) or not all(need.is_there() for need in needs):
        raise Stop(_ask(missing))


def wish(needs: tuple[Need, ...]) -> None:
    """Install the packages that are missing where we may, or say what does and go on without them."""
    missing = [need.package for need in needs if not need.is_there()]
    if not missing:
        return
    become = _become_root()
    if become == [] and shutil.which("apt-get"):
        say(f"Installing {', '.join(missing)}…", aside=True)
        if _install(become, missing):
            return
    say(
        "Without these fonts a PDF shows boxes for some writings. To have them:\n"
        f"    sudo apt-get install {' '.join(missing)}",
        aside=True,
    )


def _ask(missing: list[str]) -> str:
    packages = " ".join(missing)
    return f"These packages are missing. Install them, then start again:\n    sudo apt-get install {packages}"


def _become_root() -> list[str] | None:
    """Return what to put before a command that only root may run, or None when we can't."""
    if is_root():
        return []
    if not shutil.which("sudo"):
        return None
    return ["sudo"] if sys.stdin.isatty() else ["sudo", "-n"]


def _install(become: list[str], packages: list[str]) -> bool:
    quiet = [
        *become,
        "env",
        "DEBIAN_FRONTEND=noninteractive",
        "apt-get",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]
    install = [*quiet, "install", "-y", "--no-install-recommends", *packages]
    return all(_runs(command) for command in ([*quiet, "update"], install))


def _runs(command: list[str]) -> bool:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=os.environ
    )
    if done.returncode:
        say("\n".join(done.stdout.splitlines()[-12:]))
    return done.returncode == 0
