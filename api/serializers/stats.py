"""The numbers of the dashboard."""

from __future__ import annotations

from rest_framework import serializers

from api.serializers.tasks import TaskCountsSerializer
from image_processor.library.accounting.stats import MOST_MEASURED
from image_processor.library.accounting.task_counts import DAYS


class DaySerializer(serializers.Serializer):
    """The tasks of one day."""

    day = serializers.DateField(help_text="In UTC.")
    tasks = TaskCountsSerializer()


class CountedTasksSerializer(serializers.Serializer):
    """Tasks of the last days."""

    since = serializers.DateTimeField()
    by_status = TaskCountsSerializer()
    by_day = DaySerializer(many=True, help_text=f"The last {DAYS} days, oldest first.")


class OperationCountSerializer(serializers.Serializer):
    """How often one operation was used."""

    operation = serializers.CharField()
    count = serializers.IntegerField()


class SecondsSerializer(serializers.Serializer):
    """Running times of tasks, from the start to the end of the attempt that succeeded."""

    measured = serializers.IntegerField(help_text="The number of measured tasks.")
    median = serializers.FloatField(allow_null=True)
    percentile_95 = serializers.FloatField(allow_null=True)


class StatsSerializer(serializers.Serializer):
    """The numbers of an account."""

    images = serializers.IntegerField()
    bytes = serializers.IntegerField(help_text="Bytes of uploads and results.")
    tasks = CountedTasksSerializer()
    operations = OperationCountSerializer(
        many=True, help_text=f"Most used first, in your newest {MOST_MEASURED} tasks."
    )
    seconds = SecondsSerializer(
        help_text=f"Of those of your newest {MOST_MEASURED} tasks that have run with success."
    )
    computed_at = serializers.DateTimeField()
