"""Tokens at work: who is let in, with which rights, and until when."""

from datetime import timedelta

import pytest

from audit.models import Entry
from demo.factories.billing import quote_sent
from isolation.context import inside, inside_operator
from people.actions.deactivate_person import deactivate_person, reactivate_person
from people.actions.make_token import TooManyTokens, make_token
from people.actions.revoke_tokens import revoke_tokens
from people.models import AccessToken
from people.policy.tokens import MAX_TOKENS
from tests.api.conftest import Program
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db


def is_problem(answer, status, kind):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["type"] == f"urn:preau:problem:{kind}"
    assert body["status"] == status
    assert body["title"]
    return body


def test_a_token_opens_what_its_owner_may_do(program):
    answer = program.get("quotes/")
    assert answer.status_code == 200
    assert answer.json() == {"count": 0, "next": None, "previous": None, "results": []}
    assert "session" not in answer.cookies
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("secret", ["", "preau_wrong", "preau_", "x" * 300])
def test_without_a_good_token_nothing_opens(db, secret):
    answer = Program(secret).get("quotes/")
    is_problem(answer, 401, "token")
    assert answer["WWW-Authenticate"] == "Bearer"


def test_a_role_that_lacks_the_right_is_refused_and_that_is_on_record(staff, token_for):
    person = staff("support")
    is_problem(Program(token_for(person)[1]).get("invoices/"), 403, "right")
    with inside_operator():
        entry = Entry.objects.filter(verb="access.denied").latest("seq")
    assert (entry.actor_id, entry.facts["right"]) == (person.pk, "invoices.write")


def test_a_session_counts_for_nothing(staff, browse):
    browser = browse(None, staff("operator_administrator"))
    for method in ("get", "post", "put", "delete"):
        is_problem(getattr(browser, method)("/api/v1/quotes/"), 401, "token")


def test_the_secret_is_stored_nowhere(staff, token_for):
    token, secret = token_for(staff())
    with inside_operator():
        row = AccessToken.objects.filter(pk=token.pk).values().get()
        assert secret not in str(row)
        assert secret not in str(list(Entry.objects.values_list("facts", flat=True)))
        assert "token.made" in Entry.objects.values_list("verb", flat=True)


def test_revoked_it_opens_nothing_from_the_next_request_on(staff, token_for, now):
    person = staff()
    token, secret = token_for(person)
    other = Program(token_for(person)[1])
    assert Program(secret).get("quotes/").status_code == 200
    with inside_operator():
        assert revoke_tokens(person_ids=[person.pk], by=person, now=now, only=token.pk) == 1
        assert Entry.objects.latest("seq").verb == "token.revoked"
    is_problem(Program(secret).get("quotes/"), 401, "token")
    assert other.get("quotes/").status_code == 200


def test_closing_the_account_kills_its_tokens_for_good(staff, token_for, now):
    person = staff()
    _token, secret = token_for(person)
    with inside_operator():
        deactivate_person(person=person, by=None, now=now)
    is_problem(Program(secret).get("quotes/"), 401, "token")
    with inside_operator():
        reactivate_person(person=person, by=None, now=now)
    is_problem(Program(secret).get("quotes/"), 401, "token")


def test_it_ends_on_its_day(staff, token_for, clock, now):
    secret = token_for(staff(), days=30)[1]
    clock.move_to(now + timedelta(days=29))
    assert Program(secret).get("quotes/").status_code == 200
    clock.move_to(now + timedelta(days=30))
    is_problem(Program(secret).get("quotes/"), 401, "token")


def test_the_day_of_last_use_is_kept(staff, token_for, clock, now):
    token, secret = token_for(staff())
    clock.move_to(now + timedelta(days=3))
    Program(secret).get("quotes/")
    with inside_operator():
        token.refresh_from_db()
    assert token.last_used_on == (now + timedelta(days=3)).date()


def test_there_are_only_so_many(staff, token_for, now):
    person = staff()
    for _ in range(MAX_TOKENS):
        token_for(person)
    with inside_operator(), pytest.raises(TooManyTokens):
        make_token(person=person, name="x", days=30, now=now, today=now.date())


def test_at_a_school_there_is_no_api(staff, token_for, school, browse):
    answer = browse(school).get(
        "/api/v1/quotes/", headers={"Authorization": f"Bearer {token_for(staff())[1]}"}
    )
    assert answer.status_code in {302, 404}
    with inside(school):
        assert AccessToken.objects.count() == 0


def test_the_page_shows_a_token_once(staff, browse):
    browser = browse(None, staff())
    assert "/me/tokens/" in browser.get("/me/").content.decode()
    made = browser.post("/me/tokens/", {"name": "Compta", "days": "90", "areas": ["quotes"]})
    secret = made.context["secret"]
    assert secret in made.content.decode()
    page = browser.get("/me/tokens/")
    assert secret not in page.content.decode()
    assert [token.name for token in page.context["tokens"]] == ["Compta"]
    assert Program(secret).get("quotes/").status_code == 200
    browser.post(f"/me/tokens/{made.context['token'].pk}/revoke/")
    assert browser.get("/me/tokens/").context["tokens"] == []
    is_problem(Program(secret).get("quotes/"), 401, "token")


