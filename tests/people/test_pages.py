"""Every page of people opens for who may see it, in both languages, on both hosts."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from demo.factories.people import PASSWORD, SECRET, accept_all, person_with
from isolation.context import inside, inside_operator
from people.actions.invite import invite
from people.models import Acceptance, AccessReview, Invitation, Membership, Person, Role
from tenants.models import Tenant
from tests.people.support import one_time_code

TENANT_URLS = "config.urls_tenant"
PHRASE = "six grues volent vers Oslo"


@pytest.fixture(autouse=True)
def forget():
    cache.clear()


@pytest.fixture
def head(school, now, db):
    with inside(school):
        return person_with("administrator", now=now, email="head@tilleuls.example")


@pytest.fixture
def boss(now, db):
    with inside_operator():
        return person_with(
            "operator_administrator", now=now, email="boss@preau.example", first_name="Ana", last_name="Lund"
        )


def at(name, **kwargs):
    return reverse(name, urlconf=TENANT_URLS, kwargs=kwargs)


def sign_in(browser, login, password=PASSWORD, **extra):
    return browser.post(at("account_login"), {"login": login, "password": password, **extra})


PAGES = [
    "people:home",
    "people:account",
    "people:list",
    "people:new",
    "people:invitations",
    "people:invite",
    "people:roles",
    "people:review",
    "account_email",
    "account_change_password",
    "mfa_index",
    "usersessions_list",
]


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_the_head(browse, school, head, page, language):
    browser = browse(school, head)
    browser.cookies["language"] = language
    answer = browser.get(at(page))
    assert answer.status_code == 200, answer
    assert f'<html lang="{language}"'.encode() in answer.content
    assert answer.content.count(b"<h1") == 1


def test_a_persons_page_shows_roles_sessions_and_history(browse, school, head):
    browser = browse(school)
    sign_in(browser, "head@tilleuls.example")
    answer = browser.get(at("people:person", person_id=head.pk))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "head@tilleuls.example" in page
    assert "127.0.0.1" in page


@pytest.mark.parametrize("name", ["people:role", "people:copy_role"])
def test_a_roles_page_opens(browse, school, head, name):
    with inside(school):
        role = Role.objects.get(shipped="teacher")
    assert browse(school, head).get(at(name, role_id=role.pk)).status_code == 200


@pytest.mark.parametrize(
    "page",
    ["people:list", "people:invitations", "people:roles", "people:account", "people:invite"],
)
def test_pages_open_in_the_console(browse, boss, page):
    url = reverse(page, urlconf="config.urls_public")
    assert browse(None, boss).get(url).status_code == 200


def test_the_consoles_home_is_what_there_is_to_do_for_who_does_it(browse, boss, now):
    assert browse(None, boss).get("/console/")["Location"] == "/console/todo/"
    with inside_operator():
        officer = person_with("dpo", now=now, username="officer", email="dpo@preau.example")
        guide = person_with("support", now=now, email="support@preau.example")
    assert browse(None, officer).get("/console/")["Location"] == "/console/privacy/"
    home = browse(None, guide).get("/console/")
    assert home.status_code == 200
    assert ">Accueil<" in home.content.decode()


@pytest.mark.parametrize(
    "login", ["head@tilleuls.example", "HEAD@tilleuls.example", "elodie.marchand", "Elodie.Marchand"]
)
def test_signing_in_by_address_or_user_name(browse, school, head, login):
    browser = browse(school)
    answer = sign_in(browser, login, next="/people/")
    assert answer.status_code == 302
    assert answer["Location"] == "/people/"
    assert browser.get("/people/").status_code == 200
    with inside(school):
        assert Entry.objects.filter(verb="session.opened", actor_id=head.pk).count() == 1


def test_a_wrong_password_is_refused_noted_and_never_kept(browse, school, head):
    answer = sign_in(browse(school), "head@tilleuls.example", "not this one at all")
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert "pseudo" not in answer.content.decode()
    assert "ne vont pas ensemble" in answer.content.decode()
    with inside(school):
        entry = Entry.objects.get(verb="session.refused")
        assert entry.subject_id == head.pk
        assert "not this one" not in str(entry.facts) + str(entry.personal.part)


def test_five_failures_close_the_door_here_and_not_next_door(browse, school, nursery, head, now):
    with inside(nursery):
        person_with("administrator", now=now, email="head@tilleuls.example")
    browser = browse(school)
    for _ in range(5):
        sign_in(browser, "head@tilleuls.example", "wrong wrong wrong")
    assert sign_in(browser, "head@tilleuls.example").status_code == 200
    assert sign_in(browse(nursery), "head@tilleuls.example").status_code == 302


def test_an_account_of_one_school_opens_nothing_elsewhere(browse, school, nursery, head):
    assert sign_in(browse(nursery), "head@tilleuls.example").status_code == 200
    assert sign_in(browse(None), "head@tilleuls.example").status_code == 200
    browser = browse(school, head)
    other = browse(nursery)
    other.cookies = browser.cookies
    assert other.get("/people/").status_code == 302


def test_who_is_not_signed_in_is_sent_to_sign_in_and_comes_back(browse, school):
    answer = browse(school).get("/people/?q=a")
    assert answer["Location"] == "/account/login/?next=%2Fpeople%2F%3Fq%3Da"


def test_a_program_gets_401(browse, school):
    answer = browse(school).get("/people/", headers={"accept": "application/json"})
    assert answer.status_code == 401


def test_the_wrong_role_is_refused_and_noted(browse, school, now):
    with inside(school):
        teacher = person_with("teacher", now=now, email="t@tilleuls.example")
    answer = browse(school, teacher).get("/people/")
    assert answer.status_code == 403
    with inside(school):
        entry = Entry.objects.get(verb="access.denied")
        assert (entry.actor_id, entry.facts["right"]) == (teacher.pk, "people.read")


def test_foreign_and_absent_people_get_the_same_answer(browse, school, nursery, head, now):
    with inside(nursery):
        foreign = person_with("teacher", now=now, email="n@coquelicots.example")
    browser = browse(school, head)
    answers = [
        browser.get(at("people:person", person_id=pk))
        for pk in (foreign.pk, "5" * 8 + "-1111-4111-8111-" + "1" * 12)
    ]
    assert [a.status_code for a in answers] == [404, 404]


def test_terms_come_before_anything_else(browse, school, now):
    with inside(school):
        teacher = person_with("teacher", now=now, email="t@tilleuls.example", accepts=False)
    browser = browse(school, teacher)
    assert browser.get("/me/")["Location"] == "/terms/accept/?next=%2Fme%2F"
    page = browser.get("/terms/accept/?next=/me/")
    assert page.status_code == 200
    assert b" checked" not in page.content
    refused = browser.post("/terms/accept/", {"next": "/me/"})
    assert refused.status_code == 200
    boxes = {name: "on" for name in page.context["form"].fields}
    assert browser.post("/terms/accept/", {"next": "/me/", **boxes})["Location"] == "/me/"
    assert browser.get("/me/").status_code == 200
    with inside(school):
        kept = Acceptance.objects.filter(person=teacher)
        assert kept.count() == 2
        assert all(row.proof and row.ip == "127.0.0.1" for row in kept)


def test_a_page_that_asks_for_several_terms_says_why(browse, school, nursery, now):
    asked = {}
    for tenant in (school, nursery):  # a school with two offers, a nursery with one
        with inside(tenant):
            teacher = person_with("teacher", now=now, email="t@tilleuls.example", accepts=False)
        asked[tenant.slug] = browse(tenant, teacher).get("/terms/accept/").content.decode()
    assert "Plusieurs offres servent ici" in asked["tilleuls"]
    assert "Plusieurs offres servent ici" not in asked["coquelicots"]


def test_an_auditor_finds_the_evidence_at_home(browse, school, now):
    with inside(school):
        auditor = person_with("auditor", now=now, email="audit@tilleuls.example")
        head = person_with("administrator", now=now, email="tete@tilleuls.example")
    page = browse(school, auditor).get("/").content.decode()
    assert "Ce que vous pouvez lire ici" in page
    assert "Journal" in page
    assert "Ce que vous pouvez lire ici" not in browse(school, head).get("/").content.decode()


def test_the_staff_sets_up_a_second_factor_before_anything_else(browse, boss):
    browser = browse(None, boss)
    assert browser.get("/console/")["Location"] == "/console/todo/"
    with inside_operator():
        Authenticator.objects.all().delete()
    assert browser.get("/console/people/")["Location"] == "/account/second-factor/totp/activate/"
    sign_in(browser, "boss@preau.example")
    assert browser.get("/account/second-factor/totp/activate/").status_code in {200, 302}


def test_the_staff_signs_in_with_a_code(browse, boss, now):
    browser = browse(None)
    answer = sign_in(browser, "boss@preau.example")
    assert answer["Location"].startswith("/account/second-factor/authenticate/")
    assert browser.get("/console/").status_code == 302
    answer = browser.post("/account/second-factor/authenticate/", {"code": one_time_code(SECRET)})
    assert answer.status_code == 302
    assert browser.get("/console/")["Location"] == "/console/todo/"
    refused = browser.get("/account/second-factor/totp/deactivate/", follow=True)
    assert b"btn-danger" not in refused.content


def test_a_session_nobody_used_is_locked(browse, school, head, clock):
    browser = browse(school)
    sign_in(browser, "head@tilleuls.example")
    clock.shift(timedelta(minutes=29))
    assert browser.get("/people/").status_code == 200
    clock.shift(timedelta(minutes=30))
    answer = browser.get("/people/")
    assert answer["Location"] == "/session/locked/?next=%2Fpeople%2F"
    page = browser.get(answer["Location"])
    assert page.status_code == 200
    assert b"/account/login/?next=%2Fpeople%2F" in page.content
    assert browser.get("/people/")["Location"].startswith("/account/login/")
    with inside(school):
        assert Entry.objects.filter(verb="session.locked").count() == 1


def test_staying_signed_in(browse, school, head, clock):
    browser = browse(school)
    sign_in(browser, "head@tilleuls.example")
    page = browser.get("/people/").content.decode()
    assert 'data-lock-seconds="1800"' in page
    assert 'data-stay-url="/session/stay/"' in page
    for _ in range(3):
        clock.shift(timedelta(minutes=20))
        assert browser.post("/session/stay/").status_code == 204
    assert browser.get("/people/").status_code == 200


def test_a_part_of_a_page_asked_after_the_lock_reloads_the_whole(browse, school, head, clock):
    browser = browse(school)
    sign_in(browser, "head@tilleuls.example")
    clock.shift(timedelta(hours=1))
    answer = browser.get("/people/?q=x", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Redirect"] == "/session/locked/"


@pytest.mark.parametrize(("state", "allowed"), [("suspended", False), ("ended", False), ("open", True)])
def test_a_suspended_or_ended_school_is_closed_but_for_its_administrator(
    browse, school, head, now, state, allowed
):
    with inside(school):
        teacher = person_with("teacher", now=now, email="t@tilleuls.example")
    with inside_operator():
        type(school).objects.filter(pk=school.pk).update(state=state)
    assert browse(school, head).get("/people/").status_code == (200 if allowed else 403)
    assert browse(school, teacher).get("/").status_code == 200
    browser = browse(school, head)
    home = browser.get("/")
    assert ("invoices.read" in home.wsgi_request.permissions) is True
    assert not (set(browse(school, teacher).get("/").wsgi_request.permissions) and not allowed)


def test_from_invitation_to_home(browse, school, head, now, mailoutbox):
    from agenda.loop import send_outbox

    browser = browse(school, head)
    with inside(school):
        teacher = Role.objects.get(shipped="teacher")
    sent = browser.post(
        "/people/invitations/new/",
        {"email": "zoe@tilleuls.example", "role": str(teacher.pk), "language": "fr"},
    )
    assert sent["Location"] == "/people/invitations/"
    send_outbox(now + timedelta(minutes=1))
    link = next(word for word in mailoutbox[0].body.split() if "/invitation/" in word)
    path = link[link.index("/invitation/") :]
    guest = browse(school)
    page = guest.get(path)
    assert page.status_code == 200
    assert (
        page["Referrer-Policy"] == "same-origin"
    )  # the token leaves to nobody else, and the form can be sent
    assert list(page.context["form"].fields)[0].startswith("terms_")
    typed = {"first_name": "Zoé", "last_name": "Étienne", "password": PHRASE}
    assert guest.post(path, typed).status_code == 200
    with inside(school):
        assert not Person.objects.filter(email="zoe@tilleuls.example").exists()
    boxes = {name: "on" for name in page.context["form"].fields if name.startswith("terms_")}
    weak = guest.post(path, {**typed, **boxes, "password": "motdepasse2026!!"})
    assert weak.status_code == 200
    assert weak.context["form"].errors["password"]
    assert guest.post(path, {**typed, **boxes})["Location"] == "/"
    assert guest.get("/").status_code == 200
    assert guest.get(path).status_code == 410
    assert "zoe@tilleuls.example" in browser.get("/people/invitations/?state=accepted").content.decode()


def test_a_parent_is_asked_no_name(browse, school, head, now):
    with inside(school):
        invitation = invite(email="parent@maison.example", role_key="guardian", by=head, now=now)
        token = invitation.token
    page = browse(school).get(at("people:invited", token=token))
    assert "last_name" not in page.context["form"].fields


def test_looking_at_an_invitation_keeps_nobody_waiting(browse, school, head, now):
    with inside(school):
        token = invite(email="zoe@tilleuls.example", role_key="teacher", by=head, now=now).token
    with CaptureQueriesContext(connection) as queries:
        assert browse(school).get(at("people:invited", token=token)).status_code == 200
    read = [each["sql"] for each in queries if 'FROM "people_invitation"' in each["sql"]]
    assert read
    assert not [sql for sql in read if "FOR UPDATE" in sql]


def test_links_are_sent_again_and_taken_back(browse, school, head, now):
    with inside(school):
        invitation = invite(email="zoe@tilleuls.example", role_key="teacher", by=head, now=now)
    browser = browse(school, head)
    browser.post(at("people:invite_again", invitation_id=invitation.pk))
    assert browse(school).get(at("people:invited", token=invitation.token)).status_code == 410
    browser.post(at("people:cancel_invitation", invitation_id=invitation.pk))
    with inside(school):
        assert Invitation.objects.get(pk=invitation.pk).cancelled_at is not None


def test_inviting_somebody_who_is_here_leads_to_their_page(browse, school, head):
    with inside(school):
        role = Role.objects.get(shipped="teacher")
    answer = browse(school, head).post(
        "/people/invitations/new/", {"email": "head@tilleuls.example", "role": str(role.pk), "language": "fr"}
    )
    assert answer["Location"] == at("people:person", person_id=head.pk)


def test_roles_given_and_taken_back_on_a_page(browse, school, head, now):
    with inside(school):
        other = person_with("teacher", now=now, email="t@tilleuls.example")
        role = Role.objects.get(shipped="finance_contact")
    browser = browse(school, head)
    browser.post(at("people:give_role", person_id=other.pk), {"role": str(role.pk)})
    with inside(school):
        given = Membership.objects.get(person=other, role=role)
        own = Membership.objects.get(person=head)
    browser.post(at("people:end_role", person_id=other.pk, membership_id=given.pk))
    refused = browser.post(at("people:end_role", person_id=head.pk, membership_id=own.pk), follow=True)
    assert "notice-wrong" in refused.content.decode()
    with inside(school):
        assert Membership.objects.get(pk=given.pk).ends_on == now.date()
        assert Membership.objects.get(pk=own.pk).ends_on is None


def test_a_role_is_copied_and_edited_on_its_page(browse, school, head):
    with inside(school):
        role = Role.objects.get(shipped="teacher")
    browser = browse(school, head)
    answer = browser.post(at("people:copy_role", role_id=role.pk), {"name": "Remplaçant"})
    with inside(school):
        copy = Role.objects.get(name="Remplaçant")
    assert answer["Location"] == at("people:role", role_id=copy.pk)
    browser.post(
        answer["Location"],
        {"name": "Remplaçante", "scope": "circle", "permissions_school": ["students.read"]},
    )
    with inside(school):
        copy.refresh_from_db()
        assert (copy.name, copy.permissions) == ("Remplaçante", ["students.read"])
    browser.post(at("people:remove_role", role_id=copy.pk))
    with inside(school):
        assert not Role.objects.filter(pk=copy.pk).exists()


def test_an_account_without_an_address_shows_its_password_once(browse, school, head):
    with inside(school):
        role = Role.objects.get(shipped="teacher")
    answer = browse(school, head).post(
        "/people/new/", {"first_name": "Noé", "last_name": "Calvet", "role": str(role.pk)}
    )
    password = answer.context["password"]
    assert password in answer.content.decode()
    with inside(school):
        person = Person.objects.get(username="noe.calvet")
        accept_all(person, now=person.created_at)
    assert sign_in(browse(school), "noe.calvet", password).status_code == 302


def test_closing_an_account_closes_its_sessions(browse, school, head, now):
    with inside(school):
        other = person_with(
            "teacher", now=now, email="t@tilleuls.example", first_name="Karim", last_name="Benali"
        )
    theirs = browse(school)
    sign_in(theirs, "t@tilleuls.example")
    assert theirs.get("/").status_code == 200
    browser = browse(school, head)
    assert b"Karim Benali" in browser.get(at("people:deactivate", person_id=other.pk)).content
    browser.post(at("people:deactivate", person_id=other.pk))
    assert theirs.get("/")["Location"].startswith("/account/login/")
    assert sign_in(browse(school), "t@tilleuls.example")["Location"] == "/account/inactive/"
    browser.post(at("people:reactivate", person_id=other.pk))
    assert sign_in(browse(school), "t@tilleuls.example")["Location"] == "/"


def test_my_other_sessions_are_closed(browse, school, head):
    first = browse(school)
    second = browse(school)
    sign_in(first, "head@tilleuls.example")
    sign_in(second, "head@tilleuls.example")
    assert first.get("/me/").content.decode().count('name="session"') == 1
    first.post("/me/sessions/end/")
    assert first.get("/me/").status_code == 200
    assert second.get("/me/").status_code == 302


def test_people_are_searched_without_accents_sorted_and_saved_as_csv(browse, school, head, now):
    with inside(school):
        for first, last in (("Zoé", "Étienne"), ("Bao", "=Zidane"), ("Ali", "eriksen")):
            person_with("teacher", now=now, first_name=first, last_name=last)
    browser = browse(school, head)
    names = [person.last_name for person in browser.get("/people/").context["page_obj"]]
    assert names == ["=Zidane", "eriksen", "Étienne", "Marchand"]
    assert [p.last_name for p in browser.get("/people/?q=etienne zoe").context["page_obj"]] == ["Étienne"]
    saved = browser.get("/people/?format=csv")
    assert saved["Content-Type"].startswith("text/csv")
    assert "'=Zidane" in saved.content.decode()


def test_the_list_takes_as_many_statements_for_one_as_for_many(
    browse, school, head, now, django_assert_max_num_queries
):
    with inside(school):
        for number in range(12):
            person_with("teacher", now=now, username=f"prof{number}")
    browser = browse(school, head)
    browser.get("/people/")
    with django_assert_max_num_queries(16):
        page = browser.get("/people/")
    assert len(page.context["page_obj"]) == 13  # the head and these twelve


def test_access_is_reviewed_on_a_page(browse, school, head, now):
    with inside(school):
        other = person_with("teacher", now=now, email="t@tilleuls.example")
        rows = [str(pk) for pk in Membership.objects.values_list("pk", flat=True)]
        mine = str(Membership.objects.get(person=head).pk)
    answer = browse(school, head).post("/people/review/", {"shown": rows, "keep": [mine]})
    assert answer["Location"] == "/people/"
    with inside(school):
        assert Membership.objects.get(person=other).ends_on == now.date()
        assert Entry.objects.filter(verb="access.reviewed").count() == 1


def test_a_forgotten_password(browse, school, head, now, mailoutbox):
    from agenda.loop import send_outbox

    browser = browse(school)
    assert browser.post("/account/password/reset/", {"email": "head@tilleuls.example"}).status_code == 302
    assert browser.post("/account/password/reset/", {"email": "nobody@tilleuls.example"}).status_code == 302
    send_outbox(now + timedelta(minutes=1))
    assert [mail.to for mail in mailoutbox] == [["head@tilleuls.example"]]
    link = next(word for word in mailoutbox[0].body.split() if "/password/reset/key/" in word)
    page = browser.get(link[link.index("/account/") :], follow=True)
    assert page.status_code == 200
    url = page.redirect_chain[-1][0]
    assert browser.post(url, {"password1": PHRASE, "password2": PHRASE}).status_code == 302
    assert sign_in(browser, "head@tilleuls.example", PHRASE).status_code == 302


def test_the_language_is_remembered_by_the_account(browse, school, head):
    browser = browse(school, head)
    browser.post("/language/", {"language": "en", "next": "/me/"})
    assert b'<html lang="en"' in browser.get("/me/").content
    with inside(school):
        assert Person.objects.get(pk=head.pk).language == "en"
    assert (
        browser.post("/language/", {"language": "en", "next": "https://elsewhere.example/"})["Location"]
        == "/"
    )


def test_an_administrator_sets_when_a_session_left_alone_is_locked(browse, school, head, now):
    browser = browse(school, head)
    page = "/settings/"
    assert "30" in browser.get(page).content.decode()
    typed = {"name": "École des Tilleuls", "language": "en", "lock_after_minutes": "10"}
    for wrong in ("4", "241", "x"):
        assert browser.post(page, typed | {"lock_after_minutes": wrong}).status_code == 200
    assert browser.post(page, typed).status_code == 302
    with inside_operator():
        row = Tenant.objects.get(pk=school.pk)
        assert (row.language, row.lock_after_minutes) == ("en", 10)
    assert 'data-lock-seconds="600"' in browser.get(page).content.decode()
    with inside(school):
        entry = Entry.objects.get(verb="tenant.settings_changed")
        assert entry.facts == {"language": "en", "lock_after_minutes": 10}
    assert browser.post(page, typed).status_code == 302  # nothing changed: nothing is written
    with inside(school):
        assert Entry.objects.filter(verb="tenant.settings_changed").count() == 1


def test_who_may_not_set_the_place_does_not_see_its_settings(browse, school, now):
    with inside(school):
        teacher = person_with("teacher", now=now, email="maitre@tilleuls.example")
    assert browse(school, teacher).get("/settings/").status_code == 403


def test_nobody_signs_up_by_themselves(browse, school):
    answer = browse(school).post("/account/signup/", {"email": "me@tilleuls.example", "password1": PHRASE})
    assert answer.status_code == 200
    with inside(school):
        assert not Person.objects.filter(email="me@tilleuls.example").exists()


def test_a_second_factor_is_set_up_and_told_of(
    browse, school, head, now, mailoutbox, django_capture_on_commit_callbacks
):
    from agenda.loop import send_outbox

    browser = browse(school)
    sign_in(browser, "head@tilleuls.example")
    url = at("mfa_activate_totp")
    page = browser.get(url)
    assert page.status_code == 200
    assert "data:image/svg+xml" in page.content.decode()
    assert 'xmlns="http://www.w3.org/2000/svg"' in page.context["totp_svg"]
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        done = browser.post(url, {"code": one_time_code(secret)})
    assert done["Location"] == at("mfa_view_recovery_codes")
    assert browser.get(done["Location"]).status_code == 200
    with inside(school):
        assert Entry.objects.filter(verb="second_factor.totp_activated", actor_id=head.pk).count() == 1
        kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    send_outbox(now + timedelta(minutes=1))
    assert [mail.to for mail in mailoutbox] == [["head@tilleuls.example"]]


def test_the_staff_lands_in_the_console(browse, boss):
    browser = browse(None)
    sign_in(browser, "boss@preau.example")
    answer = browser.post("/account/second-factor/authenticate/", {"code": one_time_code(SECRET)})
    assert answer["Location"] == "/console/"


def test_changing_the_second_factor_asks_for_the_password_again_after_five_minutes(
    browse, school, head, clock
):
    browser = browse(school)
    sign_in(browser, "head@tilleuls.example")
    clock.shift(timedelta(minutes=6))
    answer = browser.get(at("mfa_activate_totp"))
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert browser.get(answer["Location"]).status_code == 200
    again = browser.post(answer["Location"], {"password": PASSWORD})
    assert again["Location"] == at("mfa_activate_totp")
    assert browser.get(again["Location"]).status_code == 200


def test_the_locked_page_leads_back_to_the_page_that_was_left(browse, school, head):
    browser = browse(school, head)
    own = f"http://{browser.defaults['HTTP_HOST']}/people/?q=a"
    page = browser.get("/session/locked/", headers={"referer": own})
    assert b"?next=%2Fpeople%2F%3Fq%3Da" in page.content
    assert browser.get("/people/").status_code == 302
    elsewhere = browser.get("/session/locked/", headers={"referer": "https://elsewhere.example/people/"})
    assert b"next=" not in elsewhere.content


@pytest.mark.parametrize("name", ["Zo\u202eé", "Zo\ufffd"])
def test_who_signs_up_has_a_name_that_can_be_read(browse, school, head, now, name):
    with inside(school):
        token = invite(email="zoe@tilleuls.example", role_key="teacher", by=head, now=now).token
    fields = {"first_name": name, "last_name": "Roy", "password": PHRASE}
    refused = browse(school).post(at("people:invited", token=token), fields)
    assert f"3 (U+{ord(name[2]):04X})" in refused.content.decode()


def test_a_long_review_goes_a_page_at_a_time_and_ends_with_the_last(browse, school, head, now, monkeypatch):
    monkeypatch.setattr("people.forms.access.REVIEWED_A_PAGE", 2)
    with inside(school):
        for number in range(4):
            person_with("guardian", now=now, username=f"parent{number}", email=f"p{number}@famille.example")
        mine = str(Membership.objects.get(person=head).pk)
    browser = browse(school, head)
    shown = [str(row.pk) for row in browser.get("/people/review/").context["page_obj"]]
    assert shown[0] == mine  # the staff first
    second = browser.post("/people/review/", {"page": 1, "shown": shown, "keep": shown[:1]})
    assert second.context["ended"] == {shown[1]}
    assert second.context["page_obj"].number == 2
    sent = {"end": [shown[1]], "shown": [], "keep": []}
    assert browser.post("/people/review/", {"page": 2, **sent}).context["page_obj"].number == 3
    assert browser.post("/people/review/", {"page": 3, **sent})["Location"] == "/people/"
    with inside(school):
        assert AccessReview.objects.get().ended == 1
