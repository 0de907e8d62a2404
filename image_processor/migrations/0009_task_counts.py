"""Count tasks by owner, day and status at every change, for the dashboard (decision 0065)."""

from django.db import migrations, models

# `CREATE TRIGGER` keeps others from writing tasks until the migration ends, so the tasks that are
# counted here are exactly those whose changes the triggers have not recorded.
#
# A trigger runs once for each statement. It writes nothing if no count changes, as when a worker
# renews its lease.
TRIGGERS = """
CREATE FUNCTION image_processor_count_tasks() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO image_processor_taskcountchange (owner_id, day, status, tasks)
        SELECT owner_id, (created_at AT TIME ZONE 'UTC')::date AS day, status, count(*)
        FROM after GROUP BY owner_id, day, status;
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO image_processor_taskcountchange (owner_id, day, status, tasks)
        SELECT owner_id, (created_at AT TIME ZONE 'UTC')::date AS day, status, -count(*)
        FROM before GROUP BY owner_id, day, status;
    ELSE
        INSERT INTO image_processor_taskcountchange (owner_id, day, status, tasks)
        SELECT owner_id, (created_at AT TIME ZONE 'UTC')::date AS day, status, sum(change)
        FROM (
            SELECT owner_id, created_at, status, 1 AS change FROM after
            UNION ALL SELECT owner_id, created_at, status, -1 FROM before
        ) AS changes
        GROUP BY owner_id, day, status HAVING sum(change) <> 0;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_inserted AFTER INSERT ON image_processor_transformationtask
REFERENCING NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION image_processor_count_tasks();
CREATE TRIGGER count_updated AFTER UPDATE ON image_processor_transformationtask
REFERENCING OLD TABLE AS before NEW TABLE AS after
FOR EACH STATEMENT EXECUTE FUNCTION image_processor_count_tasks();
CREATE TRIGGER count_deleted AFTER DELETE ON image_processor_transformationtask
REFERENCING OLD TABLE AS before
FOR EACH STATEMENT EXECUTE FUNCTION image_processor_count_tasks();
"""
NO_TRIGGERS = """
DROP TRIGGER count_inserted ON image_processor_transformationtask;
DROP TRIGGER count_updated ON image_processor_transformationtask;
DROP TRIGGER count_deleted ON image_processor_transformationtask;
DROP FUNCTION image_processor_count_tasks();
"""
COUNT = """
INSERT INTO image_processor_taskcount (owner_id, day, status, tasks)
SELECT owner_id, (created_at AT TIME ZONE 'UTC')::date AS day, status, count(*)
FROM image_processor_transformationtask GROUP BY owner_id, day, status
"""

ID = models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")
DAY = models.DateField(help_text="The day (UTC) on which the tasks were created.")
STATUS = models.CharField(
    choices=[
        ("PENDING", "Pending"),
        ("IN_PROGRESS", "In Progress"),
        ("SUCCESS", "Success"),
        ("FAILED", "Failed"),
        ("CANCELLED", "Cancelled"),
    ],
    max_length=12,
)


class Migration(migrations.Migration):
    dependencies = [
        ("image_processor", "0008_image_deleted_at"),
    ]

    operations = [
        migrations.CreateModel(
            name="TaskCount",
            fields=[
                ("id", ID.clone()),
                ("owner_id", models.BigIntegerField()),
                ("day", DAY.clone()),
                ("status", STATUS.clone()),
                ("tasks", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner_id", "day", "status"), name="taskcount_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskCountChange",
            fields=[
                ("id", ID.clone()),
                ("owner_id", models.BigIntegerField()),
                ("day", DAY.clone()),
                ("status", STATUS.clone()),
                ("tasks", models.IntegerField()),
            ],
            options={
                "indexes": [models.Index(fields=["owner_id"], name="taskcountchange_owner")],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
        migrations.RunSQL(COUNT, migrations.RunSQL.noop),
    ]
