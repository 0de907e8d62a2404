"""What is used of each quota."""

from __future__ import annotations

from rest_framework import serializers


class QuotaSerializer(serializers.Serializer):
    """One quota."""

    used = serializers.IntegerField()
    limit = serializers.IntegerField(allow_null=True, help_text="Null: unlimited.")


class MonthlyQuotaSerializer(QuotaSerializer):
    """One that starts anew with each month."""

    resets_at = serializers.DateTimeField(help_text="Start of the next month (UTC).")


class UsageSerializer(serializers.Serializer):
    """Quotas by the names that a refusal gives them."""

    bytes_stored = QuotaSerializer(help_text="Uploads and results.")
    tasks_this_month = MonthlyQuotaSerializer(help_text="Submitted, the deleted ones too.")
    concurrent_tasks = QuotaSerializer(help_text="Waiting and running.")
