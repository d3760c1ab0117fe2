"""Keep with an order what its buyer was shown of each product."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from billing.catalogue.models import OfferSheet
from billing.catalogue.policy.offer import Incomplete
from billing.catalogue.queries.catalogue import requirements_of
from billing.catalogue.queries.storefront import offer_of
from billing.orders.models import Order, OrderLine
from contracts.policy.clauses import keeps


@transaction.atomic
@keeps("LG-S4")
def snapshot_offer_terms(
    *, order: Order, language: str, methods: Iterable[str] = (), now: datetime, today: date
) -> int:
    """Return how many products of an order were kept with their offer; once however often it is called.

    Compatibility is owed against the version of the requirements kept here. What isn't known of a product is
    named instead of invented.
    """
    lines = OrderLine.objects.filter(order=order, kind="product", product__isnull=False).select_related(
        "product"
    )
    sheets = {}
    for line in lines:
        assert line.product is not None
        try:
            content = offer_of(
                line.product,
                order.customer,
                on=today,
                language=language,
                net_cents=line.unit_net_cents,
                gross_cents=line.unit_gross_cents,
                term_months=order.term_months,
                renewal=order.renewal,
                methods=tuple(methods) or (order.method,),
                capacity=order.purchase_capacity,
                delivery=order.delivery_address,
            ).as_kept()
        except Incomplete as gaps:
            content = {"product": line.product.name(language), "unknown": list(gaps.missing)}
        sheets[line.product_id] = OfferSheet(
            order=order,
            product=line.product,
            requirements=requirements_of(line.product, today),
            language=language,
            content=content,
            created_at=now,
        )
    OfferSheet.objects.bulk_create(sheets.values(), ignore_conflicts=True)
    return len(sheets)
