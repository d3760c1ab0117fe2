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
