"""The virtual environment: made once, filled from the hash-locked list, known to be right by a stamp."""

import hashlib
import json
import os
import shutil
import subprocess
import venv
from pathlib import Path

from ground import Ground, Stop, lock, say
from packages import FONTS, RUNNING, TESTING, provide, wish
from words import compile_words

LOCKS = {"run": "requirements-demo.lock", "test": "requirements-dev.lock"}
COVERS = {"run": ("run",), "test": ("run", "test")}


def prepare(ground: Ground, kind: str = "run") -> None:
    """Bring system packages, environment and compiled words up to date; at once when they are."""
    with lock(
        ground.base / ".state" / "setup.lock", waiting="Another start is preparing the environment; waiting…"
    ):
        provide(TESTING if kind == "test" else RUNNING)
        if not _is_filled(ground, kind):
            _fill(ground, kind)
        compile_words(ground)


def provide_fonts(ground: Ground) -> None:
    """Install the fonts of every writing, or say what does; tried once, for they are large and not needed to
    start.
    """
    tried = ground.state / "fonts-asked"
    if not tried.exists():
        wish(FONTS)
        tried.touch()


def _fingerprints(ground: Ground) -> dict[str, str]:
    """Return a short digest of each lock file."""
    return {
        kind: hashlib.sha256((ground.checkout / name).read_bytes()).hexdigest()[:16]
        for kind, name in LOCKS.items()
    }


def _stamp(ground: Ground) -> Path:
    return ground.venv / "installed.json"


def _installed(ground: Ground) -> dict[str, str]:
    try:
        stamp = json.loads(_stamp(ground).read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def _is_filled(ground: Ground, kind: str) -> bool:
    return _installed(ground).get(kind) == _fingerprints(ground)[kind] and _answers(ground)


def _answers(ground: Ground) -> bool:
    """Return whether the interpreter still runs; it doesn't after an upgrade of the system's Python."""
    try:
        return subprocess.run([ground.python, "-c", ""], capture_output=True).returncode == 0
    except OSError:
        return False


def _fill(ground: Ground, kind: str) -> None:
    if not _answers(ground):
        _make(ground)
    say(f"Installing the packages of {LOCKS[kind]} (about a minute, once)…", aside=True)
    _pip(ground, kind)
    now = _fingerprints(ground)
    kept = {name: digest for name, digest in _installed(ground).items() if now.get(name) == digest}
    done = kept | {name: now[name] for name in COVERS[kind]}
    _stamp(ground).write_text(json.dumps(done))


def _make(ground: Ground) -> None:
    say(f"Making the environment in {ground.venv}…", aside=True)
    shutil.rmtree(ground.venv, ignore_errors=True)
    venv.EnvBuilder(with_pip=True, symlinks=True).create(ground.venv)


def _pip(ground: Ground, kind: str) -> None:
    if subprocess.run([ground.python, "-m", "pip", "--version"], capture_output=True).returncode:
        subprocess.run([ground.python, "-m", "ensurepip"], capture_output=True, check=True)
    command = [ground.python, "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q"]
    command += ["--require-hashes", "-r", str(ground.checkout / LOCKS[kind])]
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ground.base
    )
    if done.returncode:
        said = [line for line in done.stdout.splitlines() if not line.startswith("WARNING")]
        raise Stop("\n".join([*said[-15:], "", "The packages could not be installed; see the lines above."]))


def settings_environment(ground: Ground, **more: str) -> dict[str, str]:
    """Return the process environment with what Django needs to find the rooms."""
    environment = {
        **os.environ,
        "PYTHONPATH": ground.python_path(),
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    environment["PATH"] = f"{ground.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    if ground.base != ground.checkout:
        environment["PREAU_LOCALE"] = str(ground.locale)
        environment["PYTHONDONTWRITEBYTECODE"] = "1"
    return environment | more
