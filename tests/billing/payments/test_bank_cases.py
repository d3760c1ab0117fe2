"""Files as banks write them in fact, sent through the page: read right, or refused with the line and why."""

import csv
import re
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.invoicing.queries.balances import balance_of
from billing.models import BankStatement, BankStatementLine, CsvMapping, Payment
from billing.payments.actions.allocate_payment import allocate_payment
from billing.payments.labels import BAD_FILES
from billing.payments.policy.bank import Wrong
from demo.factories.billing import ContactFactory, invoice_of, order_signed
from isolation.context import inside_operator
from tests.billing.bank_files import camt, camt_of, entry, statement, tx
from tests.billing.support import clerk, credit_balance, rows_of, url
from tests.clauses.stage import plain

pytestmark = pytest.mark.django_db

CASES = Path(__file__).parent / "cases"
OPENS = "01/11/2026;Solde initial;+1 000,00"
CLOSES = "30/11/2026;Solde final;+988,00"
NOBODY = "6f0f4bb4-8d7c-4a55-9a0b-6d3a0e3b7c11"


@pytest.fixture
def desk(browse, now):
    """A clerk of finance."""
    return clerk(browse, now)


@pytest.fixture
def invoice(now):
    """An invoice that is owed."""
    with inside_operator():
        found = invoice_of(order_signed(ContactFactory(), now=now, method="transfer"))
        assert found.customer.name
        return found


def mapping(now, **columns):
    """Return a mapping of columns that was kept; "Montant" alone says the amount by default."""
    with inside_operator():
        found = {"booked_on": "Date", "text": "Libelle"} | (columns or {"amount": "Montant"})
        made = CsvMapping.objects.filter(columns=found).first()
        return made or CsvMapping.objects.create(name=str(columns)[:80], columns=found, created_at=now)


def send(desk, content, name="releve", chosen=None):
    """Send a file to the page."""
    more = {"mapping": str(chosen.pk)} if chosen else {}
    return desk.post(url("bank"), {"file": SimpleUploadedFile(name, content), **more})


def case(desk, name, chosen=None):
    """Send one of the cases; return the answer."""
    return send(desk, (CASES / name).read_bytes(), name, chosen)


def lines():
    """Return what was read, as amounts in cents, currency and text."""
    rows = rows_of(BankStatementLine.objects.order_by("booked_on", "statement__read_at", "position"))
    return [(row.amount_cents, row.currency, row.text) for row in rows]


def assert_refused(answer, line, words):
    """See that a file was refused with its line and why, in French, and nothing of it kept."""
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"Ligne {line}" in page
    assert words in page
    assert rows_of(BankStatement.objects) == []


