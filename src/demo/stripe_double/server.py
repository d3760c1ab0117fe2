"""The stand-in's HTTP: the API as the provider's library speaks it, and the page people pay on."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from demo.stripe_double import pages, wallet
from demo.stripe_double.book import (
    API_VERSION,
    DEBIT_CONTESTED,
    Book,
    Declined,
    Missing,
    Refused,
    Row,
    public,
)

SECONDS_OF_A_BANK = 15.0
READ = {"checkout/sessions", "payment_intents", "refunds", "setup_intents", "payment_methods", "customers"}
EXPANDED = ("latest_charge", "payment_method", "balance_transaction")


class Double(ThreadingHTTPServer):
    """A server on a loopback port with a book of its own."""

    daemon_threads = True

    def __init__(
        self, book: Book, *, key: str, port: int = 0, bank_seconds: float = SECONDS_OF_A_BANK
    ) -> None:
        """Listen; `bank_seconds` is how long a debit takes, 0 for never by itself."""
        super().__init__(("127.0.0.1", port), Handler)
        self.book = book
        self.key = key
        self.bank_seconds = bank_seconds
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def start(self) -> Double:
        """Serve in the background and return itself."""
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def later(self, act: Callable[[], object], times: float = 1) -> None:
        """Do something once the bank has had its time."""
        if self.bank_seconds:
            timer = threading.Timer(self.bank_seconds * times, act)
            timer.daemon = True
            timer.start()


class OtherParameters(Refused):
    """Raised when a key that was answered before comes with something else to do."""


class Handler(BaseHTTPRequestHandler):
    """Answers one request."""

    server: Double
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one packet an answer

    def do_GET(self) -> None:
        """Answer the API or draw the page."""
        path = urlsplit(self.path).path
        query = dict(parse_qsl(urlsplit(self.path).query))
        if found := re.fullmatch(r"/c/pay/(cs_\w+)", path):
            self._draw(found[1], query.get("method", ""))
        elif not path.startswith("/v1/"):
            self._answer(204, b"", "text/plain")
        else:
            self._api(lambda: self._read(path, query))

    def do_POST(self) -> None:
        """Do what the API or the page asks."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        path = urlsplit(self.path).path
        if found := re.fullmatch(r"/c/pay/(cs_\w+)", path):
            self._pay(found[1], {key: values[0] for key, values in parse_qs(body).items()})
        else:
            self._api(lambda: self._once(path, unfold(parse_qsl(body))))

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: a page's address names a session."""

    def _api(self, act: Callable[[], Row]) -> None:
        if self.headers.get("Authorization") != f"Bearer {self.server.key}":
            return self._problem(401, "Invalid API Key provided")
        if self.headers.get("Stripe-Version") != API_VERSION:
            return self._problem(400, f"this account speaks {API_VERSION} only")
        try:
            return self._json(200, act())
        except Declined as declined:
            return self._declined(declined)
        except Missing as missing:
            return self._problem(404, f"No such object: {missing}")
        except OtherParameters as other:
            return self._problem(400, str(other), "idempotency_error")
        except (Refused, KeyError, ValueError) as refused:
            return self._problem(400, str(refused))

    def _read(self, path: str, query: Row) -> Row:
        book = self.server.book
        kind, _, key = path.removeprefix("/v1/").rpartition("/")
        if path in {"/v1/refunds", "/v1/disputes"}:
            rows = book.of_intent(path[4:-1], query.get("payment_intent", ""))
            return {"object": "list", "url": path, "has_more": False, "data": [public(row) for row in rows]}
        if kind not in READ:
            raise Missing(path)
        return self._expanded(public(book.get(key)), query)

    def _expanded(self, row: Row, query: Row) -> Row:
        if row["object"] == "checkout.session":  # the port may be another since it was opened
            return row | {"url": f"{self.server.url}/c/pay/{row['id']}"}
        asked = {name for value in query.values() for name in str(value).split(".")}
        wanted = [name for name in EXPANDED if name in asked and row.get(name)]
        return row | {name: self._expanded(public(self.server.book.get(row[name])), query) for name in wanted}

    def _once(self, path: str, asked: Row) -> Row:
        book = self.server.book
        key = self.headers.get("Idempotency-Key", "")
        if not key:
            return self._write(path, asked)
        with book.lock:
            if key not in book.answers:
                book.answers[key] = (path, asked, self._outcome(path, asked))
            known_path, known, outcome = book.answers[key]
        if (known_path, known) != (path, asked):
            raise OtherParameters("Keys for idempotent requests can only be used with the same parameters")
        if isinstance(outcome, Declined):
            raise outcome
        return outcome

    def _outcome(self, path: str, asked: Row) -> Row | Declined:
        try:
            return self._write(path, asked)
        except Declined as declined:  # what was answered once is answered again, a refusal too
            return declined

    def _write(self, path: str, asked: Row) -> Row:
        book = self.server.book
        if path == "/v1/checkout/sessions":
            return public(book.open_session(asked, self.server.url))
        if found := re.fullmatch(r"/v1/checkout/sessions/(cs_\w+)/expire", path):
            return public(book.expire(found[1]))
        if path == "/v1/refunds":
            cents = int(asked["amount"]) if "amount" in asked else None
            return public(book.refund(asked["payment_intent"], cents, asked.get("metadata") or {}))
        return public(self._write_saved(path, asked))

    def _write_saved(self, path: str, asked: Row) -> Row:
        book = self.server.book
        if path == "/v1/customers":
            return wallet.open_customer(book, asked)
        if found := re.fullmatch(r"/v1/payment_methods/(pm_\w+)/attach", path):
            return wallet.attach(book, found[1], asked["customer"])
        if found := re.fullmatch(r"/v1/payment_methods/(pm_\w+)/detach", path):
            return wallet.detach(book, found[1])
        if path == "/v1/payment_intents":
            intent = wallet.charge_saved(book, asked)
            self._bank_answers(intent)
            return intent
        raise Missing(path)

    def _bank_answers(self, intent: Row) -> None:
        """Let a debit's bank answer in its own time."""
        book = self.server.book
        if intent["status"] != "processing":
            return
        self.server.later(lambda: book.settle_debit(intent["id"]))
        if intent["_iban_end"] == DEBIT_CONTESTED:
            self.server.later(lambda: book.contest(intent["id"], reason="debit_not_authorized", lost=True), 2)

    def _draw(self, key: str, method: str, wrong: str = "", status: int = 200) -> None:
        session = self.server.book.rows.get(key)
        if session is None or session["status"] != "open":
            return self._html(410 if session else 404, pages.closed(session))
        method = method if method in session["payment_method_types"] else session["payment_method_types"][0]
        return self._html(status, pages.checkout(session, method=method, wrong=wrong))

    def _pay(self, key: str, form: dict[str, str]) -> None:
        try:
            wrong = self._fill_in(key, form)
        except (Missing, Refused):
            return self._draw(key, "")
        if wrong:
            return self._draw(key, "card", _in_french(wrong), 402)
        return self._go(self.server.book.get(key)["success_url"].replace("{CHECKOUT_SESSION_ID}", key))

    def _fill_in(self, key: str, form: dict[str, str]) -> str:
        """Return why what was filled in is refused, "" when it is taken."""
        book = self.server.book
        saves = self.server.book.get(key)["mode"] == "setup"
        number, iban = (form.get(name, "").replace(" ", "").upper() for name in ("number", "iban"))
        if form.get("method") != "sepa_debit":
            return wallet.save_card(book, key, number) if saves else book.pay_by_card(key, number)
        if saves:
            wallet.save_debit(book, key, iban)
        else:
            self._bank_answers(book.pay_by_debit(key, iban))
        return ""

    def _go(self, url: str) -> None:
        self._answer(303, b"", "text/plain", Location=url)

    def _html(self, status: int, body: bytes) -> None:
        self._answer(status, body, "text/html; charset=utf-8")

    def _json(self, status: int, row: Row) -> None:
        self._answer(status, json.dumps(row).encode(), "application/json")

    def _problem(self, status: int, text: str, kind: str = "invalid_request_error") -> None:
        self._json(status, {"error": {"type": kind, "message": text}})

    def _declined(self, declined: Declined) -> None:
        error = {"type": "card_error", "code": declined.code, "message": str(declined)}
        self._json(402, {"error": error | {"payment_intent": public(declined.intent)}})

    def _answer(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Type": kind, "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def _in_french(wrong: str) -> str:
    funds = "insufficient" in wrong
    return (
        "Provision insuffisante : rien n’a été débité."
        if funds
        else "Votre carte a été refusée : rien n’a été débité."
    )


def unfold(pairs: list[tuple[str, str]]) -> Row:
    """Return form fields as the objects they stand for: `a[b]=1&c[0]=2` is {"a": {"b": "1"}, "c": ["2"]}."""
    found: Row = {}
    for name, value in pairs:
        place = found
        keys = re.findall(r"[^\[\]]+", name)
        for key in keys[:-1]:
            place = place.setdefault(key, {})
        place[keys[-1]] = value
    return {key: _listed(value) for key, value in found.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(each) for key, each in value.items()}
    return list(inner.values()) if inner and all(key.isdigit() for key in inner) else inner
