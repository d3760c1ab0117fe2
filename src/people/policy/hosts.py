"""What several machines that serve one installation can't each keep for themselves."""

from collections.abc import Collection, Mapping
from pathlib import Path


def unshared(
    hosts: int, *, shared: Collection[Path], folders: Mapping[str, Path], alone: Mapping[str, bool]
) -> list[str]:
    """Return the settings that would leave each host something of its own, none with one host.

    `shared` are the folders all hosts mount, `folders` where what must be one for all is kept, `alone`
    whether what a setting names is each process's or each machine's own. Source: ASVS 5.0, 2.4.1 and 16.4.2:
    limits and evidence are one, or none.
    """
    if hosts <= 1:
        return []
    own = [name for name, is_alone in alone.items() if is_alone]
    own += [
        name
        for name, folder in folders.items()
        if not any(folder.is_relative_to(mounted) for mounted in shared)
    ]
    return sorted(own)
