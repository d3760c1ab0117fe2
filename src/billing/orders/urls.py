"""The addresses of orders."""

from django.urls import path

from billing.orders.views import checkout, orders, shop

console = [
    path("orders/", orders.OrderList.as_view(), name="orders"),
    path("orders/<uuid:order_id>/final/", orders.IssueFinal.as_view(), name="order_final"),
    path("orders/refused/", orders.RefusalList.as_view(), name="refusals"),
]

portal = [
    path("orders/<uuid:order_id>/method/", checkout.OrderMethod.as_view(), name="portal_order_method"),
]

public = [
    path("shop/products/<slug:product_key>/", shop.ProductPage.as_view(), name="shop_product"),
    path("shop/add/", shop.AddToCart.as_view(), name="shop_add"),
    path("shop/cart/", shop.CartPage.as_view(), name="shop_cart"),
    path("shop/details/", shop.Details.as_view(), name="shop_details"),
    path("shop/review/", checkout.Review.as_view(), name="shop_review"),
]
