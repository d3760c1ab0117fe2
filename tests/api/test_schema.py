"""The description of the API holds: what it says is what is answered, whatever is sent."""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from billing.api.schema import describe
from demo.factories.billing import ContactFactory, invoice_of, order_signed, quote_sent
from isolation.context import inside_operator

pytestmark = pytest.mark.django_db
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def app():
    """Give the application itself; the connection of the test's transaction stays open between requests."""
    signals = (request_started, request_finished)
    stopped = [signal for signal in signals if signal.disconnect(close_old_connections)]
    yield WSGIHandler()
    for signal in stopped:
        signal.connect(close_old_connections)


@pytest.fixture
def papers(db, now):
    with inside_operator():
        version = quote_sent(ContactFactory(), now=now)
        invoice = invoice_of(order_signed(now=now))
    return {"version_id": version.pk, "invoice_id": invoice.pk, "order_id": invoice.order_id}


def operations():
    return [(path, method) for path, methods in describe("en")["paths"].items() for method in methods]


def test_it_is_served_to_programs_and_people(db):
    client = Client(HTTP_HOST="localhost")
    answer = client.get("/api/v1/schema/")
    assert answer["Content-Type"] == "application/json"
    schema = answer.json()
    assert schema["openapi"].startswith("3.")
    assert schema["components"]["securitySchemes"]["token"] == {"type": "http", "scheme": "bearer"}
    assert len(schema["paths"]) == 16
    page = client.get("/api/v1/")
    text = page.content.decode()
    assert all(path in text for path in schema["paths"])
    assert "lines[].quantity" in text
    assert all(each["words"] for _thing, rows in page.context["groups"] for each in rows)
    assert '<script src="http' not in text
    assert "style=" not in text
    assert "default-src 'self'" in page["Content-Security-Policy"]


@pytest.mark.parametrize(("path", "method"), operations())
def test_what_it_says_is_what_is_answered(path, method, program, papers, app):
    headers = {"Authorization": f"Bearer {program.secret}", "Host": "localhost"}
    loaded = schemathesis.openapi.from_wsgi("/api/v1/schema/", app=app, headers={"Host": "localhost"})

    @settings(
        max_examples=8,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=loaded[path][method.upper()].as_strategy())
    def holds(case):
        known = {name: str(papers[name]) for name in case.path_parameters or {} if name in papers}
        case.path_parameters = {**(case.path_parameters or {}), **known}
        response = case.call(base_url="http://localhost", headers=headers)
        assert response.status_code not in {401, 403, 429}
        case.validate_response(response, checks=CHECKS)

    holds()
