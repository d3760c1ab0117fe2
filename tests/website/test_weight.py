"""Pages travel compressed; what is handed out as a file doesn't."""

import gzip

from django.http import HttpResponse
from django.test import RequestFactory

from config.middleware import CompressPages


def answer(**headers):
    request = RequestFactory().get("/", headers={"accept-encoding": "gzip"})
    return CompressPages(lambda _request: HttpResponse("préau " * 200, headers=headers))(request)


def test_a_page_travels_compressed():
    page = answer()

    assert page.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(page.content).decode().startswith("préau préau")


def test_a_download_goes_as_it_is():
    assert "Content-Encoding" not in answer(**{"Content-Disposition": "attachment"}).headers
    assert "Content-Encoding" not in answer(**{"Content-Type": "application/zip"}).headers
