"""Statements as banks write them: camt.053 in both versions, and a CSV."""

import re

IBAN = "FR7630006000011234567890189"


def tx(cents, *, name="Ecole des Erables", text="VIR", end_to_end="NOTPROVIDED", version="08", amount=True):
    """Return the details of one payment."""
    party = f"<Pty><Nm>{name}</Nm></Pty>" if version == "08" else f"<Nm>{name}</Nm>"
    side = "Dbtr" if cents > 0 else "Cdtr"
    value = f"{abs(cents) / 100:.2f}"
    told = f'<Amt Ccy="EUR">{value}</Amt><CdtDbtInd>{"CRDT" if cents > 0 else "DBIT"}</CdtDbtInd>'
    old = f'<AmtDtls><TxAmt><Amt Ccy="EUR">{value}</Amt></TxAmt></AmtDtls>'
    amounts = (told if version == "08" else old) if amount else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>{amounts}"
        f"<RltdPties><{side}>{party}</{side}><{side}Acct><Id><IBAN>{IBAN}</IBAN></Id></{side}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
    )


def entry(cents, *details, ref="R1", status="BOOK", day="2026-11-12", version="08"):
    """Return one entry."""
    state = f"<Sts><Cd>{status}</Cd></Sts>" if version == "08" else f"<Sts>{status}</Sts>"
    return (
        f"<Ntry><Amt "
        f'Ccy="EUR">{abs(cents) / 100:.2f}</Amt>'
        f"<CdtDbtInd>{'CRDT' if cents > 0 else 'DBIT'}</CdtDbtInd>{state}"
        f"<BookgDt><Dt>{day}</Dt></BookgDt><AcctSvcrRef>{ref}</AcctSvcrRef>"
        f"<BkTxCd><Prtry><Cd>VIR</Cd></Prtry></BkTxCd>"
        f"<NtryDtls>{''.join(details)}</NtryDtls></Ntry>"
    )


def camt(*entries, version="08", opening=10000, closing=None, **more):
    """Return a file valid by its schema; it closes on what its booked entries say, or on another balance."""
    closes = opening + moved(entries) if closing is None else closing
    only = statement(*entries, version=version, opening=opening, closing=closes, **more)
    return camt_of(only, version=version)


def moved(entries):
    """Return what the booked entries moved, in cents."""
    booked = [each for each in entries if "BOOK" in each]
    told = re.compile(r'<Amt Ccy="EUR">(\d+)\.(\d\d)</Amt><CdtDbtInd>(\w+)<')
    sums = [told.search(each) for each in booked]
    return sum((1 if found[3] == "CRDT" else -1) * int(found[1] + found[2]) for found in sums)


def statement(
    *entries,
    version="08",
    opening=10000,
    closing=10000,
    opened="2026-11-12",
    closed="2026-11-12",
    iban="FR7699999000010000012345693",
    name="RELEVE-12",
):
    """Return one statement between two balances; None for one that isn't said."""
    return (
        f"<Stmt><Id>{name}</Id><ElctrncSeqNb>12</ElctrncSeqNb><CreDtTm>2026-11-13T06:00:00</CreDtTm>"
        f"<Acct><Id><IBAN>{iban}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        + "".join(
            balance(kind, cents, day)
            for kind, cents, day in (("OPBD", opening, opened), ("CLBD", closing, closed))
            if cents is not None
        )
        + "\n"
        + "\n".join(entries)
        + "\n</Stmt>"
    )


def balance(kind, cents, day):
    """Return what an account held."""
    side = "CRDT" if cents >= 0 else "DBIT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{abs(cents) / 100:.2f}</Amt>'
        f"<CdtDbtInd>{side}</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def camt_of(*statements, version="08"):
    """Return a file of these statements."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>\n'
        "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-11-13T06:00:00</CreDtTm></GrpHdr>\n"
        + "".join(statements)
        + "</BkToCstmrStmt></Document>"
    ).encode()


CSV_COLUMNS = {
    "booked_on": "Date",
    "text": "Libellé",
    "credit": "Crédit",
    "debit": "Débit",
    "reference": "Référence",
}
CSV = """Banque de l’Exemple;;;;
Compte;•••;;;
Date;Libellé;Débit;Crédit;Référence
12/11/2026;VIR ECOLE DES ERABLES FA-2026-000001;;1 299,84;B1
12/11/2026;"COTISATION; MENSUELLE";-9,90;;B2

"""
