"""Every model of a tenant says what it holds about people; what is exported and erased is read from there."""

import pytest
from django.utils import translation

from contracts.registry import CASCADE, declarations, label_of, undeclared
from dpa.forms import CATEGORIES
from dpa.queries import tables
from exports.policy.contents import steps


def test_no_model_of_a_tenant_is_declared_nowhere():
    assert [model._meta.label for model in undeclared()] == []


def test_every_declaration_can_be_read_and_erased(in_school):
    for declaration in declarations():
        assert declaration.about([in_school.pk]).count() == 0, declaration.label
        assert declaration.erase is CASCADE or callable(declaration.erase)


def test_every_file_field_of_a_declared_model_goes_with_its_rows():
    for declaration in declarations():
        fields = {
            field.name
            for field in declaration.model._meta.get_fields()
            if field.__class__.__name__ in {"FileField", "ImageField"}
        }
        assert fields <= set(declaration.files), declaration.label


def test_every_category_has_its_words():
    assert {str(declaration.category) for declaration in declarations()} <= set(CATEGORIES)


def test_the_whole_export_holds_every_table_that_leaves():
    assert (
        len(
            steps(
                people=[],
                tables=tables.personal_data_models(),
                held=tables.personal_data_models(),
                whole=True,
            )
        )
        == len(tables.personal_data_models()) + 1
    )


def test_a_teachers_tables_exist():
    assert set(tables.of_students()) <= set(tables.personal_data_models())


def test_no_export_holds_a_secret(in_school):
    for declaration in declarations():
        rows = list(declaration.export(declaration.model._base_manager.all())) if declaration.export else []
        assert not {"password", "token_hash", "nonce", "salt", "data"} & {
            key for row in rows for key in row
        }, declaration.label


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_declared_model_has_a_label_people_read(language):
    with translation.override(language):
        said = {each.label: str(label_of(each.label)) for each in declarations()}
    assert [label for label, words in said.items() if not words or "." in words] == []
    assert label_of("never.Declared") == "never.Declared"


def test_every_label_is_translated():
    said = {}
    for language in ("en", "fr"):
        with translation.override(language):
            said[language] = {each.label: str(each.words) for each in declarations()}
    same = {words for label, words in said["en"].items() if words == said["fr"][label]}
    assert same <= {"exports", "invitations", "observations", "photos", "sessions"}  # written alike in both
