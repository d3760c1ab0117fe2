"""Who gets past: fail closed, whatever a view forgot to say."""

from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.test import RequestFactory
from django.views.generic import View

from demo.factories.people import PASSWORD
from isolation.context import inside_operator
from people.gateways.passwords import PasswordRule, is_known, known_passwords, new_passphrase
from people.middleware import permission_of
from people.models import Person
from people.policy.passwords import is_passphrase, password_problems


class Silent(View):
    """A view that says nothing of who may see it."""


class Mistaken(View):
    """A view that asks for a right there isn't."""

    permission = "pupils.see"


class Api:
    """What a view of the API looks like from outside."""

    permission = "students.read"


def test_a_view_that_says_nothing_is_closed():
    assert permission_of(Silent.as_view(), "room:silent") is None


def test_a_view_that_asks_for_a_right_there_is_not_is_closed():
    assert permission_of(Mistaken.as_view(), "room:mistaken") is None


def test_a_view_of_the_api_is_ruled_by_its_class():
    def view(request):
        return None

    view.cls = Api
    assert permission_of(view, "api:students") == "students.read"


def test_pages_of_others_are_ruled_by_name():
    assert permission_of(lambda request: None, "account_login") == "anyone"
    assert permission_of(lambda request: None, "mfa_index") == "signed-in"
    assert permission_of(lambda request: None, "mfa_list_webauthn") is None


@pytest.mark.parametrize("prefix", ["tenant", "public"])
def test_every_page_of_sign_in_has_a_ruling(prefix):
    from django.urls import get_resolver

    resolver = get_resolver(f"config.urls_{prefix}")
    names = [name for name in resolver.reverse_dict if isinstance(name, str)]
    found = [name for name in names if name.startswith(("account_", "mfa_", "usersessions_"))]
    assert len(found) > 15
    assert [name for name in found if permission_of(lambda request: None, name) is None] == []


def test_a_view_without_a_ruling_is_refused_and_noted(school, db):
    from people.middleware import PermissionMiddleware

    request = RequestFactory().get("/somewhere/", headers={"accept": "application/json"})
    request.person = SimpleNamespace()
    request.is_child = False
    request.permissions = frozenset()
    request.tenant = school
    request.denied = None
    request.resolver_match = type("Match", (), {"view_name": "room:silent"})()
    answer = PermissionMiddleware(lambda request: None).process_view(request, Silent.as_view(), (), {})
    assert answer.status_code == 403
    assert request.denied == {"right": "none", "path": "/somewhere/"}


def test_the_lists_of_known_passwords_are_shipped():
    assert len(known_passwords()) > 19_000
    assert is_known("motdepasse")
    assert is_known("password")


@pytest.mark.parametrize(
    "password",
    ["motdepassemotdepasse", "Bonjour-tout-le-monde", "correcthorsebatterystaple", "vivelafrance2026!"],
)
def test_long_but_known_passwords_are_refused(password):
    assert "known" in password_problems(password, about=(), is_known=is_known)


def test_the_rule_says_everything_that_is_wrong_at_once():
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as refused:
        PasswordRule().validate("Marchand", Person(username="elodie", last_name="Marchand"))
    assert {error.code for error in refused.value.error_list} == {"short", "personal"}


def test_first_passwords_pass_the_rule_and_differ():
    drawn = {new_passphrase() for _ in range(50)}
    assert len(drawn) == 50
    assert all(is_passphrase(p) and not password_problems(p, about=(), is_known=is_known) for p in drawn)


def test_the_first_of_the_staff_is_made_by_command(db, monkeypatch, capsys):
    monkeypatch.setenv("PREAU_OPERATOR_PASSWORD", PASSWORD)
    call_command("create_operator", email="boss@preau.example", first_name="Ana", last_name="Lund")
    with inside_operator():
        boss = Person.objects.get(email="boss@preau.example")
        assert boss.check_password(PASSWORD)
        assert boss.memberships.get().role.shipped == "operator_administrator"
    with pytest.raises(CommandError):
        call_command("create_operator", email="boss@preau.example")
    monkeypatch.setenv("PREAU_OPERATOR_PASSWORD", "short")
    with pytest.raises(CommandError):
        call_command("create_operator", email="other@preau.example")
