"""The door to the profile files: `profiles/<key>/<YYYY-MM-DD>.toml`, each in force from the day it is named
for.
"""

from datetime import date
from functools import lru_cache
from pathlib import Path

from contracts.policy.profile_reader import ProfileError, parse_profile
from contracts.policy.profiles import Profile

FOLDER = Path(__file__).resolve().parent.parent / "profiles"


class UnknownProfile(LookupError):
    """Raised when no profile has this key, or none yet on this day."""


@lru_cache(maxsize=8)
def load(folder: Path = FOLDER) -> dict[str, tuple[Profile, ...]]:
    """Return every version of every profile, oldest first.

    Raise ProfileError on the first file that is wrong.
    """
    keys = sorted(path.name for path in folder.iterdir() if path.is_dir())
    return {key: tuple(_read(path) for path in sorted((folder / key).glob("*.toml"))) for key in keys}


def _read(path: Path) -> Profile:
    source = f"{path.parent.name}/{path.name}"
    try:
        version = date.fromisoformat(path.stem)
    except ValueError:
        raise ProfileError(
            source, 1, "the file's name must be the day from which it holds, YYYY-MM-DD"
        ) from None
    return parse_profile(
        path.read_text(encoding="utf-8"), key=path.parent.name, version=version, source=source
    )


def profile(key: str, *, on: date) -> Profile:
    """Return the version of a profile that holds on a day.

    Raises UnknownProfile.
    """
    held = [version for version in load().get(key, ()) if version.version <= on]
    if not held:
        raise UnknownProfile(f"no contract profile {key!r} on {on.isoformat()}")
    return held[-1]


def profiles(*, on: date) -> list[Profile]:
    """Return the version of each profile that holds on a day, by key."""
    return [profile(key, on=on) for key, versions in load().items() if versions and versions[0].version <= on]
