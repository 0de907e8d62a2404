"""How many tasks an owner has, by the day of their creation (UTC) and by status.

A trigger of the task table writes the changes, so no code that changes a task can forget them. A
change is a new row: tasks of one owner that end at the same moment do not wait for each other.
`library.accounting.task_counts` adds the changes to the counts. Neither table has a foreign key to
the user: the last tasks of an account are deleted together with it, and leave changes behind.
"""

from __future__ import annotations

from django.db import models

from image_processor.jobs.model import Status


class _DayAndStatus(models.Model):
    owner_id = models.BigIntegerField()
    day = models.DateField(help_text="The day (UTC) on which the tasks were created.")
    status = models.CharField(max_length=12, choices=Status)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.owner_id} {self.day} {self.status}"


class TaskCount(_DayAndStatus):
    """The number of tasks, without the changes that have not been added yet."""

    tasks = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner_id", "day", "status"], name="taskcount_once")
        ]


class TaskCountChange(_DayAndStatus):
    """A number of tasks that came (positive) or went (negative) in one statement."""

    tasks = models.IntegerField()

    class Meta:
        indexes = [models.Index(fields=["owner_id"], name="taskcountchange_owner")]