class TestCsv:
    """Cells, signs and letters."""

    @pytest.mark.parametrize("day", ["01/01/0001", "31/12/9999", "31/12/1999", "01/01/2100"])
    def test_a_day_out_of_this_century_is_refused_with_line_and_column(self, desk, now, day):
        answer = send(desk, f"Date;Libelle;Montant\n{day};VIR;1,00\n".encode(), chosen=mapping(now))
        assert_refused(answer, "2, Date", "n’est pas un jour entre 2000 et 2099")

    @pytest.mark.parametrize("amount", ["92233720368547758,08", "1000000000000,00"])
    def test_an_amount_no_account_moves_is_refused_with_its_line(self, desk, now, amount):
        content = f"Date;Libelle;Montant\n12/11/2026;VIR;{amount}\n".encode()
        assert_refused(send(desk, content, chosen=mapping(now)), "2, Montant", amount)

    def test_the_largest_amounts_are_read(self, desk, now):
        row = "12/11/2026;VIR;999999999999,99\n"
        assert send(desk, f"Date;Libelle;Montant\n{row}".encode(), chosen=mapping(now)).status_code == 302

    def test_a_label_over_several_lines_is_read_with_spaces(self, desk, now):
        assert case(desk, "03-multiline-label.csv", mapping(now)).status_code == 302
        assert lines() == [(25000, "EUR", "VIR RECU FA-2026-000101 COMMUNE DE BRUME")]

    def test_a_credit_below_zero_left(self, desk, now):
        assert case(desk, "04-negative-credit.csv", mapping(now, credit="Credit", debit="Debit"))
        assert lines() == [(-25000, "EUR", "EXTOURNE VIR DU 17/11")]

    def test_a_quotation_mark_left_open_is_refused_with_its_line(self, desk, now):
        assert_refused(case(desk, "05-unclosed-quote.csv", mapping(now)), 2, "guillemet")

    @pytest.mark.parametrize("end", ['"VIR MAIRIE"', 'VIR "MAIRIE"', 'VIR MAIRIE"'])
    def test_one_closed_by_a_later_line_loses_none(self, desk, now, end):
        text = f'Date;Montant;Libelle\n19/11/2026;30,00;"VIR ECOLE\n20/11/2026;5,00;{end}\n'
        assert_refused(send(desk, text.encode(), chosen=mapping(now)), 2, "guillemet")

    @pytest.mark.parametrize("titles", ["Date;Libelle;Montant;Montant", "Date;Libelle;Montant;Date"])
    def test_a_title_that_stands_twice_is_refused(self, desk, now, titles):
        text = f"{titles}\n19/11/2026;VIR ECOLE;10,00;-12,00\n"
        assert_refused(send(desk, text.encode(), chosen=mapping(now)), 1, "deux colonnes")

    @pytest.mark.parametrize("amount", ["1 2 3,50", "12 34,00", "1 2345,00"])
    def test_an_amount_in_uneven_groups_is_refused(self, desk, now, amount):
        text = f"Date;Libelle;Montant\n19/11/2026;VIR ECOLE;{amount}\n"
        assert_refused(send(desk, text.encode(), chosen=mapping(now)), 2, "montant")

    def test_a_title_with_its_accent_apart_is_the_title_of_the_mapping(self, desk, now):
        text = unicodedata.normalize("NFD", "Date;Libellé;Montant\n19/11/2026;VIR ECOLE;10,00\n")
        chosen = mapping(now, booked_on="Date", text="Libellé", amount="Montant")
        assert send(desk, text.encode(), chosen=chosen).status_code == 302
        assert lines() == [(1000, "EUR", "VIR ECOLE")]

    def test_an_amount_parted_by_the_separator_is_refused(self, desk, now):
        text = "Date;Montant;Libelle\n02/11/2026;251;75;VIR FA-2026-000101\n"
        assert_refused(send(desk, text.encode(), chosen=mapping(now)), 2, "autant de cellules")

    def test_a_line_of_zero_is_left_out_and_said(self, desk, now):
        page = case(desk, "06-zero-line.csv", mapping(now)).headers["Location"]
        assert lines() == [(3000, "EUR", "VIR")]
        assert "1 ligne à zéro" in desk.get(page).content.decode()

    def test_a_line_that_is_not_booked_is_left_out_and_said(self, desk, now):
        rows = "19/11/2026;30,00;VIR;Exécuté\n20/11/2026;5,00;W;En attente\n"
        page = send(desk, f"Date;Montant;Libelle;Statut\n{rows}".encode(), chosen=mapping(now)).headers[
            "Location"
        ]
        assert lines() == [(3000, "EUR", "VIR")]
        assert "1 ligne non comptabilisée" in desk.get(page).content.decode()

    def test_a_balance_is_left_out_and_said_or_refused_with_its_line(self, desk, now):
        rows = "Date;Montant;Libelle\n01/11/2026;0,00;Solde initial\n12/11/2026;30,00;VIR\n"
        wrong = f"{rows}30/11/2026;31,00;Nouveau solde\n".encode()
        assert_refused(send(desk, wrong, chosen=mapping(now)), 2, "un solde ou un total")
        right = f"{rows}30/11/2026;30,00;Nouveau solde\n".encode()
        page = send(desk, right, chosen=mapping(now))
        assert lines() == [(3000, "EUR", "VIR")]
        told = desk.get(page.headers["Location"]).content.decode()
        assert "2 lignes qui disent un solde ou un total" in told

    def test_a_nul_is_refused_with_its_line(self, desk, now):
        assert_refused(case(desk, "07-nul.csv", mapping(now)), 2, "NUL")

    def test_a_cell_too_wide_is_refused_with_its_line(self, desk, now):
        wide = "x" * (csv.field_size_limit() + 1)
        text = f"Date;Montant;Libelle\n18/11/2026;1,00;VIR\n19/11/2026;30,00;{wide}\n"
        assert_refused(send(desk, text.encode(), chosen=mapping(now)), 3, "large")

    @pytest.mark.parametrize(("said", "currency"), [("USD", "USD"), ("gbp", "GBP"), ("", "EUR")])
    def test_a_currency_said_is_never_euros(self, desk, now, said, currency):
        text = f"Date;Montant;Devise;Libelle\n19/11/2026;30,00;{said};W\n"
        send(desk, text.encode(), chosen=mapping(now))
        assert lines() == [(3000, currency, "W")]

    @pytest.mark.parametrize("amount", ["30,00 USD", "$30", "30 £"])
    def test_an_amount_in_another_currency_is_refused(self, desk, now, amount):
        text = f"Date;Montant;Libelle\n19/11/2026;{amount};W\n"
        assert_refused(send(desk, text.encode(), chosen=mapping(now)), 2, "montant")

    @pytest.mark.parametrize("encoding", ["iso-8859-15", "cp1252", "utf-8", "utf-8-sig", "utf-16"])
    def test_the_euro_in_every_encoding(self, desk, now, encoding):
        text = "Date;Montant;Libelle\n19/11/2026;30,00;FRAIS 2 €\n"
        send(desk, text.encode(encoding), chosen=mapping(now))
        assert lines() == [(3000, "EUR", "FRAIS 2 €")]

    @pytest.mark.parametrize("encoding", ["cp850", "cp437"])
    def test_the_letters_of_an_old_program(self, desk, now, encoding):
        text = "Date;Montant;Libelle\n19/11/2026;30,00;Virement reçu de la crèche Forêt-Noël\n"
        send(desk, text.encode(encoding), chosen=mapping(now))
        assert lines() == [(3000, "EUR", "Virement reçu de la crèche Forêt-Noël")]

    @pytest.mark.parametrize("said", ["Œuvres… d’été", "‚quoted‘ Škoda", "prix…net", "Ça là où"])
    def test_the_letters_of_windows_are_not_taken_for_them(self, desk, now, said):
        send(desk, f"Date;Montant;Libelle\n19/11/2026;30,00;{said}\n".encode("cp1252"), chosen=mapping(now))
        assert lines() == [(3000, "EUR", said)]

    def test_the_cases_of_currency_and_letters(self, desk, now):
        case(desk, "09-other-currency.csv", mapping(now))
        case(desk, "10-latin9.csv", mapping(now))
        assert [each[1:] for each in lines()] == [("USD", "WIRE"), ("EUR", "FRAIS 2 €")]

    def test_a_csv_of_zero_only_is_refused(self, desk, now):
        answer = send(desk, b"Date;Montant;Libelle\n19/11/2026;0,00;INFO\n", chosen=mapping(now))
        assert (answer.status_code, "zéro" in answer.content.decode()) == (422, True)


