"""The files every page loads: which, in which order, and how long a browser may keep them."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static

STATIC = Path(settings.BASE_DIR) / "static"


def test_htmx_stands_beside_our_script_and_says_its_version() -> None:
    [file] = (STATIC / "js").glob("htmx-*.min.js")
    [version] = re.findall(r"htmx-([\d.]+)\.min", file.name)
    told, library = file.read_text().split("\n", 1)
    assert f"htmx {version}," in told
    assert f'version:"{version}"' in library
    assert "var htmx" not in (STATIC / "js/app.js").read_text()


@pytest.mark.django_db
def test_a_page_loads_htmx_before_our_script_and_nothing_inline(client) -> None:
    page = client.get("/", HTTP_HOST=settings.PUBLIC_HOST).content.decode()
    scripts = re.findall(r'<script src="([^"]+)" defer></script>', page)
    assert scripts[:2] == [static("js/htmx-2.0.11.min.js"), static("js/app.js")]
    assert page.count("<script") == len(scripts)
