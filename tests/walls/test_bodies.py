"""Ids in bodies and queries, not only in the path: another's thing answers as one that doesn't exist.

The names are read from forms, serializers and views; what each holds is said in parameters.csv.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.messages import get_messages
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from billing.models import CartLine
from classrooms.models import Group, Observation, SchoolClass, Student
from demo.factories.billing import ContactFactory, catalogue
from demo.factories.classrooms import (
    ClassFactory,
    GuardianFactory,
    ObservationFactory,
    StudentFactory,
    TeachingFactory,
)
from demo.factories.learning import ResultFactory
from isolation.context import inside, inside_operator
from learning.models import Activity
from people.actions.give_role import give_role
from people.models import Role
from people.policy.permissions import ANYONE, IN_A_CIRCLE, SIGNED_IN
from tests.billing.carts import fill_shelves, put
from tests.billing.support import clerk, url
from tests.conftest import NOW
from tests.walls.addresses import URLCONFS, addresses
from tests.walls.asking import plain
from tests.walls.filled import form_on
from tests.walls.parameters import parameters_of
from tests.walls.test_households import ids_of
from tests.walls.world import build

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("parameters.csv")
HOW = "say in parameters.csv what each of these holds: the id of something, or words"
WORDS = "words"
NO_WORDS = "Zyxwvuqponml"
THEIR_WORDS = ("Quarantenaire", "Xiaoyunnette", "Saperlipopette")
ONLY_TOUCHED = {"django_session", "usersessions_usersession", "people_person"}  # by any request
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
MADE_BY_THE_BROWSER = {"draft"}  # a new thing's own name: what isn't there begins, another's is refused
OF_A_CIRCLE = ("class_id", "student_id", "group_id", "observation_id", "result_id", "guardian_id", "export")


def table() -> dict[tuple[str, str], str]:
    """Return what each parameter holds, by host and name."""
    with TABLE.open() as text:
        return {(row["host"], row["name"]): row["holds"] for row in csv.DictReader(text)}


def test_each_parameter_of_each_address_has_its_line():
    taken = {
        (address.host, name)
        for host in URLCONFS
        for address in addresses(host)
        for name in parameters_of(address.view)
    }
    assert sorted(taken ^ set(table())) == [], HOW


@dataclass(slots=True)
class Asker:
    """Somebody who asks: what is theirs, by the names of an address's parameters, and what is another's."""

    client: Any
    permissions: set[str]
    own: Any
    foreign: dict[str, Any]

    def kwargs(self, address: Any) -> dict[str, Any] | None:
        """Return what an address of theirs is called with, None for one that is about nothing they have."""
        if callable(self.own):
            return self.own(address)
        missing = set(address.parameters) - set(self.own)
        return None if missing else {name: self.own[name] for name in address.parameters}


@dataclass(frozen=True, slots=True)
class Said:
    """What came back, and what it wrote."""

    status: int
    location: str
    messages: tuple[str, ...]
    writes: tuple[str, ...]
    body: bytes

    def short(self) -> str:
        """Return it without its page."""
        return f"{self.status} {self.location} {self.messages} {self.writes}"


def send(
    client: Any,
    address: Any,
    part: str,
    path: str,
    named: dict[str, str],
    form: dict[str, Any],
    ids: list[Any],
) -> Said:
    """Return the answer to a request without what names these ids; what it changed is taken back.

    `part` says where the parameter stands: in the query or, with the rest of the page's form, in the body.
    """
    method = "get" if part == "query" and hasattr(address.view.view_class, "get") else "post"
    data: dict[str, Any] = named if part == "query" and method == "get" else form
    if part == "query" and method == "post":
        path = f"{path}?{urlencode(named)}"
    elif part == "body":
        data = form | named
    with transaction.atomic(), CaptureQueriesContext(connection) as queries:
        mark = transaction.savepoint()
        response = getattr(client, method)(path, data)
        body = b"".join(response) if response.streaming else response.content
        transaction.savepoint_rollback(mark)
    wrote = (WRITES.match(each["sql"]) for each in queries.captured_queries)
    request = response.wsgi_request
    return Said(
        response.status_code,
        plain(response.headers.get("Location", "").encode(), ids).decode(),
        tuple(str(each) for each in get_messages(request)),
        tuple(sorted(each[1] for each in wrote if each and each[1] not in ONLY_TOUCHED)),
        plain(body, ids),
    )


def values(holds: str, found: dict[str, Any]) -> list[str]:
    """Return what is sent for a kind of parameter."""
    if holds == "export":
        kinds = {"student": "student_id", "class": "class_id", "children": "student_id"}
        return [f"{kind}:{found[key]}" for kind, key in kinds.items() if key in found]
    return [str(found[holds])] if holds in found else []


def tries(asker: Asker, keys: Any = None):
    """Give each address, method and parameter with what is sent for it: another's, and nothing's."""
    holds = table()
    absent = {key: 999_999 if key == "session_id" else uuid4() for key in asker.foreign}
    for address in addresses("tenant"):
        if (
            address.permission not in {*asker.permissions, SIGNED_IN}
            or (kwargs := asker.kwargs(address)) is None
        ):
            continue
        path = reverse(address.name, urlconf=URLCONFS["tenant"], kwargs=kwargs)
        for name, where in sorted(parameters_of(address.view).items()):
            kind = holds["tenant", name]
            if kind == WORDS or (keys and kind not in keys):
                continue
            for theirs, nothing in zip(values(kind, asker.foreign), values(kind, absent), strict=True):
                for part in sorted(where):
                    yield address, part, path, name, theirs, nothing


def told_apart(asker: Asker, keys: Any = None) -> tuple[list[str], int]:
    """Return where another's thing is told apart from no thing, and how often it was tried."""
    wrong = []
    asked = 0
    forms: dict[str, dict[str, Any]] = {}
    for address, part, path, name, theirs, nothing in tries(asker, keys):
        if path not in forms:
            shown = asker.client.get(path)
            forms[path] = form_on(shown.content.decode(), path) if shown.status_code == 200 else {}
        ids = [*re.findall(r"[0-9a-f-]{36}|\d{5,}", f"{theirs} {nothing}"), theirs, nothing]
        one, none = (
            send(asker.client, address, part, path, {name: value}, forms[path], ids)
            for value in (theirs, nothing)
        )
        asked += 1
        where = f"{part} of {address} {name}={theirs}"
        if name in MADE_BY_THE_BROWSER:
            if (one.status, one.writes) != (404, ()) and one != none:
                wrong.append(f"{where}: {one.status}, wrote {one.writes}")
        elif one != none:
            wrong.append(
                f"{where}: {one.status} {one.messages} {one.writes} and {none.status} {none.messages}"
            )
    return wrong, asked


