"""Delete accounts and images with many tasks in the background; remove objects owner by owner."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("image_processor", "0005_image_quota"),
        ("accounts", "0005_deleted_users"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deletion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("PENDING", "Pending"),
                            ("IN_PROGRESS", "In Progress"),
                            ("SUCCESS", "Success"),
                            ("FAILED", "Failed"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        default="PENDING",
                        max_length=12,
                    ),
                ),
                ("queue", models.CharField(max_length=16)),
                (
                    "position",
                    models.FloatField(
                        default=0,
                        help_text="Start tag of start-time fair queueing: the lowest runs first.",
                    ),
                ),
                (
                    "cost",
                    models.FloatField(default=1, help_text="Work in units of one usual thumbnail."),
                ),
                (
                    "engine_release",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="The oldest engine release that can run it."
                    ),
                ),
                (
                    "available_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="From when it may be claimed: a pending job's earliest start, a running job's end of lease. Null once it is finished.",
                        null=True,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                (
                    "excused",
                    models.PositiveSmallIntegerField(
                        default=0,
                        help_text="Attempts that failed for no fault of the job; they do not count.",
                    ),
                ),
                ("lease_token", models.UUIDField(editable=False, null=True)),
                ("progress", models.FloatField(default=0, help_text="0..1")),
                ("error_code", models.CharField(blank=True, max_length=64)),
                ("error_message", models.TextField(blank=True)),
                (
                    "queued_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                (
                    "created_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "updated_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now()),
                ),
                (
                    "tasks",
                    models.PositiveIntegerField(
                        default=0, help_text="How many tasks the image had when it was deleted."
                    ),
                ),
                (
                    "tasks_removed",
                    models.PositiveIntegerField(
                        default=0, help_text="How many of them are removed, with their results."
                    ),
                ),
                (
                    "image",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="deletion",
                        to="image_processor.sourceimage",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "abstract": False,
                "indexes": [
                    models.Index(
                        condition=models.Q(("available_at__isnull", False)),
                        fields=["queue", "position", "id"],
                        name="deletion_claim",
                    ),
                    models.Index(
                        fields=["owner", "created_at", "id"],
                        include=("status",),
                        name="deletion_created",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("image__isnull", True)),
                        fields=("owner",),
                        name="deletion_of_account_once",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="unclaimedobject",
            name="owner_id",
            field=models.BigIntegerField(
                db_default=0, default=0, help_text="Whose object was deleted; 0 if none adopted it."
            ),
        ),
        migrations.AlterField(
            model_name="unclaimedobject",
            name="remove_after",
            field=models.DateTimeField(),
        ),
        migrations.AddIndex(
            model_name="unclaimedobject",
            index=models.Index(fields=["owner_id", "remove_after"], name="unclaimed_owner"),
        ),
    ]
