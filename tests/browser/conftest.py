"""The demonstration in a real browser.

One instance per run, one sign-in per account, pages as people see them.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests import database
from tests.browser.site import Site

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


@pytest.fixture(autouse=True)
def clock() -> None:
    """Let time be real: browser and server are other processes."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve the demonstration's world; PREAU_BROWSER_SITE=PORT,STATE uses one that runs already."""
    if running := os.environ.get("PREAU_BROWSER_SITE"):
        port, state = running.split(",")
        yield Site(int(port), Path(state))
        return
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = "_".join(filter(None, ["test", os.environ.get("PREAU_TEST_DB", "preau"), worker, "browser"]))
    state = tmp_path_factory.mktemp("state")
    port = _free_port()
    environment = os.environ | {
        "PREAU_DATABASE": name,
        "PREAU_DEMO": "1",
        "PREAU_STATE": str(state),
        "PREAU_PORT": str(port),
        "PREAU_PUBLIC_HOST": "localhost",
        "PYTHONPATH": str(ROOT / "src"),
        "BROKER_URL": "",
        "DJANGO_SETTINGS_MODULE": "config.settings",  # as it is served, mailbox included; not as tests run
    }
    _create_empty(name)
    try:
        _run(environment, "prepare_demo")
        with _serving(environment, port):
            yield Site(port, state, environment)
    finally:
        database.drop(name)


def _create_empty(name: str) -> None:
    from psycopg import sql

    database.drop(name)
    with database.connect("postgres") as server:
        server.execute(
            sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE "
                "'C.UTF-8'"
            ).format(sql.Identifier(name))
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(environment: dict[str, str], *command: str) -> None:
    made = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *command],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert made.returncode == 0, made.stdout[-2000:] + made.stderr[-4000:]


class _serving:
    """The web server as a process of its own, stopped at the end."""

    def __init__(self, environment: dict[str, str], port: int) -> None:
        self.command = [
            sys.executable,
            "-m",
            "gunicorn",
            "config.wsgi",
            "--bind",
            f"127.0.0.1:{port}",
            "--threads",
            "4",
            "--log-level",
            "warning",
        ]
        self.environment = environment
        self.port = port

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command, env=self.environment, cwd=ROOT)
        for _attempt in range(100):
            try:
                urllib.request.urlopen(f"http://localhost:{self.port}/status/", timeout=5)
                return
            except OSError:
                assert self.process.poll() is None, "the server stopped by itself"
                time.sleep(0.1)
        raise AssertionError("the server never answered")

    def __exit__(self, *reason: object) -> None:
        self.process.terminate()
        self.process.wait(timeout=20)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a real Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def signed_in(site: Site, chromium: Browser) -> Callable[[str], dict[str, Any] | None]:
    """Return a function that gives the cookies of an account, signing in through the page the first time."""
    known: dict[str, Any] = {"visitor": None}

    def state_of(who: str) -> dict[str, Any] | None:
        if who not in known:
            context = chromium.new_context(locale="fr-FR")
            site.sign_in(context.new_page(), who)
            known[who] = context.storage_state()
            context.close()
        return known[who]

    return state_of


@pytest.fixture
def window(chromium: Browser, signed_in: Any) -> Iterator[Callable[..., BrowserContext]]:
    """Return a function that opens a window as somebody; all are closed at the end."""
    opened: list[BrowserContext] = []

    def start(
        who: str = "visitor", *, width: int = 1280, height: int = 800, **options: Any
    ) -> BrowserContext:
        options.setdefault("locale", "fr-FR")
        context = chromium.new_context(
            storage_state=signed_in(who), viewport={"width": width, "height": height}, **options
        )
        context.set_default_timeout(60_000)  # a slow machine is no fault of a page
        opened.append(context)
        return context

    yield start
    for context in opened:
        context.close()
