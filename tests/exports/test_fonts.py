"""What the fonts at hand can't draw is said before, by the check and on the page; long words wrap."""

import io
from pathlib import Path

import pypdf
import pytest
from django.conf import settings as django_settings
from django.core import checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.utils.translation import override

from exports import checks as own
from exports.gateways import fonts
from exports.gateways.pdf import render
from exports.labels import undrawn_in_words


@pytest.fixture
def without(monkeypatch):
    """Return how to take the fonts away."""

    def take(drawn=""):
        monkeypatch.setattr(fonts, "_covered", lambda: frozenset(map(ord, drawn)))

    return take


def test_the_fonts_of_this_machine_are_read(tmp_path, monkeypatch):
    assert fonts.is_drawn("A")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    monkeypatch.setattr(fonts, "FOLDERS", (str(tmp_path),))
    fonts._covered.cache_clear()
    assert not fonts.is_drawn("A")
    fonts._covered.cache_clear()


def test_what_would_be_boxes_is_named_with_what_to_install(without):
    without("A")
    with override("fr"):
        told = undrawn_in_words(fonts.undrawn_here(["Léa 李", "😀"]))
    assert "李 😀" in told
    assert told.endswith("fonts-noto-cjk, fonts-noto-color-emoji.")
    assert undrawn_in_words(fonts.undrawn_here(["Léa"])) == ""


def test_the_deployment_check_warns_until_every_writing_is_covered(without):
    without("ΩЖשع")
    (warning,) = own.fonts_cover_every_writing(None)
    assert (warning.id, warning.level) == ("exports.W001", checks.WARNING)
    assert "中" in warning.msg
    assert "fonts-noto-cjk" in warning.hint
    without("ΩЖשعअกあ中한😀")
    assert own.fonts_cover_every_writing(None) == []


@pytest.mark.django_db
def test_the_check_is_one_of_a_deployments(without):
    without()
    with pytest.raises(SystemCheckError, match=r"exports\.W001"):  # among what a test's settings lack
        call_command("check", "--deploy")


LONG = "Taumatawhakatangihangakoauauotamateaturipukakapikimaungahoronukupokaiwhenuakitanatahu" * 4
PLACES = {
    "heading": "<h1>{}</h1>",
    "paragraph": "<p>{}</p>",
    "cell": "<table class='table'><tr><th>Quoi</th><td>{}</td><td class='num'>12,00</td></tr></table>",
    "fact": "<dl class='facts'><div><dt>Quoi</dt><dd>{}</dd></div></dl>",
    "addressee": "<div class='addressee'>{}</div>",
}


@pytest.mark.paper
@pytest.mark.parametrize("place", PLACES)
def test_a_word_longer_than_a_line_goes_on_below(place, tmp_path, settings):
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    page = '{% extends "pdf/base.html" %}{% block content %}' + PLACES[place].format(LONG) + "{% endblock %}"
    (tmp_path / "long.html").write_text(page)
    text = pypdf.PdfReader(io.BytesIO(render("long.html", {}, language="fr"))).pages[0].extract_text()
    lines = [line for line in text.splitlines() if "tamatea" in line or "whenua" in line]
    assert len(lines) > 1
    assert max(map(len, lines)) < len(LONG) / 2


def test_every_document_is_drawn_with_the_stylesheet_that_wraps():
    folder = Path(django_settings.BASE_DIR, "templates")
    documents = [path for path in folder.rglob("pdf/*.html") if path.parent != folder / "pdf"]
    drawn = [path for path in documents if '{% extends "pdf/base.html" %}' in path.read_text()]
    assert len(drawn) > 10
    for path in set(documents) - set(drawn):  # a part that another document takes in
        assert "<html" not in path.read_text(), path
    css = (Path(django_settings.BASE_DIR) / "static/css/print.css").read_text()
    assert "overflow-wrap: break-word" in css