def test_a_token_opens_the_areas_it_was_made_for_and_writes_only_if_it_may(staff, token_for):
    person = staff()
    reads = Program(token_for(person, areas=["quotes"], may_write=False)[1])
    assert reads.get("quotes/").status_code == 200
    is_problem(reads.get("invoices/"), 403, "right")
    is_problem(reads.post("customers/", {}), 403, "read-only")
    is_problem(reads.ask("DELETE", "quotes/"), 403, "read-only")
    writes = Program(token_for(person, areas=["quotes"], may_write=True)[1])
    is_problem(writes.post("customers/", {}), 422, "invalid")
    is_problem(writes.get("payments/"), 403, "right")


def test_the_page_makes_one_that_reads_unless_it_is_asked_to_write(staff, browse):
    browser = browse(None, staff())
    asked = {"name": "Compta", "days": "90", "areas": ["quotes", "invoices"]}
    secret = browser.post("/me/tokens/", asked).context["secret"]
    is_problem(Program(secret).post("customers/", {}), 403, "read-only")
    page = plain(browser.get("/me/tokens/").content.decode())
    assert "Clients, produits et devis, Factures et avoirs en lecture seule" in page
    secret = browser.post("/me/tokens/", asked | {"may_write": "on"}).context["secret"]
    is_problem(Program(secret).post("customers/", {}), 422, "invalid")


def test_who_signed_in_long_ago_proves_who_they_are_before_they_make_one(staff, browse, clock, now):
    browser = browse(None, staff())
    clock.move_to(now + timedelta(minutes=10))
    assert browser.get("/me/tokens/").status_code == 200
    answer = browser.post("/me/tokens/", {"name": "Compta", "days": "90", "areas": ["quotes"]})
    assert answer.status_code == 302
    assert "reauthenticate" in answer["Location"]
    with inside_operator():
        assert not AccessToken.objects.exists()


def test_another_password_ends_them(staff, token_for, browse):
    person = staff()
    secret = token_for(person)[1]
    with inside_operator():
        person.set_password("lundi soir au lavoir")
        person.save()
    browser = browse(None, person)
    new = "mardi matin au moulin"
    form = {"oldpassword": "lundi soir au lavoir", "password1": new, "password2": new}
    assert browser.post("/account/password/change/", form).status_code == 302
    is_problem(Program(secret).get("quotes/"), 401, "token")


def test_ending_the_sessions_ends_them_and_ending_one_does_not(staff, token_for, browse):
    person = staff()
    secret = token_for(person)[1]
    browser = browse(None, person)
    browser.post("/me/sessions/end/", {"session": "4711"})
    assert Program(secret).get("quotes/").status_code == 200
    browser.post("/me/sessions/end/")
    is_problem(Program(secret).get("quotes/"), 401, "token")


def test_somebody_elses_token_cant_be_revoked(staff, token_for, browse):
    theirs, secret = token_for(staff())
    assert (
        browse(None, staff("operator_administrator")).post(f"/me/tokens/{theirs.pk}/revoke/").status_code
        == 404
    )
    assert Program(secret).get("quotes/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"days": "4000"}, {"name": "x" * 81}, {"areas": []}, {"areas": ["quotes", "people"]}],
)
def test_a_form_filled_in_wrong_makes_no_token(staff, browse, wrong):
    right = {"name": "x", "days": "30", "areas": ["quotes"]}
    answer = browse(None, staff()).post("/me/tokens/", right | wrong)
    assert answer.status_code == 422
    with inside_operator():
        assert not AccessToken.objects.exists()


def test_each_token_may_ask_so_often_a_minute(staff, token_for, monkeypatch):
    from people.api.bearer import PerToken

    monkeypatch.setattr(PerToken, "THROTTLE_RATES", {"token": "2/min"})
    person = staff()
    one = Program(token_for(person)[1])
    two = Program(token_for(person)[1])
    assert [one.get("quotes/").status_code for _ in range(2)] == [200, 200]
    answer = one.get("quotes/")
    is_problem(answer, 429, "throttled")
    assert int(answer["Retry-After"]) > 0
    assert two.get("quotes/").status_code == 200


def test_lists_come_by_pages(program, now):
    with inside_operator():
        for _ in range(3):
            quote_sent(now=now)
    first = program.get("quotes/?page_size=2").json()
    assert (first["count"], len(first["results"])) == (3, 2)
    assert len(program.get("quotes/?page_size=2&page=2").json()["results"]) == 1
    is_problem(program.get("quotes/?page=9"), 404, "absent")
