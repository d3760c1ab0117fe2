"""Asking an address, and comparing what two answers say."""

import re
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.walls.addresses import URLCONFS, Address

READING = ("get", "post")
VARIES = (
    (re.compile(rb"[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}"), b"UUID"),
    (re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"'), b"CSRF"),
    (re.compile(rb'"?X-CSRFToken"?: "?[^"]+"'), b"CSRF"),
)


def ask(client: Client, address: Address, method: str, kwargs: dict[str, Any]) -> tuple[Any, bytes]:
    """Return the answer; what the request changed is taken back."""
    path = reverse(address.name, urlconf=URLCONFS[address.host], kwargs=kwargs)
    with transaction.atomic():
        mark = transaction.savepoint()
        response = getattr(client, method)(path)
        body = b"".join(response) if response.streaming else response.content
        transaction.savepoint_rollback(mark)
    return response, body


def plain(body: bytes, path_parts: Any) -> bytes:
    """Return a body without what differs between two answers about the same."""
    for pattern, instead in VARIES:
        body = pattern.sub(instead, body)
    for part in sorted((p for p in map(str, path_parts) if len(p) > 6), key=len, reverse=True):
        body = body.replace(part.encode(), b"PART")
    return body
