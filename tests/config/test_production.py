"""What only production does: cookies of one host over TLS, HSTS, no demo pages.

And the policy every answer carries.
"""

import json
import os
import string
import subprocess
import sys

import pytest
from django.conf import settings

SAY = """
import json, django
from django.conf import settings
django.setup()
from django.urls import resolve, Resolver404
def found(path):
    try:
        return bool(resolve(path, urlconf="config.urls_public"))
    except Resolver404:
        return False
names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME", "SESSION_COOKIE_SECURE",
"CSRF_COOKIE_SECURE",
         "SESSION_COOKIE_DOMAIN", "SECURE_HSTS_SECONDS", "SECURE_SSL_REDIRECT", "SECRET_KEY"]
print(json.dumps({n: getattr(settings, n) for n in names} | {"mailbox": found("/mailbox/"), "demo":
found("/demo/")}))
"""


def run(*arguments, **changed):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PREAU_", "DJANGO_"))}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": "src",
        "SECRET_KEY": string.ascii_letters,
        "CACHE_URL": "redis://127.0.0.1:6379/1",
        **changed,
    }
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def production():
    return json.loads(run("-W", "ignore", "-c", SAY).stdout)


def test_cookies_belong_to_one_host_over_tls(production):
    for name in ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME"):
        assert production[name].startswith("__Host-")
    assert production["SESSION_COOKIE_SECURE"] is production["CSRF_COOKIE_SECURE"] is True
    assert production["SESSION_COOKIE_DOMAIN"] is None


def test_tls_is_asked_for_and_remembered(production):
    assert production["SECURE_SSL_REDIRECT"] is True
    assert production["SECURE_HSTS_SECONDS"] >= 31_536_000


def test_the_demos_pages_do_not_exist(production):
    assert (production["mailbox"], production["demo"]) == (False, False)


def test_django_finds_nothing_to_warn_of():
    ran = run(
        "-W",
        "ignore",
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        DATABASE_URL="postgresql:///x",
    )
    assert ran.returncode == 0, ran.stderr


def test_every_answer_carries_a_strict_policy(client, db):
    answer = client.get("/", HTTP_HOST="localhost")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
