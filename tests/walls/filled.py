"""Forms filled in as a browser would: what a page's form holds, and something plausible where it is empty."""

from html.parser import HTMLParser
from typing import Any

PLAUSIBLE = {
    "text": "Mot",
    "date": "2026-11-12",
    "number": "50",
    "email": "nouveau.mot@mur.example",
    "checkbox": "on",
    "": "Mot",
}
KNOWN = {"birth_on": "2018-02-03", "ends_on": "", "level": "CE1", "name": "Nouvelle", "score": "50"}
UNSENT = {"csrfmiddlewaretoken"}


class _Page(HTMLParser):
    """Collects the forms of a page: their action and their fields."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self.select = ""
        self.area = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        """Begin a form, or keep what a field of it holds."""
        said = {name: value or "" for name, value in attributes}
        if tag == "form" and said.get("method", "get").lower() == "post":
            self.forms.append((said.get("action", ""), {}))
        if not self.forms:
            return
        name = said.get("name", "")
        if tag == "input" and name:
            self._input(name, said)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select:
            self._option(said)
        elif tag == "textarea" and name:
            self.area = name
            self.fields[name] = ["Mot"]

    def handle_endtag(self, tag: str) -> None:
        """End a list or a text."""
        self.select = "" if tag == "select" else self.select
        self.area = "" if tag == "textarea" else self.area

    def handle_data(self, data: str) -> None:
        """Keep what is written in a text."""
        if self.area and data.strip():
            self.fields[self.area] = [data.strip()]

    @property
    def fields(self) -> dict[str, list[str]]:
        """Return the fields of the last form."""
        return self.forms[-1][1]

    def _option(self, said: dict[str, str]) -> None:
        """Keep what is chosen in a list, else its first choice."""
        value = said.get("value", "")
        if "selected" in said:
            self.fields[self.select] = [value]
        elif value:
            self.fields.setdefault(self.select, [value])

    def _input(self, name: str, said: dict[str, str]) -> None:
        kind = said.get("type", "")
        if kind in {"file", "submit", "button"} or name in UNSENT:
            return
        if kind in {"checkbox", "radio"}:
            if "checked" in said or "required" in said:
                self.fields.setdefault(name, []).append(said.get("value", "on"))
            return
        value = said.get("value") or KNOWN.get(name, PLAUSIBLE.get(kind, "Mot"))
        self.fields.setdefault(name, []).append(value)


def form_on(page: str, path: str) -> dict[str, Any]:
    """Return what the form that leads to this path holds, empty where the page has none."""
    parser = _Page()
    parser.feed(page)
    for action, fields in parser.forms:
        if action in {"", path}:
            return fields
    return {}
