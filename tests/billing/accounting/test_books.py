"""The books: written when things happen, once, never changed; numbered without a gap when validated."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from agenda.loop import tick
from agenda.models import Obligation
from billing import registry
from billing.accounting.actions.fill_books import fill_books
from billing.accounting.actions.recognise_revenue import recognise_revenue
from billing.accounting.actions.validate_entries import validate_entries
from billing.accounting.gateways.chart import chart
from billing.accounting.queries.account import movements_of
from billing.accounting.queries.check import faults
from billing.accounting.queries.deferred import deferred_in_books, deferred_lines
from billing.accounting.queries.ledger import fec_rows
from billing.collections.actions.issue_interest_claim import issue_interest_claim
from billing.collections.actions.write_off import LossTerms, undo_write_off, write_off_receivable
from billing.collections.queries.write_offs import rest_of
from billing.invoicing.actions.credit_invoice import credit_invoice
from billing.models import Allocation, JournalEntry, JournalLine, Payment, Refund, VatMovement, WriteOff
from billing.money.gateways import seller as gateway
from billing.money.policy.days import paris_day
from billing.payments.actions.allocate_payment import release_allocation
from billing.payments.actions.clear_payment import clear_payment
from billing.payments.actions.receive_cheque import receive_cheque
from billing.payments.actions.record_transfer import record_transfer
from billing.payments.actions.refund_credit_note import refund_credit_note
from billing.payments.actions.refund_payment import note_refund_sent, refund_payment
from billing.payments.actions.reverse_payment import reverse_payment
from billing.payments.queries.money import unallocated_of
from billing.workflows.actions.open_access import open_access
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.accounting import recomputed

pytestmark = pytest.mark.django_db


def told(now):
    return {"by": None, "now": now, "today": paris_day(now)}


def sold(now, contact=None, method="transfer", **chosen):
    return invoice_of(order_signed(contact, now=now, method=method, **chosen))


def transfer(invoice, cents, now, *, proof="", credited=True):
    day = paris_day(now)
    return record_transfer(
        invoice=invoice,
        amount_cents=cents,
        received_on=day,
        reference="VIR",
        credited_on=day if credited else None,
        proof_document=proof,
        keep_surplus=True,
        **told(now),
    )


def cheque(invoice, cents, now):
    details = {"received_on": paris_day(now), "reference": "77", "by": None, "now": now}
    return receive_cheque(invoice=invoice, amount_cents=cents, keep_surplus=True, **details)


def balance(*roles):
    """Return what lies on accounts, in cents of debit."""
    return JournalLine.objects.filter(role__in=roles).aggregate(cents=Sum("cents"))["cents"] or 0


def journals():
    return [(entry.journal, entry.event) for entry in JournalEntry.objects.order_by("rank")]


def test_each_thing_is_written_when_it_happens_and_where(now):
    with inside_operator():
        invoice = sold(now, method="cheque")
        later = now + timedelta(days=3)
        held = cheque(invoice, invoice.gross_cents, now)
        assert (balance("receivable"), balance("receivable_in_hand")) == (
            invoice.gross_cents,
            -invoice.gross_cents,
        )
        clear_payment(payment_id=held.pk, credited_on=paris_day(later), **told(later))
        assert (balance("receivable"), balance("bank")) == (0, invoice.gross_cents)
        reverse_payment(payment_id=held.pk, bounced_on=paris_day(later), reason="x", by=None, now=later)
        assert (balance("receivable"), balance("bank")) == (invoice.gross_cents, 0)
        credit_invoice(corrects=invoice, reason="x", **told(later))
        assert journals() == [
            ("sales", "issued"),
            ("cheques", "received"),
            ("bank", "credited"),
            ("bank", "bounced"),
            ("sales", "issued"),
        ]
        assert not list(faults())


def test_money_given_back_is_written_when_it_left(now):
    with inside_operator():
        paid = transfer(sold(now), 400_000, now)
        refund = refund_payment(payment_id=paid.pk, amount_cents=100, reason="trop", **told(now))
        assert balance("bank") == 400_000
        note_refund_sent(refund_id=refund.pk, sent_on=paris_day(now), by=None, now=now)
        assert balance("bank") == 399_900
        assert journals()[-1] == ("refunds", "made")


def test_what_was_paid_has_one_letter_until_the_money_leaves(now):
    with inside_operator():
        contact = ContactFactory()
        one, two = (sold(now, contact) for _ in range(2))
        paid = transfer(one, one.gross_cents, now)
        lines = JournalLine.objects.filter(role="receivable")
        (letter,) = set(lines.filter(entry__source_id__in=[one.pk, paid.pk]).values_list("letter", flat=True))
        assert letter
        assert lines.get(entry__source_id=two.pk).letter == ""
        later = now + timedelta(days=1)
        share = Allocation.objects.get(payment=paid)
        release_allocation(allocation_id=share.pk, reason="l’autre", **told(later))
        assert set(lines.values_list("letter", flat=True)) == {""}
        note = credit_invoice(corrects=two, reason="x", **told(later))
        letters = lines.filter(entry__source_id__in=[two.pk, note.pk]).values_list("letter", "lettered_on")
        ((_letter, day),) = set(letters)
        assert day == paris_day(later)


def test_an_entry_is_numbered_once_without_a_gap_and_nobody_waits(now):
    with inside_operator():
        for _ in range(3):
            transfer(sold(now), 1000, now)
        assert JournalEntry.objects.waiting().count() == 6
    tick(now)
    with inside_operator():
        entries = JournalEntry.objects.order_by("rank")
        sales = [entry.number for entry in entries if entry.journal == "sales"]
        assert sales == [1, 2, 3]
        assert {entry.validated_on for entry in entries} == {paris_day(now)}
        sold(now)
        assert validate_entries(now=now + timedelta(days=1)) == 1
        last = JournalEntry.objects.order_by("rank").last()
        assert (last.number, last.validated_on) == (4, paris_day(now + timedelta(days=1)))
        rows = list(fec_rows(chart(), starts_on=paris_day(now), ends_on=paris_day(now)))
        assert [(row.journal, row.number) for row in rows] == [
            (row.journal, row.number)
            for row in sorted(rows, key=lambda row: (row.validated_on, row.journal, row.number))
        ]


def test_an_entry_of_a_day_to_come_is_validated_on_that_day(now):
    tomorrow = now + timedelta(days=1)
    with inside_operator():
        invoice_of(order_signed(now=tomorrow, method="transfer"))
        entry = JournalEntry.objects.get()
        assert (entry.on, validate_entries(now=now)) == (paris_day(tomorrow), 0)
    tick(tomorrow + timedelta(hours=1))
    with inside_operator():
        entry.refresh_from_db()
        assert (entry.number, entry.validated_on) == (1, entry.on)
        assert not list(faults())


@pytest.mark.parametrize("what", ["edit", "delete", "line", "add", "number", "vat"])
def test_the_database_refuses_to_change_what_is_written(now, what):
    with inside_operator():
        sold(now)
        validate_entries(now=now)
        entry = JournalEntry.objects.get()
        acts = {
            "edit": lambda: JournalEntry.objects.update(label="x"),
            "delete": lambda: JournalEntry.objects.all()._raw_delete("default"),
            "line": lambda: JournalLine.objects.update(cents=5),
            "add": lambda: JournalLine.objects.create(
                entry=entry, position=9, role="bank", account="512000", cents=5
            ),
            "number": lambda: JournalEntry.objects.update(number=9),
            "vat": lambda: VatMovement.objects.update(vat_cents=5),
        }
        with pytest.raises(DatabaseError), transaction.atomic():
            acts[what]()


def test_the_database_refuses_an_entry_that_does_not_balance(now):
    with inside_operator():
        sold(now)
        entry = JournalEntry.objects.get()
        entry.pk = entry.id = "11111111-1111-4111-8111-111111111111"
        entry.event = "again"
        with pytest.raises(DatabaseError, match="debits"), transaction.atomic():
            entry.save(force_insert=True)


def test_revenue_waits_for_what_is_served_and_is_counted_when_a_month_ends(now):
    with inside_operator():
        order = order_signed(now=now, method="transfer")
        invoice = invoice_of(order)
        transfer(invoice, invoice.gross_cents, now)
        open_access(order_id=order.pk, now=now, today=paris_day(now))
        month = paris_day(now).replace(day=1)
        assert balance("deferred_revenue") == 0
        for last_day in (date(2026, 11, 30), date(2026, 12, 31)):
            assert recognise_revenue(month=last_day.replace(day=1), now=now) == 1
            left = sum(each.deferred_cents for each in deferred_lines(last_day))
            assert -balance("deferred_revenue") == left > 0
        assert recognise_revenue(month=month.replace(month=12), now=now) == 0
        assert recognise_revenue(month=month, now=now) == 0  # an earlier month, closed after later ones
        assert [
            sum(deferred_in_books(day)[invoice.pk].values()) for day in (date(2026, 11, 30), last_day)
        ] == [
            sum(each.deferred_cents for each in deferred_lines(day)) for day in (date(2026, 11, 30), last_day)
        ]
        assert -balance("services") < invoice.net_cents
        assert not list(faults())


def test_the_agenda_counts_it_by_itself(now):
    with inside_operator():
        invoice = sold(now)
    tick(now + timedelta(days=16))
    with inside_operator():
        assert -balance("deferred_revenue") == invoice.net_cents
        assert JournalEntry.objects.get(journal="deferred").on == date(2026, 11, 30)
        waiting = Obligation.objects.waiting().get(clause="CCOM-L123-21")
        assert waiting.occurrence == "2026-12-01"


def test_a_claim_for_late_interest_is_asked_on_the_clients_account(now):
    with inside_operator():
        then = now - timedelta(days=90)
        invoice = sold(then)
        claim = issue_interest_claim(invoice=invoice, as_of=paris_day(now), **told(now))
        assert balance("receivable") == invoice.gross_cents + claim.total_cents
        assert -balance("interest", "flat_fees") == claim.total_cents
        movements = movements_of(invoice.customer_id, currency="EUR", on=paris_day(now))
        assert [(each.kind, each.cents) for each in movements] == [
            ("invoice", invoice.gross_cents),
            ("claim", claim.total_cents),
        ]
        assert movements[0].due_on == invoice.due_on


def test_the_command_says_what_is_wrong(now, capsys):
    with inside_operator():
        invoice = sold(now)
    call_command("check_books")
    assert "what documents and money make" in capsys.readouterr().out
    with inside_operator():
        Payment.objects.create(
            customer_id=invoice.customer_id,
            method="transfer",
            amount_cents=5,
            received_on=paris_day(now),
            credited_on=paris_day(now),
            created_at=now,
        )
    with pytest.raises(CommandError, match="1 fault"):
        call_command("check_books")


ACTS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "cheque",
                "transfer",
                "proof",
                "clear",
                "bounce",
                "credit",
                "part",
                "refund",
                "sent",
                "lose",
                "regain",
            ]
        ),
        st.integers(0, 5),
        st.integers(1, 200_000),
        st.integers(0, 20),
    ),
    min_size=3,
    max_size=12,
)


class World:
    """Plays acts one after the other, each on its day; what can't be done isn't."""

    def __init__(self, now):
        self.now = now
        self.contact = ContactFactory()
        self.invoices = [sold(now, self.contact, method="cheque", quantity=10 + n) for n in range(3)]

    def do(self, act, n, cents, days):
        self.now += timedelta(days=days)
        getattr(self, f"_{act}")(n, cents)

    def _pick(self, rows, n):
        rows = list(rows)
        return rows[n % len(rows)] if rows else None

    def _cheque(self, n, cents):
        cheque(self._pick(self.invoices, n), cents, self.now)

    def _transfer(self, n, cents):
        transfer(self._pick(self.invoices, n), cents, self.now)

    def _proof(self, n, cents):
        transfer(self._pick(self.invoices, n), cents, self.now, proof="avis", credited=False)

    def _clear(self, n, cents):
        if found := self._pick(Payment.objects.in_hand().order_by("created_at"), n):
            clear_payment(payment_id=found.pk, credited_on=paris_day(self.now), **told(self.now))

    def _bounce(self, n, cents):
        if found := self._pick(
            Payment.objects.filter(bounced_on=None, refunds=None).order_by("created_at"), n
        ):
            reverse_payment(
                payment_id=found.pk, bounced_on=paris_day(self.now), reason="x", by=None, now=self.now
            )

    def _credit(self, n, cents):
        invoice = self._pick(self.invoices, n)
        if not invoice.corrections.exists():
            note = credit_invoice(corrects=invoice, reason="x", **told(self.now))
            refund_credit_note(note=note, reason="avoir", **told(self.now))

    def _part(self, n, cents):
        invoice = self._pick(self.invoices, n)
        if not invoice.corrections.exists():
            credit_invoice(corrects=invoice, amounts={1: min(cents, 500)}, reason="x", **told(self.now))

    def _refund(self, n, cents):
        found = self._pick(Payment.objects.arrived().filter(credited_on__isnull=False), n)
        if found and (free := unallocated_of(found)) > 0:
            refund_payment(payment_id=found.pk, amount_cents=free, reason="x", **told(self.now))

    def _lose(self, n, cents):
        invoice = self._pick(self.invoices, n)
        if (rest := rest_of(invoice)) > 0:
            lost = min(cents, rest) if n % 2 else rest
            terms = LossTerms("other", "x", is_final=n > 2)
            write_off_receivable(invoice, cents=lost, on=paris_day(self.now), terms=terms, **told(self.now))

    def _regain(self, n, cents):
        if found := self._pick(WriteOff.objects.active(), n):
            undo_write_off(found.pk, reason="x", **told(self.now))

    def _sent(self, n, cents):
        if found := self._pick(Refund.objects.filter(made_on=None, failed_on=None), n):
            note_refund_sent(refund_id=found.pk, sent_on=paris_day(self.now), by=None, now=self.now)


class Undone(Exception):
    """Raised to leave nothing of an example."""


@pytest.mark.parametrize("on_debits", [True, False])
@settings(
    max_examples=4,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(acts=ACTS)
def test_the_books_are_what_documents_and_money_make(now, monkeypatch, on_debits, acts):
    known = gateway.seller() | {"vat_on_debits": [{"since": date(2020, 1, 1), "chosen": on_debits}]}
    with monkeypatch.context() as changed, inside_operator():
        changed.setattr(gateway, "seller", lambda: known)
        with suppress(Undone), transaction.atomic():
            world = World(now)
            for act in acts:
                world.do(*act)
            assert_books_hold(world)
            raise Undone


def assert_books_hold(world):
    """Check the books against what was computed without them."""
    validate_entries(now=world.now)
    assert list(faults()) == []
    by_role, _asked = recomputed.sales()
    lost, lost_vat = recomputed.losses()
    for role, cents in by_role.items():
        written = -balance("vat_due", "vat_pending") if role == "vat" else -balance(role)
        assert written == cents - (lost_vat if role == "vat" else 0), role
    assert balance("bad_debts") == lost - lost_vat
    assert balance("bank", "provider") == recomputed.treasury()
    customer = world.contact.customer
    first = paris_day(world.invoices[0].created_at)
    for day in (first, first + timedelta(days=10), paris_day(world.now)):
        movements = movements_of(customer.pk, currency="EUR", on=day)
        assert sum(each.cents for each in movements) == recomputed.owed_by(customer.pk, day)
    base, vat = recomputed.vat()
    sums = VatMovement.objects.aggregate(base=Sum("base_cents"), vat=Sum("vat_cents"))
    assert (sums["base"] or 0, sums["vat"] or 0) == (base, vat)
    assert -balance("vat_due") == vat


def test_what_happened_before_the_books_were_kept_is_written_on_its_days(now, monkeypatch):
    silent = {event: [] for event in ("document_issued", "payment_moved", "refund_moved", "share_moved")}
    then = now - timedelta(days=60)
    with inside_operator():
        with monkeypatch.context() as before:
            for event, nobody in silent.items():
                before.setitem(registry._LISTENERS, event, nobody)
            one, two = (sold(then, method=method) for method in ("cheque", "transfer"))
            held = cheque(one, one.gross_cents, then)
            paid = transfer(two, two.gross_cents + 500, then)
            clear_payment(payment_id=held.pk, credited_on=paris_day(now), **told(now))
            refund = refund_payment(payment_id=paid.pk, amount_cents=500, reason="trop", **told(now))
            note_refund_sent(refund_id=refund.pk, sent_on=paris_day(now), by=None, now=now)
        assert not JournalEntry.objects.exists()
        count = fill_books(now=now)
        assert count == JournalEntry.objects.count() > 6
        assert list(faults()) == []
        days = [entry.on for entry in JournalEntry.objects.filter(journal="sales").order_by("number")]
        assert days == [paris_day(then)] * 2
        assert JournalLine.objects.exclude(letter="").filter(entry__source_id=two.pk).exists()
        assert fill_books(now=now) == 0
