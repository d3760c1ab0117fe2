"""Translations stay in step with the words on screen."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import translation

from audit.registry import action_label
from contracts.management.extraction import app_of, french, names_in, template_of, words_in

LOCAL_APPS = ["people", "contracts", "website"]


@pytest.fixture
def house(tmp_path, settings):
    """Return a small project of its own: one app with a page and a module."""
    settings.BASE_DIR = tmp_path
    settings.LOCAL_APPS = ["people"]
    (tmp_path / "src/people").mkdir(parents=True)
    (tmp_path / "templates/people").mkdir(parents=True)
    (tmp_path / "src/people/views.py").write_text('said = _("Hello %(name)s") % {"name": name}\n')
    (tmp_path / "templates/people/page.html").write_text('{% load i18n %}{% translate "Save" %}')
    return tmp_path


def write(house, **said):
    path = house / "locale/people/fr/LC_MESSAGES/django.po"
    text = path.read_text()
    for english, string in said.items():
        text = text.replace(
            f'msgid "{english.replace("_", " ")}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{string}"'
        )
    path.write_text(text)
    return path


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("One")', [("One", None)]),
        ('ngettext("%(n)d a", "%(n)d as", n)', [(("%(n)d a", "%(n)d as"), None)]),
        ('pgettext("month", "May")', [("May", "month")]),
        ("_(variable)", []),
    ],
)
def test_words_are_found_in_python(tmp_path, source, found):
    path = tmp_path / "a.py"
    path.write_text(source + "\n")
    assert [(message, context) for message, context, _kind in words_in(path)] == found


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("""{% translate 'It’s "here"' %}""", ['It’s "here"']),
        ("{% include 'a.html' with label=_('Name') only %}", ["Name"]),
        ("{% blocktranslate with a=b %}Hello {{ a }}{% endblocktranslate %}", ["Hello %(a)s"]),
        (
            "{% blocktranslate count n=m %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            [("%(n)s day", "%(n)s days")],
        ),
        ("{# translate 'no' #}plain text", []),
    ],
)
def test_words_are_found_in_templates(tmp_path, source, found):
    path = tmp_path / "a.html"
    path.write_text("{% load i18n %}" + source)
    assert [message for message, _context, _kind in words_in(path)] == found


@pytest.mark.parametrize(
    ("path", "app"),
    [
        ("src/people/views/home.py", "people"),
        ("templates/people/home.html", "people"),
        ("templates/account/login.html", "people"),
        ("templates/layouts/base.html", "common"),
        ("templates/404.html", "common"),
        ("src/contracts/templatetags/ui.py", "common"),
        ("src/contracts/views.py", "contracts"),
        ("src/config/settings.py", "common"),
        ("src/elsewhere/views.py", None),
    ],
)
def test_each_file_s_words_belong_to_one_room(path, app):
    assert app_of(path, LOCAL_APPS) == app


def test_a_catalogue_is_refreshed_checked_and_compiled(house):
    call_command("words", "people", verbosity=0)
    with pytest.raises(CommandError, match="2 strings"):
        call_command("words", "people", "--check")

    path = write(house, **{"Hello %(name)s": "Bonjour %(name)s", "Save": "Enregistrer"})
    call_command("words", "people", "--check")
    call_command("words", "people")

    assert path.with_suffix(".mo").exists()
    (house / "templates/people/page.html").write_text("")
    with pytest.raises(CommandError, match="1 strings"):
        call_command("words", "people", "--check")
    call_command("words", "people")
    assert "Save" not in path.read_text()


def test_a_value_lost_in_translation_is_found(house, capsys):
    call_command("words", "people")
    write(house, **{"Hello %(name)s": "Bonjour", "Save": "Enregistrer"})

    with pytest.raises(CommandError):
        call_command("words", "people", "--check")

    assert "a value left out" in capsys.readouterr().out


def test_an_unknown_room_is_refused(house):
    with pytest.raises(CommandError, match="nowhere"):
        call_command("words", "nowhere")


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("L'école", "L’école"),
        ("Sûr ?", "Sûr\u202f?"),
        ("Fin ; suite", "Fin\u202f; suite"),
        ("Nom : Zoé", "Nom\u00a0: Zoé"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("à 10:30", "à 10:30"),
        ("http://a.example", "http://a.example"),
    ],
)
def test_french_is_printed_as_french_is_printed(typed, printed):
    assert french(typed) == printed
    assert french(printed) == printed


def test_names_of_values_are_found():
    assert names_in("%(a)s and {b} and 100 %") == {"a", "b"}


def test_an_empty_room_says_nothing(tmp_path):
    assert isinstance(template_of("people", root=tmp_path, apps=LOCAL_APPS), Catalog)


def test_english_is_spoken_in_the_words_of_the_code():
    with translation.override("en"):
        assert translation.gettext("Skip to content") == "Skip to content"
    with translation.override("fr"):
        assert translation.gettext("Skip to content") == "Aller au contenu"


def test_every_verb_of_the_trail_is_said_in_words():
    written = {
        verb
        for path in Path(settings.BASE_DIR).glob("src/**/*.py")
        for verb in re.findall(r'write\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text())
    }
    assert {verb for verb in written if action_label(verb) == verb} == set()


def test_two_rooms_that_say_one_thing_differently_are_found(house, capsys, settings):
    settings.LOCAL_APPS = ["people", "website"]
    (house / "templates/website").mkdir()
    (house / "templates/website/page.html").write_text('{% load i18n %}{% translate "Save" %}')
    call_command("words")
    write(house, **{"Hello %(name)s": "Bonjour %(name)s", "Save": "Enregistrer"})
    other = house / "locale/website/fr/LC_MESSAGES/django.po"
    other.write_text(other.read_text().replace('msgid "Save"\nmsgstr ""', 'msgid "Save"\nmsgstr "Garder"'))

    with pytest.raises(CommandError, match="1 strings"):
        call_command("words", "--check")

    assert "people 'Enregistrer', website 'Garder'" in capsys.readouterr().out
