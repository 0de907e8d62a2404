"""The abstract job row, and its states."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

MAX_ATTEMPTS = 3


class Status(models.TextChoices):
    """The states of a job; the first two are unfinished."""

    PENDING = "PENDING"
    IN_PROGRESS = "IN_PROGRESS"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


UNFINISHED = (Status.PENDING, Status.IN_PROGRESS)
FINISHED = (Status.SUCCESS, Status.FAILED, Status.CANCELLED)


class Job(models.Model):
    """One piece of background work. The row is the job, whatever messages the broker loses.

    ::

                      claim                       finish
        PENDING ----------------> IN_PROGRESS ---------------> SUCCESS
         |  |  ^                   |  |  |
         |  |  +-- lease ran out --+  |  |      fail, or attempts used up
         |  |      handed back        |  +-------------------> FAILED ----+
         |  |      another attempt    |                          ^        |
         |  +-------------------------|---- cannot be done ------+        |
         |              cancel        v                                   | retry
         +----------------------> CANCELLED ---------------------------+  |
         |                                                              v  v
         +-- an identical result exists --> SUCCESS                    PENDING

    Most arrows are a conditional UPDATE in `transitions` or `claim`. A worker's updates also
    require the lease token that it claimed with, so that a late worker changes nothing. A task that
    cannot be done, or whose result exists already, is inserted in its final state.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, db_index=False)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)

    queue = models.CharField(max_length=16)
    position = models.FloatField(
        default=0, help_text="Start tag of start-time fair queueing: the lowest runs first."
    )
    cost = models.FloatField(default=1, help_text="Work in units of one usual thumbnail.")
    engine_release = models.PositiveSmallIntegerField(
        default=0, help_text="The oldest engine release that can run it."
    )

    available_at = models.DateTimeField(
        null=True,
        db_default=Now(),
        help_text="From when it may be claimed: a pending job's earliest start, a running job's "
        "end of lease. Null once it is finished.",
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    excused = models.PositiveSmallIntegerField(
        default=0, help_text="Attempts that failed for no fault of the job; they do not count."
    )
    lease_token = models.UUIDField(null=True, editable=False)

    progress = models.FloatField(default=0, help_text="0..1")
    error_code = models.CharField(max_length=64, blank=True)
    error_message = models.TextField(blank=True)

    queued_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())

    class Meta:
        abstract = True
        indexes = [
            # A claim walks the waiting and running rows of a queue in fair order.
            models.Index(
                fields=["queue", "position", "id"],
                condition=models.Q(available_at__isnull=False),
                name="%(class)s_claim",
            ),
            # Lists an owner's jobs, and counts those of a period by status.
            models.Index(
                fields=["owner", "created_at", "id"], include=["status"], name="%(class)s_created"
            ),
        ]

    @property
    def is_finished(self) -> bool:
        return self.status in FINISHED


class TransientJob(Job):
    """A job whose row is deleted some time after its end (`JobType.kept`)."""

    class Meta(Job.Meta):
        abstract = True
        indexes = [
            *Job.Meta.indexes,
            models.Index(
                fields=["finished_at"],
                condition=models.Q(finished_at__isnull=False),
                name="%(class)s_finished",
            ),
        ]
