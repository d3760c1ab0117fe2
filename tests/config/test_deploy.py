"""What stands in deploy/ names only what is there: programs, folders, variables the book explains."""

import configparser
import re
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
    program, *words = service["ExecStart"].split()
    assert find_spec(Path(program).name)
    assert {"config", "config.wsgi"} & set(words)
    assert service["EnvironmentFile"] == "/etc/preau/env"
    assert (service["User"], service["NoNewPrivileges"]) == ("preau", "yes")


def test_the_three_of_the_book_are_there():
    assert {path.stem for path in UNITS} == {"preau-web", "preau-worker", "preau-beat"}


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
