"""The addresses of the shop on the public host, and of an order's payment in the portal."""

from django.urls import path

from billing.views import checkout, impossible, orders, shop

public = [
    path("shop/products/<slug:product_key>/", shop.ProductPage.as_view(), name="shop_product"),
    path("shop/add/", shop.AddToCart.as_view(), name="shop_add"),
    path("shop/cart/", shop.CartPage.as_view(), name="shop_cart"),
    path("shop/details/", shop.Details.as_view(), name="shop_details"),
    path("shop/review/", checkout.Review.as_view(), name="shop_review"),
]
portal = [
    path("orders/<uuid:order_id>/method/", checkout.OrderMethod.as_view(), name="portal_order_method"),
    path("impossible/<uuid:impossible_id>/", impossible.AnswerImpossible.as_view(), name="portal_impossible"),
]
console = [
    path("orders/refused/", orders.RefusalList.as_view(), name="refusals"),
    path("orders/<uuid:order_id>/refuse/", orders.RefuseOrder.as_view(), name="order_refuse"),
    path(
        "orders/<uuid:order_id>/impossible/",
        impossible.ConfirmImpossible.as_view(),
        name="impossible_confirm",
    ),
]
