"""What a person sees of a page: its words, its links, its forms with what they hold."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSENT = {"submit", "button", "image", "reset", "file"}
SILENT = {"script", "style", "template"}
Attributes = dict[str, str]


@dataclass
class Form:
    """A form: where it goes and what it would send untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    choices: dict[str, list[tuple[str, str]]] = field(
        default_factory=dict
    )  # of each select and group of boxes
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def choice(self, name: str, words: str) -> str:
        """Return the value of the choice whose words hold these."""
        return next(value for value, said in self.choices.get(name, []) if words in said)


class Reader(HTMLParser):
    """Reads a page once, from top to bottom."""

    def __init__(self, html: str) -> None:
        """Read it."""
        super().__init__(convert_charrefs=True)
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.sources: list[str] = []
        self._words: list[str] = []
        self._open: Form | None = None
        self._by_id: dict[str, Form] = {}
        self._silent = 0
        self._link: tuple[str, list[str]] | None = None
        self._area: tuple[Form | None, str, list[str]] | None = None
        self._select: tuple[Form | None, str, list[str]] | None = None
        self._option: tuple[str, bool, list[str]] | None = None
        self._label: tuple[str, list[str]] | None = None
        self._boxes: dict[str, tuple[Form, str, str]] = {}  # by id; "" is the one inside the open label
        self.feed(html)

    @property
    def text(self) -> str:
        """Return the page's words in one line."""
        return " ".join(" ".join(self._words).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what starts."""
        found = {name: value or "" for name, value in attrs}
        self._silent += tag in SILENT
        if starts := getattr(self, f"_start_{tag}", None):
            starts(found)

    def handle_endtag(self, tag: str) -> None:
        """Note what ends."""
        self._silent -= tag in SILENT
        if ends := getattr(self, f"_end_{tag}", None):
            ends()

    def handle_data(self, data: str) -> None:
        """Note words, and whose they are."""
        if self._silent:
            return
        self._words.append(data)
        for held in (self._link, self._area, self._option, self._label):
            if held is not None:
                held[-1].append(data)

    def _start_form(self, found: Attributes) -> None:
        self._open = Form(found.get("action", ""), found.get("method", "get").lower())
        self.forms.append(self._open)
        self._by_id[found.get("id", "")] = self._open

    def _end_form(self) -> None:
        self._open = None

    def _form(self, found: Attributes) -> Form | None:
        return self._by_id.get(found["form"]) if "form" in found else self._open

    def _start_input(self, found: Attributes) -> None:
        form = self._form(found)
        name = found.get("name", "")
        kind = found.get("type", "text").lower()
        if form is None or not name:
            return
        form.names.add(name)
        if kind in {"checkbox", "radio"}:
            box = (form, name, found.get("value", "on"))
            self._boxes |= (
                {found.get("id", "?"): box, "": box} if self._label else {found.get("id", "?"): box}
            )
        if kind in UNSENT or (kind in {"checkbox", "radio"} and "checked" not in found):
            return
        form.fields.append((name, found.get("value", "on" if kind in {"checkbox", "radio"} else "")))

    def _start_label(self, found: Attributes) -> None:
        self._boxes.pop("", None)
        self._label = (found.get("for", ""), [])

    def _end_label(self) -> None:
        target, words = self._label or ("", [])
        if found := self._boxes.get(target) or self._boxes.get(""):
            form, name, value = found
            form.choices.setdefault(name, []).append((value, " ".join("".join(words).split())))
        self._label = None

    def _start_button(self, found: Attributes) -> None:
        form = self._form(found)
        if form is not None and found.get("name"):
            form.buttons.append((found["name"], found.get("value", "")))

    def _start_img(self, found: Attributes) -> None:
        self.sources.append(found.get("src", ""))

    def _start_a(self, found: Attributes) -> None:
        self._link = (found.get("href", ""), [])

    def _end_a(self) -> None:
        if self._link is not None:
            self.links.append((self._link[0], " ".join("".join(self._link[1]).split())))
        self._link = None

    def _start_textarea(self, found: Attributes) -> None:
        self._area = (self._form(found), found.get("name", ""), [])

    def _end_textarea(self) -> None:
        form, name, words = self._area or (None, "", [])
        if form is not None:
            form.names.add(name)
            form.fields.append((name, "".join(words).removeprefix("\n")))
        self._area = None

    def _start_select(self, found: Attributes) -> None:
        self._select = (self._form(found), found.get("name", ""), [])
        if self._select[0] is not None:
            self._select[0].names.add(found.get("name", ""))

    def _end_select(self) -> None:
        self._end_option()
        form, name, chosen = self._select or (None, "", [])
        if form is not None:
            first = [value for value, _ in form.choices.get(name, [])][:1]
            form.fields += [(name, value) for value in chosen or first]
        self._select = None

    def _start_option(self, found: Attributes) -> None:
        self._end_option()
        self._option = (found.get("value", ""), "selected" in found, [])

    def _end_option(self) -> None:
        form, name, chosen = self._select or (None, "", [])
        if self._option and form is not None:
            value, is_chosen, words = self._option
            form.choices.setdefault(name, []).append((value, " ".join("".join(words).split())))
            chosen += [value] if is_chosen else []
        self._option = None