class TestCamt:
    """Where banks put what is needed."""

    @pytest.mark.parametrize(
        "name", ["11-number-in-referred-document.xml", "12-number-cut-by-line-break.xml"]
    )
    def test_a_number_is_found_where_it_stands(self, desk, invoice, name):
        begins = invoice.number[:-5]
        content = (CASES / name).read_text().replace("FA-2026-000101", invoice.number)
        content = content.replace("FA-2026-0<", f"{begins}<").replace("00101 B", f"{invoice.number[-5:]} B")
        page = send(desk, content.encode()).headers["Location"]
        assert f"invoice:{invoice.pk}" in desk.get(page).content.decode()

    def test_the_ultimate_debtor_is_the_payer_shown(self, desk):
        page = case(desk, "13-ultimate-debtor.xml").headers["Location"]
        assert "Commune de Brume" in desk.get(page).content.decode()

    def test_an_entry_of_zero_is_refused_without_an_error(self, desk):
        answer = case(desk, "14-zero-entry.xml")
        assert (answer.status_code, "zéro" in answer.content.decode()) == (422, True)

    def test_an_entry_that_is_not_booked_is_left_out_and_said(self, desk):
        content = camt(entry(1000), entry(500, ref="R2", status="PDNG"))
        assert (
            "1 ligne non comptabilisée" in desk.get(send(desk, content).headers["Location"]).content.decode()
        )
        assert [each[0] for each in lines()] == [1000]

    def test_utf_16_is_read(self, desk):
        assert case(desk, "15-utf16.xml").status_code == 302
        assert [row.name for row in rows_of(BankStatementLine.objects)] == ["Éléa"]

    def test_late_in_the_evening_elsewhere_is_the_next_day_in_paris(self, desk):
        case(desk, "16-late-evening-utc.xml")
        assert [row.booked_on for row in rows_of(BankStatementLine.objects)] == [date(2026, 11, 20)]

    def test_an_invalid_file_says_why_in_french(self, desk):
        answer = send(desk, camt(entry(1000)).replace(b"<Sts>", b"<Sta>"))
        assert (answer.status_code, "bien formé" in answer.content.decode()) == (422, True)


