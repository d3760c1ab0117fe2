"""Invoices judged by every rule, numbered, frozen and drawn as Factur-X, by two warm processes."""

import statistics
import time
from multiprocessing import get_context
from uuid import UUID

import _ground as g

INVOICES = 1000
PROCESSES = 2


def main() -> None:
    g.ground()
    from django.db import connections

    from demo.samples.invoices import SCHOOL
    from demo.samples.orders import customer_named, order_of
    from isolation.context import inside_operator

    with inside_operator():
        customer = customer_named("professional")
        orders = [order_of(customer, *SCHOOL, now=g.NOW).pk for _ in range(INVOICES + 2 * PROCESSES)]
    connections.close_all()
    with get_context("fork").Pool(PROCESSES) as pool:
        pool.map(issue, orders[: 2 * PROCESSES], chunksize=1)  # warms the processes
        started = time.perf_counter()
        spent = pool.map(issue, orders[2 * PROCESSES :], chunksize=10)
        elapsed = time.perf_counter() - started
    sealed, drawn = (statistics.median(times) * 1000 for times in zip(*spent, strict=True))
    each = elapsed * 1000 / INVOICES
    g.row(f"{INVOICES} invoices, XML and PDF, both cores", f"{each:.0f} ms each, {1000 / each:.0f}/s", "")
    g.row("of one: judged, numbered, kept (the transaction)", f"{sealed:.0f} ms, median", "")
    g.row("of one: drawn, the XML put in, kept", f"{drawn:.0f} ms, median", "")
    g.row("numbers without a gap", str(_without_gap()), "True")


def issue(order_id: UUID) -> tuple[float, float]:
    """Issue one invoice and draw its page; return the seconds of each."""
    from billing.invoicing.actions.render_documents import invoice_pdf
    from billing.models import Order
    from billing.money.policy.days import paris_day
    from billing.orders.actions.issue_invoice import issue_invoice
    from isolation.context import inside_operator

    started = time.perf_counter()
    with inside_operator():
        order = Order.objects.select_related("customer", "version").get(pk=order_id)
        invoice = issue_invoice(order=order, by=None, now=g.NOW, today=paris_day(g.NOW))
    between = time.perf_counter()
    with inside_operator():
        invoice_pdf(invoice)
    return between - started, time.perf_counter() - between


def _without_gap() -> bool:
    from billing.models import Invoice
    from isolation.context import inside_operator

    with inside_operator():
        ranks = sorted(
            int(number.rsplit("-", 1)[1]) for number in Invoice.objects.values_list("number", flat=True)
        )
    return ranks == list(range(1, len(ranks) + 1))


if __name__ == "__main__":
    main()
