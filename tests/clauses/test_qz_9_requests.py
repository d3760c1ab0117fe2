"""QZ-9 and QW-4: a request is answered within 30 days, identity proved, the copy destroyed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from agenda.models import Obligation
from demo.factories.people import person_with
from dpa.models import DataRequest
from dpa.policy.requests import AnswerTime, ProofKept, answer_clock, check_proof_gone
from isolation.context import inside, inside_operator
from tests.clauses.stage import later, live, mails, plain, read
from tests.clauses.test_lg_d10_1_requests import centre
from tests.conftest import open_school

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


def due(*times):
    """Return by when a request received on 31 January is answered."""
    return answer_clock(received_at=NOON, received_on=NOON.date(), times=times)


def test_thirty_days_and_a_month_that_has_no_31st():
    assert due(AnswerTime(0, 30, "QZ-9")).due_at.date() == date(2026, 3, 2)
    assert due(AnswerTime(1, 0, "GDPR-12.3")).due_at.date() == date(2026, 2, 28)


def test_of_several_contracts_the_shortest_counts():
    found = due(AnswerTime(0, 30, "QZ-9"), AnswerTime(1, 0, "GDPR-12.3"))
    assert (found.due_at.date(), found.clause) == (date(2026, 2, 28), "GDPR-12.3")
    assert found.reminder_at == found.due_at - timedelta(days=7)


def test_a_request_is_closed_once_no_copy_is_left():
    check_proof_gone(asked_at=None, seen_at=None, gone_at=None)
    check_proof_gone(asked_at=NOON, seen_at=None, gone_at=None)
    check_proof_gone(asked_at=NOON, seen_at=NOON, gone_at=NOON)
    with pytest.raises(ProofKept):
        check_proof_gone(asked_at=NOON, seen_at=NOON, gone_at=None)


@pytest.mark.story(
    "QZ-9",
    "QW-4",
    door="page",
    fr="Une demande arrivée par lettre dix jours plus tôt : ses 30 jours courent de là ; l’identité est "
    "demandée, prouvée, mais la réponse attend que la copie soit détruite ; prolongée d’abord, elle est "
    "tenue dans son nouveau délai.",
)
@pytest.mark.django_db
@pytest.mark.parametrize(("offer", "clause"), [("residents", "QZ-9"), ("training", "QW-4")])
def test_the_copy_is_destroyed_before_the_answer(browse, clock, now, offer, clause):
    """A request that came by letter ten days earlier: its 30 days run from then; the identity is asked for
    and proved, but the answer waits for the copy to be destroyed; extended first, it is kept within
    its new time.
    """
    place = open_school(f"{offer}-ici", "Région", [offer], licences=4)
    with inside(place):
        head = person_with("administrator", now=now, email="direction@region.example")
    office = browse(place, head)
    sent = {
        "received_at": (now - timedelta(days=10)).strftime("%Y-%m-%dT%H:%M"),
        "right": "access",
        "sender": "Awa Kern",
        "contact": "awa@famille.example",
    }
    assert office.post(centre("request_new"), sent).status_code == 302
    with inside(place):
        asked = DataRequest.objects.get()
    assert asked.due_at - asked.received_at == timedelta(days=30)
    assert office.post(centre("request_identity", asked.pk)).status_code == 302
    later(clock, minutes=1)
    assert mails("prouvez qui vous êtes")[0].to == ["awa@famille.example"]
    office.post(centre("request_identity_seen", asked.pk))
    again = read(office.post(centre("request_identity", asked.pk), follow=True))
    assert "Détruisez d’abord la copie" in again
    answer = {"is_granted": "yes", "answer": "Voici vos données."}
    refused = read(office.post(centre("request_answer", asked.pk), answer, follow=True))
    assert "Détruisez d’abord la copie" in refused
    live(clock, (asked.due_at - timedelta(days=5)).date())
    assert [each.to for each in mails("à répondre avant")][-1] == ["direction@region.example"]
    office = browse(place, head)
    wrong = office.post(centre("request_extend", asked.pk), {"reason": ""})
    assert wrong.status_code == 400
    assert (
        office.post(centre("request_extend", asked.pk), {"reason": "Beaucoup d’années."}).status_code == 302
    )
    later(clock, minutes=1)
    with inside_operator():
        waits = Obligation.objects.get(kind="rights-answer")
    assert waits.due_at - waits.run_at == timedelta(days=7)
    assert "Beaucoup d’années." in plain(mails("prend jusqu’au")[0].body)
    live(clock, (asked.due_at + timedelta(days=20)).date())
    office = browse(place, head)
    office.post(centre("request_identity_seen", asked.pk), {"gone": "1"})
    assert office.post(centre("request_answer", asked.pk), answer).status_code == 302
    with inside_operator():
        row = Obligation.objects.get(kind="rights-answer")
    assert (row.clause, row.state, row.missed_at) == (clause, "kept", None)
    assert "copie détruite" in read(office.get(centre("request", asked.pk)))
