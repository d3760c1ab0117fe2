"""What an auditor finds on the home page: the evidence they came to read."""

from typing import Any

from people.registry import Place, account_links

EVIDENCE = {"promises.read", "agenda.read", "audit.read"}
DAILY = {"classes.read", "people.read", "family.read"}


def evidence_panel(request: Any) -> dict[str, list[Place]] | None:
    """Return the pages of evidence a person may read; nothing for whoever has a school's daily work to do."""
    if request.rights & DAILY:
        return None
    held = EVIDENCE & request.rights
    found = [link for link in account_links("tenant") if link.right in held]
    return {"links": found} if found else None
