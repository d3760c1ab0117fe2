"""What stories share: days that pass, somebody at a desk, a page as it is read, the mails that left."""

import html
import io
import re
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core import mail
from django.test import Client

from agenda.loop import tick
from billing.models import Invoice, RegisteredLetter, Subscription
from billing.money.policy.days import paris_day
from billing.payments.actions.record_transfer import record_transfer
from demo.factories.billing import invoice_of, order_signed
from isolation.context import inside_operator
from people.models import Person
from tests.billing.online import GOOD_CARD, address_of
from tests.billing.support import buyer, clerk, url


def at(day: date, hour: int = 12, minute: int = 0) -> datetime:
    """Return an instant of a day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def live(clock: Any, *days: date, hour: int = 12) -> datetime:
    """Let the clock go to each of these days, where the agenda keeps what is due; return the last instant."""
    for day in days:
        clock.move_to(at(day, hour))
        tick(at(day, hour))
    return at(days[-1], hour)


def later(clock: Any, **ahead: Any) -> datetime:
    """Let the clock go on by this much, where the agenda keeps what is due; return the instant."""
    clock.shift(timedelta(**ahead))
    now = datetime.now(UTC)
    tick(now)
    return now


def desk(browse: Any, now: Any, role: str = "finance") -> Client:
    """Return a browser of somebody of the operator's house who has just signed in."""
    with inside_operator():
        known = Person.objects.filter(username=f"maud-{role}").first()
    return browse(None, known) if known else clerk(browse, now, role)  # type: ignore[no-any-return]


def read(answer: Any) -> str:
    """Return the words of a page that could be shown: no tags, plain spaces."""
    assert answer.status_code == 200, (answer.status_code, getattr(answer, "url", ""))
    words = answer.content.decode()
    return plain(words[max(0, words.find("<main")) :])


def plain(text: str) -> str:
    """Return words without tags, one plain space between them."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", text)))


def mails(words: str) -> list[Any]:
    """Return the mails that left with these words in their subject, the oldest first."""
    return [each for each in mail.outbox if words in plain(each.subject)]


def visitor(browse: Any, contact: Any) -> Client:
    """Return a browser of a client who came in by the link of a mail."""
    with inside_operator():
        return buyer(browse, contact)


def paid(order: Any, on: datetime) -> Invoice:
    """Return the invoice of an order once its transfer was credited and what it opens stands open."""
    day = paris_day(on)
    with inside_operator():
        invoice = invoice_of(order)
        money = {"amount_cents": invoice.gross_cents, "received_on": day, "credited_on": day}
        record_transfer(invoice=invoice, reference="VIR", by=None, now=on, today=day, **money)
    tick(on)
    return invoice


def subscribed(on: datetime, contact: Any = None, **chosen: Any) -> Subscription:
    """Return the subscription of a school that signed, paid and opened on that day."""
    with inside_operator():
        order = order_signed(contact, now=on, **{"method": "transfer", "renewal": "automatic"} | chosen)
    paid(order, on)
    with inside_operator():
        rows = Subscription.objects.select_related("contact__customer", "contract__tenant", "product")
        return rows.get(order=order)  # type: ignore[no-any-return]


def ended_for_breach(browse: Any, clock: Any, now: datetime, school: Subscription, *days: date) -> None:
    """End a subscription for a breach: its letter sent, first presented and not heeded, each on its day."""
    sent, presented, ended = days
    live(clock, sent)
    letter = {"letter-purpose": "breach", "letter-number": "1A 201", "letter-on": str(sent)}
    letter |= {"letter-reason": "revente des accès"}
    assert desk(browse, now).post(url("letter_write", school.pk), letter).status_code == 302
    with inside_operator():
        posted = RegisteredLetter.objects.get()
    live(clock, presented)
    follow = {"follow-presented_on": str(presented)}
    assert desk(browse, now).post(url("letter_follow", posted.pk), follow).status_code == 302
    live(clock, ended)
    assert desk(browse, now).post(url("letter_end", posted.pk)).status_code == 302


def by_card(provider: Any, answer: Any, clock: Any, number: str = GOOD_CARD) -> None:
    """Pay on the provider's page a shop's answer led to, and let its messages be looked into."""
    provider.card(address_of(answer), number)
    assert set(provider.hand_over(Client(HTTP_HOST="localhost"))) <= {200}
    later(clock, minutes=3)
    later(clock, minutes=3)


def sign(browser: Client, version: Any) -> Any:
    """Return the answer to a buyer's signature in the portal."""
    signed = {"name": "Solène Marchetti", "job_title": "directrice", "terms": "on", "firm": "on"}
    return browser.post(url("portal_quote", version.pk), signed, follow=True)


def archive_of(answer: Any) -> dict[str, bytes]:
    """Return the files of a fetched archive, by their names."""
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def fetched(browser: Client, job: str, clock: Any) -> Any:
    """Return the answer to the link of an export, once the agenda has built it."""
    for _ in range(4):
        later(clock, minutes=1)
    page = browser.get(job)
    link = re.search(r'href="([^"]*/exports/fetch/[^"]+)"', page.content.decode())
    assert link, read(page)
    return browser.get(link[1])


def receive(
    browse: Any, now: Any, invoice: Invoice, on: date, *, method: str = "transfer", credited: bool = True
) -> None:
    """Write down at the console that all an invoice asks came on a day, and is credited or in hand."""
    money = {"invoice": str(invoice.pk), "method": method, "received_on": str(on), "keep_surplus": "on"}
    money["amount"] = f"{invoice.gross_cents / 100:.2f}"
    money |= {"credited_on": str(on)} if credited else {}
    assert desk(browse, now).post(url("payment_new"), money).status_code == 302


def credit_whole(browse: Any, now: Any, invoice: Invoice) -> None:
    """Credit an invoice in full at the console, as if it had never been owed."""
    told = {"reason": "Erreur", "since": "start", "whole": "1"}
    assert desk(browse, now).post(url("invoice_credit", invoice.pk), told).status_code == 302
