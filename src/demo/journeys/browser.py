"""A small browser: keeps cookies per host, follows links and redirects, fills forms in.

Speaks to this machine only.
"""

from __future__ import annotations

import http.client
import mimetypes
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

from demo.journeys.page import Form, Reader

LOOPBACK = "127.0.0.1"
REDIRECTS = {301, 302, 303, 307, 308}
File = tuple[str, bytes]
Value = str | list[str]


class Surprise(AssertionError):
    """Raised when a page isn't what the journey expects; says what was there instead."""


@dataclass
class Page:
    """An answer, read."""

    browser: Browser
    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    forms: list[Form] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)  # of its pictures
    text: str = ""

    def has(self, *words: str) -> bool:
        """Return whether all these words are on the page."""
        return all(" ".join(word.split()) in self.text for word in words)

    def must_have(self, *words: str) -> Page:
        """Return the page. Raises Surprise when one of these words isn't on it."""
        for word in words:
            if not self.has(word):
                raise Surprise(f"“{word}” is not on {self.url} ({self.status}): {self.text[:600]}")
        return self

    def form(self, action: str = "", *, having: str = "") -> Form:
        """Return the form whose action ends so, and that has this field. Raises Surprise."""
        for form in self.forms:
            target = urlsplit(urljoin(self.url, form.action)).path
            if form.method == "post" and target.endswith(action) and (not having or having in form.names):
                return form
        raise Surprise(
            f"no form for “{action}” with “{having}” on {self.url} ({self.status}): {self.text[:600]}"
        )

    def submit(
        self,
        action: str = "",
        *,
        having: str = "",
        files: Mapping[str, File] | None = None,
        press: tuple[str, str] | None = None,
        fill: Mapping[str, Value] | None = None,
        **more: Value,
    ) -> Page:
        """Fill a form in and send it; what isn't named keeps the value it shows."""
        values: dict[str, Value] = {**(fill or {}), **more}
        form = self.form(action, having=having)
        fields = [(name, value) for name, value in form.fields if name not in values]
        for name, given in values.items():
            fields += [(name, one) for one in ([given] if isinstance(given, str) else given)]
        fields += [press] if press else []
        return self.browser.post(urljoin(self.url, form.action or self.url), fields, files or {})

    def links_to(self, href: str) -> list[str]:
        """Return the addresses of the page's links that match."""
        return [urljoin(self.url, target) for target, _ in self.links if re.search(href, target)]

    def follow(self, *, href: str = "", words: str = "") -> Page:
        """Follow the first link whose address matches `href` and whose words hold `words`.

        Raises Surprise.
        """
        for target, said in self.links:
            if re.search(href, target) and words in said:
                return self.browser.get(urljoin(self.url, target))
        raise Surprise(f"no link “{href}{words}” on {self.url} ({self.status}): {self.text[:600]}")


class Browser:
    """One person at a screen."""

    def __init__(self, port: int, host: str = "localhost") -> None:
        """Start at a host of the demonstration, without any cookie."""
        self.port = port
        self.host = host
        self._cookies: dict[str, dict[str, str]] = {}

    def get(self, address: str, *, expect: int | None = 200) -> Page:
        """Return the page at an address, redirects followed.

        Raises Surprise when its status isn't the expected one.
        """
        return self._expect(self._go("GET", self._absolute(address), b"", {}), expect)

    def post(
        self,
        address: str,
        fields: Iterable[tuple[str, str]],
        files: Mapping[str, File],
        *,
        expect: int | None = 200,
    ) -> Page:
        """Send a form and return the page it leads to. Raises Surprise."""
        body, kind = _multipart(fields, files) if files else (urlencode(list(fields)).encode(), URLENCODED)
        return self._expect(self._go("POST", self._absolute(address), body, {"Content-Type": kind}), expect)

    def _absolute(self, address: str) -> str:
        return urljoin(f"http://{self.host}:{self.port}/", address)

    def _expect(self, page: Page, status: int | None) -> Page:
        if status is not None and page.status != status:
            raise Surprise(f"{page.url} answered {page.status}, not {status}: {page.text[:600]}")
        return page

    def _go(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Page:
        for _ in range(12):
            page = self._ask(method, url, body, headers)
            if page.status not in REDIRECTS:
                return page
            url = urljoin(url, page.headers["Location"])
            if page.status not in {307, 308}:
                method = "GET"
                body = b""
                headers = {}
        raise Surprise(f"{url} redirects without end")

    def _ask(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Page:
        parts = urlsplit(url)
        host = parts.hostname or self.host
        sent = {"Host": parts.netloc, "Referer": url, "Accept-Language": "fr", **headers}
        if jar := self._cookies.get(host):
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        connection = http.client.HTTPConnection(LOOPBACK, parts.port or 80, timeout=60)
        try:
            path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
            connection.request(method, path, body or None, sent)
            answer = connection.getresponse()
            self._keep(host, answer)
            return self._read(url, answer)
        finally:
            connection.close()

    def _keep(self, host: str, answer: http.client.HTTPResponse) -> None:
        jar = self._cookies.setdefault(host, {})
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    jar[name] = morsel.value
                else:
                    jar.pop(name, None)

    def _read(self, url: str, answer: http.client.HTTPResponse) -> Page:
        page = Page(self, url, answer.status, dict(answer.headers), answer.read())
        if "html" in answer.headers.get("Content-Type", ""):
            reader = Reader(page.body.decode(errors="replace"))
            page.forms = reader.forms
            page.links = reader.links
            page.text = reader.text
            page.sources = [urljoin(url, source) for source in reader.sources]
        return page


UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
URLENCODED = "application/x-www-form-urlencoded"


def _multipart(fields: Iterable[tuple[str, str]], files: Mapping[str, File]) -> tuple[bytes, str]:
    edge = secrets.token_hex(12)
    parts = []
    for name, value in fields:
        if name not in files:
            parts.append(
                f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            )
    for name, (filename, data) in files.items():
        kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
        head = (
            f'Content-Disposition: form-data; name="{name}"; '
            f'filename="{filename}"\r\nContent-Type: {kind}\r\n\r\n'
        )
        parts.append(f"--{edge}\r\n{head}".encode() + data + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
