"""What watches over the service: it lives, it can serve, how it is doing; and a database that is away."""

from datetime import timedelta

import pytest
from django.db import OperationalError, close_old_connections, connection, connections
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from agenda.models import OutboxMessage
from isolation.context import inside_operator
from tests.clauses.stage import plain

ANY_HOST = "10.0.0.7:8000"  # a probe asks an address, not a tenant


@pytest.fixture
def probe():
    return Client(HTTP_HOST=ANY_HOST, raise_request_exception=False)


def away(*_args, **_more):
    raise OperationalError("connection refused")


def test_a_process_lives_whatever_it_depends_on(probe, monkeypatch):
    monkeypatch.setattr(connection, "connect", away)
    answer = probe.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"live": True})
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
def test_it_is_ready_while_database_and_cache_answer(probe, settings, monkeypatch):
    settings.SECURE_SSL_REDIRECT = True
    assert probe.get("/health/ready").json() == {"database": True, "cache": True, "open": True}
    monkeypatch.setattr("website.middleware._ask_database", away)
    answer = probe.get("/health/ready")
    assert (answer.status_code, answer.json()) == (
        503,
        {"database": False, "cache": True, "open": True},
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("domain", "status"),
    [
        ("{host}", 200),
        ("tilleuls.{host}", 200),
        ("nobody.{host}", 404),
        ("elsewhere.example", 404),
        ("", 404),
    ],
)
def test_a_certificate_is_asked_for_our_hosts_only(probe, settings, domain, status):
    asked = domain.format(host=settings.PUBLIC_HOST)
    assert probe.get("/health/host", {"domain": asked}).status_code == status


@pytest.mark.django_db
def test_the_numbers_are_for_who_shows_the_token(probe, settings):
    assert probe.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "a long secret"
    assert probe.get("/metrics").status_code == 404
    assert probe.get("/metrics", headers={"Authorization": "Bearer another"}).status_code == 404
    assert probe.get("/metrics", headers={"Authorization": "Bearer a long secret"}).status_code == 200


@pytest.mark.django_db
def test_a_mail_that_waits_is_counted_by_its_age(probe, settings, now):
    settings.METRICS_TOKEN = "a long secret"
    before = numbers(probe)
    with inside_operator():
        OutboxMessage.objects.create(
            template="billing/order_cancelled",
            key="late",
            ids={},
            created_at=now,
            send_at=now + timedelta(hours=1),
            due_at=now - timedelta(minutes=20),
        )
    found = numbers(probe)
    assert found["preau_mail_late"] == before["preau_mail_late"] + 1
    assert found["preau_mail_oldest_late_seconds"] >= 20 * 60
    assert found["preau_broker_up"] == 0
    assert found["preau_tenants_behind"] == 0
    assert found["preau_database_connections_limit"] > found["preau_database_connections"] > 0
    assert "tilleuls" not in text(probe).lower()


def text(probe):
    return probe.get("/metrics", headers={"Authorization": "Bearer a long secret"}).content.decode()


def numbers(probe):
    families = text_string_to_metric_families(text(probe))
    return {each.name: each.value for family in families for each in family.samples if not each.labels}


@pytest.mark.usefixtures("committed")
def test_a_database_that_was_started_again_costs_nobody_an_error(browse_plainly):
    assert browse_plainly.get("/").status_code == 200
    with connections["migrator"].cursor() as cursor:
        cursor.execute("SET ROLE NONE")
        ended = "SELECT pg_terminate_backend(%s)"
        cursor.execute(ended, [connection.connection.info.backend_pid])
    connections["migrator"].close()
    close_old_connections()  # as each request begins where it isn't a test
    assert browse_plainly.get("/").status_code == 200


@pytest.mark.usefixtures("committed")
def test_while_the_database_is_away_a_page_says_so(browse_plainly, monkeypatch):
    connection.close()
    monkeypatch.setattr(connection, "connect", away)
    page = browse_plainly.get("/")
    assert (page.status_code, page.headers["Retry-After"]) == (503, "30")
    assert "Nous revenons dans un instant" in plain(page.content.decode())
    answer = browse_plainly.get("/api/v1/")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:preau:problem:away")


@pytest.fixture
def browse_plainly(settings):
    return Client(HTTP_HOST=settings.PUBLIC_HOST, raise_request_exception=False)
