"""No page of a nursery, a household or a practice says a word of a school, in either language."""

from datetime import timedelta
from importlib import import_module

import lxml.html
import pytest
from django.conf import settings

from agenda.loop import send_outbox
from classrooms.actions.share_observation import share_observation, unshare_observation
from isolation.context import inside
from people.policy.permissions import SIGNED_IN
from tenants.middleware import forget_hosts
from tests.conftest import open_school
from tests.walls.addresses import URLCONFS, addresses
from tests.walls.asking import ask
from tests.walls.world import ROLES, build
from tests.words import unsaid

pytestmark = pytest.mark.django_db
SAID = ("alt", "aria-label", "placeholder", "title", "content")
CONTRACT = ("contracts:", "people:terms")  # pages that show a contract's own words
UNSEEN = {"script", "style", "template"}


def visible(body):
    """Return each text a page shows or reads aloud."""
    page = lxml.html.fromstring(body)
    for each in page.iter():
        if not isinstance(each.tag, str):
            continue
        if each.tag not in UNSEEN and each.text:
            yield each.text
        if each.tail:
            yield each.tail
        yield from (each.get(name) for name in SAID if each.get(name))
        if each.tag in {"input", "button"} and each.get("type") in {"submit", "button"}:
            yield each.get("value") or ""


def wrongly_said(client, held, kwargs_of, words, *, asked=()):
    """Return what pages of a tenant say to who holds these rights that isn't said there, by address; but for
    those `asked` before.
    """
    import_module(URLCONFS["tenant"])
    found = set()
    for address in addresses("tenant"):
        if address.permission not in {*held, SIGNED_IN} - set(asked) or address.name.startswith(CONTRACT):
            continue
        kwargs = kwargs_of(address)
        if kwargs is None:
            continue
        response, body = ask(client, address, "get", kwargs)
        if response.status_code == 200 and "html" in response.headers.get("Content-Type", ""):
            found |= {f"{address.name}: {text.strip()}" for text in visible(body) if unsaid(text, words)}
    return "\n".join(sorted(found))


def known(address, mine):
    """Return what an address is called with; None where it names what this reader has none of."""
    return {name: mine[name] for name in address.parameters} if set(address.parameters) <= set(mine) else None


@pytest.fixture(params=["nursery", "practice"])
def place(request, db):
    forget_hosts()
    if request.param == "nursery":
        yield request.getfixturevalue("nursery"), "nursery"
    else:
        yield open_school("orthophonie", "Cabinet des Deux Rives", ["practice"], licences=40), "practice"
    forget_hosts()


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_a_place_say_its_own_words(place, browse, language):
    """Each page is read once, by the first role that opens it."""
    tenant, words = place
    world = build(tenant)
    asked: set[str] = set()
    for role in sorted(ROLES, key=lambda role: role != "administrator"):
        with inside(tenant):
            held = set(world.people[role].memberships.get().role.permissions)
        client = browse(tenant, world.people[role])
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        assert wrongly_said(client, held, world.kwargs, words, asked=asked) == "", role
        asked |= held | {SIGNED_IN}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_pages_of_a_household_say_its_own_words(two, browse, language):
    parent, child = two.parents[0], two.children[0]
    with inside(two.tenant):
        held = set(parent.memberships.get().role.permissions)
    mine = dict.fromkeys(("child_id", "student_id", "subject_id"), child.pk)
    client = browse(two.tenant, parent)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    assert wrongly_said(client, held, lambda address: known(address, mine), "household") == ""
    assert client.get("/household/").status_code == 200


def test_a_place_of_several_products_says_a_schools_words(school, browse):
    world = build(school)
    page = browse(school, world.people["administrator"]).get("/pupils/").content.decode()
    assert "Élèves" in page


@pytest.mark.parametrize(
    ("who", "said"), [("nursery", "Un professionnel de"), ("school", "Un enseignant de")]
)
def test_a_mail_says_the_words_of_its_place(request, now, mailoutbox, who, said):
    tenant = request.getfixturevalue(who)
    world = build(tenant)
    by = world.people["teacher"]
    with inside(tenant):
        shared = {"observation_id": world.objects["observation_id"], "by": by, "now": now}
        unshare_observation(**shared)
        share_observation(**shared, tenant=tenant, today=tenant.today(now))
    send_outbox(now + timedelta(days=1))
    assert [each for each in mailoutbox if said in each.body]
