"""What the sign-in page of a demonstration shows: who may come in by this door."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from demo.gateways.notes import people
from tenants.queries import public_url


def doors(request: HttpRequest) -> dict[str, Any]:
    """Return the accounts of this host, read only where they are shown, and where all of them are."""
    here = f"//{request.get_host()}/"
    return {
        "demo_accounts": SimpleLazyObject(lambda: [each for each in people() if here in each.url]),
        "demo_people_url": public_url("/demo/"),
    }
