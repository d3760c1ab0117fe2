"""The console's pages about tenants, agenda and trail, used as the operator uses them; and their commands."""

import json
from contextlib import suppress
from datetime import date, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from agenda.actions import instant, open_obligation
from agenda.models import Obligation
from audit.actions import anchor_head, log_action
from demo.factories.people import person_with
from isolation.context import inside, inside_operator
from people.models import Invitation
from tenants.actions.change_state import change_state
from tenants.models import Contract, Customer, SchemaMigration, Tenant
from tests.pagers import reached

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator(browse, now):
    with inside_operator():
        person = person_with(
            "operator_administrator", now=now, username="maud.t", email="maud.t@preau.example"
        )
    return browse(None, person)


@pytest.fixture
def contract(now, db):
    with inside_operator():
        customer = Customer.objects.create(
            name="Commune de Vaubrun", email="mairie@vaubrun.example", created_at=now
        )
        return Contract.objects.create(
            customer=customer,
            profile_key="school",
            profile_version=date(2026, 4, 17),
            licences=60,
            starts_on=date(2026, 11, 1),
            created_at=now,
        )


def test_the_list_is_searched_and_says_who_is_behind(operator, school):
    assert "École des Tilleuls" in operator.get("/console/tenants/?q=tilleuls").content.decode()
    assert "École des Tilleuls" not in operator.get("/console/tenants/?q=coquelicots").content.decode()
    with inside_operator():
        Tenant.objects.filter(pk=school.pk).update(schema_version="older")
    assert "migrate_tenants" in operator.get("/console/tenants/").content.decode()


def test_a_tenant_is_opened_for_a_waiting_contract(operator, contract):
    form = {"contract": contract.pk, "name": "École de Vaubrun", "slug": "vaubrun"}
    answer = operator.post("/console/tenants/open/", form, follow=True)
    assert answer.status_code == 200
    assert "vaubrun" in answer.content.decode()
    with inside_operator():
        assert Tenant.objects.get(slug="vaubrun").state == "open"


@pytest.mark.parametrize("slug", ["tilleuls", "É cole", "x", "-a"])
def test_a_wrong_address_is_said_and_nothing_is_lost(operator, contract, slug):
    form = {"contract": contract.pk, "name": "École de Vaubrun", "slug": slug}
    answer = operator.post("/console/tenants/open/", form)
    assert answer.status_code == 422
    assert "École de Vaubrun" in answer.content.decode()
    with inside_operator():
        assert not Tenant.objects.filter(name="École de Vaubrun").exists()


def test_by_a_mere_word_a_tenant_neither_stops_nor_ends_nor_goes(operator, contract, now):
    operator.post(
        "/console/tenants/open/", {"contract": contract.pk, "name": "École de Vaubrun", "slug": "vaubrun"}
    )
    with inside_operator():
        tenant = Tenant.objects.get(slug="vaubrun")
    page = f"/console/tenants/{tenant.pk}/"
    for state in ("suspended", "ended"):
        assert operator.post(page, {"state": state, "reason": "term"}).status_code == 422
    with inside_operator():
        change_state(tenant_id=tenant.pk, state="ended", reason="term", now=now)
    assert operator.post(page, {"state": "erased", "reason": "over"}).status_code == 422
    assert operator.post(page, {"state": "open", "reason": "Reprise du contrat"}).status_code == 302
    with inside_operator():
        tenant.refresh_from_db()
    assert tenant.state == "open"


def test_a_failed_promise_is_seen_with_its_reason_and_retried(operator, now):
    with inside_operator():
        row = open_obligation(
            "LG-S12", subject=uuid4(), **instant(now - timedelta(hours=2)), now=now, kind="seen"
        )
        Obligation.objects.filter(pk=row.pk).update(
            failure="OSError: the disk is full", run_at=now + timedelta(hours=1)
        )
    page = operator.get("/console/agenda/?view=failed").content.decode()
    assert "the disk is full" in page
    operator.post(f"/console/agenda/{row.pk}/retry/")
    with inside_operator():
        row.refresh_from_db()
    assert row.run_at <= now + timedelta(minutes=1)


@pytest.mark.parametrize(
    "view", ["all", "late", "missed", "due", "failed", "later", "kept", "moot", "nonsense"]
)
def test_every_view_of_the_agenda_answers(operator, view):
    assert operator.get(f"/console/agenda/?view={view}&q=LG").status_code == 200


def test_the_trail_is_verified_from_its_page(operator, school, browse, now):
    answer = operator.post("/console/audit/verify/", follow=True)
    assert "journal est intact" in answer.content.decode()
    sign_and_cut(inside_operator(), now)
    answer = operator.post("/console/audit/verify/", follow=True)
    assert "rompu" in answer.content.decode()


def sign_and_cut(place, now):
    """Sign the head of a trail with one entry more, then cut this entry off with its head."""
    with place, suppress(Rollback), transaction.atomic():
        log_action("student.created", by=None, on=uuid4(), at=now)
        assert anchor_head(now=now)
        raise Rollback


class Rollback(Exception):
    """Raised to take back what was done."""


@pytest.mark.usefixtures("db")
def test_verify_audit_says_what_it_found_and_fails_on_a_break(school, now):
    call_command("sign_heads", stdout=StringIO())
    out = StringIO()
    call_command("verify_audit", json=True, stdout=out)
    assert {row["trail"] for row in json.loads(out.getvalue())} >= {"operator", "tilleuls", "coquelicots"}
    sign_and_cut(inside(school), now)
    with pytest.raises(CommandError, match="tilleuls"):
        call_command("verify_audit", stdout=StringIO())
    with pytest.raises(CommandError, match="no tenant"):
        call_command("verify_audit", tenant="nobody", stdout=StringIO())


def test_provision_tenant_opens_once_from_the_command_line(db, school):
    for _ in range(2):
        out = StringIO()
        call_command(
            "provision_tenant", "vaubrun", name="École de Vaubrun", email="mairie@vaubrun.example", stdout=out
        )
        assert "vaubrun.localhost" in out.getvalue()
    with inside_operator():
        assert Contract.objects.filter(tenant__slug="vaubrun").count() == 1
        tenant = Tenant.objects.get(slug="vaubrun")
    with inside(tenant):
        invited = Invitation.objects.get()
        assert (invited.email, invited.role.shipped) == ("mairie@vaubrun.example", "administrator")
    with pytest.raises(CommandError, match="another customer"):
        call_command("provision_tenant", "tilleuls", name="x", email="someone@else.example")
    with pytest.raises(CommandError, match="--email"):
        call_command("provision_tenant", "nowhere", name="x")


def test_a_tenants_page_leads_to_every_change_of_its_schema(operator, school, now):
    with inside_operator():
        SchemaMigration.objects.bulk_create(
            SchemaMigration(
                tenant_id=school.pk, to_version="a", started_at=now, state="failed", failure=f"f{n};"
            )
            for n in range(11)
        )
    texts = reached(operator, f"/console/tenants/{school.pk}/")
    assert all(f"f{n};" in texts for n in range(11))
