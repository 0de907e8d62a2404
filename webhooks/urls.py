"""The routes of webhooks, below the API's prefix."""

from __future__ import annotations

from django.urls import path

from webhooks.views import DeliveryViewSet, WebhookDeliveriesViewSet, WebhookViewSet

urlpatterns = [
    path("webhooks/", WebhookViewSet.as_view({"get": "list", "post": "create"}), name="webhooks"),
    path(
        "webhooks/deliveries/<int:pk>/",
        DeliveryViewSet.as_view({"get": "retrieve"}),
        name="webhook-delivery",
    ),
    path(
        "webhooks/deliveries/<int:pk>/redeliver/",
        DeliveryViewSet.as_view({"post": "redeliver"}),
        name="webhook-redeliver",
    ),
    path(
        "webhooks/<int:pk>/",
        WebhookViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="webhook",
    ),
    path(
        "webhooks/<int:pk>/deliveries/",
        WebhookDeliveriesViewSet.as_view({"get": "deliveries"}),
        name="webhook-deliveries",
    ),
    path(
        "webhooks/<int:pk>/test/",
        WebhookDeliveriesViewSet.as_view({"post": "create"}),
        name="webhook-test",
    ),
    path(
        "webhooks/<int:pk>/rotate-secret/",
        WebhookViewSet.as_view({"post": "rotate_secret"}),
        name="webhook-rotate-secret",
    ),
]
