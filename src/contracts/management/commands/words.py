"""Keep the translations in step with the words on screen, one catalogue per app; needs no database."""

from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from contracts.management.extraction import COMMON, french, names_in, template_of

LANGUAGES = ["fr"]  # the words in the code are English: they need no catalogue

HEADER = """msgid ""
msgstr ""
"Project-Id-Version: Préau\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


class Command(BaseCommand):
    """The keeper of the catalogues."""

    help = (
        "Bring an app's catalogues up to date and compile them; --check fails on anything left to translate."
    )
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        """Describe the command line."""
        parser.add_argument("apps", nargs="*", metavar="APP", help="all of them when none is named")
        parser.add_argument(
            "--check", action="store_true", help="write nothing, fail when something is missing"
        )

    def handle(self, **options: Any) -> None:
        """Refresh or check the apps asked for."""
        known = [COMMON, *settings.LOCAL_APPS]
        if unknown := set(options["apps"]) - set(known):
            raise CommandError(f"no app is called {', '.join(sorted(unknown))}")
        work = self._check if options["check"] else self._refresh
        wrong = [
            line for app in options["apps"] or known for language in LANGUAGES for line in work(app, language)
        ]
        if options["check"]:
            wrong += [line for language in LANGUAGES for line in _disagreements(known, language)]
        for line in wrong:
            self.stdout.write(line)
        if wrong:
            raise CommandError(f"{len(wrong)} strings need a hand")

    def _refresh(self, app: str, language: str) -> list[str]:
        path = _path(app, language)
        template = _template(app)
        if not len(template) and not path.exists():
            return []
        catalog = _read(path, language)
        catalog.update(template, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        for message in catalog:
            if message.id and language == "fr":
                message.string = _each(message.string, french)
        _write(path, catalog)
        left = sum(1 for message in catalog if message.id and not _is_whole(message))
        self.stdout.write(f"{app}: {len(catalog)} strings, {left} to translate")
        return []

    def _check(self, app: str, language: str) -> list[str]:
        path = _path(app, language)
        template = _template(app)
        catalog = _read(path, language)
        said = {_key(message) for message in template if message.id}
        kept = {_key(message): message for message in catalog if message.id}
        found = [
            f"{app}/{language}: not in the catalogue: {key[0]!r}" for key in sorted(said - set(kept), key=str)
        ]
        found += [
            f"{app}/{language}: no longer said: {key[0]!r}" for key in sorted(set(kept) - said, key=str)
        ]
        found += [f"{app}/{language}: no longer said: {key!r}" for key in catalog.obsolete]
        for message in kept.values():
            found += [f"{app}/{language}: {fault}: {message.id!r}" for fault in _faults(message)]
        return found


def _disagreements(apps: list[str], language: str) -> list[str]:
    """Return what two apps say differently.

    On screen there is one catalogue, and the first app's words win.
    """
    said: dict[Any, dict[str, Any]] = {}
    for app in apps:
        for message in _read(_path(app, language), language):
            if message.id:
                said.setdefault(_key(message), {})[app] = message.string
    return [
        f"{language}: said differently: {key[0]!r}: "
        f"{', '.join(f'{app} {string!r}' for app, string in by.items())}"
        for key, by in said.items()
        if len({str(string) for string in by.values()}) > 1
    ]


def _path(app: str, language: str) -> Path:
    return Path(settings.BASE_DIR, "locale", app, language, "LC_MESSAGES", "django.po")


def _template(app: str) -> Catalog:
    return template_of(app, root=Path(settings.BASE_DIR), apps=settings.LOCAL_APPS)


def _read(path: Path, language: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=language, project="Préau", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _write(path: Path, catalog: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for message in catalog:
        message.locations = sorted(set(message.locations))
    with path.open("wb") as file:
        file.write(HEADER.format(language=catalog.locale, plurals=catalog.plural_forms).encode())
        write_po(file, catalog, width=110, omit_header=True, sort_by_file=True, include_lineno=False)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def _key(message: Message) -> tuple[Any, str | None]:
    return message.id, message.context


def _each(string: Any, change: Any) -> Any:
    return (
        tuple(change(part or "") for part in string)
        if isinstance(string, tuple | list)
        else change(string or "")
    )


def _forms(value: Any) -> list[str]:
    return list(value) if isinstance(value, tuple | list) else [value]


def _is_whole(message: Message) -> bool:
    return not message.fuzzy and all(_forms(message.string)) and bool(message.string)


def _faults(message: Message) -> list[str]:
    if message.fuzzy:
        return ["doubtful"]
    if not _is_whole(message):
        return ["not translated"]
    said = set().union(*(names_in(form) for form in _forms(message.id)))
    unknown = set().union(*(names_in(form) for form in _forms(message.string))) - said
    lost = names_in(_forms(message.id)[-1]) - names_in(_forms(message.string)[-1])
    found = ["a value the code doesn't give"] if unknown else []
    found += ["a value left out"] if lost else []
    if message.string != _each(message.string, french):
        found.append("an apostrophe or a space French doesn't print")
    return found
