"""The addresses of workflows."""

from django.urls import path

from billing.workflows.views import online, orders
from billing.workflows.views import portal as portal_pages

console = [
    path("orders/<uuid:order_id>/", orders.OrderPage.as_view(), name="order"),
    path("orders/<uuid:order_id>/cancel/", orders.CancelOrder.as_view(), name="order_cancel"),
    path("orders/<uuid:order_id>/hold/", orders.HoldOrder.as_view(), name="order_hold"),
    path("orders/<uuid:order_id>/transfer/", orders.PayByTransfer.as_view(), name="order_by_transfer"),
    path("orders/<uuid:order_id>/refuse/", orders.RefuseOrder.as_view(), name="order_refuse"),
]

portal = [
    path("orders/<uuid:order_id>/", portal_pages.PortalOrder.as_view(), name="portal_order"),
    path("invoices/<uuid:invoice_id>/pay/", online.PayOnline.as_view(), name="portal_pay"),
    path("orders/<uuid:order_id>/pay/", online.PayOrder.as_view(), name="portal_order_pay"),
    path("paid/<uuid:checkout_id>/", online.Paid.as_view(), name="portal_paid"),
]

public = [
    path("hooks/stripe/", online.StripeWebhook.as_view(), name="stripe_webhook"),
]