class TestOverlaps:
    """A line is known again in whatever file it comes."""

    ONE = entry(1000, tx(1000, text="ABONNEMENT"), ref="A1")
    TWO = entry(1000, tx(1000, text="ABONNEMENT"), ref="A2")

    def test_two_equal_payments_stay_two_in_two_files(self, desk):
        twins = [entry(1000, tx(1000, text="ABONNEMENT"), ref="NONREF")] * 2
        send(desk, camt(*twins))
        send(desk, camt(*twins, entry(5, ref="Z")))
        assert [each[0] for each in lines()] == [1000, 1000, 5]

    def test_the_same_line_in_two_statements_of_one_file(self, desk):
        day = statement(self.ONE, closing=11000, name="J")
        month = statement(self.ONE, self.TWO, closing=12000, name="M")
        send(desk, camt_of(day, month))
        assert [each[0] for each in lines()] == [1000, 1000]

    def test_day_by_day_then_the_month_counted_anew(self, desk):
        first = self.ONE.replace("<Ntry>", "<Ntry><NtryRef>1</NtryRef>")
        second = self.TWO.replace("<Ntry>", "<Ntry><NtryRef>1</NtryRef>")
        send(desk, camt(first))
        send(desk, camt(second, opening=11000))
        assert len(lines()) == 2
        send(desk, camt(first, second.replace(">1</NtryRef>", ">2</NtryRef>"), name="M"))
        assert len(lines()) == 2

    def test_another_end_to_end_reference_is_another_payment(self, desk):
        for number, key in enumerate(("E1", "E2", "E1")):
            told = entry(1000, tx(1000, end_to_end=key), ref="NOTPROVIDED")
            send(desk, camt(told, opening=number))
        assert len(lines()) == 2

    def test_another_account_is_another_line(self, desk):
        send(desk, camt(self.ONE))
        send(desk, camt(self.ONE, iban="FR7630006000011234567890189"))
        assert len(lines()) == 2

    def test_a_csv_after_the_camt_holds_nothing_new(self, desk, now):
        told = entry(1000, tx(1000, name="ECOLE DES ERABLES", text="FA-2026-000007"), ref="B7")
        send(desk, camt(told, entry(1000, tx(1000, text="AUTRE"), ref="B8")))
        text = "Date;Montant;Libelle\n12/11/2026;10,00;VIR ECOLE DES ERABLES FA-2026-000007\n"
        assert send(desk, text.encode(), chosen=mapping(now)).status_code == 302
        assert len(lines()) == 2
        assert sorted(each.known_lines for each in rows_of(BankStatement.objects)) == [0, 1]

    def test_one_csv_line_answers_for_one_camt_line(self, desk, now):
        text = "Date;Montant;Libelle\n12/11/2026;10,00;VIR ECOLE FA-2026-000007\n"
        send(desk, text.encode(), chosen=mapping(now))
        told = [entry(1000, tx(1000, name="ECOLE", text="FA-2026-000007"), ref=ref) for ref in ("B1", "B2")]
        send(desk, camt(told[0]))
        assert len(lines()) == 1
        send(desk, camt(told[1], opening=11000))
        assert len(lines()) == 2
        send(desk, camt(*told, name="M"))
        assert len(lines()) == 2
        send(desk, camt(told[0], iban="FR7630006000011234567890189"))
        assert len(lines()) == 3

    def test_two_payments_in_letters_of_another_script_are_two(self, desk, now):
        rows = "12/11/2026;10,00;Оплата за кружок\n12/11/2026;10,00;Оплата за обед\n"
        first = "12/11/2026;10,00;Оплата за кружок\n"
        for content in (f"Date;Montant;Libelle\n{first}", f"Date;Montant;Libelle\n{rows}"):
            assert send(desk, content.encode(), chosen=mapping(now)).status_code == 302
        assert [each[2] for each in lines()] == ["Оплата за кружок", "Оплата за обед"]

    def test_a_csv_of_two_accounts_after_the_camt_of_each_holds_nothing_new(self, desk, now):
        told = [entry(1000, tx(1000, name="ECOLE", text="FA-2026-000007"), ref=ref) for ref in ("B1", "B2")]
        send(desk, camt(told[0]))
        send(desk, camt(told[1], iban="FR7630006000011234567890189"))
        row = "12/11/2026;10,00;VIR ECOLE FA-2026-000007\n"
        text = f"Compte;Date;Montant;Libelle\nFR01;{row}FR02;{row}"
        assert send(desk, text.encode(), chosen=mapping(now)).status_code == 302
        assert len(lines()) == 2

    def test_equal_lines_of_two_accounts_are_two_in_one_csv(self, desk, now):
        text = "Compte;Date;Montant;Libelle\nFR01;12/11/2026;-5,00;FRAIS\nFR02;12/11/2026;-5,00;FRAIS\n"
        for name in ("novembre", "encore"):
            content = text if name == "novembre" else f"{text}\n"
            assert send(desk, content.encode(), name, mapping(now)).status_code == 302
        assert len(lines()) == 2

    def test_a_line_told_otherwise_in_a_csv_is_shown_as_a_likeness(self, desk, now):
        send(desk, camt(entry(1000, tx(1000, name="MARTIN", text="COTISATION"), ref="B7")), "banque.xml")
        text = "Date;Montant;Libelle\n12/11/2026;10,00;VIREMENT RECU\n"
        page = send(desk, text.encode(), chosen=mapping(now)).headers["Location"]
        assert "banque.xml" in desk.get(page).content.decode()


