"""Billing's addresses: the console and the portal on the public host, a school's own pages on its host."""

from django.urls import URLPattern, path

from billing.accounting import urls as accounting
from billing.api import schema as api_schema
from billing.api import urls as api_urls
from billing.catalogue import urls as catalogue
from billing.collections import urls as collections
from billing.customers import urls as customers
from billing.desk import urls as desk
from billing.fulfilment import urls as fulfilment
from billing.invoicing import urls as invoicing
from billing.orders import urls as orders
from billing.payments import urls as payments
from billing.quotes import urls as quotes
from billing.returns import urls as returns
from billing.subscriptions import urls as subscriptions
from billing.workflows import urls as workflows


def _under(prefix: str, patterns: list[URLPattern]) -> list[URLPattern]:
    return [path(f"{prefix}{each.pattern}", each.callback, name=each.name) for each in patterns]


public_urlpatterns = [
    *workflows.public,
    *orders.public,
    *api_urls.patterns,
    path("api/v1/", api_schema.SchemaPage.as_view(), name="api"),
    path("api/v1/schema/", api_schema.Schema.as_view(), name="api_schema"),
    *_under(
        "console/",
        [
            *desk.console,
            *accounting.console,
            *workflows.console,
            *returns.console,
            *fulfilment.console,
            *quotes.console,
            *subscriptions.console,
            *orders.console,
            *collections.console,
            *payments.console,
            *invoicing.console,
            *catalogue.console,
            *customers.console,
        ],
    ),
    *_under(
        "portal/",
        [
            *desk.portal,
            *workflows.portal,
            *returns.portal,
            *quotes.portal,
            *subscriptions.portal,
            *orders.portal,
            *collections.portal,
            *payments.portal,
            *invoicing.portal,
            *customers.portal,
        ],
    ),
]
tenant_urlpatterns = [
    *desk.tenant,
]