def rights_of(person: Any) -> set[str]:
    """Return the rights somebody holds."""
    return {permission for held in person.memberships.all() for permission in held.role.permissions} - {
        ANYONE
    }


def beside(tenant: Any, world: Any) -> None:
    """Put beside a world what only bodies and queries name: an activity, a year, a session."""
    with inside(tenant):
        world.objects["activity_id"] = Activity.objects.create(name="Dictée", created_at=NOW).pk
        world.objects["year_id"] = SchoolClass.objects.get(pk=world.objects["class_id"]).year_id
        session = UserSession.objects.create(
            user=world.people["teacher"], ip="192.0.2.7", user_agent="x", session_key="mur"
        )
        world.objects["session_id"] = session.pk


@pytest.mark.parametrize("role", ["administrator", "teacher", "guardian"])
def test_a_neighbours_thing_named_in_a_body_or_a_query_is_nothing(school, nursery, browse, role):
    mine = build(school)
    theirs = build(nursery)
    client = browse(school, mine.people[role])
    beside(nursery, theirs)
    with inside(school):
        permissions = rights_of(mine.people[role])

    def own(address):
        return mine.kwargs(address)

    wrong, asked = told_apart(Asker(client, permissions, own, theirs.objects))
    assert wrong == []
    assert asked >= {"administrator": 30, "teacher": 15, "guardian": 4}[role]


def circle_of_ones_own(person: Any) -> dict[str, Any]:
    """Return the things of a teacher of another class, by the names of an address's parameters."""
    school_class = ClassFactory(name="Les miens")
    TeachingFactory(person=person, school_class=school_class)
    student = StudentFactory(school_class=school_class, first_name="Mienne")
    group = Group.objects.create(year=school_class.year, name="Chant")
    TeachingFactory(person=person, school_class=None, group=group)
    return {
        "class_id": school_class.pk,
        "student_id": student.pk,
        "group_id": group.pk,
        "guardian_id": GuardianFactory(of=[student]).pk,
        "observation_id": ObservationFactory(author=person, of=[student]).pk,
        "result_id": ResultFactory(student=student, entered_by=person).pk,
    }


@pytest.fixture
def stranger(school, browse):
    """Give a teacher of another class, with every right there is within their circle."""
    world = build(school)
    person = world.people["stranger"]
    with inside(school):
        everything = Role.objects.create(
            name="Tout", permissions=sorted(IN_A_CIRCLE), scope="circle", created_at=NOW
        )
        give_role(person=person, role=everything, by=None, now=NOW)
        own = circle_of_ones_own(person)
    return Asker(browse(school, person), set(IN_A_CIRCLE), own, world.objects | {"export": None})


