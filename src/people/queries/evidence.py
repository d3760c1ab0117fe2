"""What an auditor finds on the home page: the evidence they came to read."""

from people.registry import MenuItem, account_menu_items
from people.requests import PersonRequest

EVIDENCE = {"promises.read", "agenda.read", "audit.read"}
DAILY = {"classes.read", "people.read", "family.read"}


def evidence_panel(request: PersonRequest) -> dict[str, list[MenuItem]] | None:
    """Return the pages of evidence a person may read; nothing for whoever has a school's daily work to do."""
    if request.permissions & DAILY:
        return None
    held = EVIDENCE & request.permissions
    found = [link for link in account_menu_items("tenant") if link.permission in held]
    return {"links": found} if found else None