class TestBalances:
    """Opening and lines make the closing; one statement follows the other."""

    def test_a_difference_is_said_and_applies_nothing_until_it_is_confirmed(self, desk, invoice):
        told = entry(invoice.gross_cents, tx(invoice.gross_cents, text=invoice.number))
        page = send(desk, camt(told, closing=12345)).headers["Location"]
        assert "ne concordent pas" in desk.get(page).content.decode()
        (line,) = rows_of(BankStatementLine.objects)
        chosen = {f"choose-{line.pk}": f"invoice:{invoice.pk}"}
        assert "ne concordent pas" in desk.post(page, chosen, follow=True).content.decode()
        assert rows_of(Payment.objects) == []
        desk.post(page, chosen | {"checked": "on"})
        assert len(rows_of(Payment.objects)) == 1

    def test_what_says_no_side_applies_nothing_until_it_is_confirmed(self, desk, invoice, now):
        """No amount has a sign, and a word nobody knows may say which left: a person looks first."""
        euros = f"{invoice.gross_cents / 100:.2f}".replace(".", ",")
        told = f"Date;Libelle;Montant;Flux\n12/11/2026;{invoice.number};{euros};Zufluss\n"
        chosen = mapping(now)
        page = send(desk, told.encode(), chosen=chosen).headers["Location"]
        assert "Rien dans ce fichier ne dit ce qui est sorti" in desk.get(page).content.decode()
        (line,) = rows_of(BankStatementLine.objects)
        paid = {f"choose-{line.pk}": f"invoice:{invoice.pk}"}
        assert "rien n’est appliqué" in plain(desk.post(page, paid, follow=True).content.decode())
        assert rows_of(Payment.objects) == []
        desk.post(page, paid | {"checked": "on"})
        assert len(rows_of(Payment.objects)) == 1

    @pytest.mark.parametrize(
        ("rows", "read"),
        [
            ([OPENS, "26/11/2026;FRAIS;12,00", CLOSES], 422),
            ([CLOSES, "26/11/2026;FRAIS;12,00", OPENS], 422),
            (["26/11/2026;FRAIS;12,00", "27/11/2026;INFO;+0,00"], 302),
        ],
    )
    def test_signs_of_what_moved_nothing_say_nothing(self, desk, now, rows, read):
        text = "\n".join(["Date;Libelle;Montant", *rows, ""])
        answer = send(desk, text.encode(), chosen=mapping(now))
        assert answer.status_code == read
        if read == 302:
            assert "ce qui est sorti" in desk.get(answer.headers["Location"]).content.decode()

    def test_a_column_of_sides_that_is_gone_is_missed(self, desk, now):
        chosen = mapping(now)
        sided = "Date;Libelle;Montant;Sens\n12/11/2026;FRAIS;5,00;D\n12/11/2026;VIR A;10,00;C\n"
        unsided = "Date;Libelle;Montant\n23/11/2026;PRLV EDF;132,10\n"
        send(desk, sided.encode(), chosen=chosen)
        page = send(desk, unsided.encode(), chosen=chosen).headers["Location"]
        assert "ce qui est sorti" in desk.get(page).content.decode()

    def test_an_amount_called_a_credit_is_held_too(self, desk, now):
        chosen = mapping(now, credit="Montant")
        page = send(desk, b"Date;Libelle;Montant\n23/11/2026;X;132,10\n", chosen=chosen).headers["Location"]
        assert "ce qui est sorti" in desk.get(page).content.decode()

    def test_a_bank_that_said_once_what_left_is_not_asked_again(self, desk, now):
        chosen = mapping(now)
        signed = "Date;Libelle;Montant\n12/11/2026;FRAIS;-5,00\n12/11/2026;VIR A;10,00\n"
        unsigned = "Date;Libelle;Montant\n13/11/2026;VIR B;10,00\n13/11/2026;VIR C;12,00\n"
        for text in (signed, unsigned):
            page = send(desk, text.encode(), chosen=chosen).headers["Location"]
            assert "ce qui est sorti" not in desk.get(page, follow=True).content.decode()

    def test_a_statement_that_is_missing_is_said_until_it_comes(self, desk):
        def send_day(day, opening, cents):
            told = entry(cents, ref=f"R{day}", day=f"2026-11-{day}")
            send(desk, camt(told, opening=opening, opened=f"2026-11-{day}", closed=f"2026-11-{day}"))
            return "il manque un relevé" in desk.get(url("bank")).content.decode()

        assert not send_day(12, 10000, 1000)
        assert send_day(14, 13000, 500)  # the 12th closed on 11000
        assert not send_day(13, 11000, 2000)


