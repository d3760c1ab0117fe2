"""Whether this installation is open: while a backup is being restored nobody is served."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings


def closed_because() -> str:
    """Return why nothing is served, "" while all is well."""
    try:
        return _marker().read_text(encoding="utf-8").strip() or "closed"
    except FileNotFoundError:
        return ""


@contextmanager
def closed_while(why: str) -> Iterator[None]:
    """Serve nothing and keep no promise meanwhile; what fails in the middle leaves it closed."""
    marker = _marker()
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(f"{why}\n", encoding="utf-8")
    yield
    marker.unlink()


def _marker() -> Path:
    return Path(settings.STATE) / "closed"
