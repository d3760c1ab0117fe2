"""A program with a token, and what it asks."""

import json
from uuid import uuid4

import pytest
from django.test import Client

from demo.factories.people import person_with
from isolation.context import inside_operator
from people.actions.make_token import make_token


@pytest.fixture
def staff(db, now):
    """Return a function that gives a person of the operator's house with a role."""

    def make(role="finance"):
        with inside_operator():
            mark = uuid4().hex[:8]
            return person_with(role, now=now, username=f"prog.{mark}", email=f"{mark}@op.example")

    return make


@pytest.fixture
def token_for(now):
    """Return a function that gives a new token and its secret."""

    def make(person, days=30, **narrower):
        with inside_operator():
            details = {"name": "Compta", "days": days, "now": now, "today": now.date()}
            return make_token(person=person, **details, **narrower)

    return make


class Program:
    """Asks with a token, in JSON."""

    def __init__(self, secret=""):
        self.secret = secret
        self.client = Client(HTTP_HOST="localhost", raise_request_exception=True)

    def ask(self, method, path, data=None, key="", **headers):
        """Return the answer."""
        if self.secret:
            headers["Authorization"] = f"Bearer {self.secret}"
        if key:
            headers["Idempotency-Key"] = key
        body = data if isinstance(data, str | bytes) else ("" if data is None else json.dumps(data))
        headers.setdefault("Accept-Language", "en")
        return self.client.generic(
            method, f"/api/v1/{path}", body, content_type="application/json", headers=headers
        )

    def get(self, path, **headers):
        """Return the answer to GET."""
        return self.ask("GET", path, **headers)

    def post(self, path, data=None, **headers):
        """Return the answer to POST."""
        return self.ask("POST", path, data, **headers)


@pytest.fixture
def program(staff, token_for):
    """Return a program that acts for somebody of finance."""
    return Program(token_for(staff())[1])
