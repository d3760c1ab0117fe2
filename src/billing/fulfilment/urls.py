"""The addresses of fulfilment."""

from django.urls import path

from billing.fulfilment.views import deliveries

console = [
    path("deliveries/", deliveries.DeliveryList.as_view(), name="deliveries"),
    path("deliveries/picking/", deliveries.Picking.as_view(), name="picking"),
    path("deliveries/picking/pdf/", deliveries.PickingPdf.as_view(), name="picking_pdf"),
    path("deliveries/<uuid:delivery_id>/", deliveries.DeliveryPage.as_view(), name="delivery"),
    path("deliveries/<uuid:delivery_id>/ship/", deliveries.Ship.as_view(), name="delivery_ship"),
    path("deliveries/<uuid:delivery_id>/arrive/", deliveries.Arrive.as_view(), name="delivery_arrive"),
    path("deliveries/<uuid:delivery_id>/notice/", deliveries.NoteNotice.as_view(), name="delivery_notice"),
    path(
        "deliveries/<uuid:delivery_id>/end/", deliveries.CancelForLateDelivery.as_view(), name="delivery_end"
    ),
]