class TestOnAccount:
    """Money without an invoice."""

    def test_it_is_the_clients_credit_and_is_allocated_later(self, desk, invoice, now):
        page = send(desk, camt(entry(5000, tx(5000, name="M. DURAND", text="ACOMPTE")))).headers["Location"]
        (line,) = rows_of(BankStatementLine.objects)
        wrong = {f"choose-{line.pk}": "account", f"customer-{line.pk}": "Personne"}
        desk.post(page, wrong)
        assert rows_of(Payment.objects) == []
        desk.post(page, wrong | {f"customer-{line.pk}": invoice.customer.name})
        with inside_operator():
            (paid,) = Payment.objects.all()
            assert (paid.meant_for, credit_balance(invoice.customer_id)) == (None, 5000)
            shares = [(invoice.pk, 5000)]
            allocate_payment(payment_id=paid.pk, shares=shares, by=None, now=now, today=now.date())
            assert balance_of(invoice.pk) == invoice.gross_cents - 5000
        page = send(desk, camt(entry(700, tx(700, name="M. DURAND", text="2"), ref="R2"))).headers["Location"]
        shown = desk.get(page).content.decode()
        assert f'value="customer:{invoice.customer_id}"' in shown  # the payer is known
        assert f'value="invoice:{invoice.pk}"' in shown
        assert f'value="invoice:{invoice.pk}" checked' not in shown


