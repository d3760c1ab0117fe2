"""Serving a project as the product is served, and asking it for pages with several clients at once."""

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import _ground as g

CLIENTS = 8
WEB = ["--workers=2", "--threads=4", "--worker-class=gthread", "--preload", "--no-control-socket"]


@dataclass(frozen=True)
class Page:
    """A page somebody signed in asks for."""

    port: int
    host: str
    path: str
    session: str

    def get(self, connection: http.client.HTTPConnection) -> bytes:
        """Return the page over this connection."""
        cookie = {"Cookie": f"session={self.session}; sessionid={self.session}"}
        connection.request("GET", self.path, headers={"Host": f"{self.host}:{self.port}", **cookie})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{self.path}: {answer.status}\n{body[:500].decode(errors='replace')}")
        return body

    def once(self) -> bytes:
        """Return the page over a connection of its own."""
        return self.get(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30))


@contextmanager
def served(
    settings: str = "config.settings", *, options: list[str] | None = None
) -> Iterator[tuple[int, int]]:
    """Serve a project, give its port and the process's id, and stop it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    paths = os.pathsep.join([str(g.ROOT / "bench"), str(g.ROOT / "src")])
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": settings, "PYTHONPATH": paths}
    command = [sys.executable, "-m", "gunicorn", "config.wsgi:application", *(options or WEB)]
    process = subprocess.Popen([*command, f"--bind=127.0.0.1:{port}", "--log-level=warning"], env=environment)
    try:
        _wait(process, port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait()


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise RuntimeError("the web server doesn't start")


def ask(page: Page, *, seconds: float) -> list[float]:
    """Return how long each answer took while all clients ask again and again."""
    stop = time.monotonic() + seconds

    def client(_number: int) -> list[float]:
        taken = []
        connection = http.client.HTTPConnection("127.0.0.1", page.port, timeout=30)
        while time.monotonic() < stop:
            started = time.perf_counter()
            page.get(connection)
            taken.append(time.perf_counter() - started)
        connection.close()
        return taken

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [one for taken in pool.map(client, range(CLIENTS)) for one in taken]
