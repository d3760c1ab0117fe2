"""One database per run, tenants really opened once, each test in a transaction."""

import gc
import os
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.account.internal.userkit import user_id_to_str
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from agenda import registry
from billing.desk.queries.todo import counting_statement
from billing.invoicing.gateways.einvoice import rules
from exports.gateways import pdf
from isolation.context import inside, inside_operator
from tests import database
from tests.pdfs import PDF

# The first number drawn in a process waits while every module of ours is read, and machines are shared: how
# long an example takes says nothing.
hypothesis_settings.register_profile("preau", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("preau")
pytest_plugins = ["tests.stories"]
NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)  # a Monday
# Promises the agenda's tests keep in a tenant, which its role may write like those of the product.
MADE_UP = {
    (name, ""): registry.Registration(lambda *_, **__: registry.Kept(), "tenant", "tenant")
    for name in ("T-1", "T-9")
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the tables that are read by people be written anew from the code."""
    parser.addoption("--write-tables", action="store_true", help="write tests/walls/*.csv from the code")


def pytest_collection_finish() -> None:
    """Leave what was read to run the tests out of every search for what nobody holds any more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what needs a real account or a night, unless it is asked for by name: -m live, -m nightly."""
    asked = config.getoption("-m")
    apart = [name for name in ("live", "nightly") if name not in asked]
    left_out = [item for item in items if any(item.get_closest_marker(name) for name in apart)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture
def now() -> datetime:
    """Return the instant tests happen at."""
    return NOW


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """Stop depending on the real date; `clock.move_to(...)` and `clock.shift(...)` move it."""
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


@pytest.fixture(autouse=True)
def nothing_remembered(request: pytest.FixtureRequest) -> None:
    """Begin each story with statements to write anew: those of another test prove nothing in this one."""
    if request.node.get_closest_marker("story") is not None:
        counting_statement.cache_clear()


@pytest.fixture(scope="session")
def signed_apart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where this run keeps the heads and keys of audit trails."""
    return tmp_path_factory.mktemp("signed")


@pytest.fixture(autouse=True)
def own_heads(signed_apart: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each test sign the heads of its own trails: what another one wrote was taken back."""
    monkeypatch.setattr(settings, "AUDIT_HEADS", signed_apart / uuid4().hex)
    monkeypatch.setattr(settings, "SIGNING_KEYS", signed_apart / "keys")


@pytest.fixture(autouse=True)
def papers(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give what a test has had printed, as HTML: paper is drawn only where a test is marked `paper`.

    Electronic invoices are judged there too, and where the tests are about them.
    """
    printed: list[str] = []
    if request.node.get_closest_marker("paper") is not None:
        return printed
    if not {"invoicing", "journeys"}.intersection(request.node.path.parts):
        monkeypatch.setattr(rules, "_judged", lambda *_: ())

    def html(*, string: str, **_more: Any) -> Any:
        printed.append(string)
        return SimpleNamespace(write_pdf=lambda **_more: PDF)

    monkeypatch.setattr(pdf, "_engine", lambda: SimpleNamespace(HTML=html))
    for each in ("_fonts", "_fetcher", "_stylesheet"):
        monkeypatch.setattr(pdf, each, lambda: None)
    return printed


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Leave names to `django_db_setup`."""


@pytest.fixture(scope="session")
def django_db_setup(request: pytest.FixtureRequest, django_db_blocker: Any) -> Iterator[None]:
    """Make the test database unless --reuse-db finds one made from the same source."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    name = "_".join(filter(None, ["test", os.environ.get("PREAU_TEST_DB", "preau"), worker]))
    keep = request.config.getoption("reuse_db") and not request.config.getoption("create_db")
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=True):
        database.point_at(name)
        wanted = database.stamp()
        if not (keep and database.is_fresh(name, wanted)):
            _make(name, wanted)
    yield
    if not keep:
        with django_db_blocker.unblock():
            database.drop(name)


def _make(name: str, wanted: str) -> None:
    from contracts.actions.seed_terms import seed_terms
    from tenants.actions.prepare_schemas import prepare_schemas

    database.create(name)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(registry, "_KEEPERS", registry.keepers() | MADE_UP)
        prepare_schemas(now=NOW)
    with inside_operator():
        seed_terms(now=NOW)
    open_school("tilleuls", "École des Tilleuls", ["school", "nursery"], licences=240)
    open_school("coquelicots", "Crèche des Coquelicots", ["nursery"], licences=40)
    database.seal(name, wanted)


def open_school(slug: str, name: str, profiles: list[str], *, licences: int) -> Any:
    """Open a tenant with one contract per profile, through the action the product uses."""
    from contracts.registry import profile
    from tenants.actions.provision_tenant import provision_tenant
    from tenants.models import Contract, Customer

    with inside_operator():
        customer = Customer.objects.create(
            name=f"Commune de {name}",
            customer_type="public_body",
            email=f"mairie@{slug}.example",
            signatory="Odile Perrin",
            created_at=NOW,
            siren="213599905",
            city="Villeneuve",
            postcode="35000",
            street="1 place de la Mairie",
        )
        for key in profiles:
            version = profile(key, on=NOW.date()).version
            contract = Contract.objects.create(
                customer=customer,
                profile_key=key,
                profile_version=version,
                licences=licences,
                starts_on=date(2026, 9, 1),
                ends_on=date(2027, 9, 1),
                created_at=NOW,
            )
            tenant = provision_tenant(slug=slug, name=name, contract_id=contract.id, now=NOW)
    return tenant


def _tenant(slug: str, blocker: Any) -> Any:
    from tenants.models import Tenant

    with blocker.unblock(), inside_operator():
        return Tenant.objects.get(slug=slug)


@pytest.fixture(scope="session")
def school(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Return the tenant `tilleuls`: a primary school with a nursery record, so that guardians exist."""
    return _tenant("tilleuls", django_db_blocker)


@pytest.fixture(scope="session")
def nursery(django_db_setup: None, django_db_blocker: Any) -> Any:
    """Return the tenant `coquelicots`: a nursery, the neighbour of every isolation test."""
    return _tenant("coquelicots", django_db_blocker)


@pytest.fixture
def in_school(db: None, school: Any) -> Iterator[Any]:
    """Enter the school for the test and give its tenant."""
    with inside(school):
        yield school


@pytest.fixture
def in_nursery(db: None, nursery: Any) -> Iterator[Any]:
    """Enter the nursery for the test and give its tenant."""
    with inside(nursery):
        yield nursery


@pytest.fixture
def as_operator(db: None) -> Iterator[None]:
    """Enter the shared schema as the operator for the test."""
    with inside_operator():
        yield


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Give the database without a test's transaction, for threads and processes.

    Afterwards it is made anew.
    """
    name = os.environ["PREAU_DATABASE"]
    with django_db_blocker.unblock():
        database.keep_copy(name)
        yield
        database.put_back(name)


def host_of(tenant: Any) -> str:
    """Return the host name that leads to a tenant, or the public one for None."""
    return f"{tenant.slug}.{settings.PUBLIC_HOST}" if tenant else settings.PUBLIC_HOST


def _prove(client: Client, person: Any) -> None:
    """Keep in the session that somebody signed in just now, as a password typed would."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = user_id_to_str(person)
    session.save()


@pytest.fixture
def browse(db: None) -> Callable[..., Client]:
    """Return a function that gives a browser on a tenant's host (None: the public one), signed in as a
    person.
    """

    def start(tenant: Any, person: Any = None) -> Client:
        client = Client(HTTP_HOST=host_of(tenant))
        if person is not None:
            with inside(tenant) if tenant else inside_operator():
                client.force_login(person)
                _prove(client, person)
        return client

    return start
