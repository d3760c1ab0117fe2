"""What is declared is compared with the live database and the stored files; a difference is named."""

import json
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connections

from classrooms.models import Photo
from demo.factories.classrooms import ObservationFactory, StudentFactory
from demo.factories.people import person_with
from dpa.actions import check_inventory as inventory
from dpa.policy.inventory import Finding, Kind, file_findings, table_findings
from isolation.context import inside
from isolation.policy.names import tenant_schema
from tests import database

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@contextmanager
def altered(statement, undone):
    """Change the live database for the length of a block, as its superuser."""
    with database.connect(connections["default"].settings_dict["NAME"]) as connection:
        connection.autocommit = True
        connection.execute("SET lock_timeout = '20s'")
        connection.execute(statement)
        try:
            yield
        finally:
            connection.execute(undone)


def checked():
    """Return what the command prints for programs; it exits with 1 where it prints anything."""
    out = StringIO()
    code = 0
    try:
        call_command("inventory_check", "--json", stdout=out)
    except CommandError as failed:
        code = failed.returncode
    assert code == int(out.getvalue().strip() != "[]")
    return [(one["where"], one["kind"], one["name"]) for one in json.loads(out.getvalue())]


def test_what_is_held_is_what_is_declared():
    out = StringIO()
    call_command("inventory_check", stdout=out)
    assert out.getvalue() == "What is held is what is declared.\n"


def test_an_undeclared_column_of_a_tenant_is_found(school):
    table = f'"{tenant_schema(school.pk)}".classrooms_group'
    with altered(
        f"ALTER TABLE {table} ADD COLUMN religion text", f"ALTER TABLE {table} DROP COLUMN religion"
    ):
        assert checked() == [(tenant_schema(school.pk), "column undeclared", "classrooms_group.religion")]
    assert checked() == []


def test_an_undeclared_table_and_a_declared_column_that_is_gone_are_found():
    with altered("CREATE TABLE public.dpa_notes (text text)", "DROP TABLE public.dpa_notes"):
        assert checked() == [("public", "table undeclared", "dpa_notes")]
    gone = "ALTER TABLE public.dpa_gartenant RENAME COLUMN {} TO {}"
    with altered(gone.format("since", "depuis"), gone.format("depuis", "since")):
        assert checked() == [
            ("public", "column missing", "dpa_gartenant.since"),
            ("public", "column undeclared", "dpa_gartenant.depuis"),
        ]


def test_a_schema_of_nobody_is_found():
    with altered("CREATE SCHEMA t_0 CREATE TABLE kept (name text)", "DROP SCHEMA t_0 CASCADE"):
        assert checked() == [("t_0", "schema undeclared", "t_0")]


def test_a_file_nobody_names_and_one_that_is_gone_are_found(world_of_photos):
    school, name = world_of_photos
    assert checked() == []
    default_storage.save(f"{school.pk}/record/left.jpg", ContentFile(b"x"))
    default_storage.delete(name)
    assert checked() == sorted(
        [
            ("files", "file missing", name),
            ("files", "file undeclared", f"{school.pk}/record/left.jpg"),
        ]
    )


@pytest.fixture
def world_of_photos(school, now, db):
    with inside(school):
        author = person_with("teacher", now=now, username="inv.prof", email="inv@prof.example")
        observation = ObservationFactory(author=author, of=[StudentFactory()])
        photo = Photo(observation=observation, width=1, height=1, created_at=now)
        photo.file.save("x.jpg", ContentFile(b"x"))
        name = photo.file.name
    return school, name


def test_a_model_that_says_nothing_is_found(monkeypatch):
    monkeypatch.setattr(inventory, "undeclared", lambda: [Photo])
    assert checked() == [("declarations", "model undeclared", "classrooms.Photo")]


def test_an_app_without_words_for_its_shared_tables_is_found(monkeypatch, tmp_path_factory):
    said = inventory.SHARED.read_text(encoding="utf-8").replace("[billing]", "[bookings]")
    elsewhere = tmp_path_factory.mktemp("said") / "shared.toml"
    elsewhere.write_text(said, encoding="utf-8")
    monkeypatch.setattr(inventory, "SHARED", elsewhere)
    assert checked() == [
        ("declarations", "app undeclared", "billing"),
        ("declarations", "app missing", "bookings"),
    ]


def test_tables_are_compared_both_ways():
    found = table_findings(
        "s", live={"a": {"id", "x"}, "b": {"id"}}, declared={"a": {"id", "y"}, "c": {"id"}}
    )
    assert found == sorted(
        [
            Finding("s", Kind.TABLE_UNDECLARED, "b"),
            Finding("s", Kind.TABLE_MISSING, "c"),
            Finding("s", Kind.COLUMN_UNDECLARED, "a.x"),
            Finding("s", Kind.COLUMN_MISSING, "a.y"),
        ]
    )
    assert table_findings("s", live={"a": {"id"}}, declared={"a": {"id"}}) == []


def test_what_lies_in_the_folder_of_an_export_is_named_by_it():
    assert file_findings(stored=["t/exports/1/part"], named=[], folders=["t/exports/1/"]) == []
    assert file_findings(stored=["t/exports/2/part"], named=[], folders=["t/exports/1/"]) == [
        Finding("files", Kind.FILE_UNDECLARED, "t/exports/2/part")
    ]
