"""The routes of webhooks, below the API's prefix."""

from __future__ import annotations

from django.urls import path

from api.router import Router
from webhooks.api.delivery_views import DeliveryViewSet, WebhookDeliveriesViewSet
from webhooks.api.webhook_views import WebhookViewSet

router = Router()
router.register("webhooks", WebhookViewSet, "webhook")
router.register("webhooks", WebhookDeliveriesViewSet, "webhook")
router.register("webhooks/deliveries", DeliveryViewSet, "webhook-delivery")

urlpatterns = [
    *router.urls,
    # As an action its name would be webhook-delivery-redeliver.
    path(
        "webhooks/deliveries/<int:pk>/redeliver/",
        DeliveryViewSet.as_view({"post": "redeliver"}),
        name="webhook-redeliver",
    ),
]
