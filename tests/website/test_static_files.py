"""The files every page loads: which, in which order, and how long a browser may keep them."""

import re
from hashlib import sha256
from pathlib import Path

import pytest
from django.conf import settings
from django.templatetags.static import static
from django.test import override_settings

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


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["icons.svg", "css/app.css", "js/app.js", "favicon.svg"])
def test_the_address_of_a_file_says_what_it_holds_and_it_is_kept_for_a_year(client, name) -> None:
    held = (STATIC / name).read_bytes()
    address = static(name)
    assert address == f"/static/{name}?v={sha256(held).hexdigest()[:12]}"
    answer = client.get(address)
    assert b"".join(answer.streaming_content) == held
    assert answer["Cache-Control"] == "max-age=31536000, public"


@override_settings(DEBUG=True)
def test_while_somebody_writes_them_a_change_is_seen_at_once(tmp_path) -> None:
    (tmp_path / "new.css").write_text("a")
    with override_settings(STATICFILES_DIRS=[tmp_path]):
        before = static("new.css")
        (tmp_path / "new.css").write_text("b")
        assert static("new.css") != before
    assert static("never-there.css") == "/static/never-there.css"
