"""What speaks to the outside is declared in one registry: its modules, its libraries, its hosts."""

import ast
import socket
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest

from agenda.gateways.mail import SMTP, mail_hosts
from agenda.models import OutboxMessage
from billing.payments.gateways.stripe_checkout import PROVIDER_HOST, client, payment_hosts
from contracts import outgoing as registry
from contracts.outgoing import NotDeclared, OutgoingRefused, check_outgoing, outgoing
from dpa.models import GarTenant, ProcessorVersion
from exports.gateways.bucket import AWS_HOST, storage_hosts
from isolation.context import inside, inside_operator
from tenants.models import Contract
from tests.clauses.processors import announce, head, is_pending, objected, told
from tests.clauses.stage import later, live
from tests.conftest import open_school

SRC = Path(registry.__file__).resolve().parent.parent
NETWORK = {
    *("aiohttp", "boto3", "botocore", "celery", "ftplib", "http.client", "httpx", "imaplib", "kombu"),
    *("paramiko", "poplib", "redis", "requests", "smtplib", "socket", "storages", "stripe", "telnetlib"),
    *("urllib.request", "urllib3", "websockets", "xmlrpc", "django.core.mail"),
}
# What plays in demonstrations and speaks to this machine alone.
LOOPBACK = {"demo.journeys.browser", "demo.stripe_double.webhooks"}


def module_of(path):
    """Return a file's name as it is imported."""
    return ".".join(path.relative_to(SRC).with_suffix("").parts).removesuffix(".__init__")


def imports_of(tree):
    """Return every module a file imports, wherever in it, by name or by a string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "import_module":
            yield from (arg.value for arg in node.args if isinstance(arg, ast.Constant))


def libraries_in(tree):
    """Return the network libraries a file imports."""
    names = list(imports_of(tree))
    return {lib for lib in NETWORK if any(name == lib or name.startswith(f"{lib}.") for name in names)}


def test_no_module_speaks_to_the_outside_undeclared():
    declared = {module: one.libraries for one in outgoing() for module in one.modules}
    found = {}
    for path in sorted(SRC.rglob("*.py")):
        name = module_of(path)
        if name in LOOPBACK:
            continue
        libraries = libraries_in(ast.parse(path.read_text(encoding="utf-8")))
        if extra := libraries - declared.get(name, frozenset()):
            found[name] = sorted(extra)
    assert found == {}


@pytest.mark.parametrize(
    ("line", "library"),
    [
        ("import requests", "requests"),
        ("from urllib import request", "urllib.request"),
        ("import_module('stripe')", "stripe"),
        ("def f():\n    import smtplib", "smtplib"),
    ],
)
def test_the_search_finds_each_way_to_import(line, library):
    assert libraries_in(ast.parse(line)) == {library}
    assert libraries_in(ast.parse("from urllib.parse import quote")) == set()


def test_every_declared_module_is_there():
    for one in outgoing():
        for module in one.modules:
            assert (SRC / Path(*module.split("."))).with_suffix(".py").exists(), module


def test_hosts_are_those_of_this_installation(settings):
    assert payment_hosts() == []
    settings.STRIPE_API_KEY = "sk_test_made_up"
    assert payment_hosts() == [PROVIDER_HOST]
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "smtp.example"
    assert mail_hosts() == ["smtp.example"]
    assert storage_hosts() == []
    bucket = {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": {}}
    settings.STORAGES = settings.STORAGES | {"default": bucket}
    assert storage_hosts() == [AWS_HOST]
    bucket["OPTIONS"]["endpoint_url"] = "https://s3.example:9000"
    assert storage_hosts() == ["s3.example"]


def test_an_undeclared_door_is_refused(monkeypatch):
    with pytest.raises(NotDeclared):
        check_outgoing("satellite")
    monkeypatch.setattr(registry, "_OUTGOING", {})
    client.cache_clear()
    with pytest.raises(NotDeclared):
        client("sk_test_made_up", "")


class Spoken(Exception):
    """Raised when a host was asked for: nothing leaves a test."""


@pytest.fixture
def asked(monkeypatch):
    """Return the hosts that were asked for, but the database's; none is reached."""
    hosts = []

    def lookup(host, *_more, **_named):
        hosts.append(host)
        raise Spoken(host)

    def connect(_socket, address):
        hosts.append(address[0] if isinstance(address, tuple) else address)
        raise Spoken(address)

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    monkeypatch.setattr(socket.socket, "connect", connect)
    return hosts


