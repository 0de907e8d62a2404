"""The usage of quotas as the API shows it."""

from __future__ import annotations

from rest_framework import serializers


class QuotaSerializer(serializers.Serializer):
    """One quota."""

    used = serializers.IntegerField()
    limit = serializers.IntegerField(allow_null=True, help_text="Null: unlimited.")


class MonthlyQuotaSerializer(QuotaSerializer):
    """A quota that starts again every month."""

    resets_at = serializers.DateTimeField(help_text="Start of the next month (UTC).")


class UsageSerializer(serializers.Serializer):
    """Quotas by the names that errors give them."""

    bytes_stored = QuotaSerializer(
        help_text="Bytes of uploads and results, and of their descriptions and tags."
    )
    tasks_this_month = MonthlyQuotaSerializer(help_text="Submitted tasks, including deleted ones.")
    images = QuotaSerializer(help_text="Uploaded and imported images, also those of one file.")
    concurrent_tasks = QuotaSerializer(help_text="Waiting and running tasks.")
