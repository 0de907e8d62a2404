"""The representation of API keys, and the body that creates one."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from rest_framework import serializers

from accounts.models import ApiKey
from api.auth.permissions import Scope, scopes_help
from api.requests.strict import StrictSerializer, TextField

_SCOPES = [scope.value for scope in Scope]


class ApiKeySerializer(serializers.ModelSerializer):
    """An API key without its secret."""

    prefix = serializers.CharField(read_only=True, help_text="The beginning of the key.")
    scopes = serializers.ListField(child=serializers.ChoiceField(_SCOPES), read_only=True)

    class Meta:
        model = ApiKey
        fields = ["id", "name", "prefix", "scopes", "created_at", "last_used_at", "expires_at"]
        read_only_fields = fields
        extra_kwargs = {"last_used_at": {"help_text": "Accurate to a few minutes."}}


class CreatedApiKeySerializer(ApiKeySerializer):
    """The answer to a creation."""

    key = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="The key itself. Only this answer shows it; a replayed answer has null.",
    )
    detail = serializers.CharField(read_only=True, help_text="A sentence about `key`.")

    class Meta(ApiKeySerializer.Meta):
        fields = [*ApiKeySerializer.Meta.fields, "key", "detail"]
        read_only_fields = fields


class NewApiKeySerializer(StrictSerializer):
    """The body of `POST auth/api-keys/`."""

    name = TextField(max_length=100, help_text="What the key is used for, in your own words.")
    scopes = serializers.ListField(
        child=serializers.ChoiceField(_SCOPES),
        min_length=1,
        max_length=len(_SCOPES),
        help_text=f"What the key may do: {scopes_help()}.",
    )
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Never if absent."
    )

    def validate_scopes(self, scopes: list[str]) -> list[str]:
        return [scope for scope in _SCOPES if scope in scopes]

    def validate_expires_at(self, moment: datetime | None) -> datetime | None:
        now = timezone.now()
        if moment is not None and moment <= now:
            message = f"{moment.isoformat()} is in the past; it is {now.isoformat()} now."
            raise serializers.ValidationError(message, code="in_the_past")
        return moment