def test_acts_ask_for_declared_hosts_alone(browse, clock, now, school, asked, settings):
    head(browse, school, now)
    announce(browse, now)
    later(clock, minutes=1)
    assert asked == []
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = SMTP, "smtp.example"
    settings.STRIPE_API_KEY = "sk_test_made_up"
    with inside_operator():
        OutboxMessage.objects.update(state="waiting")
    later(clock, minutes=1)
    with pytest.raises(Exception, match=r".*"):
        client("sk_test_made_up", "").v1.payment_intents.retrieve("pi_made_up")
    declared = {host for one in outgoing() for host in one.hosts()}
    assert set(asked) == {"smtp.example", PROVIDER_HOST}
    assert set(asked) <= declared


def behind(now, **more):
    """Return a sub-processor behind the mail server."""
    values = {"name": "Courrier Exemple", "registration": "0", "activity": "Courriels", "country": "FR"}
    values |= {"contract_on": date(2026, 1, 1), "starts_on": date(2026, 1, 2), "gateway": "mail"}
    return ProcessorVersion.objects.create(processor=uuid4(), created_at=now, **values | more)


def test_a_tenant_out_of_scope_refuses_the_door(now, school, nursery, db):
    with inside(school):
        check_outgoing("mail", now)  # nobody is recorded behind it
    with inside_operator():
        behind(now, gar="without")
        GarTenant.objects.create(tenant_id=school.pk, since=now)
        check_outgoing("mail", now)
    with inside(nursery):
        check_outgoing("mail", now)
    with inside(school), pytest.raises(OutgoingRefused):
        check_outgoing("mail", now)


def test_a_place_whose_data_the_operator_decides_on_refuses_nobody(now, db):
    families = open_school("familles-ici", "Familles", ["family"], licences=20)
    with inside_operator():
        behind(now)
    with inside(families):
        check_outgoing("mail", now)


def test_a_place_whose_contract_has_ended_is_still_written_to(now, school, db):
    with inside_operator():
        behind(now, profiles=["school", "nursery"])
        Contract.objects.filter(tenant=school).update(state="ended", ends_on=now.date())
    with inside(school):
        check_outgoing("mail", now)


@pytest.mark.parametrize("is_another", [False, True])
def test_who_objects_refuses_what_is_new_and_not_who_was_there(
    browse, clock, now, school, nursery, is_another
):
    office = head(browse, school, now)
    head(browse, nursery, now)
    with inside_operator():
        first = behind(now)
    new = {"registration": "0", "name": first.name}
    if is_another:
        new = {"registration": "1", "name": "Courrier Neuf"}
    change = announce(browse, now, first, gateway="mail", **new)
    told(clock)
    objected(office, change)
    live(clock, date(2027, 3, 1), date(2027, 3, 2))
    assert not is_pending(change)
    with inside(school):
        if is_another:
            with pytest.raises(OutgoingRefused):
                check_outgoing("mail", datetime.now(UTC))
        else:
            check_outgoing("mail", datetime.now(UTC))


def test_a_refused_mail_waits_and_says_why(browse, clock, now, school, mailoutbox):
    head(browse, school, now)
    announce(browse, now)
    with inside_operator():
        behind(now, gar="without")
        GarTenant.objects.create(tenant_id=school.pk, since=now)
    later(clock, minutes=1)
    with inside_operator():
        rows = OutboxMessage.objects.filter(template="dpa/processor_change", tenant_id=school.pk)
        assert [row.state for row in rows] == ["waiting"]
        assert "OutgoingRefused" in rows[0].failure
