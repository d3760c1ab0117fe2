"""Requests that fail while a new version migrates twenty tenants and takes over under load: none may."""

import http.client
import io
import json
import os
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

import _ground as g

CLIENTS = 4
MADE = """
import json, sys
sys.path[:0] = ["bench", ".", "src"]
import _ground as g
g.ground()
import _school
from isolation.context import inside
for number in range(19):
    g.school(f"school-{number}", profiles=("school",))
tenant = g.school("tilleuls", profiles=("school",))
with inside(tenant):
    teacher = _school.person("teacher")
    mine = _school.class_of("CE1", 30, teacher=teacher)
    print(json.dumps({"session": _school.session(teacher), "path": f"/results/classes/{mine.pk}/"}))
"""


def main() -> None:
    before, after = _commits()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        one, two = _release(root, before), _release(root, after)
        (one / "deploy/gunicorn.conf.py").write_bytes((two / "deploy/gunicorn.conf.py").read_bytes())
        made = _ran(one, [sys.executable, "-c", MADE])
        _point(root, one)
        known = json.loads(made.splitlines()[-1])
        told = _upgraded(root, two, known)
    failed = [each for each in told if each[0] != 200]
    g.row(f"from {before[:9]} to {after[:9]}: requests", str(len(told)), "")
    g.row("that failed", str(len(failed)), "0")
    g.row("the longest took", g.ms(max(seconds for _status, seconds in told)), "")
    for status, _seconds in failed[:3]:
        g.row("one that failed", str(status), "")


def _commits() -> tuple[str, str]:
    """Return the commit before the newest that migrates something, and the one at hand."""
    newest = _git("log", "-1", "--format=%H", "--", "src/*/migrations/*")
    return _git("rev-parse", f"{newest}^"), _git("rev-parse", "HEAD")


def _git(*words: str) -> str:
    return subprocess.check_output(["git", *words], cwd=g.ROOT, text=True).strip()


def _release(root: Path, commit: str) -> Path:
    folder = root / "releases" / commit
    held = subprocess.check_output(["git", "archive", commit], cwd=g.ROOT)
    with tarfile.open(fileobj=io.BytesIO(held)) as files:
        files.extractall(folder, filter="data")
    (folder / ".venv").symlink_to(sys.prefix)
    return folder


def _point(root: Path, folder: Path) -> None:
    (root / "next").symlink_to(folder)
    (root / "next").rename(root / "current")


def _environment(folder: Path) -> dict[str, str]:
    own = {"PYTHONPATH": str(folder / "src"), "PREAU_DATABASE": "test_bench"}
    return {**os.environ, **own, "DJANGO_SETTINGS_MODULE": "config.settings", "WEB_CONCURRENCY": "2"}


def _ran(folder: Path, words: list[str]) -> str:
    return subprocess.check_output(words, cwd=folder, env=_environment(folder), text=True)


def _upgraded(root: Path, new: Path, known: dict[str, str]) -> list[tuple[object, float]]:
    """Return what each request was answered, and the seconds it took."""
    program = [
        str(root / "current/.venv/bin/python"),
        str(root / "current/.venv/bin/gunicorn"),
        "config.wsgi",
    ]
    program += ["--chdir", str(root / "current"), "--config", str(root / "current/deploy/gunicorn.conf.py")]
    program += ["--bind", f"unix:{root}/web.sock", "--no-control-socket", "--log-level", "warning"]
    environment = _environment(root / "current")
    master = subprocess.Popen(program, env=environment, cwd=root / "current")
    stop, told = Event(), list[tuple[object, float]]()
    clients = [Thread(target=_load, args=(root / "web.sock", known, stop, told)) for _ in range(CLIENTS)]
    try:
        _until((root / "web.sock").exists)
        time.sleep(3)
        for client in clients:
            client.start()
        time.sleep(3)
        for command in ("migrate_shared", "migrate_tenants"):
            _ran(new, [sys.executable, "manage.py", command])
        _point(root, new)
        master.send_signal(signal.SIGUSR2)
        _until(lambda: master.poll() is not None)
        time.sleep(3)
    finally:
        stop.set()
        for client in clients:
            client.join()
        subprocess.run(["pkill", "-TERM", "-f", f"{root}/current/.venv"], check=False)
        master.wait()
    return told


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def _load(path: Path, known: dict[str, str], stop: Event, told: list[tuple[object, float]]) -> None:
    while not stop.is_set():
        for address in (known["path"], "/account/login/", "/static/css/app.css", "/health/ready"):
            began = time.perf_counter()
            status = _asked(path, address, known["session"])
            told.append((status, time.perf_counter() - began))


def _asked(path: Path, address: str, session: str) -> object:
    """Return the status of an answer, or what went wrong; a connection a request, as nginx makes them."""
    connection = http.client.HTTPConnection("tilleuls.localhost", timeout=60)
    try:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(60)
        connection.sock.connect(str(path))
        cookie = "" if address == "/account/login/" else f"session={session}; sessionid={session}"
        connection.request("GET", address, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException) as wrong:
        return repr(wrong)
    else:
        return answer.status
    finally:
        connection.close()


if __name__ == "__main__":
    main()
