"""The addresses of accounting."""

from django.urls import path

from billing.accounting.views import accounting, closing, revenue, vat

console = [
    path("accounting/revenue/", revenue.Revenue.as_view(), name="revenue"),
    path("accounting/deferred/", revenue.Deferred.as_view(), name="deferred"),
    path("accounting/vat/", vat.VatDue.as_view(), name="vat_due"),
    path("accounting/closing/", closing.Closings.as_view(), name="closings"),
    path("accounting/closing/<uuid:period_id>/", closing.Closing.as_view(), name="closing"),
    path("accounting/closing/<uuid:period_id>/fec/", closing.ClosedFec.as_view(), name="closing_fec"),
    path("accounting/", accounting.Accounting.as_view(), name="accounting"),
    path("accounting/fec/", accounting.Fec.as_view(), name="fec"),
]
