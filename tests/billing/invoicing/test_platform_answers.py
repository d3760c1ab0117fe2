"""What a platform says is read to its last state; what can't be followed is listed for a clerk."""

import json
from datetime import timedelta

import pytest

from agenda.loop import tick
from agenda.models import Obligation
from billing.invoicing.actions.read_answers import open_answers
from billing.invoicing.actions.transmit_document import note_answer, take_answers
from billing.models import Transmission
from billing.money.policy.days import paris_day
from billing.orders.actions.issue_invoice import issue_invoice
from billing.quotes.actions.send_quote import BuyerIncomplete
from demo.factories.billing import ContactFactory, CustomerFactory, quote_sent
from demo.samples.invoices import SCHOOL
from demo.samples.orders import customer_named, order_of
from isolation.context import inside_operator
from tests.billing.support import clerk, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def answers(settings, tmp_path):
    """The folder a platform's answers come to."""
    settings.EINVOICE_DROP = tmp_path / "einvoices"
    folder = settings.EINVOICE_DROP / "platform" / "in"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def sent(answers, now):
    """An invoice that left for its platform."""
    with inside_operator():
        order = order_of(customer_named("professional"), *SCHOOL, now=now)
        invoice = issue_invoice(order=order, by=None, now=now, today=paris_day(now))
        tick(now)
        return invoice


def say(folder, name, invoice, state, at, **more):
    told = {"number": getattr(invoice, "number", invoice), "state": state, "at": at.isoformat()} | more
    (folder / f"{name}.json").write_text(json.dumps(told))


def test_a_refusal_after_received_is_read(answers, sent, now):
    say(answers, "a", sent, "received", now + timedelta(hours=1))
    with inside_operator():
        tick(now + timedelta(hours=7))
        assert Transmission.objects.get(invoice=sent).state == "received"
    say(answers, "0-later", sent, "refused", now + timedelta(days=2), reason="Engagement inconnu")
    with inside_operator():
        for hours in (14, 60):
            tick(now + timedelta(hours=hours))
        assert Transmission.objects.get(invoice=sent).state == "refused"
        for hours in (67, 74):
            tick(now + timedelta(hours=hours))
        waiting = Obligation.objects.waiting().filter(clause="CGI-289", kind="statuses")
        assert not waiting.exists()  # nothing more can be refused


def test_the_files_names_say_nothing_of_their_order(answers, sent, now):
    say(answers, "1", sent, "refused", now + timedelta(hours=2), reason="Doublon")
    say(answers, "2", sent, "received", now + timedelta(hours=1))
    with inside_operator():
        tick(now + timedelta(hours=7))
        states = list(sent.dispatch.events.values_list("state", flat=True))
    assert states == ["sent", "received", "refused"]


def test_what_cant_be_followed_is_listed(answers, sent, now, browse):
    page = clerk(browse, now)
    assert "Rien à regarder" in page.get(url("platform_answers")).text
    (answers / "broken.json").write_text("{")
    say(answers, "b", "FA-0", "received", now)
    say(answers, "c", sent, "lost", now + timedelta(hours=1))
    say(answers, "d", sent, "refused", now + timedelta(hours=2), reason=" ")
    with inside_operator():
        tick(now + timedelta(hours=7))
        assert Transmission.objects.get(invoice=sent).state == "sent"
    shown = page.get(url("platform_answers")).text
    for words in ("broken.json", "illisible", "FA-0", "Aucun document", "lost", "refus sans motif"):
        assert words in shown, words
    page.post(url("answer_note", sent.pk), {"state": "refused", "reason": "Service inconnu"})
    assert "refus sans motif" not in page.get(url("platform_answers")).text


@pytest.mark.parametrize("midnight", ["T00:00:00+00:00", "T00:00:00+01:00"])
@pytest.mark.parametrize("received_first", [True, False])
def test_a_refusal_dated_the_day_alone_is_followed(answers, sent, now, midnight, received_first):
    say(answers, "z", sent, "received", now + timedelta(minutes=30))
    if received_first:
        with inside_operator():
            assert take_answers(channel="platform", now=now + timedelta(hours=1)) == 1
    told = {
        "number": sent.number,
        "state": "refused",
        "at": f"{paris_day(now)}{midnight}",
        "reason": "Doublon",
    }
    (answers / "a.json").write_text(json.dumps(told))
    with inside_operator():
        for hours in (2, 3):
            take_answers(channel="platform", now=now + timedelta(hours=hours))
        assert Transmission.objects.get(invoice=sent).state == "refused"
        assert open_answers(now=now + timedelta(hours=3)) == []
        note_again(sent, now + timedelta(hours=4))
        assert (
            take_answers(channel="platform", now=now + timedelta(hours=5)) == 0
        )  # told of what was sent before
        assert open_answers(now=now + timedelta(hours=5)) == []


def note_again(invoice, at):
    """Send a refused document once more."""
    Transmission.objects.get(invoice=invoice).move("send", at=at)


@pytest.mark.parametrize("state", ["refused", "paid"])
def test_a_last_word_older_than_what_is_known_is_listed(answers, sent, now, browse, state):
    say(answers, "b", sent, "received", now + timedelta(hours=2))
    with inside_operator():
        take_answers(channel="platform", now=now + timedelta(hours=3))
    say(answers, "c", sent, state, now + timedelta(hours=1), reason="Doublon")
    say(answers, "d", sent, "received", now + timedelta(hours=1))  # says nothing new
    with inside_operator():
        assert take_answers(channel="platform", now=now + timedelta(hours=4)) == 0
        (left,) = open_answers(now=now + timedelta(hours=4))
    assert (left.name, left.why, left.state) == (sent.number, "out_of_order", state)
    page = clerk(browse, now)
    assert sent.number in page.get(url("platform_answers")).text
    page.post(url("answer_note", sent.pk), {"state": state, "reason": "Doublon"})
    with inside_operator():
        assert open_answers(now=now + timedelta(hours=5)) == []


