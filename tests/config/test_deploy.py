"""What stands in deploy/ names only what is there: programs, folders, variables the book explains."""

import configparser
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml
from django.conf import settings

DEPLOY = Path(settings.BASE_DIR) / "deploy"
BOOK = (Path(settings.BASE_DIR) / "docs/operating.md").read_text()
UNITS = sorted(DEPLOY.glob("systemd/*.service"))


def unit(path):
    """Return a unit's sections; a key that stands twice keeps its last value."""
    parsed = configparser.ConfigParser(strict=False, interpolation=None, delimiters="=")
    parsed.optionxform = str
    parsed.read(path)
    return parsed


def variables(text):
    return set(re.findall(r"^([A-Z][A-Z_]+)=", text, re.M))


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.stem)
def test_a_unit_runs_a_program_of_ours_as_nobody_special(path):
    service = unit(path)["Service"]
    program, *words = [word for word in service["ExecStart"].split() if Path(word).name != "python"]
    assert program.startswith("/opt/preau/current/.venv/bin/")
    assert find_spec(Path(program).name)
    assert {"config", "config.wsgi"} & set(words)
    assert service["EnvironmentFile"] == "/etc/preau/env"
    assert (service["User"], service["NoNewPrivileges"]) == ("preau", "yes")


def test_the_three_of_the_book_are_there():
    assert {path.stem for path in UNITS} == {"preau-web", "preau-worker", "preau-beat"}


STUB = """#!/bin/sh
echo "$(basename "$0") $*" >> {log}
case "$*" in *"{fails}"*) exit 3;; esac
case "$(basename "$0") $*" in "python3 -m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/pip";; esac
"""


def upgraded(tmp_path, name="two", fails="nothing of this"):
    """Return how an upgrade ended, and what it ran, the commands of the machine being stand-ins."""
    tools, root, log = tmp_path / "tools", tmp_path / "preau", tmp_path / "log"
    tools.mkdir()
    for tool in ("systemd-run", "systemctl", "python3"):
        (tools / tool).write_text(STUB.format(log=log, fails=fails))
        (tools / tool).chmod(0o755)
    (root / "releases/one").mkdir(parents=True)
    (root / "current").symlink_to("releases/one")
    (tmp_path / "manage.py").touch()
    archive = ["tar", "-czf", tmp_path / "preau.tar.gz", "-C", tmp_path, "manage.py"]
    subprocess.run(archive, check=True)
    ran = subprocess.run(
        [DEPLOY / "upgrade", tmp_path / "preau.tar.gz", name],
        env={"PATH": f"{tools}:/usr/bin:/bin", "PREAU_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
    )
    return ran, log.read_text() if log.exists() else "", root


def test_a_new_version_is_installed_and_migrated_before_it_serves(tmp_path):
    ran, log, root = upgraded(tmp_path)
    assert ran.returncode == 0, ran.stderr
    wanted = (
        "venv",
        "compile_words",
        "check --deploy",
        "migrate_shared",
        "migrate_tenants",
        "reload",
        "restart",
    )
    at = [log.index(word) for word in wanted]
    assert at == sorted(at)
    assert (root / "current").resolve().name == "two"
    assert (root / "releases/one").is_dir()


@pytest.mark.parametrize("fails", ["check --deploy", "migrate_shared", "migrate_tenants"])
def test_a_version_that_cannot_be_migrated_does_not_serve(tmp_path, fails):
    ran, log, root = upgraded(tmp_path, fails=fails)
    assert ran.returncode == 3
    assert "systemctl" not in log
    assert (root / "current").resolve().name == "one"


@pytest.mark.parametrize("name", ["one", "../one", ".hidden"])
def test_a_name_that_is_taken_or_leads_elsewhere_is_refused(tmp_path, name):
    ran, log, _root = upgraded(tmp_path, name=name)
    assert (ran.returncode, log) == (2, "")


def test_each_variable_of_the_example_is_explained_in_the_book():
    named = variables((DEPLOY / "preau.env.example").read_text()) - {"DJANGO_SETTINGS_MODULE"}
    assert named
    assert [name for name in sorted(named) if f"`{name}`" not in BOOK] == []


def test_the_image_copies_what_is_there():
    text = (DEPLOY / "Containerfile").read_text()
    copied = [name for line in re.findall(r"^COPY (.+) \S+$", text, re.M) for name in line.split()]
    assert copied
    assert [name for name in copied if not (Path(settings.BASE_DIR) / name).exists()] == []


def test_the_composition_runs_the_three_beside_a_database_and_a_broker():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    assert services.keys() == {"web", "worker", "beat", "database", "broker"}
    assert services["beat"]["command"][:4] == ["celery", "-A", "config", "beat"]


def test_a_proxy_lets_as_much_through_as_the_program_takes():
    megabytes = settings.UPLOAD_LIMIT // 1024 // 1024
    assert f"client_max_body_size {megabytes}m;" in (DEPLOY / "nginx.conf").read_text()
    assert f"max_size {megabytes}MB" in (DEPLOY / "Caddyfile").read_text()
