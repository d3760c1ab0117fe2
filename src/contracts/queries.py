"""What was promised, as pages show it.

The clauses with what keeps and proves them, and the terms in force.
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from zoneinfo import ZoneInfo

from django.apps import apps
from django.conf import settings

from contracts.models import TermsVersion
from contracts.policy.clauses import ClauseRow, clause_map, marked, name_of

OPERATOR_ZONE = ZoneInfo("Europe/Paris")


@dataclass(frozen=True, slots=True)
class Family:
    """A contract whose clauses start alike."""

    prefix: str
    title: str
    title_fr: str


@lru_cache(maxsize=4)
def _map(root: Path) -> tuple[ClauseRow, ...]:
    """Return the clause map of a checkout; read once per process, the files don't change under it."""
    read_all()
    named = {key: [name_of(each) for each in functions] for key, functions in marked().items()}
    files = {path.name: path.read_text(encoding="utf-8") for path in _proofs(root).glob("test_*.py")}
    oracle = {path.name: path.read_text(encoding="utf-8") for path in _oracle(root).glob("test_*.py")}
    return tuple(clause_map(_written(root)["clause"], named, files, oracle=oracle))


def _proofs(root: Path) -> Path:
    return root / "tests" / "clauses"


def _oracle(root: Path) -> Path:
    return root / "tests" / "oracle"


@lru_cache(maxsize=4)
def _written(root: Path) -> dict[str, list[dict[str, str]]]:
    return tomllib.loads((root / "docs" / "clauses.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def read_all() -> None:
    """Import every module of ours that may hold a marked function, so that the registry is whole."""
    for config in apps.get_app_configs():
        if Path(config.path).is_relative_to(settings.BASE_DIR / "src") and config.name != "demo":
            for module in walk_packages([config.path], f"{config.name}."):
                if not {"migrations", "management"} & set(module.name.split(".")):
                    import_module(module.name)


def clause_rows(root: Path | None = None) -> list[ClauseRow]:
    """Return every promise with its functions, tests, stories and state, in the contracts' order."""
    return list(_map(root or settings.BASE_DIR))


def clause_row(clause: str) -> ClauseRow | None:
    """Return one promise, None when there is none of that name."""
    return next((row for row in clause_rows() if row.id == clause), None)


def families(root: Path | None = None) -> list[Family]:
    """Return the contracts the clauses come from, in order."""
    return [Family(**row) for row in _written(root or settings.BASE_DIR)["family"]]


def unknown_clauses(root: Path | None = None) -> list[str]:
    """Return the ids that functions are marked with and docs/clauses.toml doesn't have."""
    read_all()
    known = {row["id"] for row in _written(root or settings.BASE_DIR)["clause"]}
    return sorted(set(marked()) - known)


def has_tests(root: Path | None = None) -> bool:
    """Return whether this installation has the tests: without them no promise can be shown as proved."""
    return _proofs(root or settings.BASE_DIR).is_dir()


def terms_in_force(kind: str, profile: str, language: str, at: datetime | date) -> TermsVersion | None:
    """Return the version of a document in force at an instant, in a language or else in French.

    None when none is.

    The day is the operator's. A translation counts only when it is of the French version in force.
    """
    day = at.astimezone(OPERATOR_ZONE).date() if isinstance(at, datetime) else at
    french = TermsVersion.objects.of(kind, profile, "fr").in_force(day).first()
    if french is None or language == "fr":
        return french
    translated = TermsVersion.objects.of(kind, profile, language).in_force(day)
    return translated.filter(version=french.version).first() or french


def published_terms(profiles: Collection[str] | None = None) -> list[TermsVersion]:
    """Return every published version, the newest of each document first; of these offers, or of all."""
    rows = TermsVersion.objects.defer("text").order_by(
        "profile", "kind", "-in_force_on", "-version", "-language"
    )
    return list(rows if profiles is None else rows.filter(profile__in=profiles))
