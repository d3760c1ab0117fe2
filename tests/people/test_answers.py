"""What every answer has in common: nothing stays in a browser, nothing unreadable reaches the database."""

import pytest

from demo.factories.people import person_with
from isolation.context import inside


@pytest.fixture
def site(school, now, browse):
    with inside(school):
        head = person_with("administrator", now=now, email="head@tilleuls.example")
    return browse(school, head)


@pytest.mark.parametrize("page", ["/", "/people/", "/people/?format=csv", "/me/"])
def test_pages_of_who_is_signed_in_stay_in_no_cache(site, page):
    assert "no-store" in site.get(page).headers["Cache-Control"]


@pytest.mark.parametrize(
    "page", ["/people/?q=%00", "/pupils/?q=a%00b", "/record/?q=%00", "/people/invitations/?q=%00"]
)
def test_a_character_no_text_holds_is_the_askers_mistake(site, page):
    assert site.get(page).status_code == 400


@pytest.mark.parametrize("host", ["x@tilleuls.localhost", "tilleuls localhost", "a/b"])
def test_a_host_that_is_no_name_leads_nowhere(site, host):
    assert site.get("/", headers={"host": host}).status_code == 404


NO_TEXT = ["zlib", "bz2", "rot13", "idna", "undefined", "hex", "utf-7", "latin-1", "nonsense", "utf-8,zlib"]


@pytest.mark.django_db
@pytest.mark.parametrize("charset", NO_TEXT)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
def test_a_form_in_any_encoding_but_utf_8_is_the_senders_mistake(client, settings, charset, kind):
    client.raise_request_exception = False
    parts = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\na\r\n--x--\r\n'
    answer = client.generic(
        "POST",
        "/account/login/",
        parts,
        f"{kind}; charset={charset}",
        headers={"host": settings.PUBLIC_HOST},
    )
    assert answer.status_code == 400, answer.content


@pytest.mark.django_db
@pytest.mark.parametrize("charset", ["utf-8", "UTF-8", '"utf-8"', "us-ascii"])
def test_one_in_utf_8_is_read(client, settings, charset):
    parts = b'--x\r\nContent-Disposition: form-data; name="login"\r\n\r\na\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    answer = client.generic("POST", "/account/login/", parts, kind, headers={"host": settings.PUBLIC_HOST})
    assert answer.status_code == 200
