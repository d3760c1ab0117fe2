"""A school subscribes by quote: written, signed, paid by cheque, open."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from demo.journeys.browser import UUID, Browser, Page, Surprise
from demo.journeys.stage import last_uuid, link_in, mail_to, mails_so_far, path_of, signed_in

HEAD = "eve@brunel.example"
SLUG = "anatole-brunel"
NAME = "École Anatole-Brunel"
PASSWORD = "cinq pommes sur le rebord du puits"  # noqa: S105  an invented passphrase


def steps(port: int) -> Iterator[str]:
    """Play it."""
    finance = signed_in(port, "felix")
    known = mails_so_far()
    quote = _write_quote(finance)
    yield "finance writes a quote: 8 teachers, 210 pupils, by cheque"
    finance.get(quote.follow(href="/pdf/").url)
    quote.submit("/send/").must_have("Envoyé")
    mail = mail_to(HEAD, known=known)
    if not mail.attachments:
        raise Surprise("the quote's mail has no PDF")
    yield "and sends it: the head gets the PDF and a link"
    head = Browser(port)
    url = link_in(mail, "/portal/enter/")
    quote_page = head.get(url).submit(path_of(url))
    yield "which shows it to whoever has that mail"
    known = mails_so_far()
    head.get(f"/portal/confirm/?next={path_of(quote_page.url)}").submit("/portal/confirm/")
    fresh = link_in(mail_to(HEAD, known=known), "/portal/enter/")
    page = head.get(fresh).submit(path_of(fresh))
    yield "before signing the head asks for a link of their own, which works once"
    order = page.submit(having="firm", name="Ève Lanoë", job_title="directrice", firm="on", terms="on")
    order.must_have(NAME)
    yield "the head signs in the portal, the terms ticked"
    _receive_cheque(finance)
    _nothing_is_open(port)
    yield "the cheque is received; nothing opens yet"
    known = mails_so_far()
    _credit_cheque(finance)
    yield "the cheque is credited"
    invited = mail_to(HEAD, known=known, having="/invitation/")
    host = urlsplit(link_in(invited, "/invitation/")).hostname or ""
    yield f"the tenant opens by itself: {host}"
    home = _accept(Browser(port, host), link_in(invited, "/invitation/"))
    home.must_have("Ève")
    yield "the head sets a password, accepts the terms, and is in"


def _write_quote(finance: Browser) -> Page:
    customer = finance.get("/console/customers/new/").submit(
        having="siren",
        name=NAME,
        customer_type="professional",
        email=HEAD,
        signatory="Ève Lanoë",
        job_title="directrice",
        street="2 rue du Port",
        postcode="35400",
        city="Saint-Briac-les-Grèves",
        siren="908000060",
    )
    desk = finance.get(f"/console/quotes/new/?customer={last_uuid(customer)}")
    product = desk.form(having="lines-0-product").choice("lines-0-product", "École")
    typed = {
        "lines-0-product": product,
        "lines-0-quantity": "218",
        "sites-0-name": NAME,
        "sites-0-slug": SLUG,
    }
    saved = desk.submit(having="lines-0-product", method="cheque", fill=typed)
    return saved.must_have("1 068,20", "Frais de traitement du chèque", "15,00")


def _receive_cheque(finance: Browser) -> None:
    form = finance.get("/console/payments/new/")
    invoice = form.form(having="invoice").choice("invoice", NAME)
    form.submit(
        having="invoice", invoice=invoice, method="cheque", amount="1 299,84", reference="CHQ 0000218"
    ).must_have(NAME)


def _nothing_is_open(port: int) -> None:
    if Browser(port, f"{SLUG}.localhost").get("/", expect=None).status != 404:
        raise Surprise("the tenant is open before its money is there")


def _credit_cheque(finance: Browser) -> None:
    payment = finance.get("/console/payments/?q=0000218").follow(href=f"/console/payments/{UUID}/$")
    payment.submit("/credit/").must_have(NAME)


def _accept(browser: Browser, url: str) -> Page:
    page = browser.get(url)
    for _ in range(4):
        if "/invitation/" not in page.url:
            return page
        form = page.form(path_of(page.url))
        answers = {name: "on" for name in form.names if name.startswith(("terms", "accept"))}
        words = {"password": PASSWORD, "password1": PASSWORD, "password2": PASSWORD, "first_name": "Ève"}
        answers |= {name: said for name, said in words.items() if name in form.names}
        answers |= {"last_name": "Lanoë"} if "last_name" in form.names else {}
        page = page.submit(path_of(page.url), fill=answers)
    raise Surprise(f"the invitation never ends: {page.text[:400]}")
