"""A migration is met by the version before while it still serves: what it adds, that one may leave out."""

from django.apps import apps
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddField,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
)
from django.db.models import NOT_PROVIDED

# Migrations from before versions took over from each other under load.
BEFORE = {"audit": 2, "billing": 58, "classrooms": 8, "dpa": 3, "people": 6, "tenants": 6}


def number(name):
    return int(name.split("_")[0])


def added_later():
    """Yield what migrations since then do, each with its place."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {config.label for config in apps.get_app_configs() if "src" in config.path}
    for (label, name), migration in sorted(loader.disk_migrations.items()):
        if label in ours and number(name) > max(1, BEFORE.get(label, 0)):
            new = {one.name_lower for one in migration.operations if isinstance(one, CreateModel)}
            for operation in migration.operations:
                if getattr(operation, "model_name_lower", "") not in new:
                    yield f"{label}.{name}: {operation.describe()}", operation


def test_a_new_column_may_be_left_out_by_the_version_before():
    wrong = [
        place
        for place, operation in added_later()
        if isinstance(operation, AddField)
        and not (operation.field.null or operation.field.many_to_many)
        and operation.field.db_default is NOT_PROVIDED
    ]
    assert wrong == [], "give it a database default, or let it be empty"


def test_nothing_the_version_before_still_reads_is_taken_away():
    taken = (DeleteModel, RemoveField, RenameField, RenameModel)
    wrong = [place for place, operation in added_later() if isinstance(operation, taken)]
    assert wrong == [], "drop it one version later, and say here from which on nothing reads it"
