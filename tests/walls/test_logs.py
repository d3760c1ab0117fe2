"""No line of a log says who: pages are driven, and what was logged is searched for all names there are."""

import io
import json
import logging
import re
from smtplib import SMTPRecipientsRefused

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import models
from django.test import Client

from agenda.loop import tick
from billing.customers.gateways.portal_link import token_for
from classrooms.models import Student
from classrooms.views import students
from config.logs import JsonLines
from demo.factories.billing import ContactFactory
from isolation.context import inside, inside_operator
from tests.conftest import NOW, host_of
from tests.walls.addresses import addresses
from tests.walls.asking import ask
from tests.walls.world import HEADER, absent, build

pytestmark = pytest.mark.django_db
NAMING = re.compile(
    r"(first|last|preferred_last)_name|username|email|signatory|phone|street|text|answer|caption"
)
IMPORTED = ("Vandevyvère", "Théodora")


@pytest.fixture
def logged():
    """Return where everything that is logged is written, down to the least."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.setLevel(before)
    root.removeHandler(handler)


@pytest.fixture
def world(school):
    return build(school)


def names_in(place):
    """Return all that names somebody in the tables of a place, words of three letters or more."""
    found = set()
    with inside(place) if place else inside_operator():
        for model in apps.get_models():
            scope = getattr(model, "schema_scope", "")
            if scope not in {"both", "tenant" if place else "shared"} or not model._meta.managed:
                continue
            for field in model._meta.concrete_fields:
                if isinstance(field, models.CharField | models.TextField) and NAMING.search(field.name):
                    found |= set(model._base_manager.values_list(field.name, flat=True))
    return {name for name in found if name and len(name) >= 3}


def fails(*_args, **_more):
    raise ValueError(f"no page for {Student.objects.filter(pk__isnull=False).first()}, head@tilleuls.example")


def drive_pages(world, browse, monkeypatch):
    """Ask every address for what is there and what isn't, signed in and not; one page fails."""
    head = browse(world.tenant, world.people["administrator"])
    teacher = browse(world.tenant, world.people["teacher"])
    for client in (head, teacher, browse(world.tenant)):
        client.raise_request_exception = False
        for address in addresses("tenant"):
            for kwargs in (world.kwargs(address), absent(world.kwargs(address))):
                ask(client, address, "get", kwargs)
    head = browse(world.tenant, world.people["administrator"])
    head.raise_request_exception = False
    monkeypatch.setattr(students, "student_page", fails)
    assert head.get(f"/pupils/{world.objects['student_id']}/?q=Abadie").status_code == 500
    assert head.get("/pupils/Inès-Abadie/?token=abc").status_code == 404
    assert head.get("/pupils/?q=%00").status_code == 400
    strict = Client(HTTP_HOST=host_of(world.tenant), enforce_csrf_checks=True)
    assert strict.post("/account/login/?next=/pupils/", {"login": "mur.teacher"}).status_code == 403


def drive_doors(world, browse):
    """Sign in wrongly, come by links whose token is right, and by such that are not."""
    browser = browse(world.tenant)
    for who in ("mur.teacher", "nobody@mur.example"):
        browser.post("/account/login/", {"login": who, "password": "le lac gris"})
    with inside_operator():
        contact = ContactFactory()
        token = token_for(contact)
    portal = Client(HTTP_HOST="localhost", raise_request_exception=False)
    for shown in (token, token + "x"):
        portal.get(f"/portal/enter/{shown}/")
        portal.post(f"/portal/enter/{shown}/")
        portal.get(f"/portal/enter/{shown}/nothing")
    return {token, contact.name, contact.email}


def drive_import(world, browse):
    """Import pupils, some of whose lines are refused."""
    lines = f"{IMPORTED[0].upper()};;{IMPORTED[1]};03/02/2018;F;1;CYCLE II;CE1;CE1 A;77\nRoy;;;x;F;2;;;;\n"
    file = SimpleUploadedFile("liste-vandevyvere.csv", f"{HEADER}\n{lines}".encode())
    head = browse(world.tenant, world.people["administrator"])
    preview = head.post("/imports/", {"pupils": file}).url
    shown = re.search(r'name="shown" value="([^"]+)"', head.get(preview).content.decode())[1]
    head.post(f"{preview}confirm/", {"shown": shown})


def refuse(mail, *_args, **_more):
    raise SMTPRecipientsRefused({address: (550, b"no such user") for address in mail.to})


def test_no_line_names_anybody(world, browse, logged, monkeypatch):
    doors = drive_doors(world, browse)
    drive_import(world, browse)
    monkeypatch.setattr(EmailMessage, "send", refuse)
    tick(NOW)
    drive_pages(world, browse, monkeypatch)
    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    assert {line.get("status") for line in lines} >= {400, 403, 404, 405, 500}
    assert any(
        "message" in line["message"] and "exception" in line for line in lines if "agenda" in line["logger"]
    )
    tokens = {world.objects["token"], world.special["people:invited"]["token"]}
    secret = (
        names_in(world.tenant) | names_in(None) | doors | tokens | {*IMPORTED, "vandevyvere", "mur.example"}
    )
    text = logged.getvalue()
    assert sorted(name for name in secret if name in text) == []


def test_a_line_says_what_where_and_when(world, browse, logged, monkeypatch):
    monkeypatch.setattr(students, "student_page", fails)
    head = browse(world.tenant, world.people["administrator"])
    head.raise_request_exception = False
    pupil = world.objects["student_id"]
    answer = head.get(f"/pupils/{pupil}/?q=Abadie")
    line = next(each for each in map(json.loads, logged.getvalue().splitlines()) if each.get("status") == 500)
    assert line["time"].startswith("2026-11-16T09:")
    assert line["time"].endswith("Z")
    assert (line["level"], line["logger"]) == ("ERROR", "django.request")
    assert line["message"] == f"Internal Server Error: /pupils/{pupil}/"
    assert line["request"] == answer.headers["X-Request-ID"]
    assert line["tenant"] == str(world.tenant.pk)
    assert line["exception"][0]["type"] == "builtins.ValueError"
    assert line["exception"][0]["at"][-1].endswith(" fails")
