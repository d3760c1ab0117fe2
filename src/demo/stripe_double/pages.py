"""The provider's own page as the stand-in draws it: what a person sees between our button and our thanks."""

from __future__ import annotations

from html import escape
from typing import Any

from babel.numbers import format_currency

STYLE = """
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;background:#f3f4f7;color:#1a2330}
main{max-width:26rem;margin:2rem auto;padding:1.5rem;background:#fff;border-radius:.75rem;border:1px solid
#dfe3ea}
.tag{display:inline-block;background:#8a4b00;color:#fff;border-radius:.25rem;padding:.1rem .5rem;
font-size:.8rem}
h1{font-size:1rem;font-weight:500;margin:.75rem 0 0}.sum{font-size:2rem;font-weight:700;margin:0 0 1rem}
label{display:block;margin:.75rem 0 .25rem;font-weight:600}
input{width:100%;min-height:44px;padding:.5rem .75rem;font:inherit;border:1px solid #767f8c;
border-radius:.4rem}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.75rem}
button{width:100%;min-height:48px;margin-top:1rem;border:0;border-radius:.4rem;
background:#1d4c8a;color:#fff;font:inherit;
font-weight:700;cursor:pointer}.wrong{border-left:4px solid #ae231c;background:#fdf1f0;padding:.75rem 1rem}
.help{color:#556070;font-size:.9rem}nav{display:flex;gap:1rem;margin:1rem 0}nav
a[aria-current]{font-weight:700;
text-decoration:none;color:inherit}hr{border:0;border-top:1px solid #dfe3ea;margin:1.25rem 0}
"""


def checkout(session: dict[str, Any], *, method: str, wrong: str = "") -> bytes:
    """Return the page on which a session is paid, or a method is left, by card or by SEPA debit."""
    saves = session["mode"] == "setup"
    sums = (
        ""
        if saves
        else escape(format_currency(session["amount_total"] / 100, session["currency"].upper(), locale="fr"))
    )
    form = _debit(saves=saves) if method == "sepa_debit" else _card(saves=saves)
    problem = f'<p class="wrong" role="alert">{escape(wrong)}</p>' if wrong else ""
    back = (
        f'<p><a href="{escape(session["cancel_url"])}">← Revenir sans payer</a></p>'
        if session["cancel_url"]
        else ""
    )
    shown = '<p class="help">Rien n’est débité aujourd’hui.</p>' if saves else f'<p class="sum">{sums}</p>'
    return _page(f"""{back}<p class="tag">Page de paiement factice</p>
<h1>{escape(", ".join(session["_names"]))}</h1>{shown}{_tabs(session, method)}{problem}
<form method="post" autocomplete="off"><input type="hidden" name="method" value="{escape(method)}">{form}
<button>{"Enregistrer" if saves else f"Payer {sums}"}</button></form>""")


def closed(session: dict[str, Any] | None) -> bytes:
    """Return what stands on a page that can't be paid any more."""
    back = (
        f'<p><a href="{escape(session["cancel_url"])}">← Revenir</a></p>'
        if session and session["cancel_url"]
        else ""
    )
    return _page(f"<h1>Cette page de paiement est fermée</h1><p>Rien n’a été débité.</p>{back}")


def _tabs(session: dict[str, Any], method: str) -> str:
    names = {"card": "Carte", "sepa_debit": "Prélèvement SEPA"}
    links = [
        (
            f'<a href="?method={each}"'
            f"{' aria-current=' + chr(34) + 'page' + chr(34) if each == method else ''}>{names[each]}</a>"
        )
        for each in session["payment_method_types"]
        if each in names
    ]
    return f'<nav aria-label="Moyen de paiement">{"".join(links)}</nav>' if len(links) > 1 else ""


def _card(*, saves: bool) -> str:
    tried = (
        "4000 0000 0000 0341 enregistrée puis refusée au débit"
        if saves
        else "4000 0000 0000 0259 contestée ensuite"
    )
    return f"""<label for="n">Numéro de carte</label><input id="n" name="number" inputmode="numeric" required
placeholder="4242 4242 4242 4242"><div class="two"><div><label for="e">Expiration</label><input id="e"
name="expiry"
placeholder="12 / 34" required></div><div><label for="c">CVC</label><input id="c" name="cvc"
placeholder="123" required>
</div></div><p class="help">4242 4242 4242 4242 est acceptée, 4000 0000 0000 0002 refusée, {tried}.</p>"""


def _debit(*, saves: bool) -> str:
    agreed = (
        "En enregistrant ce compte vous autorisez les prélèvements à venir."
        if saves
        else "En payant vous autorisez ce prélèvement unique."
    )
    return f"""<label for="i">IBAN</label><input id="i" name="iban" required placeholder="FR14 2004 1010 0505
    0001 3M02 606">
<label for="h">Titulaire</label><input id="h" name="holder" required><p class="help">… 3M02 606 est accepté
quelques
secondes plus tard, … 607 refusé, … 608 payé puis repris. {agreed}</p>"""


def _page(body: str) -> bytes:
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>Paiement</title><style>{STYLE}</style></head>'
        f"<body><main>{body}</main></body></html>"
    ).encode()