@pytest.mark.parametrize(
    "chosen",
    [
        *(f"{kind}:{NOBODY}" for kind in ("invoice", "payment", "slip", "refund", "bounce", "customer")),
        "invoice:x",
        "other",
        "account",
    ],
)
def test_what_nobody_offered_applies_nothing_and_is_no_error(desk, chosen):
    page = send(desk, camt(entry(5000))).headers["Location"]
    (line,) = rows_of(BankStatementLine.objects)
    typed = {f"number-{line.pk}": "FA\0", f"customer-{line.pk}": "\0x", f"reason-{line.pk}": "\0" * 400}
    assert desk.post(page, {f"choose-{line.pk}": chosen} | typed).status_code == 302
    assert rows_of(Payment.objects) == []


def test_every_reason_has_its_words():
    assert set(BAD_FILES) == set(Wrong)


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "1999-12-31", "2100-01-01"])
def test_a_day_out_of_this_century_in_camt_is_refused_with_its_line(desk, day):
    assert_refused(
        send(desk, camt(entry(1000, day=day))), "5, BookgDt", "n’est pas un jour entre 2000 et 2099"
    )
    answer = send(desk, camt(entry(1000), opened=day))
    assert (answer.status_code, rows_of(BankStatement.objects)) == (422, [])


def test_an_amount_no_account_moves_in_camt_is_refused_with_its_line(desk):
    content = camt(entry(1000)).replace(b">10.00<", b">999999999999999.99<")
    assert_refused(send(desk, content), "5, Amt", "plus que ce qu’un compte peut")


