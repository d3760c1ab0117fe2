"""Child processes that never outlive the one who started them, and how to stop them politely."""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_SET_PARENT_DEATH_SIGNAL = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def spawn(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    folder: Path | str = "/",
    user: str | None = None,
    last_signal: signal.Signals = signal.SIGTERM,
) -> subprocess.Popen[bytes]:
    """Start a command in a session of its own, its words in a log; it gets `last_signal` when we die."""
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            cwd=folder,
            start_new_session=True,
            preexec_fn=_die_with_parent(last_signal),
            **as_user(user),
        )


def as_user(user: str | None) -> dict:
    """Return what subprocess needs to run a command as somebody else."""
    return {} if user is None else {"user": user, "group": "nogroup", "extra_groups": []}


def _die_with_parent(last_signal: signal.Signals) -> Callable[[], None]:
    parent = os.getpid()

    def ask_the_kernel() -> None:
        _LIBC.prctl(_SET_PARENT_DEATH_SIGNAL, int(last_signal))
        if os.getppid() != parent:
            os.kill(os.getpid(), last_signal)

    return ask_the_kernel


def stop(
    process: subprocess.Popen[bytes], *, how: signal.Signals = signal.SIGTERM, patience: float = 10
) -> None:
    """Ask a process to end, wait, and end its whole group if it won't."""
    if process.poll() is None:
        process.send_signal(how)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            kill_group(process.pid)
    process.wait()


def kill_group(leader: int) -> None:
    """End a process and all that share its group."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def wait_until(is_so: Callable[[], object], *, seconds: float, every: float = 0.05) -> bool:
    """Return whether something became true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(every)
    return bool(is_so())


def tail(log: Path, lines: int = 15) -> str:
    """Return the last lines of a log."""
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""
