"""The small browser of the journeys reads pages as a person does."""

import pytest

from demo.journeys.browser import Browser, Page, Surprise
from demo.journeys.page import Reader

HTML = """
<h1>Élèves  du <b>CE1</b></h1><style>p {}</style><a href="/a/">Ouvrir <b>ici</b></a><img src="/p.jpg">
<form method="post" action="/save/"><input name="token" value="x"><input type="checkbox" name="who" value="1"
id="w1" checked>
<label for="w1">Inès</label><label><input type="checkbox" name="who" value="2"> Zoé</label><textarea
name="text">
Bonjour</textarea><select name="how"><option value="a">Un</option><option value="b"
selected>Deux</option></select>
<input type="file" name="photo"><button name="act" value="share">Partager</button></form>
"""


@pytest.fixture
def page() -> Page:
    read = Reader(HTML)
    return Page(Browser(1), "http://localhost:1/x/", 200, {}, b"", read.forms, read.links, [], read.text)


def test_words_are_read_without_what_nobody_sees(page):
    assert page.has("Élèves du CE1", "Ouvrir ici")
    assert not page.has("p {}")
    with pytest.raises(Surprise, match="Adieu"):
        page.must_have("Adieu")


def test_a_form_holds_what_it_would_send(page):
    form = page.form("/save/", having="photo")
    assert form.fields == [("token", "x"), ("who", "1"), ("text", "Bonjour"), ("how", "b")]
    assert form.choices["who"] == [("1", "Inès"), ("2", "Zoé")]
    assert form.choice("how", "Un") == "a"
    assert form.buttons == [("act", "share")]


def test_links_are_found_by_address_and_words(page):
    assert page.links_to("/a/$") == ["http://localhost:1/a/"]
    with pytest.raises(Surprise):
        page.follow(href="/b/")
