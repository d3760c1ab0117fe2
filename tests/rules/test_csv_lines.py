"""Lines of a bank's CSV that are no movement, or of another account than the line above."""

import pytest

from billing.payments.policy.bank import BadFile, Wrong
from billing.payments.policy.csv_statement import read_csv

COLUMNS = {"booked_on": "Date", "amount": "Montant", "text": "Libelle"}
SIDES = {"booked_on": "Date", "debit": "Debit", "credit": "Credit", "text": "Libelle"}


def read(text, columns=COLUMNS):
    """Return what a CSV says."""
    return read_csv(text, columns=columns, delimiter=";", day_format="%d/%m/%Y")


def moved(text, columns=COLUMNS):
    """Return the cents of each part of a CSV."""
    return [[entry.cents for entry in part.entries] for part in read(text, columns).parts]


class TestBalances:
    """A balance or a total is no money: left out where the others prove it, else refused."""

    @pytest.mark.parametrize(
        "rows",
        [
            "01/11/2026;100,00;Solde initial\n{}30/11/2026;125,00;Nouveau solde au 30/11/2026\n",
            "30/11/2026;125,00;SOLDE CREDITEUR\n{}01/11/2026;100,00;ANCIEN SOLDE\n",
            "01/11/2026;100,00;Opening balance\n{}30/11/2026;125,00;Closing balance EUR\n",
            "01/11/2026;100,00;Kontostand\n{}30/11/2026;125,00;Endsaldo\n",
            "{}30/11/2026;25,00;Total des mouvements\n",
            "01/11/2026;100,00;Solde au 1er novembre\n{}30/11/2026;125,00;Solde créditeur\n",
        ],
    )
    def test_one_that_the_movements_prove_is_left_out_and_counted(self, rows):
        body = rows.format("12/11/2026;30,00;VIR FA-2026-000001\n13/11/2026;-5,00;FRAIS\n")
        found = read(f"Date;Montant;Libelle\n{body}")
        assert [entry.cents for entry in found.entries] == [3000, -500]
        assert found.balances == body.count("\n") - 2

    @pytest.mark.parametrize(
        ("rows", "line"),
        [
            ("12/11/2026;30,00;VIR\n30/11/2026;1234,56;Solde au 30/11/2026\n", 3),
            ("01/11/2026;100,00;Solde initial\n12/11/2026;30,00;VIR\n30/11/2026;131,00;Solde final\n", 2),
            ("12/11/2026;30,00;VIR\n30/11/2026;31,00;Total\n", 3),
            ("12/11/2026;30,00;VIR\n13/11/2026;30,00;Solde\n", 3),
            ("12/11/2026;30,00;VIR\n13/11/2026;5,00;SOLDE\n13/11/2026;5,00;SOLDE\n", 3),
            ("30/11/2026;0,00;Solde\n", 2),
        ],
    )
    def test_one_that_nothing_proves_is_refused(self, rows, line):
        with pytest.raises(BadFile) as bad:
            read(f"Date;Montant;Libelle\n{rows}")
        assert (bad.value.why, bad.value.line) == (Wrong.BALANCE, line)

    def test_totals_of_two_columns_are_left_out(self):
        rows = "12/11/2026;;30,00;VIR\n13/11/2026;5,00;;FRAIS\n30/11/2026;5,00;30,00;Totaux\n"
        assert moved(f"Date;Debit;Credit;Libelle\n{rows}", SIDES) == [[3000, -500]]

    @pytest.mark.parametrize("text", ["SOLDE FACTURE", "Solde de tout compte", "VIR SOLDE FA-2026-000007"])
    def test_what_a_payer_calls_so_is_money(self, text):
        assert moved(f"Date;Montant;Libelle\n12/11/2026;30,00;{text}\n") == [[3000]]


class TestAccounts:
    """A file may hold several accounts."""

    @pytest.mark.parametrize("title", ["Compte", "N° de compte", "Account number", "IBAN Auftragskonto"])
    def test_the_lines_of_each_are_a_part(self, title):
        rows = "FR76A;12/11/2026;30,00;VIR\nFR76B;12/11/2026;30,00;VIR\nFR76A;13/11/2026;-5,00;FRAIS\n"
        assert moved(f"{title};Date;Montant;Libelle\n{rows}") == [[3000, -500], [3000]]

    @pytest.mark.parametrize("title", ["Compte bénéficiaire", "Compte contrepartie", "Comptabilisé le"])
    def test_the_accounts_of_others_are_none(self, title):
        rows = "FR76A;12/11/2026;30,00;VIR\nFR76B;12/11/2026;30,00;VIR\n"
        assert moved(f"{title};Date;Montant;Libelle\n{rows}") == [[3000, 3000]]

    def test_nor_is_a_column_that_leaves_lines_without(self):
        rows = "FR76A;12/11/2026;30,00;VIR\n;12/11/2026;30,00;CB\n"
        assert moved(f"Account number;Date;Montant;Libelle\n{rows}") == [[3000, 3000]]


class TestSides:
    """Where no amount says by its sign what left, words that may say it are never passed over."""

    @pytest.mark.parametrize(
        ("came", "left"),
        [
            ("Virement SEPA reçu", "Virement SEPA émis"),
            ("Virement instantané reçu", "Virement instantané émis"),
            ("Virement reçu", "Prélèvement SEPA"),
            ("Money received", "Money sent"),
            ("Incoming bank transfer", "Outgoing bank transfer"),
            ("Przelew przychodzący", "Przelew wychodzący"),
            ("Зачисление средств", "Списание средств"),
            ("↓", "↑"),
        ],
    )
    def test_a_type_of_several_words_is_refused(self, came, left):
        rows = (
            f"12/11/2026;{came};ECOLE;10,00\n13/11/2026;{left};LOYER;300,00\n14/11/2026;{came};ECOLE;5,00\n"
        )
        with pytest.raises(BadFile) as bad:
            read(f"Date;Type;Libelle;Montant\n{rows}")
        assert bad.value.why == Wrong.SIDE

    @pytest.mark.parametrize("text", ["Solde", "TOTAL", "Solde compte", "Solde 2026-12"])
    def test_what_a_payer_may_have_written_is_refused_whatever_the_figures(self, text):
        rows = f"12/11/2026;60,00;VIR A\n13/11/2026;40,00;VIR B\n14/11/2026;100,00;{text}\n"
        with pytest.raises(BadFile) as bad:
            read(f"Date;Montant;Libelle\n{rows}")
        assert (bad.value.why, bad.value.line) == (Wrong.BALANCE, 4)

    def test_nor_is_a_column_of_zero_half_of_a_total(self):
        rows = "12/11/2026;0,00;640,92;Acompte\n13/11/2026;0,00;640,92;Solde\n"
        with pytest.raises(BadFile) as bad:
            read(f"Date;Debit;Credit;Libelle\n{rows}", SIDES)
        assert bad.value.why == Wrong.BALANCE
