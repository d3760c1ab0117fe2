"""PDF: tagged, real text, nothing fetched from outside."""

import base64
import io
import time

import pytest
from PIL import Image
from pypdf import PdfReader
from weasyprint.urls import URLFetcher

from exports.gateways import pdf
from exports.gateways.pdf import TooManyRows, data_uri, render, thumbnail

pytestmark = pytest.mark.paper


@pytest.fixture
def template(tmp_path, settings):
    """Return a function that makes a template of a text."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]

    def make(text):
        (tmp_path / "sheet.html").write_text(text, encoding="utf-8")
        return "sheet.html"

    return make


def words(content):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


PAGE = (
    '{% extends "pdf/base.html" %}{% block title %}Essai{% endblock %}{% block content %}BODY{% endblock %}'
)


def test_it_is_tagged_has_a_title_a_language_and_real_text(template):
    content = render(
        template(PAGE.replace("BODY", "<h1>Élan et Zoé</h1><p>œuvre, 12 €</p>")), {}, language="fr"
    )
    document = PdfReader(io.BytesIO(content))
    catalog = document.trailer["/Root"]
    assert catalog["/MarkInfo"]["/Marked"]
    assert catalog["/Lang"] == "fr"
    assert document.metadata.title == "Essai"
    assert b"pdfuaid" in content or "pdfuaid" in str(catalog["/Metadata"].get_data())
    assert "Élan et Zoé" in words(content)
    assert "12 €" in words(content)


def test_nothing_is_fetched_from_disk_or_network(template, tmp_path, monkeypatch):
    secret = tmp_path / "secret.html"
    secret.write_text("<p>TRES SECRET</p>")
    asked = []
    fetch = URLFetcher.fetch
    monkeypatch.setattr(
        URLFetcher, "fetch", lambda self, url, headers=None: asked.append(url) or fetch(self, url, headers)
    )
    body = f'<img src="file://{secret}" alt="x"><img src="http://127.0.0.1:9/x.png" alt="y"><object data="file://{secret}"></object>'
    assert "SECRET" not in words(render(template(PAGE.replace("BODY", body)), {}, language="fr"))
    assert all(url.startswith(("file:", "http:")) for url in asked)


def test_images_come_as_data(template):
    picture = io.BytesIO()
    Image.new("RGB", (2000, 1000), "navy").save(picture, "JPEG")
    small = thumbnail(picture.getvalue())
    assert small.startswith("data:image/jpeg;base64,")
    assert len(small) < len(data_uri(picture.getvalue()))
    content = render(template(PAGE.replace("BODY", f'<img alt="bleu" src="{small}">')), {}, language="fr")
    assert PdfReader(io.BytesIO(content)).pages[0].images
    assert thumbnail(b"no photo") == ""


def decoded(address):
    return Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2])))


@pytest.mark.parametrize(
    ("size", "shown"), [((2000, 1000), (480, 240)), ((900, 1600), (270, 480)), ((90, 60), (90, 60))]
)
def test_a_photo_is_as_large_as_its_frame_asks_and_never_larger_than_it_was(size, shown):
    picture = io.BytesIO()
    Image.new("RGB", size, "navy").save(picture, "JPEG")
    assert decoded(thumbnail(picture.getvalue())).size == shown


def test_a_photo_stands_in_the_document_as_it_was_made(template):
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), "navy").save(picture, "JPEG")
    small = thumbnail(picture.getvalue())
    content = render(template(PAGE.replace("BODY", f'<img alt="bleu" src="{small}">')), {}, language="fr")
    assert base64.b64decode(small.partition(",")[2]) in content


def test_a_table_nobody_would_wait_for_is_refused(template):
    with pytest.raises(TooManyRows):
        render(
            template(PAGE.replace("BODY", "<table>" + "<tr><td>x</td></tr>" * 4001 + "</table>")),
            {},
            language="fr",
        )


def test_fonts_and_stylesheet_are_read_once(template):
    name = template(PAGE.replace("BODY", "<p>vite</p>"))
    render(name, {}, language="fr")
    assert pdf._fonts() is pdf._fonts()
    assert pdf._stylesheet() is pdf._stylesheet()
    start = time.perf_counter()
    render(name, {}, language="en")
    assert time.perf_counter() - start < 2