def test_a_refusal_noted_by_hand_before_the_next_sending_is_not_listed(answers, sent, now):
    with inside_operator():
        told = {"state": "refused", "reason": "Doublon", "by": None}
        note_answer(invoice_id=sent.pk, at=now + timedelta(hours=2), now=now, **told)
        note_again(sent, now + timedelta(hours=3))
    say(answers, "a", sent, "refused", now + timedelta(hours=1), reason="Doublon")
    say(answers, "b", sent, "received", now + timedelta(hours=4))
    with inside_operator():
        take_answers(channel="platform", now=now + timedelta(hours=5))
        assert Transmission.objects.get(invoice=sent).state == "received"
        assert open_answers(now=now + timedelta(hours=5)) == []


@pytest.mark.parametrize("name", ["answer.JSON", "answer.xml", "answer", "réponse.json.part", ".answer.json"])
def test_any_other_file_is_listed(answers, sent, now, browse, name):
    (answers / name).write_text("{}")
    (answers / "kept").mkdir()
    say(answers, "a", sent, "received", now + timedelta(minutes=30))
    with inside_operator():
        assert [each.name for each in open_answers(now=now)] == [name]
    assert name in clerk(browse, now).get(url("platform_answers")).text


def bad_answer(invoice, now, **more):
    """Return an answer as a file has it, whose parts are changed."""
    at = (now + timedelta(hours=1)).isoformat()
    told = {"number": invoice.number, "state": "refused", "at": at, "reason": "Doublon"} | more
    return json.dumps(told).encode()


BAD_ANSWERS = {
    "deep": lambda *_: b"[" * 100_000,
    "a list": lambda *_: b"[]",
    "empty": lambda *_: b"",
    "NUL in the reason": lambda *on: bad_answer(*on, reason="a\0b"),
    "NUL in the number": lambda *on: bad_answer(*on, number="FA-1\0"),
    "NUL in the state": lambda *on: bad_answer(*on, state="refused\0"),
    "half a pair in the reason": lambda *on: bad_answer(*on, reason="\ud800"),
    "half a pair in the number": lambda *on: bad_answer(*on, number="FA-\ud800"),
    "the year 1": lambda *on: bad_answer(*on, at="0001-01-01T00:00:00+14:00"),
    "the year 1999": lambda *on: bad_answer(*on, at="1999-12-31T23:59:59Z"),
    "the year 2050": lambda *on: bad_answer(*on, at="2050-01-01T00:00:00Z"),
    "the year 9999": lambda *on: bad_answer(*on, at="9999-12-31T23:59:59-12:00"),
    "no zone": lambda *on: bad_answer(*on, at="2026-11-16T09:00:00"),
    "a number": lambda *on: bad_answer(*on, at=5),
    "a list of reasons": lambda *on: bad_answer(*on, reason=["Doublon"]),
    "one thing twice": lambda *on: bad_answer(*on)[:-1] + b', "state": "received"}',
    "another encoding": lambda *on: bad_answer(*on).decode().encode("utf-16"),
}


@pytest.mark.parametrize("bad", list(BAD_ANSWERS))
def test_a_file_that_cant_be_read_keeps_no_other_back(answers, sent, now, browse, bad):
    (answers / "a-bad.json").write_bytes(BAD_ANSWERS[bad](sent, now))
    say(answers, "z-good", sent, "received", now + timedelta(minutes=30))
    with inside_operator():
        tick(now + timedelta(hours=7))
        assert list(sent.dispatch.events.values_list("state", flat=True)) == ["sent", "received"]
    shown = clerk(browse, now).get(url("platform_answers")).text
    assert "a-bad.json" in shown
    assert "illisible" in shown
    assert (answers / "a-bad.json").exists()


def test_an_answer_that_cant_be_taken_keeps_no_other_back(answers, sent, now, monkeypatch):
    say(answers, "a", sent, "refused", now + timedelta(minutes=20), reason="Doublon")
    say(answers, "b", sent, "received", now + timedelta(minutes=30))

    def note_unless_refused(*, state, **told):
        if state == "refused":
            Transmission.objects.filter(channel="a\0").exists()
        return note_answer(state=state, **told)

    monkeypatch.setattr("billing.invoicing.actions.transmit_document.note_answer", note_unless_refused)
    with inside_operator():
        assert take_answers(channel="platform", now=now + timedelta(hours=1)) == 1
        assert Transmission.objects.get(invoice=sent).state == "received"


def test_a_service_code_no_address_can_hold_is_refused_on_the_form_and_at_the_quote(browse, now):
    page = clerk(browse, now)
    form = {
        "name": "Commune de Vaubrun",
        "customer_type": "public_body",
        "siren": "21359990500014",
        "service_code": "École maternelle",
        "email": "finances@vaubrun.example",
        "street": "1 place",
        "postcode": "35000",
        "city": "Vaubrun",
        "country": "FR",
        "language": "fr",
    }
    answer = page.post(url("customer_new"), form)
    assert answer.status_code == 422
    assert "Un code service n’a que des lettres" in answer.text
    with inside_operator():
        commune = CustomerFactory(
            customer_type="public_body", siret="21359990500014", siren="213599905", service_code="École 1"
        )
        with pytest.raises(BuyerIncomplete) as lack:
            quote_sent(ContactFactory(customer=commune), now=now)
        assert lack.value.missing == ("service_code",)
