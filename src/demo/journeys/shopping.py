"""A teacher and a family order online: cart, review, terms, payment, confirmation."""

from collections.abc import Iterator

from demo.journeys.browser import Browser, Page, Surprise
from demo.journeys.stage import mail_to, mails_so_far

TEACHER = {
    "customer_type": "consumer",
    "first_name": "Luc",
    "last_name": "Morvan",
    "email": "luc@morvan.example",
    "street": "5 rue des Lilas",
    "postcode": "35000",
    "city": "Rennes",
    "country": "FR",
}
FAMILY = TEACHER | {"first_name": "Nadia", "last_name": "Ferrand", "email": "nadia@ferrand.example"}
GOOD = "4242 4242 4242 4242"
BAD = "4000 0000 0000 0002"
OK = 200
UNTICKED = 422


def steps(port: int) -> Iterator[str]:
    """Play it."""
    luc = Browser(port)
    known = mails_so_far()
    page = _fill(luc, "affiche-progres", "2")
    yield "a teacher puts two posters in the cart"
    review = _say_who(page, TEACHER).must_have("Morvan", "Livraison", "rétractation")
    review = review.submit(having="method", method="card")
    yield "says who buys, reads everything again and chooses the card"
    if not _ask_without_terms(review):
        raise Surprise("an order is taken without the terms")
    leaving = review.submit(having="seen", terms="on")
    yield "the terms come unticked; once ticked the order is placed"
    provider = leaving.follow(words="Y aller")
    if _card(provider, BAD).status == OK:
        raise Surprise("the refused card is taken")
    yield "the first card is refused: nothing is charged, the order waits"
    _card(provider, GOOD)
    told = mail_to(TEACHER["email"], known=known, having="conclue")
    if len(told.attachments) < 3:
        raise Surprise(
            f"the confirmation brings {len(told.attachments)} papers, not the invoice, the terms and the form"
        )
    yield "the second is taken: the confirmation brings the invoice, the terms and the form of withdrawal"
    luc.get("/portal/").must_have("Morvan")
    nadia = Browser(port)
    known = mails_so_far()
    review = _say_who(_fill(nadia, "preau-famille", "1"), FAMILY)
    review.must_have("14 jours", "Préau Famille", "obligation de paiement après l’essai")
    yield "a family reads what Préau Famille is: tried for two weeks, then renewed by itself"
    _card(review.submit(having="seen", terms="on").follow(words="Y aller"), GOOD)
    mail_to(FAMILY["email"], known=known, having="conclue")
    yield (
        "and orders it: a card is saved or charged on the provider's page, the "
        "household opens, the order is concluded"
    )


def _fill(browser: Browser, product: str, quantity: str) -> Page:
    shelf = browser.get(f"/shop/products/{product}/?for=consumer")
    return shelf.submit("/shop/add/", quantity=quantity).submit("/shop/cart/", press=("go", "on"))


def _say_who(page: Page, who: dict[str, str]) -> Page:
    return page.submit("/shop/details/", having="email", fill=who)


def _ask_without_terms(review: Page) -> bool:
    """Return whether the terms are asked for when they weren't ticked."""
    fields = [(name, value) for name, value in review.form(having="seen").fields if name != "terms"]
    answer = review.browser.post(review.url, fields, {}, expect=UNTICKED)
    return answer.has("rien n’est accepté à votre place")


def _card(provider: Page, number: str) -> Page:
    fields = [("method", "card"), ("number", number), ("expiry", "12 / 34"), ("cvc", "123")]
    return provider.browser.post(provider.url, fields, {}, expect=None)
