"""A new release takes over from the one before: no request fails, and files of either keep their address."""

import http.client
import os
import shutil
import signal
import socket
import string
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread

import pytest
from django.conf import settings
from django.test import RequestFactory

from config.static import StampedFiles, StampedStatic
from tests.config.test_deploy import DEPLOY, unit

PARTS = ("manage.py", "src", "static", "templates", "locale", "deploy")


class OverSocket(http.client.HTTPConnection):
    """A connection over the socket the proxy speaks to, one a request as nginx makes them."""

    def __init__(self, path):
        super().__init__("preau.example", timeout=30)
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


def ask(path, address):
    """Return the status and the text of an answer."""
    connection = OverSocket(path)
    try:
        connection.request("GET", address, headers={"X-Forwarded-Proto": "https"})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()


def release(root, name, stylesheet=""):
    """Return the folder of a release, its program beside its own environment."""
    folder = root / "releases" / name
    for part in PARTS:
        origin = Path(settings.BASE_DIR) / part
        copy = shutil.copytree if origin.is_dir() else shutil.copy
        folder.mkdir(parents=True, exist_ok=True)
        copy(origin, folder / part)
    (folder / ".venv").symlink_to(sys.prefix)
    with (folder / "static/css/app.css").open("a") as css:
        css.write(stylesheet)
    return folder


def point(root, folder):
    """Let `current` lead to a release, in one step."""
    (root / "next").symlink_to(folder)
    (root / "next").rename(root / "current")


def serving(root):
    """Return the first master, started by the words of its unit."""
    words = unit(DEPLOY / "systemd/preau-web.service")["Service"]["ExecStart"]
    words = words.replace("/opt/preau", str(root)).replace("/run/preau-web", str(root)).split()
    known = {k: v for k, v in os.environ.items() if not k.startswith(("PREAU_", "DJANGO_", "COV_"))}
    wanted = {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": f"{root}/current/src",
        "SECRET_KEY": string.ascii_letters,
        "CACHE_URL": "redis://127.0.0.1:6379/1",
        "DATABASE_URL": "postgresql:///x",
        "EMAIL_HOST": "mail.example",
        "PREAU_PUBLIC_HOST": "preau.example",
        "PREAU_BEHIND_PROXY": "1",
        "PREAU_STATE": str(root / "state"),
        "WEB_CONCURRENCY": "2",
    }
    log = (root / "log").open("w")
    return subprocess.Popen(
        words,
        env=known | wanted,
        cwd=root / "current",
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def until(true, seconds=60):
    """Wait until something is true."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.1)
    return False


def answers(path, address="/health/live"):
    try:
        return ask(path, address)[0] == 200
    except OSError:
        return False


def load(path, stop, told):
    while not stop.is_set():
        for address in ("/health/live", "/static/css/app.css"):
            try:
                told.append(ask(path, address))
            except (OSError, http.client.HTTPException) as wrong:
                told.append((0, repr(wrong)))


@pytest.fixture
def old(tmp_path_factory):
    """Return the folder releases lie in and the first one's master; none is left running."""
    root = tmp_path_factory.mktemp("preau")
    point(root, release(root, "one"))
    master = serving(root)
    try:
        assert until(lambda: answers(root / "web.sock")), (root / "log").read_text()
        yield root, master
    finally:
        with suppress(ProcessLookupError):
            os.killpg(master.pid, signal.SIGKILL)
        master.wait(30)


def test_no_request_fails_while_a_new_release_takes_over(old):
    root, master = old
    path, stop, told = root / "web.sock", Event(), []
    clients = [Thread(target=load, args=(path, stop, told)) for _ in range(4)]
    for client in clients:
        client.start()
    try:
        assert until(lambda: len(told) > 50)
        point(root, release(root, "two", "/* the second release */"))
        master.send_signal(signal.SIGUSR2)
        assert until(lambda: master.poll() is not None), (root / "log").read_text()
        seen = len(told)
        assert until(lambda: len(told) > seen + 50)
    finally:
        stop.set()
        for client in clients:
            client.join()
    assert [each for each in told if each[0] != 200] == []
    assert "the second release" not in told[1][1]
    assert "the second release" in ask(path, "/static/css/app.css")[1]


def test_a_release_that_does_not_start_leaves_the_one_before_answering(old):
    root, master = old
    broken = release(root, "two")
    (broken / "src/config/wsgi.py").write_text("raise RuntimeError('broken')\n")
    point(root, broken)
    master.send_signal(signal.SIGUSR2)
    assert until(lambda: "broken" in (root / "log").read_text())
    time.sleep(2)
    assert master.poll() is None
    assert answers(root / "web.sock")


def test_a_file_asked_by_the_address_of_another_release_is_not_kept():
    middleware = StampedStatic(lambda request: None)
    mine = StampedFiles().url("css/app.css")
    kept = middleware(RequestFactory().get(mine))
    other = middleware(RequestFactory().get(mine[:-4] + "0000"))
    assert "max-age=31536000" in kept["Cache-Control"]
    assert other["Cache-Control"] == "no-cache"
    assert other.status_code == 200