WELL = camt(entry(1000, tx(1000)))
ENGLISH = re.compile(
    r"\b(element|expected|value|attribute|tag|the|is|not|line \d+ and|missing)\b", re.IGNORECASE
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (WELL.replace(b"<Dt>2026-11-12</Dt></BookgDt>", b"<Dt>2026-11-32</Dt></BookgDt>"), "« 2026-11-32 »"),
        (WELL.replace(b'Ntry><Amt Ccy="EUR">10.00', b'Ntry><Amt Ccy="EUR">dix'), "« dix »"),
        (WELL.replace(b'Ntry><Amt Ccy="EUR">10.00', b'Ntry><Amt Ccy="EUR">10.1234567'), "10.1234567"),
        (WELL.replace(b'Ntry><Amt Ccy="EUR"', b"Ntry><Amt"), "Ccy"),
        (WELL.replace(b'Ntry><Amt Ccy="EUR"', b'Ntry><Amt Ccy="EUR" Wrong="1"'), "Wrong"),
        (WELL.replace(b'Ntry><Amt Ccy="EUR"', b'Ntry><Amt Ccy="EURO"'), "« EURO »"),
        (WELL.replace(b"<CdtDbtInd>CRDT</CdtDbtInd><Sts>", b"<CdtDbtInd>PLUS</CdtDbtInd><Sts>"), "« PLUS »"),
        (WELL.replace(b"<Sts><Cd>BOOK</Cd></Sts>", b""), "attendu"),
        (WELL.replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts></Sts>"), "il y manque"),
        (WELL.replace(b"<AcctSvcrRef>R1<", b"<AcctSvcrRef>" + b"R" * 40 + b"<"), "trop long"),
        (WELL.replace(b"</Document>", b""), "coupé"),
        (WELL.replace(b"</Stmt>", b"</Autre>"), "XML"),
        (WELL.replace(b"<Stmt>", b"<Stmt>du texte"), "texte"),
        (WELL.replace(b"VIR</Ustrd>", b"VIR & <</Ustrd>"), "XML"),
        (WELL.replace(b"VIR</Ustrd>", b"VIR \x01</Ustrd>"), "XML"),
        (WELL.replace(b"VIR</Ustrd>", b"VIR \xff</Ustrd>"), "XML"),
    ],
)
def test_what_is_wrong_in_a_camt_file_is_told_in_one_language(desk, content, said):
    assert content != WELL
    answer = desk.post(url("bank"), {"file": SimpleUploadedFile("releve.xml", content)})
    assert answer.status_code == 422
    found = re.search(r'id="id_file_error">.*?</ul>', answer.content.decode(), re.DOTALL)
    words = plain(found[0]) if found else plain(answer.content.decode())
    words = words.replace("\u202f", " ").replace("\xa0", " ")
    assert re.search(r"Ligne \d+", words), words
    assert said in words
    assert not ENGLISH.search(words), words


def test_a_line_noted_ahead_waits_until_it_is_booked(desk, invoice):
    """A German bank's own titles, days and words: what is noted ahead is no money, once or twice."""
    columns = {"booked_on": "Buchungstag", "text": "Verwendungszweck", "amount": "Betrag"}
    kept = {"title": "Sparkasse", "delimiter": ";", "day_format": "%d.%m.%y"} | columns
    assert desk.post(url("bank_mapping_new"), kept).status_code == 302
    (chosen,) = rows_of(CsvMapping.objects)
    text = (
        "Buchungstag;Buchungstext;Verwendungszweck;Betrag;Info\n"
        "12.11.26;GUTSCHRIFT;{0};{1};{2}\n13.11.26;GUTSCHRIFT;Miete;1,00;Umsatz gebucht\n"
    )
    amount = f"{invoice.gross_cents // 100},{invoice.gross_cents % 100:02d}"
    for state, lines in (("Umsatz vorgemerkt", 1), ("Umsatz gebucht", 2)):
        content = text.format(invoice.number, amount, state).encode()
        assert send(desk, content, f"{lines}.csv", chosen).status_code == 302
        assert len(rows_of(BankStatementLine.objects)) == lines
    alone = (
        text.replace("Info", "Art")
        .replace("Umsatz gebucht", "Miete")
        .format(invoice.number, amount, "offen, vorgemerkt")
    )
    answer = send(desk, alone.encode(), "art.csv", chosen)
    assert answer.status_code == 422
    assert "« offen, vorgemerkt » peut vouloir dire que cette ligne n’est pas encore comptabilisée" in plain(
        answer.content.decode()
    )
