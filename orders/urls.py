"""The addresses of orders."""

from __future__ import annotations

from django.urls import path

from orders.views import customer_order, entering, supplier_order
from orders.views.lists import CustomerOrderList, ToShipList, orders_home

urlpatterns = [
    path("orders/", orders_home, name="orders"),
    path("orders/to-ship/", ToShipList.as_view(), name="orders-to-ship"),
    path("orders/customers/", CustomerOrderList.as_view(), name="orders-customers"),
    path("orders/enter/", entering.enter, name="order-enter"),
    path("orders/customers/<int:pk>/", customer_order.order_page, name="order"),
    path("orders/customers/<int:pk>/match/<int:line_id>/", customer_order.match, name="order-match"),
    path("orders/customers/<int:pk>/release/", customer_order.release, name="order-release"),
    path("orders/customers/<int:pk>/cancel/", customer_order.cancel, name="order-cancel"),
    path("orders/customers/<int:pk>/note/", customer_order.write_note, name="order-note"),
    path("orders/<str:reference>/", supplier_order.supplier_order_page, name="supplier-order"),
    path("orders/<str:reference>/accept/", supplier_order.accept, name="supplier-order-accept"),
    path("orders/<str:reference>/ship/", supplier_order.ship, name="supplier-order-ship"),
    path("orders/<str:reference>/send-again/", supplier_order.send_again, name="supplier-order-send-again"),
    path("orders/<str:reference>/note/", supplier_order.write_note, name="supplier-order-note"),
    path("orders/<str:reference>/packing-slip/", supplier_order.packing_slip, name="supplier-order-slip"),
]
