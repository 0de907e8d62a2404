"""Webhooks and deliveries as the API shows them."""

from __future__ import annotations

import json
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from image_processor.jobs.model import Status
from webhooks.models import EVENTS, Delivery, Webhook

_ATTEMPT: dict[str, Any] = {
    "type": "object",
    "required": ["at", "milliseconds", "status", "body", "error_code", "error_message"],
    "properties": {
        "at": {"type": "string", "format": "date-time"},
        "milliseconds": {"type": "integer", "description": "Duration of the attempt."},
        "status": {
            "type": ["integer", "null"],
            "description": "Null if there was no answer.",
        },
        "body": {"type": "string", "description": "The beginning of the answer."},
        "error_code": {
            "type": ["string", "null"],
            "description": "Null if accepted.",
        },
        "error_message": {"type": ["string", "null"]},
    },
}
_MESSAGE: dict[str, Any] = {
    "type": "object",
    "description": "The message.",
    "required": ["type", "timestamp", "data"],
    "properties": {
        "type": {"type": "string"},
        "timestamp": {"type": "string", "format": "date-time"},
        "data": {"type": "object", "additionalProperties": True},
    },
}


class WebhookSerializer(serializers.ModelSerializer):
    """A webhook without its secret."""

    events = serializers.ListField(child=serializers.ChoiceField(EVENTS), read_only=True)
    disabled_reason = serializers.SerializerMethodField(
        help_text="Why the service disabled the webhook: `gone` (the address answered 410) or "
        "`failing` (no message was accepted for days)."
    )

    class Meta:
        model = Webhook
        fields = [
            "id",
            "url",
            "description",
            "events",
            "enabled",
            "disabled_reason",
            "failing_since",
            "created_at",
            "updated_at",
        ]
        read_only_fields = fields

    def get_disabled_reason(self, webhook: Webhook) -> str | None:
        return webhook.disabled_reason or None


class SecretWebhookSerializer(WebhookSerializer):
    """The answer that shows a new secret."""

    secret = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="`whsec_...`. Only this answer shows it; a replayed answer has null.",
    )
    detail = serializers.CharField(read_only=True, help_text="A note about `secret`.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret", "detail"]
        read_only_fields = fields


class DeliverySerializer(serializers.ModelSerializer):
    """One message for one webhook, with its attempts."""

    event = serializers.CharField(source="kind", read_only=True)
    webhook_id = serializers.CharField(
        source="message_id", read_only=True, help_text="The header `webhook-id` of every attempt."
    )
    message = serializers.SerializerMethodField()
    attempts = serializers.SerializerMethodField(help_text="The last 20 attempts, in order.")
    next_attempt_at = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = [
            "id",
            "webhook",
            "event",
            "webhook_id",
            "status",
            "message",
            "attempts",
            "next_attempt_at",
            "created_at",
            "finished_at",
            "updated_at",
        ]
        read_only_fields = fields

    @extend_schema_field(_MESSAGE)
    def get_message(self, delivery: Delivery) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(delivery.body)
        return message

    @extend_schema_field({"type": "array", "items": _ATTEMPT})
    def get_attempts(self, delivery: Delivery) -> list[dict[str, Any]]:
        tries: list[dict[str, Any]] = delivery.tries
        return tries

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_next_attempt_at(self, delivery: Delivery) -> str | None:
        if delivery.status != Status.PENDING or delivery.available_at is None:
            return None
        return delivery.available_at.isoformat()
