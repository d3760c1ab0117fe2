"""The table of pages that are looked at: who goes where, and on which host."""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.browser.site import Site

TILLEULS = "tilleuls"
COQUELICOTS = "coquelicots"
PARENT = "parent of tilleuls"
POSTER = "/shop/products/affiche-progres/?for=consumer"
ADD = "form[action$='/shop/add/'] button"
ORDER = "main a[href*='/portal/orders/']"
WITHDRAW = "main a[href$='/withdraw/']"
ROW = "main tbody th a, main tbody td a"


@dataclass(frozen=True)
class Stop:
    """A page somebody goes to: an address, then links clicked on the way."""

    name: str
    who: str
    host: str
    path: str
    then: tuple[str, ...] = ()
    answer: int = 200

    def __str__(self) -> str:
        return self.name

    def scope(self, page: Page, site: Site) -> None:
        """Go there as the person would."""
        answer = page.goto(site.url(self.host, self.path))
        status = answer.status if answer else 0
        assert status == self.answer, f"{page.url} answered {status}"
        for selector in self.then:
            page.locator(selector).first.click()
            page.wait_for_load_state()
        page.mouse.move(0, 0)


PAGES = [
    Stop("site-home", "visitor", "", "/"),
    Stop("site-offers", "visitor", "", "/offers/"),
    Stop("site-promises", "visitor", "", "/promises/"),
    Stop("site-terms", "visitor", "", "/terms/versions/"),
    Stop("site-terms-text", "visitor", "", "/terms/versions/", ("main dd a",)),
    Stop("site-status", "visitor", "", "/status/"),
    Stop("site-legal", "visitor", "", "/legal/"),
    Stop("site-prices", "visitor", "", "/prices/?for=consumer"),
    Stop("shop-product", "visitor", "", POSTER),
    Stop("shop-cart", "visitor", "", POSTER, (ADD,)),
    Stop("shop-details", "visitor", "", POSTER, (ADD, "[name=go]")),
    Stop("sign-in", "visitor", TILLEULS, "/account/login/"),
    Stop("sign-in-house", "visitor", "", "/account/login/"),
    Stop("password-reset", "visitor", TILLEULS, "/account/password/reset/"),
    Stop("not-found", "visitor", TILLEULS, "/nowhere/", answer=404),
    Stop("portal-knock", "visitor", "", "/portal/sign-in/"),
    # A head of school
    Stop("head-home", "odile", TILLEULS, "/"),
    Stop("head-classes", "odile", TILLEULS, "/classes/"),
    Stop("head-class-new", "odile", TILLEULS, "/classes/new/"),
    Stop("head-pupils", "odile", TILLEULS, "/pupils/"),
    Stop("head-pupil", "odile", TILLEULS, "/pupils/", (ROW,)),
    Stop("head-pupil-new", "odile", TILLEULS, "/pupils/new/"),
    Stop("head-families", "odile", TILLEULS, "/families/"),
    Stop("head-imports", "odile", TILLEULS, "/imports/"),
    Stop("head-import", "odile", TILLEULS, "/imports/", ("main table a",)),
    Stop("head-people", "odile", TILLEULS, "/people/"),
    Stop("head-person", "odile", TILLEULS, "/people/", (ROW,)),
    Stop("head-invitations", "odile", TILLEULS, "/people/invitations/"),
    Stop("head-invite", "odile", TILLEULS, "/people/invitations/new/"),
    Stop("head-roles", "odile", TILLEULS, "/people/roles/"),
    Stop("head-role", "odile", TILLEULS, "/people/roles/", ("main table a, main .card a",)),
    Stop("head-review", "odile", TILLEULS, "/people/review/"),
    Stop("head-audit", "odile", TILLEULS, "/audit/"),
    Stop("head-timeline", "odile", TILLEULS, "/timeline/"),
    Stop("head-promises", "odile", TILLEULS, "/promises/"),
    Stop("head-licences", "odile", TILLEULS, "/licences/"),
    Stop("head-invoices", "odile", TILLEULS, "/invoices/"),
    Stop("head-privacy", "odile", TILLEULS, "/privacy/"),
    Stop("head-retention", "odile", TILLEULS, "/privacy/retention/"),
    Stop("head-annex", "odile", TILLEULS, "/privacy/annex/"),
    Stop("head-annexes", "odile", TILLEULS, "/privacy/annexes/"),
    Stop("head-annex-a", "odile", TILLEULS, "/privacy/annexes/contacts/"),
    Stop("head-processing", "odile", TILLEULS, "/privacy/processing/"),
    Stop("head-deletions", "odile", TILLEULS, "/privacy/deletions/"),
    Stop("head-exports", "odile", TILLEULS, "/exports/"),
    Stop("head-account", "odile", TILLEULS, "/me/"),
    Stop("head-second-factor", "odile", TILLEULS, "/account/second-factor/"),
    # A teacher
    Stop("teacher-home", "claire", TILLEULS, "/"),
    Stop("teacher-classes", "claire", TILLEULS, "/classes/"),
    Stop("teacher-class", "claire", TILLEULS, "/classes/", ("main table a, main .card a",)),
    Stop("teacher-pupil", "claire", TILLEULS, "/pupils/", (ROW,)),
    Stop("teacher-record", "claire", TILLEULS, "/record/"),
    Stop("teacher-observation", "claire", TILLEULS, "/record/new/"),
    Stop("teacher-results", "claire", TILLEULS, "/results/"),
    Stop("teacher-result-new", "claire", TILLEULS, "/results/new/"),
    Stop("head-group-new", "odile", TILLEULS, "/groups/new/"),
    Stop("head-delete-pupil", "odile", TILLEULS, "/pupils/", (ROW, "main a[href*='/privacy/delete/']")),
    Stop("teacher-privacy", "claire", TILLEULS, "/privacy/me/"),
    Stop("denied", "claire", TILLEULS, "/audit/", answer=403),
    # A parent
    Stop("parent-home", PARENT, TILLEULS, "/"),
    Stop("parent-news", PARENT, TILLEULS, "/family/"),
    Stop("parent-progress", PARENT, TILLEULS, "/family/progress/"),
    Stop("parent-record", PARENT, TILLEULS, "/family/record/"),
    Stop("parent-data", PARENT, TILLEULS, "/privacy/me/"),
    Stop("parent-exports", PARENT, TILLEULS, "/exports/"),
    Stop("parent-account", PARENT, TILLEULS, "/me/"),
    # A nursery
    Stop("nursery-home", "ines", COQUELICOTS, "/"),
    Stop("nursery-class", "ines", COQUELICOTS, "/classes/", ("main table a, main .card a",)),
    Stop("nursery-parent-news", "parent of coquelicots", COQUELICOTS, "/family/"),
    # Who pays
    Stop("payer-home", "lise", TILLEULS, "/"),
    Stop("payer-invoices", "lise", TILLEULS, "/invoices/"),
    Stop("buyer-home", "buyer", "", "/portal/"),
    Stop("buyer-quotes", "buyer", "", "/portal/quotes/"),
    Stop("buyer-quote", "buyer", "", "/portal/quotes/", (ROW,)),
    Stop("buyer-invoices", "buyer", "", "/portal/invoices/"),
    Stop("consumer-withdraw", "buyer youna@lebihan.example", "", "/portal/", (ORDER, WITHDRAW)),
    Stop("consumer-withdrawn", "buyer nadia@quere.example", "", "/portal/subscriptions/", (ROW,)),
    Stop("consumer-subscription", "buyer nadia@legoff.example", "", "/portal/subscriptions/", (ROW,)),
    # The demonstration's own pages
    Stop("demo-people", "visitor", "", "/demo/"),
    Stop("demo-mailbox", "visitor", "", "/mailbox/"),
    Stop("demo-mail", "visitor", "", "/mailbox/", (ROW,)),
    # The operator
    Stop("house-home", "felix", "", "/console/"),
    Stop("house-todo", "felix", "", "/console/todo/"),
    Stop("house-quotes", "felix", "", "/console/quotes/"),
    Stop("house-quote", "felix", "", "/console/quotes/", (ROW,)),
    Stop("house-quote-new", "felix", "", "/console/quotes/new/"),
    Stop("house-orders", "felix", "", "/console/orders/"),
    Stop("house-refusals", "felix", "", "/console/orders/refused/"),
    Stop("house-order", "felix", "", "/console/orders/", (ROW,)),
    Stop("house-invoices", "felix", "", "/console/invoices/"),
    Stop("house-invoice", "felix", "", "/console/invoices/", (ROW,)),
    Stop("house-payments", "felix", "", "/console/payments/"),
    Stop("house-payment-new", "felix", "", "/console/payments/new/"),
    Stop("house-late", "felix", "", "/console/late/"),
    Stop("house-late-invoice", "felix", "", "/console/late/", (ROW,)),
    Stop("house-revenue", "felix", "", "/console/accounting/revenue/"),
    Stop("house-vat-due", "felix", "", "/console/accounting/vat/"),
    Stop("house-closing", "felix", "", "/console/accounting/closing/", (ROW,)),
    Stop("house-remind-many", "felix", "", "/console/mailings/reminders/?all=1"),
    Stop("house-customers", "felix", "", "/console/customers/"),
    Stop("house-customer", "felix", "", "/console/customers/", (ROW,)),
    Stop("house-tenants", "maud", "", "/console/tenants/"),
    Stop("house-tenant", "maud", "", "/console/tenants/", (ROW,)),
    Stop("house-tenant-open", "maud", "", "/console/tenants/open/"),
    Stop("house-agenda", "maud", "", "/console/agenda/"),
    Stop("house-audit", "maud", "", "/console/audit/"),
    Stop("house-promises", "maud", "", "/console/promises/"),
    Stop("house-people", "maud", "", "/console/people/"),
]
