"""What was promised, as pages show it.

The clauses with what keeps and proves them, and the terms in force.
"""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings

from contracts.models import TermsVersion
from contracts.policy.clauses import ClauseRow, clause_map, functions_in

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
    written = _written(root)["clause"]
    kept: dict[str, list[str]] = {}
    for path in sorted((root / "src").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "Clause" in text:
            for clause, names in functions_in(text, _module(path.relative_to(root / "src"))).items():
                kept.setdefault(clause, []).extend(names)
    files = [path.name for path in (root / "tests" / "clauses").glob("test_*.py")]
    return tuple(clause_map(written, kept, files))


@lru_cache(maxsize=4)
def _written(root: Path) -> dict[str, list[dict[str, str]]]:
    return tomllib.loads((root / "docs" / "clauses.toml").read_text(encoding="utf-8"))


def _module(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def clause_rows(root: Path | None = None) -> list[ClauseRow]:
    """Return every promise with the functions that keep it, its tests and its state, in the contracts'
    order.
    """
    return list(_map(root or settings.BASE_DIR))


def families(root: Path | None = None) -> list[Family]:
    """Return the contracts the clauses come from, in order."""
    return [Family(**row) for row in _written(root or settings.BASE_DIR)["family"]]


def unknown_clauses(root: Path | None = None) -> list[str]:
    """Return the ids that docstrings name and docs/clauses.toml doesn't have."""
    root = root or settings.BASE_DIR
    known = {row["id"] for row in _written(root)["clause"]}
    texts = ((path, path.read_text(encoding="utf-8")) for path in sorted((root / "src").rglob("*.py")))
    named = {clause for path, text in texts if "Clause" in text for clause in functions_in(text, path.stem)}
    return sorted(named - known)


def has_tests(root: Path | None = None) -> bool:
    """Return whether this installation has the tests: without them no promise can be shown as proved."""
    return ((root or settings.BASE_DIR) / "tests" / "clauses").is_dir()


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
