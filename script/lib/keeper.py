"""Hold a PostgreSQL server for as long as somebody uses it. Started by database.py, never by a person."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from ground import open_lock, servant, try_lock
from processes import spawn, stop


@contextlib.contextmanager
def short_folder() -> Iterator[str]:
    """Give a folder whose name leaves room for a socket's: 107 bytes at most."""
    folder = tempfile.mkdtemp(prefix="preau-", dir="/tmp")
    try:
        if servant():
            shutil.chown(folder, servant(), "nogroup")
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(folder: Path, programs: Path, options: list[str]) -> int:
    """Run the server until its last user is gone; return 1 when it ended by itself."""
    users = open_lock(folder / "users.lock")
    with short_folder() as socket:
        server = serve(folder, programs, [*options, f"unix_socket_directories={socket}"])
        signal.signal(signal.SIGTERM, lambda *_: server.send_signal(signal.SIGINT))
        while server.poll() is None:
            if try_lock(users):
                stop(server, how=signal.SIGINT, patience=30)
                return 0
            time.sleep(0.2)
    return 1


def serve(folder: Path, programs: Path, options: list[str]) -> subprocess.Popen[bytes]:
    """Start the server as the user who may; it shuts down fast when we end."""
    command = [str(programs / "postgres"), "-D", str(folder / "data")]
    command += [part for option in options for part in ("-c", option)]
    environment = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}
    return spawn(
        command, log=folder / "log", environment=environment, user=servant(), last_signal=signal.SIGINT
    )


if __name__ == "__main__":
    sys.exit(keep(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]))
