"""Billing: from the price list to the money."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

VERBS = {
    "quote.written": _("Quote written"),
    "quote.rewritten": _("Draft changed"),
    "quote.sent": _("Quote sent"),
    "quote.signed": _("Quote signed"),
    "quote.expired": _("Quote out of date"),
    "quote.revised": _("New version made"),
    "quote.specific_terms": _("Specific terms attached or taken away"),
    "quote.asked": _("Quote asked for on the site"),
    "quote.withdrawn": _("Quote withdrawn"),
    "contract.amended": _("Licences changed by a signed amendment"),
    "contract.amendment_cancelled": _("Licences taken back: the amendment was cancelled"),
    "order.confirmed": _("Order confirmed"),
    "order.placed": _("Order placed online"),
    "order.concluded": _("Order concluded: its confirmation was sent"),
    "order.refused": _("Order refused"),
    "order.taken_back": _("Order taken back"),
    "order.method_changed": _("Paid in another way"),
    "order.ownership": _("Ownership passed, or came back"),
    "order.funded": _("Order paid in full"),
    "order.opens_on_terms": _("Opens before it is paid: specific terms were signed"),
    "order.tried": _("Trial granted: a payment method was saved"),
    "order.opened": _("Access opened"),
    "order.cancellable": _("Order can be cancelled"),
    "order.cancelled": _("Order cancelled"),
    "order.held": _("Order on hold: something is overdue"),
    "order.waits": _("Order waits: all its school held is to be deleted"),
    "order.resumed": _("Order goes on: nothing is overdue any more"),
    "order.replaces": _("Replacement to be sent"),
    "order.renews": _("Order of a term that renews by itself"),
    "impossible.confirmed": _("Can’t be delivered: confirmed"),
    "impossible.agreed": _("Equivalent agreed to by the client"),
    "impossible.refunded": _("Can’t be delivered: credited and paid back"),
    "subscription.renewal_agreed": _("Renewal agreed and paid"),
    "subscription.reactivated": _("Subscription begun again"),
    "plan.changed": _("Plan changed"),
    "plan.to_change": _("Plan changes at the next renewal"),
    "invoice.issued": _("Invoice issued"),
    "credit_note.issued": _("Credit note issued"),
    "deposit.issued": _("Deposit invoice issued"),
    "pro_forma.issued": _("Pro forma issued"),
    "invoice.sent": _("Sent to the client’s platform"),
    "invoice.sent_again": _("To be sent again"),
    "invoice.received": _("Received by the client"),
    "invoice.refused": _("Refused by the client"),
    "invoice.paid": _("Platform told that it is paid"),
    "invoice.unpaid_again": _("Platform’s word “paid” taken back: the money left again"),
    "sales.reported": _("Sales reported"),
    "invoice.overdue": _("Invoice overdue"),
    "cheque.received": _("Cheque received"),
    "cheque.credited": _("Cheque credited"),
    "transfer.recorded": _("Transfer recorded"),
    "transfer.credited": _("Transfer credited"),
    "payment.bounced": _("Payment refused by the bank"),
    "payment.taken_in_part": _("Part of a payment taken back by the payer’s bank"),
    "payment.allocated": _("Given to an invoice"),
    "payment.released": _("Taken back from an invoice"),
    "payment.taken_away": _("Payment taken away by hand"),
    "transfer.missing": _("Proved funds never came"),
    "card.received": _("Paid by card"),
    "debit.received": _("Direct debit on its way"),
    "debit.credited": _("Direct debit credited"),
    "checkout.started": _("Online payment begun"),
    "checkout.moved": _("Online payment went on"),
    "method.asked": _("Payment method asked for"),
    "method.saved": _("Payment method saved"),
    "method.revoked": _("Payment method revoked"),
    "trial.started": _("Trial begun"),
    "trial.ended": _("Trial ended by the client"),
    "trial.activated": _("Trial became the first term"),
    "refund.asked": _("Money to give back"),
    "refund.made": _("Money given back"),
    "refund.failed": _("Refund came back"),
    "statement.read": _("Bank statement read"),
    "statement.checked": _("Bank statement taken although its balances differ"),
    "line.applied": _("Bank line applied"),
    "line.payout_undone": _("Payout undone: its bank line waits again"),
    "line.set_aside": _("Bank line set aside"),
    "slip.made": _("Cheque slip made"),
    "slip.deposited": _("Cheque slip taken by the bank"),
    "mapping.kept": _("Columns of a CSV kept"),
    "dispute.opened": _("Dispute opened"),
    "dispute.closed": _("Dispute closed"),
    "deferral.granted": _("More time granted"),
    "formal_notice.given": _("Formal notice given"),
    "late_statement.drawn": _("Claim for interest drawn"),
    "late_statement.paid": _("Claim for interest paid"),
    "late_statement.corrected": _("Claim for interest corrected: it asked too much"),
    "receivable.written_off": _("Written off"),
    "receivable.write_off_undone": _("Write-off undone: due again"),
    "subscription.started": _("Subscription started"),
    "subscription.renewal_announced": _("Renewal announced"),
    "subscription.renewal_restated": _("Renewal brought to what was told in time"),
    "subscription.renewal_undone": _("Renewal undone"),
    "subscription.notice_bounced": _("Notice of the renewal came back"),
    "subscription.renewed": _("Subscription renewed"),
    "subscription.terminated": _("Termination received"),
    "subscription.ended": _("Subscription ended"),
    "invoice.reminded": _("Reminder sent"),
    "claim.reminded": _("Reminder sent"),
    "invoice.due_at_once": _("Invoice due at once"),
    "suspension.noticed": _("Suspension announced"),
    "suspension.notice_bounced": _("Notice of suspension bounced"),
    "suspension.begun": _("Access suspended"),
    "suspension.lifted": _("Cause of a suspension remedied"),
    "letter.sent": _("Registered letter sent"),
    "letter.followed": _("Registered letter followed"),
    "force_majeure.begun": _("Force majeure recorded"),
    "force_majeure.corrected": _("Force majeure corrected"),
    "force_majeure.ended": _("Force majeure over"),
    "end.instructed": _("Deletion of everything on the controller’s written word"),
    "force_majeure.credited": _("Days not served credited"),
    "customer.created": _("Customer written down"),
    "customer.changed": _("Customer changed"),
    "reference.marked": _("May be named as a reference"),
    "reference.revoked": _("Named as a reference no more"),
    "contact.kept": _("Contact kept"),
    "contact.closed": _("Contact closed"),
    "contact.reopened": _("Contact opened again"),
    "contact.erased": _("Contact erased"),
    "delivery.planned": _("Delivery planned"),
    "delivery.moved": _("Delivery put off"),
    "delivery.shipped": _("Parcel sent"),
    "delivery.arrived": _("Parcel delivered"),
    "delivery.notice_received": _("Formal notice to deliver received"),
    "delivery.ended": _("Sale ended for late delivery"),
    "delivery.cancelled": _("Delivery cancelled"),
    "order.things_credited": _("Things credited before they left"),
    "refund.dropped": _("Refund dropped: its payment was refused"),
    "refund.returned": _("Refund sent back by the client"),
    "withdrawal.received": _("Withdrawal received"),
    "withdrawal.goods_sent": _("Goods proved to be on their way back"),
    "return.opened": _("Return opened"),
    "return.withdrawn": _("Claim taken into a withdrawal"),
    "return.received": _("Returned goods received"),
    "return.settled": _("Return settled"),
    "return.refused": _("Return refused"),
    "product.created": _("Product written down"),
    "product.changed": _("Product changed"),
    "product.phased_out": _("Product withdrawn from sale"),
    "price_list.written": _("Price list written"),
    "price_list.changed": _("Prices changed"),
    "price_list.dropped": _("Price list taken away"),
    "requirements.published": _("Technical requirements published"),
    "promotion.written": _("Promotion written"),
    "stock.moved": _("Stock moved"),
    "invoice.mailed": _("Sent again by mail"),
    "quote.reminded": _("Reminder sent"),
    "mailing.asked": _("Sent to many"),
    "note.written": _("Note written"),
    "note.erased": _("Words of a note erased"),
    "period.closed": _("Accounts closed"),
    "period.reopened": _("Accounts opened again"),
}

CONSOLE = (
    # label, address, right, icon, order
    (_("Search"), "billing:search", "customers.write", "search", 29),
    (_("Quotes"), "billing:quotes", "quotes.write", "file-pen", 20),
    (_("Orders"), "billing:orders", "orders.write", "clipboard-list", 21),
    (_("Invoices"), "billing:invoices", "invoices.write", "receipt", 22),
    (_("Subscriptions"), "billing:subscriptions", "orders.write", "refresh-cw", 22),
    (_("Payments"), "billing:payments", "payments.write", "banknote", 23),
    (_("Late payments"), "billing:late", "invoices.write", "hourglass", 24),
    (_("Deliveries"), "billing:deliveries", "orders.write", "truck", 23),
    (_("Products"), "billing:products", "quotes.write", "package", 26),
    (_("Accounting"), "billing:accounting", "invoices.write", "landmark", 27),
    (_("Customers"), "billing:customers", "customers.write", "building-2", 25),
)

PORTAL = (
    (_("Home"), "billing:portal", "contact", "house", 10),
    (_("Quotes"), "billing:portal_quotes", "contact", "file-text", 20),
    (_("Subscriptions"), "billing:portal_subscriptions", "contact", "refresh-cw", 25),
    (_("Contracts and terms"), "billing:portal_agreements", "contact", "file-check", 27),
    (_("Invoices"), "billing:portal_invoices", "contact", "receipt", 30),
    (_("Account"), "billing:portal_statement", "contact", "scroll-text", 35),
)

ELSEWHERE = {"billing:portal_invoices": ("billing:portal_claims",)}  # pages that belong to a place

TENANT = (
    (_("Licences"), "billing:licences", "licences.read", "id-card", 80),
    (_("Invoices"), "billing:tenant_invoices", "invoices.read", "receipt", 81),
)
SUBJECTS = (  # low to high: each knows only those before it
    "money",
    "customers",
    "catalogue",
    "invoicing",
    "payments",
    "collections",
    "orders",
    "subscriptions",
    "quotes",
    "fulfilment",
    "returns",
    "workflows",
    "accounting",
    "desk",
    "api",
)


def _hear() -> None:
    """Import what each subject keeps and listens to, the lower subject first: it registers itself."""
    for subject in SUBJECTS:
        for layer in ("keepers", "listeners"):
            if find_spec(f"billing.{subject}.{layer}"):
                import_module(f"billing.{subject}.{layer}")


class BillingConfig(AppConfig):
    """Registers the app's promises, messages, places in the menus and what tenants read of it."""

    name = "billing"

    def ready(self) -> None:
        """Register with the apps below."""
        from audit import registry as audit
        from billing.customers.views.sign_in import check_portal_contact
        from billing.desk.views.todo import todo_count
        from billing.invoicing.queries.disputes import who_settles
        from billing.money.gateways.seller import seller
        from billing.registry import CLAUSE_EVIDENCE
        from contracts import registry as contracts
        from isolation.registry import share
        from people import registry as people

        _hear()
        _outgoing()
        share("billing.Invoice", "select", tenant_column="tenant_id")
        contracts.settler(who_settles)
        contracts.operator_source(lambda: str(seller()["name"]))
        audit.register_action_labels(dict(VERBS))
        audit.register_evidence(CLAUSE_EVIDENCE)
        people.contact_check(check_portal_contact)
        people.menu_item(
            area="console",
            label=_("To do"),
            url="billing:todo",
            permission="invoices.write",
            icon="list-checks",
            order=19,
            count=todo_count,
        )
        people.home_page(area="console", permission="invoices.write", url="billing:todo")
        shown: dict[people.Area, Any] = {"console": CONSOLE, "portal": PORTAL}
        for area, places in shown.items():
            for label, url, permission, icon, order in places:
                also = ELSEWHERE.get(url, ())
                people.menu_item(
                    area=area, label=label, url=url, permission=permission, icon=icon, order=order, also=also
                )
        for label, url, permission, icon, order in TENANT:
            people.account_menu_item(
                area="tenant", label=label, url=url, permission=permission, icon=icon, order=order
            )


def _outgoing() -> None:
    """Declare what billing speaks to outside: the payment provider, and where e-invoices leave."""
    from billing.invoicing.gateways.channels import einvoice_hosts
    from billing.payments.gateways.stripe_checkout import PAYMENT, payment_hosts
    from contracts.outgoing import declare_outgoing

    declare_outgoing(
        PAYMENT,
        label=_("Payment provider"),
        modules={"billing.payments.gateways.stripe_checkout", "billing.payments.gateways.stripe_saved"},
        libraries={"stripe"},
        hosts=payment_hosts,
    )
    declare_outgoing(
        "einvoice",
        label=_("E-invoicing platform"),
        modules={"billing.invoicing.gateways.channels"},
        libraries=(),
        hosts=einvoice_hosts,
    )