def test_another_class_named_in_a_body_or_a_query_is_nothing(stranger):
    wrong, asked = told_apart(stranger, OF_A_CIRCLE)
    assert wrong == []
    assert asked >= 20


@pytest.mark.parametrize(
    ("name", "parameter", "holds"),
    [
        ("learning:result_new", "student", "student_id"),
        ("classrooms:observation_new", "students", "student_id"),
        ("classrooms:student_new", "school_class", "class_id"),
        ("classrooms:group_edit", "students", "student_id"),
    ],
)
def test_ones_own_thing_named_so_is_taken(stranger, name, parameter, holds):
    """The forms are filled in well enough for the others to be refused for their id alone."""
    address = next(each for each in addresses("tenant") if each.name == name)
    path = reverse(name, urlconf=URLCONFS["tenant"], kwargs=stranger.kwargs(address))
    form = form_on(stranger.client.get(path).content.decode(), path)
    named = {parameter: str(stranger.own[holds])}
    said = send(stranger.client, address, "body", path, named, form, [])
    assert said.status == 302, said.body.decode()
    assert said.writes


def test_words_of_another_class_find_nothing(stranger, school):
    """A list that is searched finds no more than it shows: names and texts of another class are no words."""
    last, first, text = THEIR_WORDS
    with inside(school):
        their = stranger.foreign
        Student.objects.filter(pk=their["student_id"]).update(last_name=last, first_name=first)
        Observation.objects.filter(pk=their["observation_id"]).update(text=text)
    asked = 0
    for address in addresses("tenant"):
        if address.permission not in IN_A_CIRCLE or "q" not in parameters_of(address.view):
            continue
        path = reverse(address.name, urlconf=URLCONFS["tenant"], kwargs=stranger.kwargs(address))
        for more in ({}, {"format": "csv"}, {"state": "shared"}):
            for words in THEIR_WORDS:
                found, none = (
                    send(stranger.client, address, "query", path, more | {"q": said}, {}, [words, NO_WORDS])
                    for said in (words, NO_WORDS)
                )
                asked += 1
                assert found == none, f"{path}?q={words} {more}"
                assert not any(each.encode() in found.body for each in THEIR_WORDS), path
    assert asked >= 36


def test_another_household_named_in_a_body_or_a_query_is_nothing(two, browse):
    with inside(two.tenant):
        permissions = rights_of(two.parents[0])
    client = browse(two.tenant, two.parents[0])
    wrong, asked = told_apart(Asker(client, permissions, ids_of(two, 0), ids_of(two, 1)))
    assert wrong == []
    assert asked >= 4


def public(name: str) -> Any:
    """Return an address of billing on the public host."""
    return next(each for each in addresses("public") if each.name == f"billing:{name}")


def test_a_line_of_another_visitors_cart_is_nothing(browse):
    shelves = fill_shelves()
    mine, theirs = browse(None), browse(None)
    put(theirs, shelves["affiche"], 2)
    with inside_operator():
        line = CartLine.objects.get()
    put(mine, shelves["cartes"], 1)
    product = shelves["affiche"].pk
    taken = [name for (host, name), holds in table().items() if (host, holds) == ("public", "cart_line_id")]
    for name in taken:
        said = []
        for key in (line.pk, uuid4()):
            named = {"swap": {"swap": f"{key}:{product}"}}.get(name)
            named = named or ({name.replace("*", str(key)): "1"} if "*" in name else {name: str(key)})
            ids = [str(line.pk), str(key)]
            said.append(send(mine, public("shop_cart"), "body", url("shop_cart"), named, {}, ids))
        assert said[0] == said[1], name
    assert sorted(taken) == ["fewer", "quantity-*", "remove", "swap", "term-*"]


def test_another_customers_contact_signs_nothing(browse, now):
    client = clerk(browse, now)
    with inside_operator():
        mine, theirs = ContactFactory(), ContactFactory()
        catalogue()
    path = f"{url('quote_new')}?customer={mine.customer_id}"
    form = form_on(client.get(path).content.decode(), url("quote_new"))
    assert form["contact"] == [str(mine.pk)]
    said = [
        send(client, public("quote_new"), "body", path, {"contact": str(key)}, form, [str(key)])
        for key in (theirs.pk, uuid4())
    ]
    assert said[0] == said[1]
    assert said[0].writes == ()
